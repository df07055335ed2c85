"""Synthetic cases, and the arithmetic of their doses by the library and by bare numpy, for all measurements."""

import numpy as np
import pandas as pd

from dosimetry.columns import Columns, Table, Words
from dosimetry.compartments import compartments
from dosimetry.conventions import resolve
from dosimetry.evaluation import evaluate

SEVERAL_TERRITORIES, SEVERAL_LESIONS, SLIPPED = 0.2, 0.25, 0.01


def records(rows: int, seed: int = 1) -> pd.DataFrame:
    """Realistic cases by partition with one pooled tumor; a fifth of the cases have two territories."""
    random = np.random.default_rng(seed)
    second = random.random(rows) < SEVERAL_TERRITORIES / (1 + SEVERAL_TERRITORIES)
    second[0] = False
    second[1:] &= ~second[:-1]
    case = np.cumsum(~second) - 1
    of_case = {
        "lung_shunt_fraction": random.beta(2, 30, rows).round(3),
        "lung_mass_kg": random.uniform(0.7, 1.2, rows).round(2),
        "whole_liver_volume_ml": random.uniform(1300, 2400, rows).round(0),
        "untreated_tumor_volume_ml": np.zeros(rows),
    }
    first = np.flatnonzero(~second)[case]
    perfused = random.uniform(150, 600, rows).round(0)
    lesion = (perfused * random.uniform(0.03, 0.4, rows)).round(1)
    frame = pd.DataFrame(
        {
            "case_id": case,
            "device": pd.Categorical.from_codes(random.integers(0, 2, rows)[first], ["glass", "resin"]),
            "convention": pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), ["eanm"]),
            "center": pd.Categorical.from_codes(random.integers(0, 5, rows)[first], list("ABCDE")),
            "perfused_volume_ml": perfused,
            "lesion_volume_ml": lesion,
            "tumor_normal_ratio": random.uniform(1.5, 6, rows).round(1),
            "residual_fraction": random.uniform(0.0, 0.03, rows).round(3),
            "prescription_model": pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), ["partition"]),
            "prescription_target": pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), ["lesion:tumor"]),
            "target_dose_gy": random.uniform(120, 350, rows).round(0),
        }
        | {name: values[first] for name, values in of_case.items()}
    )
    stays = 1 - frame["lung_shunt_fraction"]
    uptake = (perfused - lesion + frame["tumor_normal_ratio"] * lesion) * 1.03 / 1000
    activity = frame["target_dose_gy"] / frame["tumor_normal_ratio"] * uptake / (49.67 * stays)
    activity = np.where(random.random(rows) < SLIPPED, activity * stays**2, activity)
    frame["recorded_administered_activity_gbq"] = activity.round(3)
    return frame


def synthetic(rows: int, seed: int = 1) -> Columns:
    """The same as columns, with one to three lesions a territory and sessions of one or two territories."""
    frame, random = records(rows, seed), np.random.default_rng(seed)
    case, first = np.unique(frame["case_id"], return_index=True)
    owner = frame["case_id"].to_numpy()
    count = np.where(random.random(rows) < SEVERAL_LESIONS, random.integers(2, 4, rows), 1)
    parent = np.repeat(np.arange(rows), count)
    held = frame.iloc[first]
    names = ("lung_shunt_fraction", "lung_mass_kg", "whole_liver_volume_ml", "untreated_tumor_volume_ml")

    def word(value: str, size: int) -> Words:
        return Words(np.zeros(size, dtype=np.int64), (value,))

    return Columns(
        case=Table(
            len(case),
            {name: held[name].to_numpy() for name in names},
            {"device": word("glass", len(case)), "convention": word("eanm", len(case))},
        ),
        territory=Table(
            rows,
            {name: frame[name].to_numpy() for name in ("perfused_volume_ml", "target_dose_gy", "residual_fraction")},
            {"prescription_model": word("partition", rows)},
        ),
        territory_case=owner,
        lesion=Table(
            len(parent),
            {
                "lesion_volume_ml": (frame["lesion_volume_ml"].to_numpy() / count)[parent],
                "tumor_normal_ratio": random.uniform(1.5, 6, len(parent)),
            },
            {},
        ),
        lesion_territory=parent,
        target_lesion=np.cumsum(count) - count,
    )


def library(columns: Columns) -> None:
    """The column function: constants, masses, activities, doses."""
    constants = resolve(columns)
    evaluate(columns, constants, compartments(columns, constants))


def bare_numpy(columns: Columns) -> None:
    """The same arithmetic written out, with the same sums over children."""
    case, territory, lesion = columns.case.numbers, columns.territory.numbers, columns.lesion.numbers
    owner, parent, rows = columns.territory_case, columns.lesion_territory, columns.case.rows
    density, energy = 1.03, 49.67

    def to_territory(values: np.ndarray) -> np.ndarray:
        return np.bincount(parent, weights=values, minlength=len(owner))

    def to_case(values: np.ndarray) -> np.ndarray:
        return np.bincount(owner, weights=values, minlength=rows)

    shunt, lung_mass = case["lung_shunt_fraction"][owner], case["lung_mass_kg"][owner]
    volume, ratio = lesion["lesion_volume_ml"], lesion["tumor_normal_ratio"]
    lesion_mass = volume * density / 1000
    normal = (territory["perfused_volume_ml"] - to_territory(volume)) * density / 1000
    perfused = normal + to_territory(lesion_mass)
    uptake = normal + to_territory(ratio * lesion_mass)
    activity = territory["target_dose_gy"] / ratio[columns.target_lesion] * uptake / (energy * (1 - shunt))
    liver = energy * activity * (1 - shunt)
    normal_dose, perfused_dose = liver / uptake, liver / perfused
    lesion_dose = ratio * (liver / uptake)[parent]
    lung_share = energy * activity * shunt / lung_mass
    vial = activity / (1 - territory["residual_fraction"])
    outside = case["whole_liver_volume_ml"] - to_case(territory["perfused_volume_ml"])
    whole_normal = to_case(normal) + (outside - case["untreated_tumor_volume_ml"]) * density / 1000
    whole = to_case(perfused) + outside * density / 1000
    normal_energy = to_case(normal_dose * normal)
    tumor = to_case(to_territory(volume)) + case["untreated_tumor_volume_ml"]
    _ = (
        perfused_dose, lesion_dose, vial, to_case(lung_share), to_case(activity), to_case(activity * shunt),
        normal_energy / to_case(normal), normal_energy / whole_normal, to_case(liver) / whole,
        outside / case["whole_liver_volume_ml"], 1 - outside / case["whole_liver_volume_ml"],
        tumor / case["whole_liver_volume_ml"],
    )  # fmt: skip
