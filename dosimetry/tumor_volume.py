"""Tumor volume of a case: what the lesions of its territories and the untreated tumor sum to."""

import numpy as np

from dosimetry.arrays import FloatArray, floats
from dosimetry.columns import Columns


def per_territory_ml(columns: Columns) -> FloatArray:
    """Lesion volume of every territory, necrosis included; 0 where none is delineated. [mL]"""
    return columns.per_territory(columns.lesion.number("lesion_volume_ml"))


def per_case_ml(columns: Columns) -> FloatArray:
    """All tumor of every case. [mL]"""
    return columns.per_case(per_territory_ml(columns)) + untreated_ml(columns)


def untreated_ml(columns: Columns) -> FloatArray:
    """Tumor outside all territories of every case; one that is missing counts as 0, and what uses it says so. [mL]"""
    untreated = columns.case.number("untreated_tumor_volume_ml")
    return np.where(np.isnan(untreated), 0.0, untreated)


def involvement(columns: Columns) -> FloatArray:
    """Tumor part of the liver of every case; NaN without the whole volume or a delineated lesion. [1]"""
    delineated_ml = columns.per_case(per_territory_ml(columns))
    part = (delineated_ml + untreated_ml(columns)) / columns.case.number("whole_liver_volume_ml")
    return np.where(delineated_ml > 0, floats(part), np.nan)
