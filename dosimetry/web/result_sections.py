"""What the page shows of a plan below its activities, as HTML made once for the plan: the blocks of the report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import Any

from dosimetry import figures, reference, scores
from dosimetry.expression import tree
from dosimetry.plan_record import Plan
from dosimetry.report import budget_blocks, finding_blocks, score_blocks, what_if_blocks
from dosimetry.report.document import Block, Column, Drawing, Facts, Heading, Paragraph, Step, Table, Worksheet
from dosimetry.report.dose_bounds import bound_and_room, findings_about
from dosimetry.report.result_tables import DoseRow, dose_rows, doses
from dosimetry.report.worksheet import ADMINISTERED, CONSTANT_SYMBOLS, VIAL, titled
from dosimetry.web.html_blocks import folded, html_of, opening_table, step_html
from dosimetry.web.report_table import without_gaps

DOSES = "Predicted absorbed doses"
_EQUATION = "Equation and source"
_STEPS_SHOWN = 40
"""Of a longer worksheet every number opens its last step alone: with many lesions each would repeat all of them."""
_ELSEWHERE = "The steps before it stand under Equations."
_STANDS_FOR = {name: (symbol.name, symbol.sub) for name, symbol in CONSTANT_SYMBOLS.items()}
"""Constants by the symbol that stands for them in an equation."""
_ROOM = "Room is the distance to the bound; a negative one says by how much the bound is missed."


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the results under its title, made when it is first looked at: most of them stay closed."""

    title: str
    make: Callable[[], str]

    @cached_property
    def html(self) -> str:
        """What is shown of it."""
        return self.make()


def section(title: str, blocks: Iterable[Block]) -> Section | None:
    """The part that shows blocks of the report; nothing where there are none."""
    found = tuple(without_title(blocks))
    return Section(title=title, make=partial(html_of, found, alt=title)) if found else None


def without_title(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks without headings of the first level: the part of the page has its own."""
    return (block for block in blocks if not (isinstance(block, Heading) and block.level == 1))


def dose_table(plan: Plan, sheets: Sequence[Worksheet]) -> str:
    """Mean dose and mass of every compartment, and the bound beside it.

    Each dose opens its equation, the sources of its constants, and every limit and goal that it is held against.
    """
    rows = dose_rows(plan)
    opened = [_opened(plan, sheets, row.worksheet, row.step) + _held_against(plan, row) for row in rows]
    table = without_gaps(doses(plan))
    bounds = [bound_and_room(plan, row.about) if row.about else figures.MISSING for row in rows]
    cells = tuple((*row, bound) for row, bound in zip(table.rows, bounds, strict=True))
    columns = (*table.columns, Column("Bound (room)", "Gy", is_figure=True))
    return opening_table(Table(columns, cells, ()), opened, opens=len(table.columns) - 1, alt=DOSES)


def _held_against(plan: Plan, row: DoseRow) -> str:
    """The sentences of all limits and goals of a dose, each with its id as a link."""
    found = findings_about(plan, row.about)
    lines = (f"{each.id.partition('@')[0]}: {each.message}" for each in found if each.kind in ("limit", "goal"))
    return html_of(map(Paragraph, lines))


def budget_drawing(plan: Plan) -> str:
    """The drawing of the lung and liver budget alone; its table has a tab."""
    return html_of(each for each in budget_blocks.budget(plan) if isinstance(each, Drawing))


def activity_equations(plan: Plan, sheets: Sequence[Worksheet]) -> tuple[str, ...]:
    """For every territory how its activities were computed, folded away; nothing for a typed one without a vial."""
    return tuple(
        folded(_EQUATION, next(filter(None, _activity_chains(plan, sheets, titled(territory.name))), ""))
        for territory in plan.territories
    )


def _activity_chains(plan: Plan, sheets: Sequence[Worksheet], worksheet: str) -> Iterator[str]:
    """The steps to the vial, which end with those to the administered activity; or these alone."""
    return (_opened(plan, sheets, worksheet, step) for step in (VIAL, ADMINISTERED))


def _opened(plan: Plan, sheets: Iterable[Worksheet], worksheet: str, title: str) -> str:
    """The step of a number after those it rests on in its worksheet, and where its constants stand."""
    steps = [step for sheet in sheets if sheet.title == worksheet for step in sheet.steps]
    last = next((place for place, step in enumerate(steps) if step.title == title), None)
    if last is None:
        return ""
    is_long = last >= _STEPS_SHOWN
    used, symbols = _chain(steps[last : last + 1] if is_long else steps[: last + 1])
    lines = (
        f"{reference.field(each.name).label} {figures.with_unit(figures.trimmed(each.value), each.unit)}: "
        f"{'; '.join(part for part in (each.source, each.locator) if part)} ({finding_blocks.verified(each.verified)})"
        for each in plan.constants
        if _STANDS_FOR.get(each.name) in symbols
    )
    elsewhere = [_ELSEWHERE] if is_long else []
    return "".join(map(step_html, used)) + html_of(map(Paragraph, (*elsewhere, *lines)))


def _chain(steps: Sequence[Step]) -> tuple[list[Step], set[tuple[str, str]]]:
    """The last step and those before it whose results it uses, in their order; and every symbol in them."""
    needed, wanted = [steps[-1]], set(_symbols(tree(steps[-1].equation)))
    for step in reversed(steps[:-1]):
        if (step.result.name, step.result.sub) in wanted:
            needed.append(step)
            wanted |= _symbols(tree(step.equation))
    return needed[::-1], wanted


def _symbols(node: Any) -> set[tuple[str, str]]:
    """Every symbol of a drawn equation."""
    if isinstance(node, list) and node[:1] == ["symbol"]:
        return {(node[1], node[2])}
    return set().union(*map(_symbols, node)) if isinstance(node, list) else set()


def sections(plan: Plan, sheets: Sequence[Worksheet]) -> tuple[Section, ...]:
    """The parts that have something to show, in the order in which a physicist weighs them."""
    made = (
        section("Proposals", what_if_blocks.proposals(plan)),
        section("Bounds", what_if_blocks.bounds(plan)),
        Section(title="Limits and goals", make=partial(_limits, plan)),
        section(budget_blocks.TITLE, budget_blocks.budget(plan)),
        section("Sensitivity", what_if_blocks.sensitivity(plan)),
        section("Other conventions", what_if_blocks.conventions(plan)),
        section("Spheres", what_if_blocks.spheres(plan)),
        section("Scores", score_blocks.scores(scores.of(plan.case))),
        section("Equations", sheets),
    )
    return tuple(filter(None, made))


def _limits(plan: Plan) -> str:
    """Limits and main goals; folded what gives context, what does not apply and why, and where all of it stands."""
    checked = html_of(chain(finding_blocks.checked_bounds(plan), [Paragraph(_ROOM)]), alt="Limits and goals")
    context = html_of(finding_blocks.context_bounds(plan), alt="Dose thresholds for context")
    unfit = html_of(_without_facts(finding_blocks.inapplicable(plan)), alt="What does not apply")
    sources = html_of(without_title(finding_blocks.limit_sources(plan)), alt="Sources of limits and goals")
    return "".join(
        (
            checked,
            folded("Where each of them stands, and whether it was read there", sources),
            folded("Published dose thresholds for context: ranges, optima, single trials and cohorts", context),
            folded(f"On file for this device and not applied here: {len(plan.inapplicable)}, by reason", unfit),
        )
    )


def _without_facts(blocks: Iterable[Block]) -> Iterator[Block]:
    """The table of what does not apply: missing inputs are said beside the inputs."""
    return (block for block in blocks if not isinstance(block, Facts | Heading))
