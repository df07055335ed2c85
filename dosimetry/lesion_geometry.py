"""Volumes of lesions from their diameters, and back."""

import numpy as np

from dosimetry import reference
from dosimetry.arrays import ArrayLike, BoolArray, FloatArray, floats
from dosimetry.comparison import compare


def sphere_volume_ml(*, diameter_cm: ArrayLike) -> FloatArray:
    r"""Volume of a sphere, :math:`\pi d^3 / 6`. A tenth more diameter is a third more volume. [cm; mL]"""
    return ellipsoid_volume_ml(diameter_cm=diameter_cm, second_diameter_cm=diameter_cm, third_diameter_cm=diameter_cm)


def ellipsoid_volume_ml(
    *, diameter_cm: ArrayLike, second_diameter_cm: ArrayLike, third_diameter_cm: ArrayLike
) -> FloatArray:
    r"""Volume of an ellipsoid, :math:`\pi a b c / 6`. [cm; mL]"""
    return np.pi / 6.0 * floats(diameter_cm) * floats(second_diameter_cm) * floats(third_diameter_cm)


def has_unlike_diameters(*, diameters_cm: ArrayLike) -> BoolArray:
    """Whether the longest of positive diameters is so many times the shortest that a unit may be mixed up.

    Diameters of one lesion stand in the last dimension [cm]; by the row ``lesion_diameters`` of ``coefficients.csv``.
    """
    found = floats(diameters_cm)
    most = reference.coefficient("lesion_diameters", "longest_to_shortest")
    return compare(found.max(axis=-1), ">=", most * found.min(axis=-1))


def sphere_diameter_cm(*, volume_ml: ArrayLike) -> FloatArray:
    """Diameter of the sphere that has a volume. [mL; cm]"""
    return np.cbrt(6.0 / np.pi * floats(volume_ml))
