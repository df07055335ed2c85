"""A plan as a flat table: one number a row, for a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from dosimetry.plan_record import Plan, TerritoryLesion, TerritoryPlan
from dosimetry.quantities import QUANTITIES

HEADER = ("label", "territory", "lesion", "quantity", "value", "unit", "description")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


def render(plan: Plan) -> bytes:
    """Every number of the plan, unrounded, with its unit; texts that a spreadsheet could run are made inert."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(HEADER)
    for row in _rows(plan):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return lines.getvalue().encode()


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before the signs that begin one."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _rows(plan: Plan) -> Iterator[tuple[str, str, str, str, float | str, str, str]]:
    records: list[tuple[str, Plan | TerritoryPlan | TerritoryLesion, str, str]] = [("case", plan, "", "")]
    records += [("territory", territory, territory.name, "") for territory in plan.territories]
    records += [
        ("lesion", lesion, territory.name, lesion.name)
        for territory in plan.territories
        for lesion in territory.lesions
    ]
    for level, record, territory_name, lesion_name in records:
        for quantity in QUANTITIES:
            if quantity.level == level and hasattr(record, quantity.name):
                value = getattr(record, quantity.name)
                cells = ("" if value is None else value, quantity.unit, quantity.label)
                yield plan.label, territory_name, lesion_name, quantity.name, *cells
