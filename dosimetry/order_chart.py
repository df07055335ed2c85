"""Activity and dose over time: the numbers behind the chart of an order, for every face that draws one."""

from dataclasses import dataclass

import numpy as np

from dosimetry import instants
from dosimetry.case_file import plain_from_case
from dosimetry.case_reader import checked
from dosimetry.plan_record import Plan
from dosimetry.treatment_day import vial_decay
from dosimetry.treatment_day.order_records import OrderSheet
from dosimetry.what_if.scenarios import repeated, scenarios

STEPS = 48
"""Grid intervals, half of them before the planned instant; even, so that the instant lies on the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChart:
    """An activity for one territory over time. Instants are hours from the planned injection and ISO 8601.

    The band holds the administered activities within tolerance, the window the hours in which the activity lies in it.
    ``clocks`` shows the instants by the clocks of the injection's zone, which ``injection_local`` names.
    """

    territory: str
    injection_at: str
    injection_local: str
    hours: tuple[float, ...]
    instants: tuple[str, ...]
    clocks: tuple[str, ...]
    administered_activity_gbq: tuple[float, ...]
    perfused_dose_gy: tuple[float, ...]
    band_gbq: tuple[float, float]
    planned_gbq: float
    window_h: tuple[float, float]


def time_chart(
    plan: Plan, sheet: OrderSheet, territory: str, administered_activity_gbq: float, *, hours: float = 48.0
) -> TimeChart:
    """The chart of what would be given, earlier and later than planned.

    Parameters
    ----------
    plan : Plan
        The plan the sheet was made from.
    sheet : OrderSheet
    territory : str
        Name of an ordered territory.
    administered_activity_gbq : float
        What would be given at the planned instant: of an option, of the ordered vials, or exactly as planned. [GBq]
    hours : float
        How far the chart reaches to either side of the planned instant. [h]
    """
    of = next(each for each in sheet.territories if each.name == territory)
    row = [each.name for each in plan.territories].index(territory)
    grid = hours * np.arange(-STEPS // 2, STEPS // 2 + 1) * 2 / STEPS
    activity = vial_decay.activity_at_gbq(
        activity_gbq=administered_activity_gbq, elapsed_h=grid, half_life_h=sheet.half_life_h
    )
    columns = checked(plain_from_case(plan.case))[1]
    administered = np.tile([each.administered_activity_gbq for each in plan.territories], (len(grid), 1))
    administered[:, row] = activity
    results = scenarios(repeated(columns, len(grid))).predicted(administered)
    first, last = vial_decay.window_h(
        activity_at_injection_gbq=administered_activity_gbq,
        planned_vial_activity_gbq=of.planned_activity_gbq,
        tolerance_fraction=sheet.tolerance_fraction,
        half_life_h=sheet.half_life_h,
    )
    injection = _injection(plan, territory)
    at = [instants.later(injection.utc, hour) for hour in grid.tolist()]
    low, high = (of.planned_activity_gbq * (1 + side * sheet.tolerance_fraction) for side in (-1, 1))
    return TimeChart(
        territory=territory,
        injection_at=of.injection_at,
        injection_local=of.injection_local,
        hours=tuple(grid.tolist()),
        instants=tuple(map(instants.iso, at)),
        clocks=tuple(instants.clock(each, injection) for each in at),
        administered_activity_gbq=tuple(activity.tolist()),
        perfused_dose_gy=tuple(results.territory["perfused_dose_gy"].reshape(len(grid), -1)[:, row].tolist()),
        band_gbq=(low, high),
        planned_gbq=of.planned_activity_gbq,
        window_h=(float(first), float(last)),
    )


def _injection(plan: Plan, territory: str) -> instants.Instant:
    """The planned instant of injection, in the zone in which it was typed."""
    ordered = plan.case.order.territories if plan.case.order else ()
    return instants.instant_from_text(next(each.injection_at for each in ordered if each.territory == territory))
