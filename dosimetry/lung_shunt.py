"""Lung shunt fraction from counts, and the tumor-to-normal ratio from counts. Nothing here corrects a method's bias."""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats


def net_counts(
    *, counts: ArrayLike, background_counts: ArrayLike, region_pixels: ArrayLike, background_pixels: ArrayLike
) -> FloatArray:
    """Counts of a region less the background, scaled by area.

    All arguments broadcast. [counts, counts, pixels, pixels] The result may be negative: the door refuses that.
    """
    scale = floats(region_pixels) / floats(background_pixels)
    return floats(counts) - floats(background_counts) * scale


def geometric_mean(*, anterior_counts: ArrayLike, posterior_counts: ArrayLike) -> FloatArray:
    """Geometric mean of the two planar views of one organ; NaN where a net count is negative. [counts]"""
    product = floats(anterior_counts) * floats(posterior_counts)
    both = (floats(anterior_counts) >= 0) & (floats(posterior_counts) >= 0)
    return np.sqrt(np.where(both, product, np.nan))


def lung_shunt_fraction(*, lung_counts: ArrayLike, liver_counts: ArrayLike) -> FloatArray:
    """Lung shunt fraction from organ counts.

    Parameters
    ----------
    lung_counts, liver_counts : array_like
        Net counts of each organ: geometric means of two planar views, or sums over tomographic masks. [counts]

    Returns
    -------
    ndarray
        :math:`C_{lung} / (C_{lung} + C_{liver})`; NaN where there are no counts. [1]

    Notes
    -----
    Source ``bmc-cancer-2022``, equation 1. Planar studies overestimate the shunt; the method travels with the number.
    """
    lung, liver = floats(lung_counts), floats(liver_counts)
    total = floats(lung + liver)
    return floats(np.divide(lung, total, out=np.full(total.shape, np.nan), where=total > 0))


def tumor_normal_ratio(
    *,
    lesion_counts: ArrayLike,
    lesion_volume_ml: ArrayLike,
    normal_counts: ArrayLike,
    normal_volume_ml: ArrayLike,
    lesion_density_g_per_ml: ArrayLike,
    normal_density_g_per_ml: ArrayLike,
) -> FloatArray:
    """Tumor-to-normal ratio per mass, from counts per volume and the two densities.

    All arguments broadcast. [counts, mL, counts, mL, g/mL, g/mL] The ratio of concentrations per volume equals the
    ratio per mass only where the densities are equal; elsewhere it is divided by their ratio.
    """
    lesion_per_mass = floats(lesion_counts) / (floats(lesion_volume_ml) * floats(lesion_density_g_per_ml))
    normal_per_mass = floats(normal_counts) / (floats(normal_volume_ml) * floats(normal_density_g_per_ml))
    return floats(lesion_per_mass / normal_per_mass)
