"""Findings as columns: one record a finding and severity, with the rows it concerns. Sentences are made on demand."""

from collections.abc import Callable
from dataclasses import dataclass

from dosimetry.arrays import BoolArray, FloatArray, IntArray
from dosimetry.plan_record import Kind, Severity
from dosimetry.reference import field
from dosimetry.reference_rows import Limit
from dosimetry.tace_rows import TaceLimit

MODEL_PATH = "territories[].prescription.model"
"""Path of what is said of a prescription by its model."""
OF_SESSION = {
    "as ordered": "order.given.",
    "as delivered": "delivery.given.",
    "as delivered, the rest as planned": "delivery.rest_as_planned.",
    "as measured": "delivery.measured.",
}
"""Where a value is not that of the plan, in words, and what then stands before its path and quantity."""
UNUSUAL = "unusual_"
"""Before the name of an input: the rule by which its value is an unusual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingColumn:
    """One finding in some rows of a level. ``path`` is the path of the quantity, with ``[]`` for row numbers.

    ``at_least`` is true in rows of which the value is a lower bound; ``None`` stands for no such row.
    """

    rule: str
    kind: Kind
    severity: Severity
    level: str
    path: str
    quantity: str
    rows: IntArray
    sentence: Callable[[int], str]
    values: FloatArray | None = None
    limit: Limit | TaceLimit | None = None
    bound: float | None = None
    margins: FloatArray | None = None
    at_least: BoolArray | None = None
    needs_acknowledgement: bool = False


def severity_if_crossed(limit: Limit | TaceLimit) -> Severity:
    """The stated one, else a stop for a limit that was verified at its source and a caution for any other."""
    return limit.severity or ("stop" if limit.verified else "caution")


def says(text: str) -> Callable[[int], str]:
    """The same sentence for every row."""
    return lambda row: text


def remark(
    rule: str,
    level: str,
    path: str,
    rows: BoolArray,
    text: str,
    *,
    kind: Kind = "caution",
    severity: Severity | None = None,
) -> FindingColumn:
    """A remark without a value: a caution, a note, or something not checked."""
    return FindingColumn(
        rule=rule,
        kind=kind,
        severity=severity or ("note" if kind == "not_checked" else "caution"),
        level=level,
        path=path,
        quantity=rule,
        rows=rows.nonzero()[0],
        sentence=says(text),
    )


def valued(
    rule: str,
    path: str,
    rows: BoolArray,
    values: FloatArray,
    sentence: Callable[[int], str],
    *,
    severity: Severity = "caution",
) -> FindingColumn:
    """A caution of cases with a value; a stop needs an acknowledgement."""
    return FindingColumn(
        rule=rule,
        kind="caution",
        severity=severity,
        level="case",
        path=path,
        quantity=rule,
        rows=rows.nonzero()[0],
        sentence=sentence,
        values=values,
        needs_acknowledgement=severity == "stop",
    )


def to_acknowledge(
    name: str, level: str, rows: BoolArray, values: FloatArray, sentence: Callable[[int], str], *, rule: str = ""
) -> FindingColumn:
    """A suspicious typed value of an input, which a person must acknowledge."""
    return FindingColumn(
        rule=rule or f"{UNUSUAL}{name}",
        kind="caution",
        severity="caution",
        level=level,
        path=field(name).path,
        quantity=name,
        rows=rows.nonzero()[0],
        sentence=sentence,
        values=values,
        needs_acknowledgement=True,
    )
