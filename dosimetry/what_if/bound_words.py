"""What the bounds of a territory come to in words: in full, and in short for the page that is signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dosimetry import figures, reference, units
from dosimetry.limits import LimitIds
from dosimetry.limits.words import comparator_and_bound, condition_in_words
from dosimetry.quantities import LIVER_DOSES
from dosimetry.reference_rows import Limit

DIGITS = 4
"""Significant digits of a bound: down for limits, up for goals, so that what is printed keeps what it says."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The activity at which a limit or goal is reached for one quantity of the case, a territory or a lesion.

    ``is_certain`` is false where an input that decides whether the limit applies is missing.
    """

    limit: Limit
    lesion: int | None
    activity_gbq: float
    is_certain: bool


@dataclass(frozen=True)
class Looked:
    """What was found of all limits and goals for one territory: those with an activity, and limits without one.

    ``always`` are exceeded whatever the activity; ``uncounted`` are limits whose value is not known; disease or intent
    may be unstated, so that their limits are not among them.
    """

    reached: tuple[Reached, ...]
    always: tuple[Limit, ...]
    uncounted: tuple[Limit, ...]
    is_lower_bound: bool
    is_known_in_part: bool
    is_unstated: bool

    @cached_property
    def limits(self) -> tuple[Reached, ...]:
        """The limits among them, the one that allows least first."""
        limits = (each for each in self.reached if each.limit.kind == "limit")
        return tuple(sorted(limits, key=lambda each: each.activity_gbq))

    @property
    def least(self) -> Reached | None:
        """The limit that allows the least."""
        return next(iter(self.limits), None)

    @property
    def least_verified(self) -> Reached | None:
        """The verified limit that allows the least."""
        return next((each for each in self.limits if each.limit.verified), None)


def in_full(looked: Looked, switches: LimitIds) -> str:
    """What bounds the activity, and everything that was not counted, in sentences."""
    return " ".join((*_always(looked), *_allowed(looked), *_left_out(looked, switches)))


def in_short(looked: Looked, switches: LimitIds) -> str:
    """The same in a line for the first page: the least activities, and how many limits are not behind them."""
    return "; ".join((*_allowed_briefly(looked), *_left_out_briefly(looked, switches)))


def _allowed_briefly(looked: Looked) -> Iterator[str]:
    if looked.always:
        yield f"no activity keeps {', '.join(dict.fromkeys(each.limit_id for each in looked.always))}"
    least, verified = looked.least, looked.least_verified
    yield "no limit that could be counted" if least is None else _allowed_in_short(least)
    if verified and verified is not least:
        yield f"by verified limits {_allowed_in_short(verified)}"


def _left_out_briefly(looked: Looked, switches: LimitIds) -> Iterator[str]:
    if missing := _without_liver(looked):
        yield missing
    for limits, said in ((looked.uncounted, "not counted for want of a value"), (switches.off, "switched off")):
        if limits:
            yield f"{len(set(limits))} {said}"
    if looked.is_unstated:
        yield "limits by disease and intent not counted"
    if looked.is_lower_bound:
        yield "less if tumor is left untreated, which is not stated"
    if looked.is_known_in_part:
        yield "less by what was given to the lungs earlier and is not stated"


def _without_liver(looked: Looked) -> str:
    """That the bound counts no limit of the liver, or none that is verified; empty where it counts one."""
    of_liver = [each.limit for each in looked.limits if each.limit.quantity in LIVER_DOSES]
    if any(limit.verified for limit in of_liver):
        return ""
    return f"no {'verified ' if of_liver else ''}limit of the liver was counted"


def _allowed_in_short(each: Reached) -> str:
    named = f"{each.limit.label} {comparator_and_bound(each.limit)}"
    doubt = "" if each.is_certain else f", if {condition_in_words(each.limit)}"
    mark = f" ({named}{'' if each.limit.verified else ', not verified'}{doubt})"
    if each.activity_gbq < 0:
        return f"none left by the others{mark}"
    mci = figures.rounded_down(float(units.mci_from_gbq(each.activity_gbq)), DIGITS)
    beyond = _beyond_prescription(each)
    return f"{_word(each)} {_gbq_down(each.activity_gbq)}, {figures.with_unit(mci, 'mCi')}{beyond}{mark}"


def _beyond_prescription(each: Reached) -> str:
    """A remark where no prescription reaches an activity."""
    most = reference.field("prescribed_activity_gbq").upper
    if most is None or each.activity_gbq <= most:
        return ""
    return f", more than the {figures.in_unit(most, 'GBq')} that can be prescribed"


def shown(limit: Limit) -> str:
    """A limit or goal with its bound and its id."""
    mark = "" if limit.verified else ", not verified"
    return f"{limit.label} {comparator_and_bound(limit)} ({limit.limit_id}{mark})"


def _doubt(*found: Reached) -> str:
    """What is not known and decides whether limits apply, for the end of a sentence."""
    conditions = dict.fromkeys(condition_in_words(each.limit) for each in found if not each.is_certain)
    return f", if {' and '.join(conditions)}, which is not known" if conditions else ""


def _always(looked: Looked) -> Iterator[str]:
    """Limits that no activity keeps."""
    if looked.always:
        named = ", ".join(dict.fromkeys(map(shown, looked.always)))
        yield f"No activity meets every limit: exceeded whatever it is: {named}."


def _allowed(looked: Looked) -> Iterator[str]:
    """The limit that allows the least; where it is not verified also the least of those that are."""
    least, verified = looked.least, looked.least_verified
    if least is None:
        yield "No limit that could be counted bounds the activity."
        return
    yield f"With the other territories as planned {_allows(least)}."
    if verified and verified is not least:
        yield f"Of the verified limits: {_allows(verified)}."


def _left_out(looked: Looked, switches: LimitIds) -> Iterator[str]:
    """Limits that were not counted, so that a bound is not taken for all of them."""
    if missing := _without_liver(looked):
        yield f"{missing[0].upper()}{missing[1:]}."
    if looked.uncounted:
        yield f"Not counted, because a value is not known: {', '.join(dict.fromkeys(map(shown, looked.uncounted)))}."
    if looked.is_unstated:
        yield "Limits by disease and intent are not among them: one of the two is not stated."
    if looked.is_lower_bound:
        yield "The volume of untreated tumor is missing: limits of the whole normal liver allow less if there is any."
    if looked.is_known_in_part:
        yield "Not every lung dose of earlier treatment is stated: the limit of all sessions allows less by those."
    if switches.off:
        yield f"Switched off and not counted: {', '.join(sorted(switches.off))}."


def _allows(each: Reached) -> str:
    if each.activity_gbq < 0:
        return f"no activity, because the others alone exceed {shown(each.limit)}{_doubt(each)}"
    most = f"{_word(each)} {_gbq_down(each.activity_gbq)}{_beyond_prescription(each)}"
    return f"{most}, where {shown(each.limit)} binds{_doubt(each)}"


def _word(each: Reached) -> str:
    return "less than" if each.limit.comparator == "<" else "at most"


def _gbq_down(activity: float) -> str:
    return figures.with_unit(figures.rounded_down(activity, DIGITS), "GBq")


def conflict(goal: Reached, least: Reached, names: list[str], *, among_others: bool) -> str:
    """A goal that needs more than a limit allows, in a case that has other territories or not."""
    place = "" if goal.lesion is None else f" for lesion {names[goal.lesion]}"
    allowed = "allows none" if least.activity_gbq < 0 else f"allows {_gbq_down(least.activity_gbq)}"
    needed = figures.with_unit(figures.rounded_up(max(goal.activity_gbq, 0.0), DIGITS), "GBq")
    start = "With the other territories as planned, no" if among_others else "No"
    return (
        f"{start} activity meets both: {shown(goal.limit)}{place} needs {needed}, {shown(least.limit)} {allowed}"
        f"{_doubt(goal, least)}."
    )
