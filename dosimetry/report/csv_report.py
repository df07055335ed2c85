"""A plan as a flat table for a spreadsheet: origin, constants, numbers and findings, one a row."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain

from dosimetry.plan_record import LesionDose, Plan, TerritoryLesion, TerritoryPlan
from dosimetry.planning import AnyPlan
from dosimetry.quantities import QUANTITIES
from dosimetry.report import tace_csv
from dosimetry.report.what_if_blocks import target_in_words
from dosimetry.tace.plan_record import TacePlan

HEADER = ("label", "territory", "lesion", "quantity", "value", "unit", "description")
_FORMULA = re.compile("(^|[;,\t\r\n|])(?=[-=+@\t\r\0])")
"""Before a sign that begins a formula: at the start, and after what a spreadsheet may take for the end of a cell."""


def render(plan: AnyPlan) -> bytes:
    """Every number of the plan, unrounded, with its unit; texts that a spreadsheet could run are made inert."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(HEADER)
    numbers = tace_csv.rows(plan) if isinstance(plan, TacePlan) else _rows(plan)
    for row in chain(_origin(plan), numbers, _findings(plan)):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return lines.getvalue().encode()


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before the signs that begin one."""
    return _FORMULA.sub(r"\1'", text)


def _origin(plan: AnyPlan) -> Iterator[tuple[object, ...]]:
    for name in ("version", "data_fingerprint", "input_sha256", "computed_at"):
        yield plan.label, "", "", name, getattr(plan, name), "", "origin"


def _rows(plan: Plan) -> Iterator[tuple[object, ...]]:
    for constant in plan.constants:
        yield plan.label, "", "", constant.name, constant.value, constant.unit, f"constant: {constant.source}"
    yield from _quantities(plan)
    yield from _what_if(plan)


def _findings(plan: AnyPlan) -> Iterator[tuple[object, ...]]:
    for finding in plan.findings:
        value = "" if finding.value is None else finding.value
        least = ", at least this value" if finding.at_least else ""
        described = f"{finding.severity}, {finding.kind}{least}: {finding.message}"
        yield plan.label, finding.territory or "", finding.lesion or "", f"finding {finding.id}", value, "", described


def _quantities(plan: Plan) -> Iterator[tuple[object, ...]]:
    records: list[tuple[str, Plan | TerritoryPlan | TerritoryLesion | LesionDose, str, str]] = [("case", plan, "", "")]
    records += [("territory", territory, territory.name, "") for territory in plan.territories]
    records += [
        ("lesion", lesion, territory.name, lesion.name)
        for territory in plan.territories
        for lesion in territory.lesions
    ]
    records += [("lesion", lesion, "", lesion.name) for lesion in plan.lesions]
    for level, record, territory_name, lesion_name in records:
        for quantity in QUANTITIES:
            if quantity.level == level and hasattr(record, quantity.name):
                value = getattr(record, quantity.name)
                cells = ("" if value is None else value, quantity.unit, quantity.label)
                yield plan.label, territory_name, lesion_name, quantity.name, *cells


def _what_if(plan: Plan) -> Iterator[tuple[object, ...]]:
    """Proposals, bounds and other conventions, each with what it belongs to in its description."""
    for row, territory in enumerate(plan.territories):
        for each in territory.proposals:
            described = f"proposal: {target_in_words(each)}; {each.note}"
            yield plan.label, territory.name, "", "proposal_activity_gbq", each.activity_gbq, "GBq", described
        for bound in territory.bounds:
            activity = "" if bound.activity_gbq is None else bound.activity_gbq
            described = f"{bound.kind} {bound.limit}{', binds' if bound.binding else ''}"
            yield plan.label, territory.name, bound.lesion or "", "bound_activity_gbq", activity, "GBq", described
        for other in plan.other_conventions:
            given = other.territories[row].administered_activity_gbq
            described = f"convention {other.convention}, the same prescription"
            yield (
                plan.label,
                territory.name,
                "",
                "other_convention_activity_gbq",
                "" if given is None else given,
                "GBq",
                described,
            )
