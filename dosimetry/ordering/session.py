"""A session that is still to come, or a part of it: what each territory would get, and the doses by the same core."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from dosimetry import compartment_names, energy_balance
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.case import Case
from dosimetry.evaluation import Evaluated, Results, predict
from dosimetry.ordering.ordered import would_be_given_gbq
from dosimetry.treatment_day.records import OrderedDose, OrderedTerritory
from dosimetry.what_if.planned_doses import known

_DOSES = {
    "lung_dose_gy": compartment_names.LUNGS,
    "lung_dose_cumulative_gy": compartment_names.LUNGS_ALL_SESSIONS,
    "whole_normal_liver_dose_gy": compartment_names.WHOLE_NORMAL,
}
"""Doses to which every territory of a session adds, and of what they are."""
_FOLLOWS = MappingProxyType(
    {
        "lung_dose_gy": ("lung_dose_gy", "lung_dose_cumulative_gy", "lung_dose_cumulative_least_gy"),
        "lung_activity_gbq": ("lung_activity_gbq",),
    }
)
"""What is a sum with a measured dose or activity of the lungs in it."""


@dataclass(frozen=True, slots=True)
class OrderedSession:
    """A planned case, and the doses of its session as ordered; without vials, as delivered and the rest as planned.

    ``is_to_come`` is true for every territory whose vials were ordered and not given yet; ``beside`` says what the
    others count as, and is empty where there are none. ``by_imaging`` names the values of the session in which what was
    given counts as it was measured.
    """

    planned: Evaluated
    results: Results
    is_to_come: BoolArray
    beside: str
    by_imaging: frozenset[str]


def ordered_gbq(case: Case, made: Sequence[OrderedTerritory]) -> FloatArray:
    """Activity that the ordered vials would give, one a territory; NaN where none were ordered. [GBq]"""
    return by_territory_gbq(case, {each.name: would_be_given_gbq(each) for each in made})


def by_territory_gbq(case: Case, activities: Mapping[str, float]) -> FloatArray:
    """Activities by the names of territories as an array, one a territory; NaN where there is none. [GBq]"""
    return np.array([activities.get(territory.name, np.nan) for territory in case.territories], dtype=np.float64)


def session_gbq(case: Case, planned: FloatArray, made: Sequence[OrderedTerritory], delivered: FloatArray) -> FloatArray:
    """Activity of each territory as delivered where that is recorded, else as ordered, else as planned. [GBq]

    ``planned`` and ``delivered`` have one activity a territory, shape (territories,); NaN where none is recorded.
    """
    ordered = ordered_gbq(case, made)
    return np.where(np.isnan(delivered), np.where(np.isnan(ordered), planned, ordered), delivered)


def session_as_ordered(
    case: Case,
    evaluated: Evaluated,
    made: Sequence[OrderedTerritory],
    delivered_gbq: FloatArray | None,
    measured_lungs: Mapping[str, float],
) -> OrderedSession | None:
    """The session with what is still to be given; ``None`` where none of it is ordered and nothing is delivered yet.

    Parameters
    ----------
    case : Case
        A single case.
    evaluated : Evaluated
        Everything computed from its plan.
    made : sequence of OrderedTerritory
        Its ordered vials at the planned injections.
    delivered_gbq : ndarray or None
        What each territory got, shape (territories,), NaN where no delivery is recorded; ``None`` without any. [GBq]
    measured_lungs : mapping of str to float
        Dose and activity of the lungs as imaging found them after what was delivered, by quantity. [Gy, GBq]

    Returns
    -------
    OrderedSession or None
        Doses with what was delivered where that is recorded, else the ordered vials less what is expected to stay
        behind, else the planned activity; in the lungs as measured, where that is more.
    """
    ordered = ordered_gbq(case, made)
    delivered = by_territory_gbq(case, {}) if delivered_gbq is None else delivered_gbq
    # What was given counts in place of what was ordered. Once all of it was, there is nothing left to hold back, and
    # the delivered session is held against the same limits: asking of the order as well would ask twice.
    is_left = np.isnan(delivered)
    is_to_come = ~np.isnan(ordered) & is_left
    if not is_left.any() or (is_left.all() and not is_to_come.any()):
        return None
    activity = session_gbq(case, evaluated.results.territory["administered_activity_gbq"], made, delivered)
    results = predict(evaluated.columns, evaluated.constants, evaluated.parts, activity)
    energy_balance.check_energy(evaluated.columns, evaluated.parts, results, np.ones(activity.shape, dtype=np.bool_))
    measured = _lungs(evaluated, np.where(is_left, activity, 0.0), measured_lungs)
    # A measured dose clears nothing that the activity exceeds: what is delivered is held to both as well.
    lungs = {name: value for name, value in measured.items() if not value[0] <= results.case[name][0]}
    results = replace(results, case={**results.case, **lungs})
    others = {"beside what was delivered": ~is_left.all(), "the rest as planned": (is_left & ~is_to_come).any()}
    beside = ", ".join(words for words, is_so in others.items() if is_so)
    return OrderedSession(evaluated, results, is_to_come, beside, frozenset(lungs))


def _lungs(evaluated: Evaluated, left_gbq: FloatArray, measured: Mapping[str, float]) -> dict[str, FloatArray]:
    """Of the lungs what was measured and, by the plan, what is left to be given brings there. [Gy, GBq]"""
    left = predict(evaluated.columns, evaluated.constants, evaluated.parts, left_gbq)
    return {name: left.case[name] + value for of_lungs, value in measured.items() for name in _FOLLOWS[of_lungs]}


def ordered_doses(of: OrderedSession) -> Iterator[OrderedDose]:
    """Lungs and whole normal liver as planned and as ordered, each where it is known and vials are to come. [Gy]"""
    if not of.is_to_come.any():
        return
    for quantity, compartment in _DOSES.items():
        planned, as_ordered = (known(each.case[quantity], 0) for each in (of.planned.results, of.results))
        if as_ordered is not None:
            yield OrderedDose(compartment=compartment, quantity=quantity, planned_gy=planned, ordered_gy=as_ordered)
