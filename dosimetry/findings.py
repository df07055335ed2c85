"""Findings of one plan: finding columns turned into records, with names, sources and acknowledgements."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from dosimetry import reference
from dosimetry.case import Acknowledgement, Case
from dosimetry.columns import Columns, path_of
from dosimetry.comparison import on_bound
from dosimetry.finding_columns import FindingColumn
from dosimetry.plan_record import Finding
from dosimetry.what_if.bounds import TerritoryBounds

ACKNOWLEDGED_RTOL = 1e-9
"""Computed values agree across machines to far better than this; a changed input moves them by far more."""
_IDENTIFYING = (
    (re.compile(r"(?i)\b(mrn|pid|patient.?id|ssn)\b\W*\w*\d"), "a record number"),
    (re.compile(r"(?i)\b(dob|born|birth)\b|\b\d{1,2}[./]\d{1,2}[./](19|20)\d\d\b"), "a birth date"),
    (re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}"), "an e-mail address"),
)


def findings(
    case: Case, columns: Columns, found: Iterable[FindingColumn], bounds: Sequence[TerritoryBounds]
) -> tuple[Finding, ...]:
    """The findings of a single case: limits first, then what needs a person, then cautions and remarks."""
    given = {entry.finding: entry for entry in case.acknowledged or ()}
    records = [_record(column, int(row), case, columns, given) for column in found for row in column.rows]
    of_words = (*_conflicts(case, bounds), *_shared_segments(case), *_lesions_in_parts(case), *_identifying_texts(case))
    records += [_with_acknowledgement(record, given) for record in of_words]
    records += _without_finding(given.values(), {record.id for record in records})
    ranks = {"stop": 0, "caution": 1, "note": 2}
    records.sort(
        key=lambda record: (ranks[record.severity], record.acknowledgement is None, record.kind == "not_checked")
    )
    return tuple(records)


def _record(
    column: FindingColumn, row: int, case: Case, columns: Columns, given: dict[str, Acknowledgement]
) -> Finding:
    path = path_of(columns, column.path, row)
    limit = column.limit
    value = None if column.values is None or np.isnan(column.values[row]) else float(column.values[row])
    margin = None if column.margins is None or value is None else float(column.margins[row])
    record = Finding(
        id=f"{column.rule}@{path}" if path else column.rule,
        kind=column.kind,
        severity=column.severity,
        territory=_territory_name(case, columns, column.level, row),
        lesion=_lesion_name(case, columns, row) if column.level == "lesion" else None,
        quantity=column.quantity,
        value=value,
        bound=column.bound,
        margin=margin,
        source=reference.citation(limit.source_id) if limit else "",
        locator=limit.locator if limit else "",
        verified=limit.verified if limit else True,
        acknowledgement="needed" if column.needs_acknowledgement else None,
        message=column.sentence(row),
    )
    return _with_acknowledgement(_switched_off(record, column, case), given)


def _territory_name(case: Case, columns: Columns, level: str, row: int) -> str | None:
    if level == "case":
        return None
    return case.territories[int(columns.lesion_territory[row]) if level == "lesion" else row].name


def _lesion_name(case: Case, columns: Columns, row: int) -> str:
    owner = int(columns.lesion_territory[row])
    return case.territories[owner].lesions[row - int(np.flatnonzero(columns.lesion_territory == owner)[0])].name


def _switched_off(record: Finding, column: FindingColumn, case: Case) -> Finding:
    """A limit that a person switched off stops nothing, but its value, bound and margin are shown all the same."""
    switches = case.limits.off or () if case.limits else ()
    for switch in switches:
        if column.limit and switch.id == column.limit.limit_id:
            message = f"{record.message} Switched off by {switch.by}: {switch.reason}"
            severity = "caution" if record.severity == "stop" else record.severity
            return replace(record, severity=severity, acknowledgement=None, message=message)
    return record


def _with_acknowledgement(record: Finding, given: dict[str, Acknowledgement]) -> Finding:
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


def _caution(
    rule: str, path: str, message: str, *, needs_acknowledgement: bool, territory: str | None = None
) -> Finding:
    return Finding(
        id=f"{rule}@{path}",
        kind="caution",
        severity="caution",
        territory=territory,
        lesion=None,
        quantity=rule,
        value=None,
        bound=None,
        margin=None,
        source="",
        locator="",
        verified=True,
        acknowledgement="needed" if needs_acknowledgement else None,
        message=message,
    )


def _without_finding(given: Iterable[Acknowledgement], ids: set[str]) -> list[Finding]:
    """Acknowledgements of findings that this case no longer has."""
    message = "This finding is acknowledged in the case, but the case does not have it (any more)."
    return [
        replace(
            _caution("acknowledged_without_finding", entry.finding, message, needs_acknowledgement=False),
            severity="note",
        )
        for entry in given
        if entry.finding not in ids
    ]


def _conflicts(case: Case, bounds: Sequence[TerritoryBounds]) -> Iterator[Finding]:
    """Goals for which the limits leave no room, whatever the activity of their territory."""
    for row, (territory, of_territory) in enumerate(zip(case.territories, bounds, strict=True)):
        names = [lesion.name for lesion in territory.lesions]
        for goal, message in of_territory.conflicts:
            lesion = "" if goal.lesion is None else f".lesions[{names.index(goal.lesion)}]"
            path = f"territories[{row}]{lesion}"
            record = _caution(f"conflict_{goal.limit}", path, message, needs_acknowledgement=False)
            yield replace(record, territory=territory.name, lesion=goal.lesion)


def _shared_segments(case: Case) -> Iterator[Finding]:
    """Territories are disjoint; one that names a segment of an earlier one needs a person's confirmation."""
    for row, territory in enumerate(case.territories):
        taken = {segment: earlier.name for earlier in case.territories[:row] for segment in earlier.segments or ()}
        for segment in territory.segments or ():
            owner = next((name for other, name in taken.items() if _overlap(segment, other)), None)
            if owner is not None:
                message = f"Segment {segment} also stands in territory {owner}. Territories must not overlap."
                rule, path = f"shared_segment_{segment}", f"territories[{row}].segments"
                yield _caution(rule, path, message, needs_acknowledgement=True, territory=territory.name)


def _overlap(first: str, second: str) -> bool:
    """The same segment, or segment 4 and a part of it."""
    return first == second or (first in ("4a", "4b") and second == "4") or (second in ("4a", "4b") and first == "4")


def _lesions_in_parts(case: Case) -> Iterator[Finding]:
    """A lesion name that stands in several territories means one lesion in parts."""
    names = Counter(lesion.name for territory in case.territories for lesion in territory.lesions)
    for name in (name for name, count in names.items() if count > 1):
        message = f"Lesion {name} stands in several territories and is taken as one lesion in parts."
        yield replace(
            _caution("lesion_in_parts", f"lesions.{name}", message, needs_acknowledgement=False), severity="note"
        )


def _identifying_texts(case: Case) -> Iterator[Finding]:
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
            yield _caution("identifying_text", path, message, needs_acknowledgement=False)
