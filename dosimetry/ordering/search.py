"""All vials and pairs for one territory: columns of candidates, through the one path by which doses are computed.

One row a candidate, its second vial -1 where there is none. The other territories keep the activities that are
given for them: what was delivered or what their own ordered vials would give, else what is planned.
"""

from dataclasses import dataclass

import numpy as np

from dosimetry import spheres
from dosimetry.arrays import BoolArray, FloatArray, IntArray
from dosimetry.comparison import compare
from dosimetry.evaluation import Evaluated, Results
from dosimetry.treatment_day import vial_decay
from dosimetry.treatment_day.residual import difference_fraction
from dosimetry.what_if.scenarios import repeated, scenarios

NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Vials:
    """Single vials: activity at calibration, age at injection, activity at injection, and spheres inside."""

    calibrated_activity_gbq: FloatArray
    calibration: IntArray
    vial_age_h: FloatArray
    activity_gbq: FloatArray
    spheres_lower_million: FloatArray
    spheres_upper_million: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Single vials and pairs of them, with everything that is computed for each; windows are hours from injection."""

    first: IntArray
    second: IntArray
    vial_activity_gbq: FloatArray
    administered_activity_gbq: FloatArray
    difference_fraction: FloatArray
    is_within_tolerance: BoolArray
    window_from_h: FloatArray
    window_until_h: FloatArray
    spheres_lower_million: FloatArray
    spheres_upper_million: FloatArray
    sphere_activity_lower_bq: FloatArray
    sphere_activity_upper_bq: FloatArray
    results: Results


def single_vials(*, device: str, sizes_gbq: FloatArray, vial_age_h: FloatArray, half_life_h: float) -> Vials:
    """Every size with every age: rows run over sizes first, then over calibrations. [GBq, h, h]"""
    size = np.tile(sizes_gbq, len(vial_age_h))
    calibration = np.repeat(np.arange(len(vial_age_h)), len(sizes_gbq))
    per_sphere = spheres.stated(device)
    fewest, most = (
        spheres.spheres_million(activity_gbq=size, activity_per_sphere_bq=bq)
        for bq in (per_sphere.upper_bq, per_sphere.lower_bq)
    )
    age = vial_age_h[calibration]
    activity = vial_decay.activity_at_gbq(activity_gbq=size, elapsed_h=age, half_life_h=half_life_h)
    return Vials(
        calibrated_activity_gbq=size,
        calibration=calibration,
        vial_age_h=age,
        activity_gbq=activity,
        spheres_lower_million=fewest,
        spheres_upper_million=most,
    )


def candidates(
    evaluated: Evaluated,
    territory: int,
    vials: Vials,
    *,
    beside_gbq: FloatArray,
    tolerance_fraction: float,
    pairs: bool,
) -> Candidates:
    """Every vial, and with ``pairs`` every pair of them, for one territory of a single case.

    ``beside_gbq`` has the activity of every territory, shape (territories,), of which the others are kept. [GBq]
    """
    first, second = _rows(len(vials.activity_gbq), pairs=pairs)
    planned = evaluated.results.territory["administered_activity_gbq"]
    stays = 1.0 - evaluated.columns.territory.number("residual_fraction")[territory]
    vial_activity = _together(vials.activity_gbq, first, second)
    administered = vial_activity * stays
    difference = difference_fraction(delivered=administered, intended=planned[territory])
    window_from, window_until = vial_decay.window_h(
        activity_at_injection_gbq=vial_activity,
        planned_vial_activity_gbq=planned[territory] / stays,
        tolerance_fraction=tolerance_fraction,
        half_life_h=evaluated.constants.half_life_h[0],
    )
    counts = {
        end: _together(values, first, second)
        for end, values in (("lower", vials.spheres_lower_million), ("upper", vials.spheres_upper_million))
    }
    return Candidates(
        first=first,
        second=second,
        vial_activity_gbq=vial_activity,
        administered_activity_gbq=administered,
        difference_fraction=difference,
        is_within_tolerance=compare(np.abs(difference), "<=", tolerance_fraction),
        window_from_h=window_from,
        window_until_h=window_until,
        spheres_lower_million=counts["lower"] * stays,
        spheres_upper_million=counts["upper"] * stays,
        sphere_activity_lower_bq=spheres.mean_activity_bq(activity_gbq=vial_activity, spheres_million=counts["upper"]),
        sphere_activity_upper_bq=spheres.mean_activity_bq(activity_gbq=vial_activity, spheres_million=counts["lower"]),
        results=_predicted(evaluated, territory, administered, beside_gbq),
    )


def _rows(vials: int, *, pairs: bool) -> tuple[IntArray, IntArray]:
    """Vials alone, then pairs, each pair once; a pair may be two vials of the same kind."""
    alone = np.arange(vials)
    no_second = np.full(vials, NONE)
    if not pairs:
        return alone, no_second
    one, other = np.triu_indices(vials)
    return np.concatenate([alone, one]), np.concatenate([no_second, other])


def _together(values: FloatArray, first: IntArray, second: IntArray) -> FloatArray:
    """Sums over the vials of each candidate."""
    return values[first] + np.where(second == NONE, 0.0, values[second])


def _predicted(evaluated: Evaluated, territory: int, administered_gbq: FloatArray, beside_gbq: FloatArray) -> Results:
    activity = np.tile(beside_gbq, (len(administered_gbq), 1))
    activity[:, territory] = administered_gbq
    return scenarios(repeated(evaluated.columns, len(administered_gbq))).predicted(activity)
