"""Scores of the tumor burden by number and largest diameter, and scores for repeated embolization.

Arguments are arrays and broadcast; yes and no are 1 and 0; NaN, for what is not known, gives NaN.
"""

from functools import partial

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.bands import banded
from dosimetry.comparison import compare
from dosimetry.reference import coefficient


def _known(values: FloatArray, *inputs: ArrayLike) -> FloatArray:
    """Values where every input is known, else NaN."""
    missing = np.any(np.broadcast_arrays(*(np.isnan(floats(given)) for given in inputs)), axis=0)
    return np.where(missing, np.nan, values)


def burden_sum(*, largest_tumor_cm: ArrayLike, tumor_count: ArrayLike) -> FloatArray:
    """Largest diameter in cm plus the number of tumors, as up-to-7, six-and-twelve and seven-eleven take it."""
    return floats(largest_tumor_cm) + floats(tumor_count)


def within_milan(*, largest_tumor_cm: ArrayLike, tumor_count: ArrayLike, vascular_invasion: ArrayLike) -> FloatArray:
    """1 within the Milan criteria: one tumor up to 5 cm, or up to three each up to 3 cm, and no vascular invasion.

    Without knowledge of vascular invasion nothing is said. Source ``cho-2019``, Table 1.
    """
    number = partial(coefficient, "milan")
    largest, count = floats(largest_tumor_cm), floats(tumor_count)
    single = (count == 1) & compare(largest, "<=", number("single_cm"))
    several = (count > 1) & (count <= number("largest_count")) & compare(largest, "<=", number("several_cm"))
    inside = (single | several) & (floats(vascular_invasion) == 0)
    return _known(floats(inside), largest, count, vascular_invasion)


def within_up_to_7(*, largest_tumor_cm: ArrayLike, tumor_count: ArrayLike) -> FloatArray:
    """1 where largest diameter in cm plus number is at most 7. Source ``cho-2019``, Table 1."""
    total = burden_sum(largest_tumor_cm=largest_tumor_cm, tumor_count=tumor_count)
    return _known(floats(compare(total, "<=", coefficient("up_to_7", "sum"))), total)


def hap_points(
    *, largest_tumor_cm: ArrayLike, afp_ng_ml: ArrayLike, albumin_g_l: ArrayLike, bilirubin_umol_l: ArrayLike
) -> FloatArray:
    """HAP: a point each for a tumor above 7 cm, AFP above 400, albumin below 36 g/L, bilirubin above 17 umol/L."""
    number = partial(coefficient, "hap")
    points = (
        floats(compare(floats(largest_tumor_cm), ">", number("diameter_cm")))
        + compare(floats(afp_ng_ml), ">", number("afp_ng_ml"))
        + compare(floats(albumin_g_l), "<", number("albumin_g_l"))
        + compare(floats(bilirubin_umol_l), ">", number("bilirubin_umol_l"))
    )
    return _known(points, largest_tumor_cm, afp_ng_ml, albumin_g_l, bilirubin_umol_l)


def mhap_2_points(*, hap: ArrayLike, tumor_count: ArrayLike) -> FloatArray:
    """mHAP-II: HAP and one more point from two tumors on."""
    return _known(floats(hap) + (floats(tumor_count) >= coefficient("hap", "mhap_count")), tumor_count)


def art_points(
    *, child_pugh_increase: ArrayLike, ast_rise_percent: ArrayLike, radiologic_response: ArrayLike
) -> FloatArray:
    """ART before a second session; a later study did not confirm it. Source ``art-review``."""
    number = partial(coefficient, "art")
    rise = floats(child_pugh_increase)
    worse = np.where(rise > 1, number("child_pugh_more"), np.where(rise == 1, number("child_pugh_one"), 0.0))
    of_ast = number("ast") * compare(floats(ast_rise_percent), ">", number("ast_rise_percent"))
    points = worse + of_ast + number("no_response") * (floats(radiologic_response) == 0)
    return _known(points, rise, ast_rise_percent, radiologic_response)


def state_points(*, albumin_g_l: ArrayLike, beyond_up_to_7: ArrayLike, crp_mg_dl: ArrayLike) -> FloatArray:
    """STATE: albumin in g/L, less 12 beyond up-to-7, less 12 from a CRP of 1 mg/dL on. Source ``art-review``."""
    number = partial(coefficient, "state")
    inflamed = compare(floats(crp_mg_dl), ">=", number("crp_mg_dl"))
    points = floats(albumin_g_l) - number("penalty") * (floats(beyond_up_to_7) + inflamed)
    return _known(points, beyond_up_to_7, crp_mg_dl)


def six_twelve_months(total: ArrayLike) -> FloatArray:
    """Median survival of the six-and-twelve stratum in its cohort; a fact of that cohort, no forecast. [months]"""
    return banded("six_twelve", "sum", total)
