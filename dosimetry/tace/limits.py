"""Limits of chemoembolization, row by row of ``tace_limits.csv``, as finding columns of the cases."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.clauses import clauses
from dosimetry.columns import Table
from dosimetry.comparison import compare, on_bound
from dosimetry.finding_columns import FindingColumn, severity_if_crossed
from dosimetry.limits.words import condition_in_words, in_sentence
from dosimetry.plan_record import Severity
from dosimetry.reference_rows import ANY
from dosimetry.scores import context
from dosimetry.scores.child_pugh import least_child_pugh_points
from dosimetry.tace.columns import protocol_is
from dosimetry.tace.evaluation import TaceResults
from dosimetry.tace_rows import TaceLimit

_POINTS = "child_pugh_points"
_ANTHRACYCLINES = "cumulative_anthracycline_mg_per_m2"
BODY = ("body_surface_formula", "height_cm", "weight_kg")
INPUTS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        _POINTS: context.INPUTS[_POINTS],
        "largest_tumor_cm": ("largest_tumor_cm",),
        "bilirubin_mg_dl": ("bilirubin_mg_dl",),
        "creatinine_mg_dl": ("creatinine_mg_dl",),
        "oil_ml": ("oil_ml",),
        "oil_to_aqueous_ratio": ("oil_to_aqueous_ratio",),
        _ANTHRACYCLINES: BODY,
        "planned_mg_per_m2": BODY,
        "loading_mg_per_ml": ("loading_mg_per_ml",),
    }
)
"""The inputs that give a quantity which limits are checked on; what no input alone gives is not asked for."""


def finding_columns(results: TaceResults) -> Iterator[FindingColumn]:
    """Every limit against every case it applies to: crossed, on its bound, met, or not checked and why."""
    for limit in reference.table("tace_limits"):
        fitting = fits(limit, results)
        holds, unknown = _condition(limit, results.columns.base.case)
        if (fitting & ~unknown & holds).any():
            yield from _outcomes(limit, results, fitting & holds)
        if (fitting & unknown).any():
            when = f"it applies when {condition_in_words(limit)}, which is not known"
            text = f"{limit.label} ({limit.limit_id}) was not checked: {when}."
            yield _unchecked(_checked(limit, results), fitting & unknown, text)


def fits(limit: TaceLimit, results: TaceResults) -> BoolArray:
    """Cases that a limit is for, whatever its condition."""
    case = results.columns.base.case
    found = np.ones(case.rows, dtype=np.bool_)
    for name, word in (("technique", limit.technique), ("drug_name", limit.drug)):
        if word != ANY:
            found &= case.word(name).any_of(word.split("|"))
    if limit.basis != ANY:
        found &= protocol_is(case, "basis", limit.basis)
    if limit.quantity == _ANTHRACYCLINES:
        found &= _has_anthracycline(results)
    return found


def _has_anthracycline(results: TaceResults) -> BoolArray:
    """Cases with an anthracycline now or before."""
    case, earlier = results.columns.base.case, results.columns.earlier
    drugs = [row.drug for row in reference.table("tace_anthracyclines")]
    return np.asarray(case.word("drug_name").any_of(drugs) | (np.bincount(earlier.case, minlength=case.rows) > 0))


def _condition(limit: TaceLimit, case: Table) -> tuple[BoolArray, BoolArray]:
    """Where the condition of a limit holds, and where that cannot be told."""
    holds, unknown = np.ones(case.rows, dtype=np.bool_), np.zeros(case.rows, dtype=np.bool_)
    for clause in clauses(limit.condition):
        values, bound = case.number(clause.name), clause.bound if clause.bound is not None else np.nan
        unknown |= np.isnan(values)
        is_equal = clause.comparison == "="
        holds &= on_bound(values, bound) if is_equal else compare(values, clause.comparison, bound)
    return holds, unknown


@dataclass(frozen=True, slots=True)
class _Checked:
    """A limit with what it is checked on; ``is_least`` has the rows of which only a least is known."""

    limit: TaceLimit
    values: FloatArray
    is_least: BoolArray


def _checked(limit: TaceLimit, results: TaceResults) -> _Checked:
    """Points that incomplete values prove count where no more of them could keep the limit."""
    values = results.case[limit.quantity]
    if limit.quantity != _POINTS:
        return _Checked(limit, values, np.zeros(values.shape, dtype=np.bool_))
    least = least_child_pugh_points(results.columns.base.case)
    is_least = np.isnan(values) & ~compare(least, limit.comparator, limit.bound)
    return _Checked(limit, np.where(is_least, least, values), is_least)


def _outcomes(limit: TaceLimit, results: TaceResults, applies: BoolArray) -> Iterator[FindingColumn]:
    of = _checked(limit, results)
    missing = applies & np.isnan(of.values)
    met = applies & compare(of.values, limit.comparator, limit.bound)
    failed = applies & ~missing & ~met
    on_it = failed & on_bound(of.values, limit.bound)
    yield replace(
        _unchecked(of, missing, ""),
        sentence=lambda row: f"{limit.label} ({limit.limit_id}) was not checked: {_why(limit, results, row)}.",
    )
    yield _column(of, met, "note", "not crossed")
    severity = severity_if_crossed(limit)
    yield _column(of, failed & ~on_it, severity, "crossed")
    at_it: Severity = "caution" if severity == "stop" else severity
    yield _column(of, on_it, at_it, "reached exactly, and to stay below")


def _why(limit: TaceLimit, results: TaceResults, row: int) -> str:
    """What a quantity lacks in one case."""
    absent = [name for name in INPUTS_OF.get(limit.quantity, ()) if results.staged.is_absent(name)[row]]
    if absent:
        named = [in_sentence(reference.field(name).label) for name in absent]
        return f"{', '.join(named)} {'is' if len(named) == 1 else 'are'} missing"
    has_dose = not np.isnan(results.dosing.planned_mg[row])
    return "the volume of the beads in a vial is not on file" if has_dose else "there is no dose"


def _sentence(of: _Checked, outcome: str) -> Callable[[int], str]:
    """Value, bound and outcome of a case."""
    limit = of.limit
    mark = "" if limit.verified else " The limit was not verified at its source."
    bound = f"{figures.SIGNS[limit.comparator]} {figures.in_unit(limit.bound, limit.unit)}"

    def sentence(row: int) -> str:
        """Of one row."""
        value = float(of.values[row])
        at_least = figures.AT_LEAST if of.is_least[row] else ""
        shown = figures.in_unit(value, limit.unit, figures.apart(value, limit.bound))
        return f"{limit.label}: {at_least}{shown} against {bound}: {outcome}.{mark}"

    return sentence


def _unchecked(of: _Checked, rows: BoolArray, text: str) -> FindingColumn:
    """The limit in rows in which it could not be checked, without a value."""
    return replace(_column(of, rows, "note", ""), kind="not_checked", sentence=lambda row: text, values=None)


def _column(of: _Checked, rows: BoolArray, severity: Severity, outcome: str) -> FindingColumn:
    limit, values = of.limit, of.values
    return FindingColumn(
        rule=limit.limit_id,
        kind="limit",
        severity=severity,
        level="case",
        path=limit.quantity,
        quantity=limit.quantity,
        rows=rows.nonzero()[0],
        sentence=_sentence(of, outcome),
        values=values,
        limit=limit,
        bound=limit.bound,
        margins=limit.bound - values if limit.comparator in ("<", "<=") else values - limit.bound,
        at_least=of.is_least,
        needs_acknowledgement=severity == "stop",
    )
