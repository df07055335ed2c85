"""The written directive in a report: what was directed, its revisions, and what was delivered beside it."""

from collections.abc import Iterator

from dosimetry import figures, instants, reference
from dosimetry.case import Case
from dosimetry.columns import target_words
from dosimetry.delivery.as_treated import ACTIVITY
from dosimetry.delivery.criterion import FORMULA, criterion_fraction, in_words, outcome_in_words
from dosimetry.plan_record import Plan
from dosimetry.report.document import Block, Column, Facts, Heading, Paragraph, Table
from dosimetry.report.numbers import both_units
from dosimetry.treatment_day.case import TerritoryDirective
from dosimetry.treatment_day.records import DeliveredTerritory, DirectiveComparison


def directive(plan: Plan) -> Iterator[Block]:
    """The written directive, its revisions beside the first values."""
    written = plan.case.directive
    if written is None:
        return
    yield Heading("Written directive")
    columns = (Column("Territory"), Column("Target"), Column("Directed"), Column("Revised"), Column("Reason"))
    rows = tuple(
        (
            each.territory,
            target_words(each.target or ACTIVITY) + (", or until stasis" if each.until_stasis else ""),
            _directed(each.dose_gy, each.activity_gbq),
            _directed(each.revised_dose_gy, each.revised_activity_gbq),
            "; ".join(part for part in (each.revised_reason, each.revised_at and local(each.revised_at)) if part),
        )
        for each in written.territories
    )
    yield Table(columns, rows, (3, 4, 3, 3, 4))
    if written.written_at is not None:
        yield Facts((("Written", local(written.written_at)),))


def directed_in_words(case: Case) -> str:
    """The written directive in one line: quantity, value in force, and whether it holds only until stasis."""
    return "; ".join(
        f"{each.territory}: "
        f"{_directed(each.revised_dose_gy or each.dose_gy, each.revised_activity_gbq or each.activity_gbq)}"
        f" {target_words(each.target or ACTIVITY)}{_revised(each)}{', or until stasis' if each.until_stasis else ''}"
        for each in (case.directive.territories if case.directive else ())
    )


def _revised(each: TerritoryDirective) -> str:
    return ", revised" if each.revised_dose_gy or each.revised_activity_gbq else ""


def _directed(dose_gy: float | None, activity_gbq: float | None) -> str:
    if dose_gy is not None:
        return figures.with_unit(figures.trimmed(dose_gy), "Gy")
    return both_units(activity_gbq)


def local(text: str) -> str:
    """An instant by the clocks it was typed in."""
    return instants.instant_from_text(text).local


def _rows(line: DirectiveComparison) -> Iterator[tuple[str, ...]]:
    """One value of a directive beside what was delivered, then beside what was measured."""
    what = f"{target_words(line.quantity)}{', revised' if line.revised else ''}"
    found = [(what, line.delivered, line.difference_fraction)]
    if line.measured is not None:
        measured = f"{what}, as measured by {line.measured_by}"
        found.append((measured, line.measured, line.measured_difference_fraction))
    for name, value, difference in found:
        yield (
            name,
            figures.with_unit(figures.trimmed(line.directed), line.unit),
            figures.MISSING if value is None else figures.with_unit(figures.significant(value, 4), line.unit),
            figures.MISSING if difference is None else in_words(difference),
            "not known" if difference is None else outcome_in_words(difference),
        )


def against_directive(each: DeliveredTerritory) -> Iterator[Block]:
    """What was delivered in a territory beside every value of its directive, and the criterion of a difference.

    What imaging measured of a directed dose has a line of its own below it.
    """
    if not each.directive:
        return
    is_measured = any(line.measured is not None for line in each.directive)
    columns = (
        Column("Written directive"),
        Column("Directed", is_figure=True),
        Column("Delivered or measured" if is_measured else "Delivered", is_figure=True),
        Column("Difference", is_figure=True),
        Column("Outcome"),
    )
    yield Table(columns, tuple(row for line in each.directive for row in _rows(line)), (3, 2, 2, 2, 4))
    row = next(
        row for row in reference.coefficients() if (row.formula, row.coefficient) == (FORMULA, "difference_percent")
    )
    yield Paragraph(
        f"Criterion of {figures.percent(criterion_fraction())}: {reference.citation(row.source_id)}; {row.locator}. "
        f"{row.note}. Whether anything must be reported is for the user to decide."
    )
