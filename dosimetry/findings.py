"""Findings of one plan: finding columns turned into records, with names, sources and acknowledgements."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dosimetry.case import Case
from dosimetry.columns import Columns
from dosimetry.finding_columns import FindingColumn
from dosimetry.finding_records import (
    identifying_texts,
    ranked,
    record_of,
    remark,
    with_acknowledgement,
    without_finding,
)
from dosimetry.plan_record import Finding
from dosimetry.what_if.bounds import TerritoryBounds


def findings(
    case: Case,
    columns: Columns,
    found: Iterable[FindingColumn],
    bounds: Sequence[TerritoryBounds],
    of_day: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """The findings of a single case: limits first, then what needs a person, then cautions and remarks."""
    given = {entry.finding: entry for entry in case.acknowledged or ()}
    of_columns = (
        _switched_off(record_of(column, int(row), case, columns), column, case)
        for column in found
        for row in column.rows
    )
    of_words = (*_conflicts(case, bounds), *_shared_segments(case), *_lesions_in_parts(case), *identifying_texts(case))
    records = [with_acknowledgement(record, given) for record in (*of_columns, *of_words, *of_day)]
    records += without_finding(given.values(), {record.id for record in records})
    return ranked(records)


def _switched_off(record: Finding, column: FindingColumn, case: Case) -> Finding:
    """A limit that a person switched off stops nothing, but its value, bound and margin are shown all the same."""
    switches = case.limits.off or () if case.limits else ()
    for switch in switches:
        if column.limit and switch.id == column.limit.limit_id:
            message = f"{record.message} Switched off by {switch.by}: {switch.reason}"
            severity = "caution" if record.severity == "stop" else record.severity
            return replace(record, severity=severity, acknowledgement=None, message=message)
    return record


def _conflicts(case: Case, bounds: Sequence[TerritoryBounds]) -> Iterator[Finding]:
    """Goals for which the limits leave no room, whatever the activity of their territory."""
    for row, (territory, of_territory) in enumerate(zip(case.territories, bounds, strict=True)):
        names = [lesion.name for lesion in territory.lesions]
        for goal, message in of_territory.conflicts:
            lesion = "" if goal.lesion is None else f".lesions[{names.index(goal.lesion)}]"
            path = f"territories[{row}]{lesion}"
            record = remark(f"conflict_{goal.limit}", path, message)
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
                yield remark(rule, path, message, territory=territory.name, to_acknowledge=True)


def _overlap(first: str, second: str) -> bool:
    """The same segment, or segment 4 and a part of it."""
    return first == second or (first in ("4a", "4b") and second == "4") or (second in ("4a", "4b") and first == "4")


def _lesions_in_parts(case: Case) -> Iterator[Finding]:
    """A lesion name that stands in several territories means one lesion in parts."""
    names = Counter(lesion.name for territory in case.territories for lesion in territory.lesions)
    for name in (name for name, count in names.items() if count > 1):
        message = f"Lesion {name} stands in several territories and is taken as one lesion in parts."
        yield remark("lesion_in_parts", f"lesions.{name}", message, severity="note")
