"""The order sheet, and the as-treated sheet, as documents of their own."""

from collections.abc import Iterable, Iterator, Sequence

from dosimetry import figures
from dosimetry.case_file import text_from_case
from dosimetry.order_chart import time_chart
from dosimetry.plan_record import Finding, Plan
from dosimetry.report import directive_blocks, option_tables, second_check_blocks, treatment_blocks
from dosimetry.report.document import PATIENT, Block, Column, Document, Facts, Heading, Paragraph, Signatures, Table
from dosimetry.report.finding_blocks import placed, severity, verified
from dosimetry.report.inputs import product
from dosimetry.report.numbers import activity, both_units, bounds_of, limits_of, vial
from dosimetry.report.time_drawing import READING, time_drawing
from dosimetry.treatment_day.order_records import OrderSheet, Stock

_STOCK = (
    "Dispense by the difference of the calibrator before and after drawing. The volume is guidance only: the "
    "calibrator decides."
)


def order_document(plan: Plan, sheet: OrderSheet) -> Document:
    """The order sheet: what each territory needs, the options, and what they were computed with."""
    blocks: list[Block] = [PATIENT, Facts(_head(sheet)), Heading("Needed"), needed(plan, sheet)]
    blocks += [*in_words(sheet), *treatment_blocks.ordered(plan)]
    for each in sheet.territories:
        if each.options:
            found = option_tables.options(each, bounds_of(plan, each.name))
            blocks += [Heading(f"Options for {each.name}"), *found]
    if any(each.options for each in sheet.territories):
        blocks.append(Paragraph(option_tables.READING))
    blocks += _over_time(plan, sheet)
    for stock in sheet.stocks:
        blocks += stock_blocks(stock)
    blocks += [
        Heading("Sizes, calibrations and shelf life"),
        assumptions(sheet),
        Signatures(("Ordered by", "Checked by")),
    ]
    return _document("Order sheet", plan, blocks)


def delivery_document(plan: Plan) -> Document:
    """The as-treated sheet: directive, delivery, all sessions and second check of a case."""
    blocks: list[Block] = [
        PATIENT,
        Facts((("Case label", plan.label), ("Device", product(plan.case.device)))),
        *directive_blocks.directive(plan),
        *treatment_blocks.as_treated(plan),
        *treatment_blocks.cumulative(plan),
        *second_check_blocks.second_check(plan),
        *finding_table([each for each in plan.findings if "@delivery" in each.id]),
        Signatures(("Physicist", "Physician")),
    ]
    return _document("As treated", plan, blocks)


def _document(title: str, plan: Plan, blocks: Iterable[Block]) -> Document:
    return Document(
        title=title,
        label=plan.label,
        footer=f"input {plan.input_sha256[:12]}",
        computed_at=plan.computed_at,
        case_json=text_from_case(plan.case),
        blocks=tuple(blocks),
    )


def _head(sheet: OrderSheet) -> tuple[tuple[str, str], ...]:
    return (
        ("Case label", sheet.label),
        ("Device", product(sheet.device)),
        ("Tolerance", figures.percent(sheet.tolerance_fraction)),
        ("Half-life", figures.with_unit(figures.trimmed(sheet.half_life_h), "h")),
        ("Time-zone database", sheet.zone_database),
    )


def needed(plan: Plan, sheet: OrderSheet) -> Table:
    """What every vial must hold at its injection, and the window of a vial that holds exactly that."""
    columns = (
        Column("Territory"),
        Column("Injection"),
        Column("Planned", "GBq", True),
        Column("Planned", "mCi", True),
        Column("Residual", "expected", True),
        Column("In the vial", "GBq", True),
        Column("In the vial", "mCi", True),
        Column("Within tolerance from"),
        Column("until"),
    )
    rows = tuple(
        (
            each.name,
            each.injection_local,
            *activity(each.planned_activity_gbq, limits_of(plan, each.name)),
            figures.percent(each.residual_fraction, 3),
            *vial(each.vial_activity_gbq, each.planned_activity_gbq, limits_of(plan, each.name)),
            each.window_from,
            each.window_until,
        )
        for each in sheet.territories
    )
    return Table(columns, rows, (3, 4, 0, 0, 0, 0, 0, 4, 4))


def in_words(sheet: OrderSheet) -> Iterator[Block]:
    """Activities at a reference instant, then what a person must see."""
    stated = tuple(
        (each.name, f"{both_units(each.reference_activity_gbq)} at {each.reference_in_words}")
        for each in sheet.territories
        if each.reference_activity_gbq is not None
    )
    if stated:
        yield Heading("Activity at the reference instant", 2)
        yield Facts(stated)
    yield from finding_table(sheet.findings)


def finding_table(found: Sequence[Finding]) -> Iterator[Block]:
    """Findings with their severity; nothing where there are none."""
    if found:
        rows = tuple((severity(each), placed(each)) for each in found)
        yield Table((Column("Severity"), Column("Finding")), rows, (0, 1))


def _over_time(plan: Plan, sheet: OrderSheet) -> Iterator[Block]:
    """What was ordered over time, or where nothing is ordered yet the activity exactly as planned."""
    yield Heading("Activity and dose over time")
    ordered = {each.name: each.administered_activity_gbq for each in plan.ordered}
    for each in sheet.territories:
        found = ordered.get(each.name)
        given = each.planned_activity_gbq if found is None else found
        chart = time_chart(plan, sheet, each.name, given)
        yield time_drawing(chart, "exactly as planned" if found is None else "the ordered vials")
    yield Paragraph(READING)


def stock_blocks(stock: Stock) -> Iterator[Block]:
    """What is drawn from one stock vial, one territory after the other."""
    vial = stock.vial
    size = both_units(vial.calibrated_activity_gbq)
    yield Heading(f"Stock vial of {size}, calibrated {vial.calibrated_local}", 2)
    columns = (
        Column("Territory"),
        Column("Dispense", "GBq", True),
        Column("Dispense", "mCi", True),
        Column("Calibrator before", "GBq", True),
        Column("after", "GBq", True),
        Column("Volume, guidance", "mL", True),
    )
    rows = tuple(
        (
            draw.name,
            *activity(draw.dispense_gbq),
            figures.readable(draw.before_gbq, 3),
            figures.readable(draw.after_gbq, 3),
            figures.readable(draw.guidance_volume_ml, 2),
        )
        for draw in stock.draws
    )
    yield Table(columns, rows, (4, 0, 0, 0, 0, 0))
    held = f"At drawing it holds {both_units(vial.activity_gbq)} ({vial.in_words})."
    rest = f"Remaining: {both_units(stock.remaining_gbq)}." if stock.remaining_gbq >= 0 else ""
    yield Paragraph(" ".join(part for part in (held, rest, stock.note, _STOCK) if part))


def assumptions(sheet: OrderSheet) -> Table:
    """Sizes, calibrations and shelf life of the order, each with its source and whether it was read there."""
    rows = tuple(
        (
            each.what,
            each.value,
            "; ".join(part for part in (each.source, each.locator) if part),
            verified(each.verified),
        )
        for each in sheet.assumptions
    )
    return Table((Column("What"), Column("Value"), Column("Source"), Column("Verified")), rows, (2, 4, 6, 0))
