"""Scores of the liver's function: Child-Pugh, ALBI, MELD and its successors.

Arguments have their unit in the name, are arrays and broadcast; NaN, for a value that is not known, gives NaN: nothing
is inferred. The numbers stand in ``coefficients.csv`` and ``score_bands.csv``.
"""

from functools import partial

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.bands import banded
from dosimetry.reference import coefficient

G_PER_DL_IN_G_PER_L = 10.0


def bilirubin_umol_l(bilirubin_mg_dl: ArrayLike) -> FloatArray:
    """Bilirubin in umol/L from mg/dL."""
    return floats(bilirubin_mg_dl) * coefficient("bilirubin", "umol_l_per_mg_dl")


def bilirubin_mg_dl(bilirubin_umol_l: ArrayLike) -> FloatArray:
    """Bilirubin in mg/dL from umol/L."""
    return floats(bilirubin_umol_l) / coefficient("bilirubin", "umol_l_per_mg_dl")


def child_pugh_points(
    *,
    bilirubin_mg_dl: ArrayLike,
    albumin_g_dl: ArrayLike,
    inr: ArrayLike,
    ascites_points: ArrayLike,
    encephalopathy_points: ArrayLike,
    missing_points: float = np.nan,
) -> FloatArray:
    """Child-Pugh points, 5 to 15.

    Parameters
    ----------
    bilirubin_mg_dl, albumin_g_dl, inr : array_like
        Laboratory values, with one to three points each from ``score_bands.csv``.
    ascites_points, encephalopathy_points : array_like
        1 for none, 2 for slight or grade 1-2, 3 for moderate or grade 3-4. Never inferred when missing.
    missing_points : float
        What a missing input counts; 1 gives the least that the points can be.

    Returns
    -------
    ndarray
        Points; NaN where any of the five is missing and counts nothing.

    Notes
    -----
    Sources ``child-pugh-bands``; both bounds of the middle band belong to it.
    """
    measured = {"bilirubin_mg_dl": bilirubin_mg_dl, "albumin_g_dl": albumin_g_dl, "inr": inr}
    points = [banded("child_pugh", part, values) for part, values in measured.items()]
    points += [floats(ascites_points), floats(encephalopathy_points)]
    return floats(sum(np.where(np.isnan(each), missing_points, each) for each in points))


def albi(*, bilirubin_mg_dl: ArrayLike, albumin_g_dl: ArrayLike) -> FloatArray:
    """ALBI score, 0.66 log10 of bilirubin in umol/L less 0.085 times albumin in g/L; the units are converted here."""
    bilirubin = coefficient("albi", "bilirubin") * np.log10(bilirubin_umol_l(bilirubin_mg_dl))
    return bilirubin + coefficient("albi", "albumin") * floats(albumin_g_dl) * G_PER_DL_IN_G_PER_L


def albi_grade(albi_score: ArrayLike) -> FloatArray:
    """ALBI grade, 1 to 3."""
    return banded("albi", "albi", albi_score)


def ez_albi(*, bilirubin_mg_dl: ArrayLike, albumin_g_dl: ArrayLike) -> FloatArray:
    """EZ-ALBI: bilirubin in mg/dL less nine times albumin in g/dL; weak from 3 mg/dL on."""
    return floats(bilirubin_mg_dl) - coefficient("ez_albi", "albumin") * floats(albumin_g_dl)


def meld(
    *, bilirubin_mg_dl: ArrayLike, creatinine_mg_dl: ArrayLike, inr: ArrayLike, on_dialysis: ArrayLike = 0.0
) -> FloatArray:
    r"""MELD, not rounded and not bounded.

    Parameters
    ----------
    bilirubin_mg_dl, creatinine_mg_dl, inr : array_like
        Values below 1 count as 1; creatinine above 4.0 mg/dL as 4.0.
    on_dialysis : array_like
        1 where dialysed; creatinine then counts as 4.0.

    Returns
    -------
    ndarray
        :math:`9.57 \ln Cr + 3.78 \ln B + 11.2 \ln INR + 6.43`.

    Notes
    -----
    Source ``ameld``. Reports round and bound it, `reported_meld`.
    """
    number = partial(coefficient, "meld")
    creatinine = _creatinine(creatinine_mg_dl, on_dialysis, "meld")
    logs = (
        number("creatinine") * np.log(creatinine)
        + number("bilirubin") * np.log(_at_least_one(bilirubin_mg_dl, "meld"))
        + number("inr") * np.log(_at_least_one(inr, "meld"))
    )
    return floats(logs + number("constant"))


