"""The example cases: beside the package in a checkout, inside it in a wheel."""

import json
from functools import cache
from pathlib import Path

from dosimetry import reference
from dosimetry.web.treatments import TARE, Treatment, treatment_of


def folder() -> Path:
    """Where the examples are; the reference tables decide which of the two places this is."""
    tables = reference.folder()
    return tables.parent / ("examples" if tables.name == "reference_data" else "_examples")


@cache
def paths(treatment: Treatment = TARE) -> dict[str, Path]:
    """Every example of a treatment, by its name."""
    found = sorted(folder().glob("*.json"), key=lambda path: path.stem)
    return {path.stem: path for path in found if treatment_of(json.loads(path.read_text("utf-8"))) is treatment}
