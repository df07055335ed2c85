"""What the server holds for everybody, once: set aside where nobody's run has to look through it again."""

import gc
from functools import cache


@cache
def settle() -> None:
    """Leave what the packages brought out of the search for what may go, which takes a tenth of a second.

    Once, when they are loaded and before anything was typed: nobody's inputs are ever set aside.
    """
    gc.freeze()
