"""What the server holds for everybody: set aside where nobody's run has to look through it again."""

import gc
from functools import cache


@cache
def settle() -> None:
    """Leave what the packages brought out of the search for what may go, which takes a tenth of a second.

    Once, when they are loaded. The first session is there by then, and what is typed in it hangs on what was set aside.
    """
    gc.freeze()


def release() -> None:
    """Search everything, also what was set aside, for what ended sessions held: nobody's run goes on meanwhile."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
