"""How many microspheres an activity is, at the age the vial has when it is given."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from dosimetry import reference
from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.decay import BQ_PER_GBQ, remaining_fraction
from dosimetry.reference_reading import ReferenceDataError

SPHERES_PER_MILLION = 1e6


@dataclass(frozen=True, slots=True)
class SphereRange:
    """Least and most activity per sphere of a device, at calibration or at treatment. [Bq]"""

    lower_bq: float
    upper_bq: float
    refers_to: str


@cache
def stated(device: str) -> SphereRange:
    """Activity per sphere as printed for a device, or from the count of spheres in a vial of known activity.

    NaN for a device of which nothing is on file.
    """
    row = next((row for row in reference.table("sphere_activities") if row.device == device), None)
    if row is None:
        return SphereRange(math.nan, math.nan, "")
    if row.vial_activity_gbq is None:
        return SphereRange(_given(row.sphere_activity_lower_bq), _given(row.sphere_activity_upper_bq), row.refers_to)
    vial_bq = row.vial_activity_gbq * BQ_PER_GBQ
    fewest, most = _given(row.spheres_lower_million), _given(row.spheres_upper_million)
    return SphereRange(vial_bq / (most * SPHERES_PER_MILLION), vial_bq / (fewest * SPHERES_PER_MILLION), row.refers_to)


def _given(value: float | None) -> float:
    if value is None:
        raise ReferenceDataError("sphere_activities.csv: a row needs a count per vial or an activity.")
    return value


def sphere_activity_bq(*, at_calibration_bq: ArrayLike, vial_age_h: ArrayLike, half_life_h: ArrayLike) -> FloatArray:
    """Activity per sphere at the age of the vial; spheres keep their number and lose activity. [Bq]

    The arguments broadcast. [Bq, h, h] An age before calibration is negative.
    """
    return floats(at_calibration_bq) * remaining_fraction(elapsed_h=vial_age_h, half_life_h=half_life_h)


def spheres_million(*, activity_gbq: ArrayLike, activity_per_sphere_bq: ArrayLike) -> FloatArray:
    """Number of spheres that carry an activity, in millions. The arguments broadcast. [GBq, Bq]"""
    return floats(floats(activity_gbq) * BQ_PER_GBQ / floats(activity_per_sphere_bq) / SPHERES_PER_MILLION)


def mean_activity_bq(*, activity_gbq: ArrayLike, spheres_million: ArrayLike) -> FloatArray:
    """Mean activity per sphere of vials together, whose spheres may differ in age. [Bq]

    The arguments broadcast. [GBq, million]
    """
    return floats(floats(activity_gbq) * BQ_PER_GBQ / (floats(spheres_million) * SPHERES_PER_MILLION))


def spheres_per_ml(*, spheres_million: ArrayLike, perfused_volume_ml: ArrayLike) -> FloatArray:
    """Spheres in each mL of perfused volume. The arguments broadcast. [million, mL]"""
    volume = floats(perfused_volume_ml)
    return floats(np.divide(floats(spheres_million) * SPHERES_PER_MILLION, volume))
