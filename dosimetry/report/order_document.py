"""The order sheet, and the as-treated sheet, as documents of their own; the order also as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from dosimetry import figures
from dosimetry.case_file import text_from_case
from dosimetry.plan_record import Finding, Plan
from dosimetry.report import second_check_blocks, treatment_blocks
from dosimetry.report.csv_report import inert
from dosimetry.report.document import Block, Column, Document, Facts, Heading, Paragraph, Signatures, Table
from dosimetry.report.finding_blocks import SYMBOLS, verified
from dosimetry.report.inputs import product
from dosimetry.report.numbers import activity, gy
from dosimetry.treatment_day.order_records import Option, OrderSheet, Stock, TerritoryOptions, VialAtInjection

_OPTIONS = (
    "Every vial on offer at the planned instant of injection, pairs only where they are within tolerance; the CSV and "
    "JSON hold them all. A list to choose from, not a recommendation. Instants within tolerance are by "
    "the clocks of the injection's zone."
)
_STOCK = (
    "Dispense by the difference of the calibrator before and after drawing. The volume is guidance only: the "
    "calibrator decides."
)
CSV_HEADER = (
    "label", "territory", "vials", "calibrated_activity_gbq", "calibrated_at", "vial_age_h", "vial_activity_gbq",
    "administered_activity_gbq", "difference_fraction", "is_within_tolerance", "window_from", "window_until",
    "perfused_dose_gy", "normal_perfused_dose_gy", "lesion_doses_gy", "lung_dose_gy", "sphere_activity_lower_bq",
    "sphere_activity_upper_bq", "spheres_lower_million", "spheres_upper_million", "spheres_per_ml_lower",
    "spheres_per_ml_upper", "note",
)  # fmt: skip


def order_document(plan: Plan, sheet: OrderSheet) -> Document:
    """The order sheet: what each territory needs, the options, and what they were computed with."""
    blocks: list[Block] = [Facts(_head(sheet)), Heading("Needed"), _needed(sheet)]
    blocks += _in_words(sheet)
    for each in sheet.territories:
        if each.options:
            blocks += [Heading(f"Options for {each.name}"), *_options(each)]
    if any(each.options for each in sheet.territories):
        blocks.append(Paragraph(_OPTIONS))
    for stock in sheet.stocks:
        blocks += _stock(stock)
    blocks += [
        Heading("Sizes, calibrations and shelf life"),
        _assumptions(sheet),
        Signatures(("Ordered by", "Checked by")),
    ]
    return _document("Order sheet", plan, blocks)


def delivery_document(plan: Plan) -> Document:
    """The as-treated sheet: directive, delivery, all sessions and second check of a case."""
    blocks: list[Block] = [
        Facts((("Case label", plan.label), ("Device", product(plan.case.device)))),
        *treatment_blocks.directive(plan),
        *treatment_blocks.as_treated(plan),
        *treatment_blocks.cumulative(plan),
        *second_check_blocks.second_check(plan),
        *_findings([each for each in plan.findings if "@delivery" in each.id]),
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


def _needed(sheet: OrderSheet) -> Table:
    columns = (
        Column("Territory"),
        Column("Injection"),
        Column("Planned", "GBq", True),
        Column("Planned", "mCi", True),
        Column("In the vial", "GBq", True),
        Column("In the vial", "mCi", True),
        Column("Within tolerance from"),
        Column("until"),
    )
    rows = tuple(
        (
            each.name,
            each.injection_local,
            *activity(each.planned_activity_gbq),
            *activity(each.vial_activity_gbq),
            each.window_from,
            each.window_until,
        )
        for each in sheet.territories
    )
    return Table(columns, rows, (2, 4, 0, 0, 0, 0, 4, 4))


def _in_words(sheet: OrderSheet) -> Iterator[Block]:
    """Activities at a reference instant, then what a person must see."""
    stated = tuple(
        (each.name, f"{treatment_blocks.both_units(each.reference_activity_gbq)} at {each.reference_in_words}")
        for each in sheet.territories
        if each.reference_activity_gbq is not None
    )
    if stated:
        yield Heading("Activity at the reference instant", 2)
        yield Facts(stated)
    yield from _findings(sheet.findings)


def _findings(found: Sequence[Finding]) -> Iterator[Block]:
    if found:
        rows = tuple((SYMBOLS[each.severity], each.message) for each in found)
        yield Table((Column("Severity"), Column("Finding")), rows, (0, 1))


def _options(each: TerritoryOptions) -> Iterator[Block]:
    """Single vials, one table a calibration; then the pairs that are within tolerance."""
    alone = [option for option in each.options if len(option.vials) == 1]
    pairs = [option for option in each.options if len(option.vials) > 1 and option.is_within_tolerance]
    for calibrated_at in dict.fromkeys(option.vials[0].calibrated_at for option in alone):
        of_one = [option for option in alone if option.vials[0].calibrated_at == calibrated_at]
        vial = of_one[0].vials[0]
        yield Heading(f"Calibrated {vial.calibrated_local}: injection {vial.in_words}", 2)
        yield _table(of_one)
    if pairs:
        yield Heading("Pairs of vials", 2)
        yield _table(pairs)


def _table(options: list[Option]) -> Table:
    columns = (
        Column("Vial"),
        Column("Given", "GBq", True),
        Column("Given", "mCi", True),
        Column("Difference", is_figure=True),
        Column("Perfused", "Gy", True),
        Column("Lesions, Gy"),
        Column("Lungs", "Gy", True),
        Column("Bq a sphere", is_figure=True),
        Column("Spheres a mL", is_figure=True),
        Column("Within tolerance"),
    )
    rows = tuple(
        (
            vials_in_words(option),
            *activity(option.administered_activity_gbq),
            figures.signed_percent(option.difference_fraction),
            gy(option.perfused_dose_gy),
            ", ".join(f"{lesion.name} {gy(lesion.dose_gy)}" for lesion in option.lesions) or figures.MISSING,
            gy(option.lung_dose_gy),
            _range(option.sphere_activity_lower_bq, option.sphere_activity_upper_bq),
            _range(option.spheres_per_ml_lower, option.spheres_per_ml_upper),
            " ".join(part for part in (" to ".join(option.window_local), option.note) if part),
        )
        for option in options
    )
    return Table(columns, rows, (3, 0, 0, 0, 0, 2, 0, 0, 0, 5))


def vials_in_words(option: Option) -> str:
    """Sizes of an option; of a pair with the dates of calibration."""
    if len(option.vials) == 1:
        return _size(option.vials[0])
    return " + ".join(f"{_size(vial)} of {vial.calibrated_local.partition(' ')[0]}" for vial in option.vials)


def _size(vial: VialAtInjection) -> str:
    return figures.with_unit(figures.trimmed(vial.calibrated_activity_gbq), "GBq")


def _range(lower: float, upper: float) -> str:
    return " to ".join(dict.fromkeys(figures.significant(value, 3) for value in (lower, upper)))


def _stock(stock: Stock) -> Iterator[Block]:
    vial = stock.vial
    size = treatment_blocks.both_units(vial.calibrated_activity_gbq)
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
    held = f"At drawing it holds {treatment_blocks.both_units(vial.activity_gbq)} ({vial.in_words})."
    rest = f"Remaining: {treatment_blocks.both_units(stock.remaining_gbq)}." if stock.remaining_gbq >= 0 else ""
    yield Paragraph(" ".join(part for part in (held, rest, stock.note, _STOCK) if part))


def _assumptions(sheet: OrderSheet) -> Table:
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


def order_csv(sheet: OrderSheet) -> bytes:
    """All options of all territories, unrounded, one a row; texts that a spreadsheet could run are made inert."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    for each in sheet.territories:
        for option in each.options:
            writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in _csv_row(sheet, each, option)])
    for stock in sheet.stocks:
        for draw in stock.draws:
            cells = {
                "label": sheet.label,
                "territory": draw.name,
                "vials": "stock",
                "calibrated_activity_gbq": stock.vial.calibrated_activity_gbq,
                "calibrated_at": stock.vial.calibrated_at,
                "vial_age_h": stock.vial.vial_age_h,
                "vial_activity_gbq": draw.dispense_gbq,
                "note": f"calibrator {draw.before_gbq} to {draw.after_gbq} GBq. {stock.note}".strip(),
            }
            writer.writerow([_inert(cells.get(name, "")) for name in CSV_HEADER])
    return lines.getvalue().encode()


def _inert(cell: object) -> object:
    return inert(cell) if isinstance(cell, str) else cell


def _csv_row(sheet: OrderSheet, each: TerritoryOptions, option: Option) -> tuple[object, ...]:
    vials = option.vials
    return (
        sheet.label,
        each.name,
        len(vials),
        ";".join(repr(vial.calibrated_activity_gbq) for vial in vials),
        ";".join(vial.calibrated_at for vial in vials),
        ";".join(repr(vial.vial_age_h) for vial in vials),
        option.vial_activity_gbq,
        option.administered_activity_gbq,
        option.difference_fraction,
        "yes" if option.is_within_tolerance else "no",
        option.window_from,
        option.window_until,
        option.perfused_dose_gy,
        "" if option.normal_perfused_dose_gy is None else option.normal_perfused_dose_gy,
        ";".join(f"{lesion.name}={lesion.dose_gy}" for lesion in option.lesions),
        "" if option.lung_dose_gy is None else option.lung_dose_gy,
        option.sphere_activity_lower_bq,
        option.sphere_activity_upper_bq,
        option.spheres_lower_million,
        option.spheres_upper_million,
        option.spheres_per_ml_lower,
        option.spheres_per_ml_upper,
        option.note,
    )
