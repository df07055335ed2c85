"""Limits and goals on file that do not apply to a case, each with the reason: a short list is not taken for all."""

from collections.abc import Collection, Iterator, Mapping

from dosimetry import reference
from dosimetry.case import Case
from dosimetry.evaluation import Evaluated
from dosimetry.limit_scope import ANY, LimitScope
from dosimetry.limit_words import condition_in_words
from dosimetry.limits import Group, groups, is_off
from dosimetry.plan_record import Inapplicable


def inapplicable(case: Case, evaluated: Evaluated, *, switched_on: Collection[str]) -> tuple[Inapplicable, ...]:
    """Rows for the device that do not apply to the case, or to some of its territories, and why.

    Rows of other devices are left out; rows whose disease or intent is not stated are said in findings.
    """
    scope = LimitScope(evaluated.columns, evaluated.results)
    found: list[Inapplicable] = []
    for group in groups():
        if scope.device(group.limits[0], group.level).any():
            reasons = _per_territory(case, _reasons(case, group, scope), group.level, evaluated)
            for limit in group.limits:
                if limit.kind == "target":
                    continue
                off = "an unverified goal, off unless switched on" if is_off(limit, switched_on) else ""
                found += [
                    Inapplicable(limit=limit.limit_id, territory=territory, reason=reason or off)
                    for territory, reason in reasons.items()
                    if reason or off
                ]
    return tuple(found)


def _reasons(case: Case, group: Group, scope: LimitScope) -> list[str]:
    """Why a group does not hold, for each row of its level; empty where it holds or may hold."""
    limit, level = group.limits[0], group.level
    disease, intent = scope.disease(limit, level), scope.intent(limit, level)
    condition = scope.condition(limit, level)
    rows = range(len(disease.holds))
    is_other_disease, is_other_intent, is_other_condition = disease.fails, intent.fails, condition.fails
    unstated = disease.unknown | intent.unknown
    return [
        f"it is for {_choice('disease', group.disease)}"
        if is_other_disease[row]
        else f"it is for {_choice('intent', group.intent)}"
        if is_other_intent[row]
        else f"it applies when {condition_in_words(limit)}"
        if is_other_condition[row] and not unstated[row]
        else ""
        for row in rows
    ]


def _choice(name: str, words: str) -> str:
    known = reference.choices(name)
    return " or ".join(known[word] for word in words.split("|") if word != ANY)


def _per_territory(
    case: Case, reasons: list[str], level: str, evaluated: Evaluated
) -> Mapping[str | None, str]:
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
