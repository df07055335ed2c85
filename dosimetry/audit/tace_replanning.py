"""``replan_tace``: every row of a table of chemoembolizations recomputed by the column function that plans one case."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, FloatArray
from dosimetry.audit import cells, names
from dosimetry.audit.names import CAUTIONS, DIFFERENCE, PROBLEMS, RECORDED, STOPS, VALID
from dosimetry.audit.refusing import Errors, check_options, refuse, with_results
from dosimetry.audit.row_findings import SEPARATOR
from dosimetry.audit.table_checks import check_frame, comparable
from dosimetry.audit.tace_reading import chosen, fields, read
from dosimetry.tace import cautions, limits
from dosimetry.tace.evaluation import TaceResults, evaluate

OF_DOSE = (
    *("body_surface_m2", "base_mg", "bilirubin_part", "reduced_mg", "cap_mg", "capped_mg", "vials", "protocol_mg"),
    *("planned_mg", "planned_mg_per_m2", "bead_ml", "delivered_mg", "administered_mg"),
    *("earlier_anthracycline_mg_per_m2", "session_anthracycline_mg_per_m2", "cumulative_anthracycline_mg_per_m2"),
)
OF_CASE = ("remaining_mg", "aqueous_ml", "drug_solution_mg_per_ml", "oil_delivered_ml", "part_of_standard_liver_volume")
OF_SCORES = (
    *("child_pugh_points", "albi", "albi_grade", "meld", "meld_na", "meld_3"),
    *("within_milan", "up_to_7", "within_up_to_7"),
)
OF_ENDS = ("tumor_share_low", "tumor_share_mid", "tumor_share_high")
OUTPUTS = (*OF_DOSE, *OF_CASE, *OF_SCORES, *OF_ENDS)
"""What is computed of every row, in the order of the columns."""


def replan_tace(frame: pd.DataFrame, errors: Errors = "raise", *, findings: bool = False) -> pd.DataFrame:
    """Drug dose, carrier and scores of every row, as `dosimetry.plan` computes them.

    Parameters
    ----------
    frame : DataFrame
        One row a session, with one territory and one pooled tumor at most. Its columns are the flat names of
        ``tace_input_rules.csv`` and ``input_rules.csv``; one earlier anthracycline a row. ``recorded_<quantity>``
        columns hold what was recorded. Other columns are carried along.
    errors : {'raise', 'mark'}
        Whether rows that break a rule are an error, or are kept with ``is_valid`` false and without numbers.
    findings : bool
        Whether to add ``stops`` and ``cautions``, the ids of the findings of each row.

    Returns
    -------
    DataFrame
        The rows in their order with ``is_valid``, ``problems`` (every broken rule), the computed quantities, and
        ``difference_<quantity>`` = (recorded - computed) / computed for each that was recorded.

    Raises
    ------
    TableError
        For columns that are refused or an index that is not unique.
    CaseError
        With ``errors='raise'``: the rows that break rules, each with all its rules.
    """
    check_options(errors, findings=findings)
    check_frame(frame, vocabulary=vocabulary())
    with comparable(frame):
        reading = read(frame)
        recorded = {
            name: cells.numbers(frame[f"{RECORDED}{name}"], f"{RECORDED}{name}", reading.marks)
            for name in OUTPUTS
            if f"{RECORDED}{name}" in frame.columns
        }
    refuse(frame, reading.marks, errors)
    bad = reading.marks.bad
    results = evaluate(chosen(reading, ~bad))
    made: dict[str, Any] = {}
    for name, values in _numbers(results):
        made[name] = np.full(len(frame), np.nan)
        made[name][~bad] = values
    if findings:
        for column, severity in ((STOPS, "stop"), (CAUTIONS, "caution")):
            made[column] = np.full(len(frame), "", dtype=object)
            made[column][~bad] = _finding_ids(results, severity)
    for name, values in recorded.items():
        made[f"{DIFFERENCE}{name}"] = names.relative_difference(values, made[name])
    return with_results(frame, reading.marks, made)


@cache
def vocabulary() -> names.Vocabulary:
    """Names of columns that an audit of chemoembolizations reads, and those that it writes."""
    known = {names.CASE_ID, *names.GROUPS, *fields(), *(f"{RECORDED}{name}" for name in OUTPUTS)}
    made = {VALID, PROBLEMS, STOPS, CAUTIONS, *OUTPUTS, *(f"{DIFFERENCE}{name}" for name in OUTPUTS)}
    return names.Vocabulary(frozenset({*known, "treatment"}), frozenset(made))


def _numbers(results: TaceResults) -> Iterator[tuple[str, FloatArray]]:
    for name in OF_DOSE:
        yield name, getattr(results.dosing, name)
    for names_of, held in ((OF_CASE, results.case), (OF_SCORES, results.scores)):
        for name in names_of:
            yield name, held[name]
    for name in OF_ENDS:
        yield name, results.allocation[name.removeprefix("tumor_share_")].tumor_share  # type: ignore[index]


def _finding_ids(results: TaceResults, severity: str) -> AnyArray:
    """Ids of the findings of a severity, of every case."""
    base = results.columns.base
    texts = np.full(base.case.rows, "", dtype=object)
    for found in (*limits.finding_columns(results), *cautions.finding_columns(results)):
        if found.severity == severity:
            of_case = np.unique(base.case_of(found.level)[found.rows])
            joined = np.where(texts[of_case] == "", "", texts[of_case] + SEPARATOR)
            texts[of_case] = joined + found.rule
    return texts
