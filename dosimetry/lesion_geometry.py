"""Volumes of lesions from their diameters, and back."""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats


def sphere_volume_ml(*, diameter_cm: ArrayLike) -> FloatArray:
    r"""Volume of a sphere, :math:`\pi d^3 / 6`. A tenth more diameter is a third more volume. [cm; mL]"""
    return ellipsoid_volume_ml(diameter_cm=diameter_cm, second_diameter_cm=diameter_cm, third_diameter_cm=diameter_cm)


def ellipsoid_volume_ml(
    *, diameter_cm: ArrayLike, second_diameter_cm: ArrayLike, third_diameter_cm: ArrayLike
) -> FloatArray:
    r"""Volume of an ellipsoid, :math:`\pi a b c / 6`. [cm; mL]"""
    return np.pi / 6.0 * floats(diameter_cm) * floats(second_diameter_cm) * floats(third_diameter_cm)


def sphere_diameter_cm(*, volume_ml: ArrayLike) -> FloatArray:
    """Diameter of the sphere that has a volume. [mL; cm]"""
    return np.cbrt(6.0 / np.pi * floats(volume_ml))
