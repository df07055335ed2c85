"""The example cases: beside the package in a checkout, inside it in a wheel."""

import json
from functools import cache
from pathlib import Path

from dosimetry import reference


def folder() -> Path:
    """Where the examples are; the reference tables decide which of the two places this is."""
    tables = reference.folder()
    return tables.parent / ("examples" if tables.name == "reference_data" else "_examples")


@cache
def paths() -> dict[str, Path]:
    """Every example the form can show, by its name: those of radioembolization."""
    found = sorted(folder().glob("*.json"))
    return {path.stem: path for path in found if json.loads(path.read_text("utf-8")).get("treatment") != "tace"}
