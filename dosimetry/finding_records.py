"""Records of findings of any treatment: names, sources, acknowledgements, and texts that identify someone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from dosimetry import reference
from dosimetry.case import Acknowledgement
from dosimetry.columns import Columns, path_of
from dosimetry.comparison import on_bound
from dosimetry.finding_columns import OF_SESSION, UNUSUAL, FindingColumn
from dosimetry.plan_record import Finding, Kind, Severity

ACKNOWLEDGED_RTOL = 1e-9
"""Computed values agree across machines to far better than this; a changed input moves them by far more."""
_IDENTIFYING = (
    (re.compile(r"(?i)\b(mrn|pid|patient.?id|ssn)\b\W*\w*\d"), "a record number"),
    (re.compile(r"(?i)\b(dob|born|birth)\b|\b\d{1,2}[./]\d{1,2}[./](19|20)\d\d\b"), "a birth date"),
    (re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}"), "an e-mail address"),
)


def record_of(column: FindingColumn, row: int, case: Any, columns: Columns) -> Finding:
    """The record of one row of a finding column; ``case`` is one of any treatment."""
    path = path_of(columns, column.path, row)
    limit = column.limit
    value = None if column.values is None or np.isnan(column.values[row]) else float(column.values[row])
    margin = None if column.margins is None or value is None else float(column.margins[row])
    return Finding(
        id=f"{column.rule}@{path}" if path else column.rule,
        kind=column.kind,
        severity=column.severity,
        territory=_territory_name(case, columns, column.level, row),
        lesion=_lesion_name(case, columns, row) if column.level == "lesion" else None,
        quantity=column.quantity,
        value=value,
        bound=column.bound,
        margin=margin,
        at_least=value is not None and column.at_least is not None and bool(column.at_least[row]),
        source=reference.citation(limit.source_id) if limit else "",
        locator=limit.locator if limit else "",
        verified=limit.verified if limit else True,
        acknowledgement="needed" if column.needs_acknowledgement else None,
        message=column.sentence(row),
    )


def _territory_name(case: Any, columns: Columns, level: str, row: int) -> str | None:
    if level == "case":
        return None
    return str(case.territories[int(columns.lesion_territory[row]) if level == "lesion" else row].name)


def _lesion_name(case: Any, columns: Columns, row: int) -> str:
    owner = int(columns.lesion_territory[row])
    place = row - int(np.flatnonzero(columns.lesion_territory == owner)[0])
    return str(case.territories[owner].lesions[place].name)


def with_acknowledgement(record: Finding, given: dict[str, Acknowledgement]) -> Finding:
    """A finding with what a person said of it: given, or lapsed and why."""
    entry = given.get(record.id)
    if record.acknowledgement is None or entry is None:
        return record
    lapsed = _lapsed(entry, record)
    if lapsed:
        return replace(record, message=f"{record.message} An acknowledgement by {entry.by} lapsed: {lapsed}.")
    return replace(
        record, acknowledgement="given", message=f"{record.message} Acknowledged by {entry.by}: {entry.reason}"
    )


def _lapsed(entry: Acknowledgement, record: Finding) -> str:
    """Why an acknowledgement no longer holds; empty where it does."""
    if not _same_value(entry.value, record.value):
        return "the value has changed"
    places = ((entry.territory, record.territory), (entry.lesion, record.lesion))
    if any(named is not None and named != stands for named, stands in places):
        return "it was given for another territory or lesion"
    return ""


def _same_value(acknowledged: float | None, value: float | None) -> bool:
    if acknowledged is None or value is None:
        return acknowledged is value
    return bool(on_bound(np.array([acknowledged]), value, rtol=ACKNOWLEDGED_RTOL)[0])


def remark(
    rule: str,
    path: str,
    message: str,
    *,
    territory: str | None = None,
    value: float | None = None,
    bound: float | None = None,
    kind: Kind = "caution",
    severity: Severity = "caution",
    to_acknowledge: bool = False,
) -> Finding:
    """One finding that rests on no row of the reference tables: a caution, where nothing else is said."""
    return Finding(
        id=f"{rule}@{path}",
        kind=kind,
        severity=severity,
        territory=territory,
        lesion=None,
        quantity=rule,
        value=value,
        bound=bound,
        margin=None,
        at_least=False,
        source="",
        locator="",
        verified=True,
        acknowledgement="needed" if to_acknowledge else None,
        message=message,
    )


def without_finding(given: Iterable[Acknowledgement], ids: set[str]) -> list[Finding]:
    """Acknowledgements of findings that this case no longer has, each with what it was about."""
    return [
        remark("acknowledged_without_finding", entry.finding, _unfounded(entry), severity="note")
        for entry in given
        if entry.finding not in ids
    ]


def _unfounded(entry: Acknowledgement) -> str:
    about = acknowledged_in_words(entry.finding, entry.territory, entry.lesion)
    return (
        f"{entry.by} acknowledged what this case does not have, or no longer has: {about}. "
        f"The reason given: {entry.reason}"
    )


def acknowledged_in_words(finding: str, territory: str | None = None, lesion: str | None = None) -> str:
    """What an acknowledged finding is about, by its id: a limit by its label, an unusual input by its own."""
    rule, _, path = finding.partition("@")
    place = "".join(f"{part}, " for part in (territory, lesion) if part)
    named = reference.limit_labels().get(rule) or _unusual_inputs().get(rule) or rule.replace("_", " ")
    of_session = [f", {words}" for words, prefix in OF_SESSION.items() if path.startswith(prefix)]
    return "".join((place, named, *of_session))


@cache
def _unusual_inputs() -> dict[str, str]:
    """By rule, that an input has an unusual value."""
    rules = (rule for table in reference.INPUT_TABLES for rule in reference.input_rules(table))
    return {f"{UNUSUAL}{rule.name}": f"unusual value of {rule.label}" for rule in rules}


def ranked(records: Iterable[Finding]) -> tuple[Finding, ...]:
    """Stops first, then cautions and notes; in each, what needs a person first and what was not checked last."""
    ranks = {"stop": 0, "caution": 1, "note": 2}

    def rank(record: Finding) -> tuple[int, bool, bool]:
        """The place of a finding among the others."""
        return ranks[record.severity], record.acknowledgement is None, record.kind == "not_checked"

    return tuple(sorted(records, key=rank))


def identifying_texts(case: Any) -> Iterator[Finding]:
    """Texts that look like identifying data, without repeating them."""
    texts = {"label": case.label, "notes": case.notes or ""}
    for row, territory in enumerate(case.territories):
        texts |= {f"territories[{row}].{name}": getattr(territory, name) or "" for name in ("name", "vessel", "side")}
        texts |= {
            f"territories[{row}].lesions[{place}].name": lesion.name for place, lesion in enumerate(territory.lesions)
        }
    for path, text in texts.items():
        looks = [what for pattern, what in _IDENTIFYING if pattern.search(text or "")]
        if looks:
            message = (
                f"The text looks like {' and '.join(looks)}. Do not enter identifying data; "
                "name and record number are completed by hand on the printed report."
            )
            yield remark("identifying_text", path, message)
