"""Tumor volume of a case: what the lesions of its territories and the untreated tumor sum to."""

import numpy as np

from dosimetry.arrays import FloatArray, floats
from dosimetry.columns import Columns


def per_territory_ml(columns: Columns) -> FloatArray:
    """Lesion volume of every territory, necrosis included; 0 where none is delineated. [mL]"""
    return columns.per_territory(columns.lesion.number("lesion_volume_ml"))


def per_case_ml(columns: Columns) -> FloatArray:
    """All tumor of every case; an untreated tumor volume that is missing counts as 0, as everywhere. [mL]"""
    return _with_untreated_ml(columns, columns.per_case(per_territory_ml(columns)))


def _with_untreated_ml(columns: Columns, delineated_ml: FloatArray) -> FloatArray:
    untreated = columns.case.number("untreated_tumor_volume_ml")
    return delineated_ml + np.where(np.isnan(untreated), 0.0, untreated)


def involvement(columns: Columns) -> FloatArray:
    """Tumor part of the liver of every case; NaN without the whole volume or a delineated lesion. [1]"""
    delineated_ml = columns.per_case(per_territory_ml(columns))
    part = _with_untreated_ml(columns, delineated_ml) / columns.case.number("whole_liver_volume_ml")
    return np.where(delineated_ml > 0, floats(part), np.nan)
