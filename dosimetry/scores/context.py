"""Every score of cases as columns, and the scores of one case in words for a report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.bands import band_of
from dosimetry.columns import Table, from_case
from dosimetry.scores import liver_function, tumor_burden
from dosimetry.scores.child_pugh import CHILD_PUGH_INPUTS, child_pugh_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score of one case: its value and what that is called, or which inputs are missing for it.

    ``note`` says what a value counts, or why there is none although nothing is missing.
    """

    name: str
    label: str
    value: float | None
    text: str
    missing: tuple[str, ...]
    note: str
    source: str
    locator: str
    verified: bool


def evaluate(case: Table) -> dict[str, FloatArray]:
    """All scores of the cases in a table, one value a case; NaN where an input is missing.

    Parameters
    ----------
    case : Table
        Columns under the flat names of the inputs: laboratory values, ascites, encephalopathy, sex, staging.
    """
    given = case.number
    labs = {name: given(name) for name in ("bilirubin_mg_dl", "creatinine_mg_dl", "inr")}
    liver = {name: labs.get(name, given(name)) for name in ("bilirubin_mg_dl", "albumin_g_dl")}
    elsewhere = not_hcc(case)
    tumors = {name: np.where(elsewhere, np.nan, given(name)) for name in ("largest_tumor_cm", "tumor_count")}
    total = tumor_burden.burden_sum(**tumors)
    on_dialysis = given("dialysis")
    albi = liver_function.albi(**liver)
    meld = liver_function.meld(**labs, on_dialysis=on_dialysis)
    meld_3 = liver_function.meld_3(
        **labs,
        sodium_mmol_l=given("sodium_mmol_l"),
        albumin_g_dl=given("albumin_g_dl"),
        is_female=is_female(case),
        on_dialysis=on_dialysis,
    )
    return {
        "child_pugh_points": child_pugh_points(case),
        "albi": albi,
        "albi_grade": liver_function.albi_grade(albi),
        "meld": liver_function.reported_meld(meld),
        "meld_na": liver_function.reported_meld(
            liver_function.meld_na(meld_score=liver_function.reported_meld(meld), sodium_mmol_l=given("sodium_mmol_l"))
        ),
        "meld_3": liver_function.reported_meld(meld_3),
        "within_milan": tumor_burden.within_milan(**tumors, vascular_invasion=given("vascular_invasion")),
        "up_to_7": total,
        "within_up_to_7": tumor_burden.within_up_to_7(**tumors),
        "six_twelve": total,
    }


def not_hcc(case: Table) -> BoolArray:
    """Cases of another disease than hepatocellular carcinoma, for which the criteria of its tumors were not made."""
    disease = case.word("disease")
    return np.asarray(disease.given & ~disease.equal("hcc"))


def is_female(case: Table) -> FloatArray:
    """1, 0, or NaN where the sex is not given."""
    sex = case.word("sex")
    return np.where(sex.given, np.where(sex.equal("female"), 1.0, 0.0), np.nan)


_BLOOD = ("bilirubin_mg_dl", "creatinine_mg_dl", "inr")
_TUMORS = ("largest_tumor_cm", "tumor_count")
INPUTS: Mapping[str, tuple[str, ...]] = {
    "child_pugh_points": CHILD_PUGH_INPUTS,
    "albi": ("bilirubin_mg_dl", "albumin_g_dl"),
    "meld": _BLOOD,
    "meld_na": (*_BLOOD, "sodium_mmol_l"),
    "meld_3": (*_BLOOD, "sodium_mmol_l", "albumin_g_dl", "sex"),
    "within_milan": (*_TUMORS, "vascular_invasion"),
    "up_to_7": _TUMORS,
    "six_twelve": _TUMORS,
}
"""What each score is computed from."""
OF_TUMORS = ("within_milan", "up_to_7", "six_twelve")
"""Criteria made for hepatocellular carcinoma only."""
_LEFT_OUT = "made for hepatocellular carcinoma, and the disease of this case is another"
_COUNTED = "tumors as counted from the lesions of this case; none elsewhere in the liver"
_SHOWN = {
    "child_pugh_points": ("Child-Pugh", "child_pugh_class"),
    "albi": ("ALBI", "albi"),
    "meld": ("MELD", "meld"),
    "meld_na": ("MELD-Na (2016)", "meld_na"),
    "meld_3": ("MELD 3.0", "meld_3"),
    "within_milan": ("Milan criteria", "milan"),
    "up_to_7": ("Up-to-7", "up_to_7"),
    "six_twelve": ("Six-and-twelve", "six_twelve"),
}


def of(case: Any, table: Table | None = None) -> tuple[Score, ...]:
    """Every score of one case of any treatment, those with missing inputs included.

    Parameters
    ----------
    case : Case or TaceCase
    table : Table, optional
        Its columns, where they are at hand; they may hold more than the case itself states.
    """
    typed = from_case(case).case
    columns = typed if table is None else table
    values = {name: column[0] for name, column in evaluate(columns).items()}
    return tuple(_scores(columns, typed, values))


def _scores(case: Table, typed: Table, values: Mapping[str, float]) -> Iterator[Score]:
    is_elsewhere = bool(not_hcc(case)[0])
    for name, (label, rule) in _SHOWN.items():
        row = _row(rule)
        known, left_out = not np.isnan(values[name]), is_elsewhere and name in OF_TUMORS
        lacking = () if known or left_out else INPUTS[name]
        absent = tuple(reference.field(each).label for each in lacking if case.is_absent(each)[0])
        counted = known and any(typed.is_absent(each)[0] for each in INPUTS[name])
        yield Score(
            name=name,
            label=label,
            value=float(values[name]) if known else None,
            text=_in_words(name, values, case) if known else "",
            missing=absent,
            note=_LEFT_OUT if left_out else _COUNTED if counted else "",
            source=reference.citation(row.source_id),
            locator=row.locator,
            verified=row.verified,
        )


def label_of(name: str) -> str:
    """What a score is called."""
    return _SHOWN[name][0]


def _row(rule: str) -> Any:
    """A row that the rule reads, for its source."""
    rows = (*reference.table("coefficients"), *reference.table("score_bands"))
    return next(row for row in rows if rule in (getattr(row, "formula", None), getattr(row, "rule", None)))


def _in_words(name: str, values: Mapping[str, float], case: Table) -> str:
    value = float(values[name])
    match name:
        case "child_pugh_points":
            return f"{_label('child_pugh_class', 'points', value)}{value:.0f}"
        case "albi":
            return f"{figures.fixed(value, 2)}, grade {_label('albi', 'albi', value)}"
        case "within_milan":
            return "within" if value else "beyond"
        case "up_to_7":
            return f"{figures.trimmed(value)}, {'within' if values['within_up_to_7'] else 'beyond'}"
        case "six_twelve":
            return f"{figures.trimmed(value)}, {_label('six_twelve', 'sum', value)}"
    return f"{value:.0f}{'' if not np.isnan(case.number('dialysis')[0]) else ', no dialysis stated'}"


def _label(rule: str, part: str, value: float) -> str:
    band = band_of(rule, part, value)
    return band.label if band else figures.MISSING
