"""What lungs and liver receive, territory by territory, beside the limits on their doses: the numbers behind a drawing.

A face that shows how much of a limit is used takes it from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dosimetry import reference
from dosimetry.compartment_names import LUNGS, LUNGS_ALL_SESSIONS, WHOLE_NORMAL, WHOLE_NORMAL_ALL_SESSIONS
from dosimetry.plan_record import Finding, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one territory, or earlier sessions, add to a dose. [Gy]"""

    name: str
    dose_gy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A limit on the dose of a budget: its bound, and the distance to it. [Gy]

    ``is_at_most`` is true where the dose is the least that it can be, and the distance the most.
    """

    limit: str
    label: str
    comparator: str
    bound_gy: float
    room_gy: float
    is_at_most: bool
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A dose, the parts it is made of, and its limits, the lowest first; parts and limits may be none."""

    compartment: str
    dose_gy: float
    parts: tuple[Part, ...]
    ceilings: tuple[Ceiling, ...]


def budgets(plan: Plan) -> tuple[Budget, ...]:
    """Lungs and whole normal liver, in this session and over all of them; those whose dose is known.

    No limit is on file for a normal liver over all sessions: limits of one session were not derived for a second one.
    """
    return tuple(_budgets(plan))


def _budgets(plan: Plan) -> Iterator[Budget]:
    lungs = tuple(
        Part(name=each.name, dose_gy=each.lung_dose_share_gy)
        for each in plan.territories
        if each.lung_dose_share_gy is not None
    )
    if plan.lung_dose_gy is not None:
        yield _budget(plan, LUNGS, "lung_dose_gy", plan.lung_dose_gy, lungs)
    if plan.lung_dose_gy is not None and plan.lung_dose_cumulative_gy is not None:
        before = Part(name=_earlier(plan), dose_gy=plan.lung_dose_cumulative_gy - plan.lung_dose_gy)
        parts = (before, *lungs) if before.dose_gy > 0 else lungs
        yield _budget(plan, LUNGS_ALL_SESSIONS, "lung_dose_cumulative_gy", plan.lung_dose_cumulative_gy, parts)
    if plan.whole_normal_liver_dose_gy is not None:
        whole = plan.whole_normal_liver_dose_gy
        parts = tuple(_of_normal_liver(plan))
        yield _budget(plan, WHOLE_NORMAL, "whole_normal_liver_dose_gy", whole, parts)
        summed = plan.cumulative.whole_normal_liver_dose_gy if plan.cumulative else None
        if summed is not None:
            before = Part(name=_earlier(plan), dose_gy=summed - whole)
            parts = (before, *parts) if before.dose_gy > 0 else parts
            yield Budget(compartment=WHOLE_NORMAL_ALL_SESSIONS, dose_gy=summed, parts=parts, ceilings=())


def _earlier(plan: Plan) -> str:
    return "earlier and scout" if plan.case.scout is not None else "earlier"


def _of_normal_liver(plan: Plan) -> Iterator[Part]:
    """The part of each territory in the mean dose of all normal liver."""
    for each in plan.territories:
        if each.normal_perfused_dose_gy is not None and plan.whole_normal_liver_mass_kg:
            share = each.normal_perfused_mass_kg / plan.whole_normal_liver_mass_kg
            yield Part(name=each.name, dose_gy=each.normal_perfused_dose_gy * share)


def _budget(plan: Plan, compartment: str, quantity: str, dose_gy: float, parts: tuple[Part, ...]) -> Budget:
    found = (_ceiling(each) for each in plan.findings if each.kind == "limit" and each.quantity == quantity)
    ceilings = sorted((each for each in found if each is not None), key=lambda each: each.bound_gy)
    return Budget(compartment=compartment, dose_gy=dose_gy, parts=parts, ceilings=tuple(ceilings))


def _ceiling(finding: Finding) -> Ceiling | None:
    if finding.bound is None or finding.margin is None:
        return None
    limit_id = finding.id.partition("@")[0]
    limit = reference.limit_named(limit_id)
    return Ceiling(
        limit=limit_id,
        label=limit.label,
        comparator=limit.comparator,
        bound_gy=finding.bound,
        room_gy=finding.margin,
        is_at_most=finding.at_least,
        verified=finding.verified,
    )
