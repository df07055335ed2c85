"""The example cases: beside the package in a checkout, inside it in a wheel."""

from functools import cache
from pathlib import Path

from dosimetry import reference


def folder() -> Path:
    """Where the examples are; the reference tables decide which of the two places this is."""
    tables = reference.folder()
    return tables.parent / ("examples" if tables.name == "reference_data" else "_examples")


@cache
def paths() -> dict[str, Path]:
    """Every example by its name."""
    return {path.stem: path for path in sorted(folder().glob("*.json"))}
