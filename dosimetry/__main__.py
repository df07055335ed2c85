"""``python -m dosimetry``."""

import sys

from dosimetry.cli import main

if __name__ == "__main__":
    sys.exit(main())
