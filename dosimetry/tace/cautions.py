"""Cautions of chemoembolization: reductions that were made or not, suspicious values, what was not checked."""

from collections.abc import Callable, Iterator

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.bands import banded
from dosimetry.finding_columns import FindingColumn, remark, to_acknowledge, valued
from dosimetry.liver_volume_caution import unusual_for_body_size
from dosimetry.plan_record import Severity
from dosimetry.ranges import unusual
from dosimetry.reference import coefficient
from dosimetry.reference_rows import UnusualInterval
from dosimetry.rules import says
from dosimetry.tace.columns import protocol_is
from dosimetry.tace.evaluation import TaceResults, stated_child_pugh_points

LABEL_RULES = (("doxorubicin", "doxorubicin_label"), ("epirubicin", "epirubicin_label"))
"""The bilirubin rule of the intravenous label, by drug."""


def finding_columns(results: TaceResults) -> Iterator[FindingColumn]:
    """Every caution and every not-checked remark of the given cases."""
    for rule in RULES:
        yield from rule(results)


def _case_valued(
    rule: str,
    path: str,
    rows: BoolArray,
    values: FloatArray,
    text: str,
    *others: FloatArray,
    severity: Severity = "caution",
) -> FindingColumn:
    """A finding of cases with its value and other numbers in its text."""
    return valued(rule, path, rows, values, says(text, values, *others), severity=severity)


def _unusual(results: TaceResults) -> Iterator[FindingColumn]:
    """Typed values inside an interval that needs an acknowledgement."""
    base = results.columns.base
    for interval in reference.unusual_intervals():
        for level in ("case", "territory", "lesion"):
            values = base.level(level).numbers.get(interval.name)
            if values is not None and interval.device == "*":
                sentence = _unusual_sentence(interval, values)
                yield to_acknowledge(interval.name, level, unusual(interval, values), values, sentence)


def _unusual_sentence(interval: UnusualInterval, values: FloatArray) -> Callable[[int], str]:
    rule = reference.field(interval.name)
    unit = rule.entered_as or rule.unit
    return lambda row: f"{rule.label} is {figures.in_unit(float(values[row]), unit)}. {interval.hint}"


def _label_reduction(results: TaceResults) -> Iterator[FindingColumn]:
    """Protocols without a bilirubin rule, where the label of the drug would reduce the dose."""
    case = results.columns.base.case
    bilirubin = case.number("bilirubin_mg_dl")
    for drug, rule in LABEL_RULES:
        part = banded(rule, "bilirubin_mg_dl", bilirubin)
        rows = case.word("drug_name").equal(drug) & protocol_is(case, "bilirubin_rule", "") & (part < 1)
        text = (
            "The protocol states no reduction by bilirubin; at {} mg/dL the intravenous label of "
            f"{drug} leaves {{}} of the dose."
        )
        yield _case_valued("label_reduction", "drug.protocol", rows, bilirubin, text, part)


def _excluded(results: TaceResults) -> Iterator[FindingColumn]:
    """No dose by the protocol, because of the bilirubin."""
    case, steps = results.columns.base.case, results.dosing
    bilirubin = case.number("bilirubin_mg_dl")
    rows = ~np.isnan(steps.base_mg) & np.isnan(steps.bilirubin_part) & ~np.isnan(bilirubin)
    text = "At a bilirubin of {} mg/dL the rule of the protocol gives no dose."
    yield _case_valued("no_dose_at_this_bilirubin", "drug.protocol", rows, bilirubin, text, severity="stop")


def _steps(results: TaceResults) -> Iterator[FindingColumn]:
    """A dose that was capped or rounded, a typed one beside it, and a vial too large for the dose."""
    steps, typed = results.dosing, results.columns.base.case.number("prescribed_mg")
    text = "The dose of {1} mg was cut to the cap of {0} mg."
    yield _case_valued("capped", "drug.cap_mg", steps.reduced_mg > steps.cap_mg, steps.cap_mg, text, steps.reduced_mg)
    none = (steps.vials == 0) & (steps.capped_mg > 0)
    text = "The dose of {1} mg is less than one vial of {0} mg: rounded down, nothing is left of it."
    yield _case_valued("less_than_one_vial", "drug.vials", none, steps.vial_mg, text, steps.capped_mg, severity="stop")
    over = typed > steps.protocol_mg
    text = "{} mg are prescribed, above the {} mg that the protocol leads to."
    yield _case_valued("above_protocol", "drug.prescribed_mg", over, typed, text, steps.protocol_mg, severity="stop")
    under = typed < steps.protocol_mg
    text = "{} mg are prescribed, below the {} mg that the protocol leads to."
    yield _case_valued("below_protocol", "drug.prescribed_mg", under, typed, text, steps.protocol_mg)
    over_cap = typed > steps.cap_mg
    text = "{} mg are prescribed, above the cap of {} mg."
    yield _case_valued("above_cap", "drug.prescribed_mg", over_cap, typed, text, steps.cap_mg, severity="stop")


