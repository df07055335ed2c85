"""Rules on the words of a case: names that are unique, ids that exist, an acknowledgement for one finding only."""

from collections.abc import Iterator

from dosimetry import reference
from dosimetry.case import Case
from dosimetry.problems import Problem, repeated
from dosimetry.staging_rules import tumor_count_holds_its_lesions


def problems(case: Case) -> list[Problem]:
    """Every broken rule of the case that concerns words and not numbers. Fields may still be missing."""
    return [
        *_names(case),
        *_segments(case),
        *tumor_count_holds_its_lesions(case),
        *_limit_switches(case),
        *_acknowledgements(case),
        *_empty(case),
    ]


def _names(case: Case) -> Iterator[Problem]:
    for name in repeated(territory.name for territory in case.territories):
        yield Problem("territories", f"territory_name must be unique; {name!r} stands more than once.")
    for row, territory in enumerate(case.territories):
        for name in repeated(lesion.name for lesion in territory.lesions):
            path = f"territories[{row}].lesions"
            yield Problem(path, f"lesion_name must be unique in its territory; {name!r} stands more than once.")


def _segments(case: Case) -> Iterator[Problem]:
    for row, territory in enumerate(case.territories):
        for segment in repeated(territory.segments or ()):
            yield Problem(
                f"territories[{row}].segments", f"segments must be unique; {segment!r} stands more than once."
            )


def _limit_switches(case: Case) -> Iterator[Problem]:
    if case.limits is None:
        return
    known = [limit.limit_id for limit in reference.limits()]
    # Ids that the reader refused are None and have their own problem already.
    on = [limit_id for limit_id in case.limits.on or () if limit_id]
    off = [switch.id for switch in case.limits.off or () if switch.id]
    for place, ids in (("on", on), ("off", off)):
        for limit_id in ids:
            if limit_id not in known:
                yield Problem(f"limits.{place}", f"limit {limit_id!r} is not on file; known: {', '.join(known)}.")
        for limit_id in repeated(ids):
            yield Problem(f"limits.{place}", f"limit {limit_id!r} stands more than once.")
    for limit_id in sorted(set(on) & set(off)):
        yield Problem("limits", f"limit {limit_id!r} is switched on and off.")


def _acknowledgements(case: Case) -> Iterator[Problem]:
    for finding in repeated(entry.finding for entry in case.acknowledged or ()):
        yield Problem("acknowledged", f"finding {finding!r} is acknowledged more than once.")


def _empty(case: Case) -> Iterator[Problem]:
    if not case.territories:
        yield Problem("territories", "territories must hold at least one territory.")
