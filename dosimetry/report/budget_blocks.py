"""Lung and liver budget: what each territory adds to a dose that has limits, as a drawing and as a table."""

from collections.abc import Iterator, Sequence

from dosimetry import figures
from dosimetry.budgets import Budget, Ceiling, budgets
from dosimetry.plan_record import Plan
from dosimetry.report import svg
from dosimetry.report.axes import Scale
from dosimetry.report.document import Block, Column, Drawing, Heading, Paragraph, Table
from dosimetry.report.numbers import gy
from dosimetry.report.svg_plot import WIDTH, lower_axis

TITLE = "Lung and liver budget"
_LEFT, _RIGHT, _ROW, _BAR = 120.0, 24.0, 46.0, 14.0
_READING = (
    "What each territory adds to the dose of lungs and whole normal liver. Upright lines are limits, dashed where they "
    "were not read at their source. Room is the distance to a limit; a negative one says by how much it is exceeded."
)
_NOTHING = "Neither the lung dose nor the dose of the whole normal liver is known: what is missing is listed."


def budget(plan: Plan) -> Iterator[Block]:
    """The drawing, and under it the same numbers as a table."""
    found = budgets(plan)
    yield Heading(TITLE)
    if not found:
        yield Paragraph(_NOTHING)
        return
    yield Paragraph(_READING)
    yield Drawing(TITLE, drawn(found))
    yield budget_table(found)


def budget_table(found: Sequence[Budget]) -> Table:
    """One row a limit; a dose without a limit has one row that says so."""
    columns = (
        Column("Compartment"),
        Column("Parts", "Gy"),
        Column("Dose", "Gy", True),
        Column("Limit"),
        Column("Bound", is_figure=True),
        Column("Room", is_figure=True),
    )
    rows = [row for each in found for row in _rows(each)]
    return Table(columns, tuple(rows), (3, 5, 0, 5, 0, 0))


def _rows(each: Budget) -> Iterator[tuple[str, ...]]:
    parts = ", ".join(f"{part.name} {gy(part.dose_gy)}" for part in each.parts) or figures.MISSING
    first = each.compartment, parts, gy(each.dose_gy)
    if not each.ceilings:
        yield (*first, "no limit checked for this case", figures.MISSING, figures.MISSING)
    for ceiling in each.ceilings:
        yield (*first, _label(ceiling), *_figures(each, ceiling))
        first = "", "", ""


def _label(ceiling: Ceiling) -> str:
    return f"{ceiling.label} ({ceiling.limit}{'' if ceiling.verified else ', not verified'})"


def _figures(each: Budget, ceiling: Ceiling) -> tuple[str, str]:
    digits = figures.apart(each.dose_gy, ceiling.bound_gy)
    bound, room = (figures.in_unit(number, "Gy", digits) for number in (ceiling.bound_gy, ceiling.room_gy))
    return f"{figures.SIGNS[ceiling.comparator]} {bound}", room


def drawn(found: Sequence[Budget]) -> str:
    """Stacked bars on one scale, limits as upright lines."""
    highest = max(max(each.dose_gy, *(one.bound_gy for one in each.ceilings), 0.0) for each in found)
    scale = Scale(0.0, highest * 1.06 or 1.0, _LEFT, WIDTH - _RIGHT)
    names = list(dict.fromkeys(part.name for each in found for part in each.parts))
    bottom = 10 + _ROW * len(found)
    parts = [
        *(shape for row, each in enumerate(found) for shape in _bar(each, 10 + row * _ROW, scale, names)),
        *lower_axis(scale, bottom, "Dose [Gy]"),
        *_key(names, bottom + 40),
    ]
    return svg.drawing(WIDTH, bottom + 34 + 16 * ((len(names) + 2) // 3), TITLE, parts)


def _bar(each: Budget, top: float, scale: Scale, names: Sequence[str]) -> Iterator[str]:
    y = top + 14
    yield svg.words((_LEFT - 8, y + _BAR - 3), each.compartment, anchor="end")
    reached = 0.0
    for part in each.parts:
        x = scale.at(reached)
        reached += part.dose_gy
        yield svg.bar((x, y), scale.at(reached) - x, _BAR, ink=_ink(names, part.name))
        yield svg.line((scale.at(reached), y), (scale.at(reached), y + _BAR), width=0.8)
    for place, ceiling in enumerate(each.ceilings):
        x = scale.at(ceiling.bound_gy)
        yield svg.line((x, y - 5), (x, y + _BAR + 5), width=1.8, dash="" if ceiling.verified else "3 2")
        if ceiling.bound_gy not in [other.bound_gy for other in each.ceilings[:place]]:
            sign = figures.SIGNS[ceiling.comparator]
            yield svg.words((x, y - 7), f"{sign} {figures.trimmed(ceiling.bound_gy)}", anchor="middle", size=10)
    yield svg.words((scale.at(reached) + 5, y + _BAR - 3), gy(each.dose_gy), size=10)


def _key(names: Sequence[str], top: float) -> Iterator[str]:
    for place, name in enumerate(names):
        x, y = _LEFT + (place % 3) * 165, top + (place // 3) * 16 - 12
        yield svg.bar((x, y), 12, 10, ink=_ink(names, name))
        yield svg.words((x + 17, y + 9), name, size=10.5)


def _ink(names: Sequence[str], name: str) -> str:
    return svg.INKS[names.index(name) % len(svg.INKS)]