def _milan(results: TaceResults) -> Iterator[FindingColumn]:
    """Protocols for disease within, or beyond, the Milan criteria."""
    case, inside = results.columns.base.case, results.scores["within_milan"]
    for word, fits in (("within", inside == 1), ("beyond", inside == 0)):
        of_word = protocol_is(case, "milan", word)
        text = f"The protocol is one for disease {word} the Milan criteria; the tumors are not."
        yield remark("other_extent", "case", "drug.protocol", of_word & ~fits & ~np.isnan(inside), text)
        unknown = of_word & np.isnan(inside)
        text = (
            f"The protocol is one for disease {word} the Milan criteria; whether the tumors are was not checked: "
            "tumors, their largest diameter or vascular invasion are missing."
        )
        yield remark("extent_unknown", "case", "drug.protocol", unknown, text, kind="not_checked")


def _anthracyclines(results: TaceResults) -> Iterator[FindingColumn]:
    """What the running total is, and where it rests on a factor that was not verified."""
    steps = results.dosing
    some = steps.cumulative_anthracycline_mg_per_m2 > 0
    text = (
        "The total of anthracyclines counts every dose as if it were given into a vein. It is an upper bound: after "
        f"beads, in one series the peak in plasma was {figures.percent(_plasma_peak())} of that after oil."
    )
    yield remark("anthracycline_upper_bound", "case", "earlier_anthracycline", some, text, severity="note")
    case, earlier = results.columns.base.case, results.columns.earlier
    none = (steps.session_anthracycline_mg_per_m2 > 0) & (np.bincount(earlier.case, minlength=case.rows) == 0)
    text = "No earlier anthracycline is stated; the total is that of this session alone."
    yield remark("no_earlier_anthracycline", "case", "earlier_anthracycline", none, text, severity="note")
    for drug in (row.drug for row in reference.table("tace_anthracyclines") if not row.verified):
        before = np.bincount(earlier.case, weights=earlier.drug.equal(drug), minlength=case.rows) > 0
        rows = case.word("drug_name").equal(drug) | before
        text = f"The factor of {drug} is one of effect and was not verified; no factor of harm to the heart is known."
        yield remark("factor_not_verified", "case", "earlier_anthracycline", rows, text)


def _plasma_peak() -> float:
    """The peak of doxorubicin in plasma after beads as part of that after oil, in one series. [1]"""
    beads, oil = (coefficient("plasma_peak", f"after_{carrier}_ng_ml") for carrier in ("beads", "oil"))
    return beads / oil


def _partition(results: TaceResults) -> Iterator[FindingColumn]:
    """A ratio taken from a mapping study, or without a spread."""
    case = results.columns.base.case
    text = (
        "The carrier ratio comes from Tc-99m MAA. It may stand in for beads only, and only from the same catheter "
        "position; oil goes other ways."
    )
    yield remark("ratio_from_mapping", "case", "partition.ratio", case.word("carrier_ratio_source").equal("maa"), text)
    typed, ends = case.number("carrier_ratio"), [case.number(f"carrier_ratio_{end}") for end in ("low", "high")]
    text = "The carrier ratio is typed without a low and a high end: the band does not show how uncertain it is."
    bare = ~np.isnan(typed) & np.isnan(ends[0]) & np.isnan(ends[1])
    yield remark("ratio_without_spread", "case", "partition.ratio", bare, text)


def _liver(results: TaceResults) -> Iterator[FindingColumn]:
    yield unusual_for_body_size(results.columns.base.case)


def _child_pugh(results: TaceResults) -> Iterator[FindingColumn]:
    """A typed Child-Pugh class that differs from the computed one."""
    case, points = results.columns.base.case, results.scores["child_pugh_points"]
    stated = stated_child_pugh_points(case)
    text = "Child-Pugh is typed with {} points; the values of this case give {}."
    yield _case_valued("child_pugh_differs", "patient.child_pugh", np.abs(stated - points) > 0, stated, text, points)


RULES: tuple[Callable[[TaceResults], Iterator[FindingColumn]], ...] = (
    _unusual,
    _excluded,
    _steps,
    _label_reduction,
    _milan,
    _anthracyclines,
    _partition,
    _liver,
    _child_pugh,
)
