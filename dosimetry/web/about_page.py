"""What the program is for, what it does not do, and how its numbers were compared with those of others."""

import csv
from functools import cache
from pathlib import Path

import streamlit as st

from dosimetry import reference
from dosimetry.report.contents import INTENDED_USE
from dosimetry.report.document import Column, Table
from dosimetry.version import __version__
from dosimetry.web.report_table import show_table

VALIDATION = Path(__file__).with_name("validation.csv")
"""Made from the golden tables of the tests by `python tests/validation_table.py`; a test fails when it is stale."""
_FOR = (
    "Plans and documents radioembolization with yttrium-90 and holmium-166 microspheres: activities by every published "
    "model, mean absorbed doses, limits and goals with their sources, bounds, sensitivity, the order and the delivery "
    "of vials, and a report to sign. Beside it the drug dose of chemoembolization, step by step, and the audit of "
    "tables of recorded treatments. It is a second calculation beside the clinical one, made by people trained in the "
    "treatment and its physics."
)
_NOT_DONE = (
    "It is no medical device and decides nothing: it says numbers, bounds and sources.",
    "Doses are means over compartments. There are no dose distributions, no voxels and no images.",
    "All activity stays where it lodges and decays there; deposition outside liver and lungs has no dose.",
    "No value is assumed that was not typed, except those of a chosen convention.",
    "The estimate of a drug in tumor and liver is one of its carrier: no tissue dose, no effect, no dose in gray.",
    "A territory inside another one, such as a boost in a lobe, is refused.",
    "Nothing about a patient is stored: inputs live in the memory of this session and in the files you save.",
)
_VALIDATION = (
    "Numbers printed by others, and what the library gives for the same inputs. A number agrees when it comes within "
    "half of the last printed digit, or within a wider margin that has its reason in the test table."
)


def about_page() -> None:
    """Intended use, what is not done, validation, version."""
    st.header("About", anchor=False)
    st.text(_FOR)
    st.text(INTENDED_USE)
    st.subheader("What is not done", anchor=False)
    st.text("\n".join(f"\N{BULLET} {each}" for each in _NOT_DONE))
    st.subheader("Compared with numbers of others", anchor=False)
    st.text(_VALIDATION)
    show_table(validation(), alt="Comparison with numbers of others")
    st.subheader("Version", anchor=False)
    st.text(f"Version {__version__}, reference data {reference.fingerprint()}")


@cache
def validation() -> Table:
    """The golden numbers by source: how many were printed there or follow from it, and the worst difference."""
    with VALIDATION.open(encoding="utf-8", newline="") as lines:
        rows = tuple(
            (
                reference.citation(row["source_id"]),
                row["published"],
                row["derived"],
                row["worst_difference"],
                row["disputed"],
            )
            for row in csv.DictReader(lines)
        )
    columns = (
        Column("Source"),
        Column("Numbers printed", is_figure=True),
        Column("Numbers derived", is_figure=True),
        Column("Worst difference", "%", True),
        Column("Disputed, not met", is_figure=True),
    )
    return Table(columns, rows)
