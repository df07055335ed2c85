"""Limits and goals on file that do not apply to a case, each with the reason: a short list is not taken for all."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np

from dosimetry import reference
from dosimetry.case import Case
from dosimetry.evaluation import Evaluated
from dosimetry.limits import Judged, LimitIds, is_off
from dosimetry.limits.words import condition_in_words
from dosimetry.plan_record import Inapplicable
from dosimetry.reference_rows import ANY

_OFF = "an unverified goal, off unless switched on"


def inapplicable(
    case: Case, evaluated: Evaluated, found: Iterable[Judged], switches: LimitIds
) -> tuple[Inapplicable, ...]:
    """Rows for the device that do not apply to the case, or to some of its territories, and why.

    Rows of other devices are left out; rows whose disease or intent is not stated are said in findings.
    """
    listed: list[Inapplicable] = []
    for each in found:
        reasons = _per_territory(case, _reasons(each), each.group.level, evaluated)
        for limit in each.group.limits:
            off = _OFF if is_off(limit, switches.on) else ""
            listed += [
                Inapplicable(limit=limit.limit_id, territory=territory, reason=reason or off)
                for territory, reason in reasons.items()
                if reason or off
            ]
    return tuple(listed)


def _reasons(each: Judged) -> list[str]:
    """Why a group does not hold, for each row of its level; empty where it holds or may hold."""
    group = each.group
    rows = len(each.fitting)
    reasons = [""] * rows
    if each.condition is not None:
        for row in np.flatnonzero(each.fitting & each.condition.fails):
            reasons[row] = f"it applies when {condition_in_words(group.limits[0])}"
    for answer, name, words in ((each.intent, "intent", group.intent), (each.disease, "disease", group.disease)):
        for row in np.flatnonzero(answer.fails) if words != ANY else ():
            reasons[row] = f"it is for {_choice(name, words)}"
    return reasons


@cache
def _choice(name: str, words: str) -> str:
    known = reference.choices(name)
    return " or ".join(known[word] for word in words.split("|") if word != ANY)


def _per_territory(case: Case, reasons: list[str], level: str, evaluated: Evaluated) -> Mapping[str | None, str]:
    """Reason by territory, or one for the case where all territories have the same."""
    if level == "case" or len(set(reasons)) <= 1:
        return {None: reasons[0] if reasons else "no lesion is delineated"}
    if level == "territory":
        return {territory.name: reasons[row] for row, territory in enumerate(case.territories)}
    owner = evaluated.columns.lesion_territory
    return dict(_of_lesions(case, reasons, [int(row) for row in owner]))


def _of_lesions(case: Case, reasons: list[str], owner: list[int]) -> Iterator[tuple[str | None, str]]:
    for row, territory in enumerate(case.territories):
        own = [reason for reason, of in zip(reasons, owner, strict=True) if of == row]
        yield territory.name, own[0] if own else "no lesion is delineated"
