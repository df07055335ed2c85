"""An order as a table for a spreadsheet: every option, unrounded."""

import csv
import io

from dosimetry.report.csv_report import inert
from dosimetry.treatment_day.order_records import Option, OrderSheet, TerritoryOptions

CSV_HEADER = (
    "label", "territory", "vials", "calibrated_activity_gbq", "calibrated_at", "vial_age_h", "vial_activity_gbq",
    "administered_activity_gbq", "difference_fraction", "is_within_tolerance", "window_from", "window_until",
    "perfused_dose_gy", "normal_perfused_dose_gy", "lesion_doses_gy", "lung_dose_gy", "sphere_activity_lower_bq",
    "sphere_activity_upper_bq", "spheres_lower_million", "spheres_upper_million", "spheres_per_ml_lower",
    "spheres_per_ml_upper", "limits_crossed", "note",
)  # fmt: skip


def order_csv(sheet: OrderSheet) -> bytes:
    """All options of all territories, unrounded, one a row; texts that a spreadsheet could run are made inert."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    for each in sheet.territories:
        for option in each.options:
            writer.writerow([_inert(cell) for cell in _csv_row(sheet, each, option)])
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
        ";".join(option.limits_crossed),
        option.note,
    )
