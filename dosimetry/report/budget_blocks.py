"""Lung and liver budget: what each territory adds to a dose that has limits, as a drawing and as a table."""

from collections.abc import Iterator, Sequence

from dosimetry import figures
from dosimetry.budgets import Budget, Ceiling, budgets
from dosimetry.plan_record import Plan
from dosimetry.report import svg
from dosimetry.report.axes import Scale
from dosimetry.report.document import Block, Column, Drawing, Heading, Paragraph, Table
from dosimetry.report.numbers import gy
from dosimetry.report.svg_plot import WIDTH, key_places, lower_axis, width_of

TITLE = "Lung and liver budget"
_LEFT, _RIGHT, _BAR, _LABEL, _BELOW = 195.0, 70.0, 14.0, 12.0, 18.0
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
    return f"{figures.SIGNS[ceiling.comparator]} {bound}", f"{figures.AT_MOST if ceiling.is_at_most else ''}{room}"


def drawn(found: Sequence[Budget]) -> str:
    """Stacked bars on one scale with the dose at the end of the row, limits as upright lines."""
    highest = max(max(each.dose_gy, *(one.bound_gy for one in each.ceilings), 0.0) for each in found)
    scale = Scale(0.0, highest * 1.06 or 1.0, _LEFT, WIDTH - _RIGHT)
    names = list(dict.fromkeys(part.name for each in found for part in each.parts))
    parts, top = [], 10.0
    for each in found:
        labels = _labels(each, scale)
        y = top + _LABEL * (1 + max((level for _, _, level in labels), default=0))
        parts += [*_bar(each, y, scale, names), *_limits(each, y, scale), *_bounds(labels, y)]
        top = y + _BAR + _BELOW
    places = key_places(names, _LEFT, top + 36, lead=17, row=16)
    parts += [*lower_axis(scale, top, "Dose [Gy]"), *_key(names, places)]
    return svg.drawing(WIDTH, max((y for _, y in places), default=top + 10) + 18, TITLE, parts)


def _labels(each: Budget, scale: Scale) -> list[tuple[float, str, int]]:
    """The bounds of the limits with their places, and how far up each stands to be clear of the one on its left."""
    bounds = {one.bound_gy: figures.SIGNS[one.comparator] for one in reversed(each.ceilings)}
    found: list[tuple[float, str, int]] = []
    for bound_gy, sign in sorted(bounds.items()):
        x, text = scale.at(bound_gy), f"{sign} {figures.trimmed(bound_gy)}"
        is_near = bool(found) and x - found[-1][0] < width_of(text) + 8
        found.append((x, text, found[-1][2] + 1 if is_near else 0))
    return found


def _bounds(labels: Sequence[tuple[float, str, int]], y: float) -> Iterator[str]:
    for x, text, level in labels:
        yield svg.words((x, y - 7 - level * _LABEL), text, anchor="middle", size=10)


def _bar(each: Budget, y: float, scale: Scale, names: Sequence[str]) -> Iterator[str]:
    yield svg.words((_LEFT - 8, y + _BAR - 3), each.compartment, anchor="end")
    reached = 0.0
    for part in each.parts:
        x = scale.at(reached)
        reached += part.dose_gy
        yield svg.bar((x, y), scale.at(reached) - x, _BAR, ink=_ink(names, part.name))
        yield svg.line((scale.at(reached), y), (scale.at(reached), y + _BAR), width=0.8)
    yield svg.words((WIDTH, y + _BAR - 3), figures.with_unit(gy(each.dose_gy), "Gy"), anchor="end")


def _limits(each: Budget, y: float, scale: Scale) -> Iterator[str]:
    for ceiling in each.ceilings:
        x = scale.at(ceiling.bound_gy)
        yield svg.line((x, y - 5), (x, y + _BAR + 5), width=1.8, dash="" if ceiling.verified else "3 2")


def _key(names: Sequence[str], places: Sequence[svg.Place]) -> Iterator[str]:
    for name, (x, y) in zip(names, places, strict=True):
        yield svg.bar((x, y), 12, 10, ink=_ink(names, name))
        yield svg.words((x + 17, y + 9), name, size=10.5)


def _ink(names: Sequence[str], name: str) -> str:
    return svg.INKS[names.index(name) % len(svg.INKS)]
