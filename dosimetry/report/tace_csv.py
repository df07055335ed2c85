"""A chemoembolization plan as a flat table: steps, numbers, allocation and scores, one a row."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from dosimetry.tace.plan_record import TacePlan
from dosimetry.units import unit_of_name

Row = tuple[object, ...]


def rows(plan: TacePlan) -> Iterator[Row]:
    """Label, territory, lesion, quantity, value, unit and description of every number of a plan."""
    for step in plan.steps:
        value = "" if step.value is None else step.value
        yield plan.label, "", "", f"step_{step.step}", value, step.unit, f"{step.label}: {step.by}"
    yield from _numbers(plan, "", "", plan, "case")
    for territory in plan.territories:
        yield from _numbers(plan, territory.name, "", territory, "territory")
        for lesion in territory.lesions:
            yield from _numbers(plan, territory.name, lesion.name, lesion, "lesion")
    for end in plan.allocation:
        described = f"estimated allocation of the carrier, {end.end} share of the tumor"
        yield from _numbers(plan, "", "", end, described)
        for part in end.territories:
            yield from _numbers(plan, part.name, "", part, described)
            for each in part.lesions:
                yield from _numbers(plan, part.name, each.name, each, described)
    for score in plan.scores:
        yield plan.label, "", "", score.name, "" if score.value is None else score.value, "", f"score: {score.text}"


def _numbers(plan: TacePlan, territory: str, lesion: str, record: Any, described: str) -> Iterator[Row]:
    """The numbers of one record under their names; what is not known is empty."""
    for field in fields(record):
        value = getattr(record, field.name)
        if value is None or (isinstance(value, float) and not is_dataclass(value)):
            shown = "" if value is None else value
            yield plan.label, territory, lesion, field.name, shown, unit_of_name(field.name), described
