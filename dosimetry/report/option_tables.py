"""Options of an order as tables: a list to choose from, never a recommendation."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from dosimetry import figures, reference
from dosimetry.finding_columns import severity_if_crossed
from dosimetry.plan_record import Bound
from dosimetry.report.document import Block, Column, Heading, Table
from dosimetry.report.finding_blocks import SYMBOLS
from dosimetry.report.numbers import activity, gy, limits_gbq
from dosimetry.treatment_day.order_records import Option, TerritoryOptions, VialAtInjection

NO_BREAK = "\N{NO-BREAK SPACE}"
READING = (
    "Every vial on offer at the planned instant of injection, pairs only where they are within tolerance; the CSV and "
    "JSON hold them all. A list to choose from, not a recommendation. Instants within tolerance are by the clocks of "
    "the injection's zone, the whole minutes inside the window. A note tells where they begin before calibration or "
    "end past the shelf life. Other territories count as delivered, else as ordered, else as planned. Limits: the "
    "sign of the worst that is crossed, and how many are; the CSV and JSON name them."
)


SORTS: Mapping[str, Callable[[Option], float | str]] = MappingProxyType(
    {
        "difference from the plan": lambda option: abs(option.difference_fraction),
        "given activity": lambda option: option.administered_activity_gbq,
        "lung dose": lambda option: option.lung_dose_gy or 0.0,
        "Bq a sphere": lambda option: option.sphere_activity_lower_bq,
        "spheres per mL": lambda option: option.spheres_per_ml_lower,
        "begin of the window": lambda option: option.window_from,
    }
)
"""By what options can be sorted, the least first. All doses rise with the given activity."""


def options(each: TerritoryOptions, bounds: Sequence[Bound]) -> Iterator[Block]:
    """Single vials, one table a calibration; then the pairs that are within tolerance.

    ``bounds`` are the activities at which the territory reaches its limits, past which no activity is rounded.
    """
    alone = [option for option in each.options if len(option.vials) == 1]
    pairs = [option for option in each.options if len(option.vials) > 1 and option.is_within_tolerance]
    for calibrated_at in dict.fromkeys(option.vials[0].calibrated_at for option in alone):
        of_one = [option for option in alone if option.vials[0].calibrated_at == calibrated_at]
        vial = of_one[0].vials[0]
        yield Heading(f"Calibrated {vial.calibrated_local}: injection {vial.in_words}", 2)
        yield options_table(of_one, bounds)
    if pairs:
        yield Heading("Pairs of vials", 2)
        yield options_table(pairs, bounds)


def options_table(found: Sequence[Option], bounds: Sequence[Bound], *, with_calibration: bool = False) -> Table:
    """Options in their order, none rounded past a limit; with the calibration where one table holds several."""
    calibrated = (Column("Calibrated"),) if with_calibration else ()
    columns = (
        Column("Vial"),
        *calibrated,
        Column("Given", "GBq", True),
        Column("Given", "mCi", True),
        Column("Difference", is_figure=True),
        Column("Perfused", "Gy", True),
        Column("Normal", "Gy", True),
        Column("Lesions", "Gy"),
        Column("Lungs", "Gy", True),
        Column("Limits"),
        Column("Spheres", "million", True),
        Column("Sphere", "Bq", True),
        Column("Spheres", "per mL", True),
        Column("Within tolerance"),
    )
    rows = tuple(
        (
            vials_in_words(option),
            *((_calibrations(option),) if with_calibration else ()),
            *activity(option.administered_activity_gbq, limits_gbq(bounds)),
            figures.change(option.difference_fraction, 2),
            gy(option.perfused_dose_gy),
            gy(option.normal_perfused_dose_gy),
            ", ".join(f"{lesion.name} {gy(lesion.dose_gy)}" for lesion in option.lesions) or figures.MISSING,
            gy(option.lung_dose_gy),
            crossed(option),
            _range(option.spheres_lower_million, option.spheres_upper_million),
            _range(option.sphere_activity_lower_bq, option.sphere_activity_upper_bq),
            _range(option.spheres_per_ml_lower, option.spheres_per_ml_upper),
            " ".join(part for part in (" to ".join(option.window_local), option.note) if part),
        )
        for option in found
    )
    return Table(columns, rows, (4, *((7,) if with_calibration else ()), 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 9))


def crossed(option: Option) -> str:
    """Sign and word of the worst limit that an option crosses, and how many it crosses; empty where it is none."""
    if not option.limits_crossed:
        return ""
    worst = min(map(_severity, option.limits_crossed), key=list(SYMBOLS).index)
    return f"{SYMBOLS[worst].replace(' ', NO_BREAK)}{NO_BREAK}({len(option.limits_crossed)})"


def _severity(limit_id: str) -> str:
    """That of a limit which surely holds: a list to choose from errs to the stricter side."""
    return severity_if_crossed(reference.limit_named(limit_id))


def _calibrations(option: Option) -> str:
    """Calibration, elapsed time and decay of every vial."""
    return "; ".join(f"{vial.calibrated_local}: {vial.in_words}" for vial in option.vials)


def in_words(option: Option) -> str:
    """Sizes of an option with their calibrations by date, clock and offset: a day may have several."""
    return " + ".join(f"{_size(vial)} of {vial.calibrated_local.partition(' (')[0]}" for vial in option.vials)


def vials_in_words(option: Option) -> str:
    """Sizes of an option; of a pair with the calibrations."""
    if len(option.vials) == 1:
        return _size(option.vials[0])
    return in_words(option)


def _size(vial: VialAtInjection) -> str:
    return figures.with_unit(figures.trimmed(vial.calibrated_activity_gbq), "GBq")


def _range(lower: float, upper: float) -> str:
    return " to ".join(dict.fromkeys(figures.significant(value, 3) for value in (lower, upper)))
