"""What the page shows of a plan below its activities, as HTML made once with the plan: the blocks of the report."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from dosimetry import scores
from dosimetry.plan_record import Plan
from dosimetry.report import finding_blocks, score_blocks, what_if_blocks
from dosimetry.report.document import Block, Facts, Heading, Paragraph
from dosimetry.report.result_tables import doses
from dosimetry.report.worksheet import worksheets
from dosimetry.web.html_blocks import folded, html_of, table_html
from dosimetry.web.report_table import without_gaps

DOSES = "Predicted absorbed doses"
_ROOM = "Room is the distance to the bound; a negative one says by how much the bound is missed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the results under its title."""

    title: str
    html: str


def dose_table(plan: Plan) -> str:
    """Mass and mean dose of every compartment."""
    return table_html(without_gaps(doses(plan)), alt=DOSES, links=False)


def sections(plan: Plan) -> tuple[Section, ...]:
    """The parts that have something to show, in the order in which a physicist weighs them."""
    made: tuple[tuple[str, str], ...] = (
        _blocks("Proposals", what_if_blocks.proposals, plan),
        _blocks("Bounds", what_if_blocks.bounds, plan),
        ("Limits and goals", _limits(plan)),
        _blocks("Sensitivity", what_if_blocks.sensitivity, plan),
        _blocks("Other conventions", what_if_blocks.conventions, plan),
        _blocks("Spheres", what_if_blocks.spheres, plan),
        _blocks("Scores", lambda each: score_blocks.scores(scores.of(each.case)), plan),
        ("Equations", html_of(worksheets(plan))),
    )
    return tuple(Section(title=title, html=html) for title, html in made if html)


def _blocks(title: str, blocks: Callable[[Plan], Iterable[Block]], plan: Plan) -> tuple[str, str]:
    return title, html_of(without_title(blocks(plan)), alt=title)


def without_title(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks without headings of the first level: the part of the page has its own."""
    return (block for block in blocks if not (isinstance(block, Heading) and block.level == 1))


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
