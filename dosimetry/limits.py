"""Limits and goals: clinical bounds from named sources. Crossing one is reported, never hidden and never clearance."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dosimetry import figures, reference, units
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.columns import Columns
from dosimetry.evaluation import Results
from dosimetry.finding_columns import FindingColumn, compare, on_bound, says
from dosimetry.plan_record import Kind, Severity
from dosimetry.quantities import Quantity, level_of, quantity_named
from dosimetry.reference_rows import Limit

WHY_UNKNOWN = {
    "lung_dose_gy": "the lung mass is missing",
    "lung_dose_cumulative_gy": "the lung mass or the earlier lung dose is missing (type 0 if there was none)",
    "uncorrectable_gastrointestinal_deposition": (
        "extrahepatic deposition, its site or whether it can be corrected is not stated"
    ),
}


OUTCOMES = {
    "limit": ("not exceeded", "exceeded", "reached, which it must not be"),
    "goal": ("met", "not met", "not met"),
}
"""Words for a bound that is kept, broken, or exactly reached though it must not be."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One limit with the columns it is checked on."""

    limit: Limit
    quantity: Quantity
    bound: float
    values: FloatArray
    applies: BoolArray


def finding_columns(columns: Columns, results: Results) -> Iterator[FindingColumn]:
    """Every limit on file against every row it applies to: crossed, on its bound, met, or not checked and why."""
    for limit in reference.limits():
        quantity = quantity_named(limit.quantity, level_of(limit.quantity))
        of_device = _device_rows(limit, columns, quantity.level)
        if not of_device.any():
            continue
        holds, unknown = _condition(limit, columns, quantity.level)
        bound = units.bound_in_library_unit(limit.bound, limit.unit)
        row = _Row(limit, quantity, bound, results.level(quantity.level)[quantity.name], of_device & holds)
        for rows, kind, severity, sentence in _outcomes(row, of_device & unknown):
            if rows.any():
                yield _column(row, kind, severity, rows, sentence)


def _outcomes(row: _Row, unknown: BoolArray) -> Iterator[tuple[BoolArray, Kind, Severity, Callable[[int], str]]]:
    """Rows, kind, severity and sentence of each way a limit can come out."""
    limit = row.limit
    missing = row.applies & np.isnan(row.values)
    met = row.applies & compare(row.values, limit.comparator, row.bound)
    failed = row.applies & ~missing & ~met
    on_it = failed & on_bound(row.values, row.bound)
    kind: Kind = "goal" if limit.kind == "goal" else "limit"
    kept, broken, at_it = OUTCOMES[limit.kind]
    yield missing, "not_checked", "note", _not_checked(limit)
    yield met, kind, "note", _sentence(row, kept)
    yield (
        failed & ~on_it,
        kind,
        limit_severity(limit, is_on_bound=False),
        _sentence(row, broken),
    )
    yield (
        on_it,
        kind,
        limit_severity(limit, is_on_bound=True),
        _sentence(row, at_it),
    )
    text = f"{limit.label} ({limit.limit_id}) was not checked: it applies when {limit.condition}, which is not stated."
    yield unknown, "not_checked", "note", says(text)


def limit_severity(limit: Limit, *, is_on_bound: bool) -> Severity:
    """Severity of a limit that is not met: its own where the table gives one, else by how far it is verified."""
    if limit.severity:
        return limit.severity
    return "stop" if limit.verified and limit.kind == "limit" and not is_on_bound else "caution"


def _device_rows(limit: Limit, columns: Columns, level: str) -> BoolArray:
    fits = np.ones(columns.case.rows, dtype=np.bool_)
    if limit.device != "*":
        fits = columns.case.word("device").equal(limit.device)
    return columns.spread(fits, level)


def _condition(limit: Limit, columns: Columns, level: str) -> tuple[BoolArray, BoolArray]:
    """Where the condition of a limit holds, and where that is not known. A condition reads ``name = word``."""
    if not limit.condition:
        holds = np.ones(columns.case.rows, dtype=np.bool_)
        return columns.spread(holds, level), columns.spread(~holds, level)
    name, _, word = limit.condition.partition(" = ")
    given = columns.case.word(name)
    return columns.spread(given.equal(word), level), columns.spread(~given.given, level)


def _not_checked(limit: Limit) -> Callable[[int], str]:
    why = WHY_UNKNOWN.get(limit.quantity, "the value could not be computed")
    return says(f"{limit.label} ({limit.limit_id}) was not checked: {why}.")


def _sentence(row: _Row, outcome: str) -> Callable[[int], str]:
    limit = row.limit
    mark = "" if limit.verified else ", unverified"
    against = f"{limit.kind} {figures.SIGNS[limit.comparator]} {figures.in_unit(row.bound, limit.unit)}{mark}"

    def sentence(place: int) -> str:
        """Value, bound and outcome of a row."""
        value = float(row.values[place])
        is_edge = row.bound != 0 and on_bound(row.values[place : place + 1], row.bound).any()
        edge = " The value lies exactly on the bound." if is_edge else ""
        shown = figures.in_unit(value, limit.unit, figures.apart(value, row.bound))
        return f"{limit.label}: {shown} against {against}: {outcome}.{edge}"

    return sentence


def _column(
    row: _Row, kind: Kind, severity: Severity, rows: BoolArray, sentence: Callable[[int], str]
) -> FindingColumn:
    limit = row.limit
    room = row.bound - row.values if limit.comparator in ("<", "<=") else row.values - row.bound
    prefix = {"case": "", "territory": "territories[].", "lesion": "territories[].lesions[]."}[row.quantity.level]
    return FindingColumn(
        rule=limit.limit_id,
        kind=kind,
        severity=severity,
        level=row.quantity.level,
        path=f"{prefix}{limit.quantity}",
        quantity=limit.quantity,
        rows=rows.nonzero()[0],
        sentence=sentence,
        values=row.values,
        limit=limit,
        bound=row.bound,
        margins=room,
        needs_acknowledgement=severity == "stop",
    )