def reported_meld(score: ArrayLike) -> FloatArray:
    """A MELD of any kind as it is reported: rounded, half up, and kept within 6 and 40."""
    rounded = np.floor(floats(score) + 0.5)
    return np.clip(rounded, coefficient("meld", "smallest_score"), coefficient("meld", "largest_score"))


def meld_na(*, meld_score: ArrayLike, sodium_mmol_l: ArrayLike) -> FloatArray:
    r"""MELD-Na of 2016 from MELD, not rounded: :math:`M + 1.32(137-Na) - 0.033 M (137-Na)` where M exceeds 11.

    Sodium is kept within 125 and 137 mmol/L. Source ``ameld``.
    """
    number = partial(coefficient, "meld_na")
    score = floats(meld_score)
    sodium = np.clip(floats(sodium_mmol_l), number("smallest_sodium_mmol_l"), number("largest_sodium_mmol_l"))
    lack = number("largest_sodium_mmol_l") - sodium
    corrected = score + number("sodium") * lack - number("interaction") * score * lack
    return np.where(score > number("above_meld"), corrected, score + 0.0 * lack)


def meld_3(
    *,
    bilirubin_mg_dl: ArrayLike,
    creatinine_mg_dl: ArrayLike,
    inr: ArrayLike,
    sodium_mmol_l: ArrayLike,
    albumin_g_dl: ArrayLike,
    is_female: ArrayLike,
    on_dialysis: ArrayLike = 0.0,
) -> FloatArray:
    """MELD 3.0 of adults, not rounded; ``is_female`` and ``on_dialysis`` are 1 or 0.

    Bilirubin and INR below 1 count as 1, creatinine is kept within 1 and 3 mg/dL (3 on dialysis), sodium within 125
    and 137 mmol/L, albumin within 1.5 and 3.5 g/dL. Source ``kim-2021``.
    """
    number = partial(coefficient, "meld_3")
    bilirubin = np.log(_at_least_one(bilirubin_mg_dl, "meld_3"))
    creatinine = np.log(_creatinine(creatinine_mg_dl, on_dialysis, "meld_3"))
    sodium = np.clip(floats(sodium_mmol_l), number("smallest_sodium_mmol_l"), number("largest_sodium_mmol_l"))
    albumin = np.clip(floats(albumin_g_dl), number("smallest_albumin_g_dl"), number("largest_albumin_g_dl"))
    no_sodium, no_albumin = number("largest_sodium_mmol_l") - sodium, number("largest_albumin_g_dl") - albumin
    return floats(
        number("female") * floats(is_female)
        + number("bilirubin") * bilirubin
        + no_sodium * (number("sodium") - number("sodium_bilirubin") * bilirubin)
        + number("inr") * np.log(_at_least_one(inr, "meld_3"))
        + number("creatinine") * creatinine
        + no_albumin * (number("albumin") - number("albumin_creatinine") * creatinine)
        + number("constant")
    )


def _at_least_one(values: ArrayLike, formula: str) -> FloatArray:
    return np.maximum(floats(values), coefficient(formula, "smallest_input"))


def _creatinine(values: ArrayLike, on_dialysis: ArrayLike, formula: str) -> FloatArray:
    most = coefficient(formula, "largest_creatinine_mg_dl")
    return np.where(floats(on_dialysis) == 1, most, np.minimum(_at_least_one(values, formula), most))
