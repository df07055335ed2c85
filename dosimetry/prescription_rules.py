"""Rules on prescriptions: the fields a model needs, a device it belongs to, a target that exists."""

from collections.abc import Iterator

import numpy as np

from dosimetry.arrays import BoolArray
from dosimetry.columns import NO_TARGET, NORMAL, UNKNOWN_TARGET, Columns
from dosimetry.evaluation import prescribed_activity_gbq
from dosimetry.models import MODELS
from dosimetry.rules import Broken, Checked, says, where

_LARGEST_ACTIVITY_GBQ = 1e100  # no clinical bound: beyond it the doses would leave the range of floats


def fields(checked: Checked) -> Iterator[Broken]:
    """Each prescription with the fields its model needs and no others, for a device it belongs to."""
    columns = checked.columns
    chosen = columns.territory.word("prescription_model")
    device = columns.case.word("device")
    device_codes = device.codes[columns.territory_case]
    given = {
        "prescription_target": columns.target_lesion != NO_TARGET,
        "resin_reading": columns.territory.word("resin_reading").given,
        **{name: ~np.isnan(columns.territory.number(name)) for name in ("target_dose_gy", "prescribed_activity_gbq")},
    }
    for model in MODELS:
        rows = chosen.equal(model.key)
        for name, is_given in given.items():
            is_needed = name in model.inputs
            text = (
                f"model {model.key!r} needs {name}; it is missing."
                if is_needed
                else f"model {model.key!r} takes no {name}; leave it out."
            )
            yield where(name, "territory", rows & (is_given != is_needed), says(text))
        for code, key in enumerate(device.values):
            unfit = rows & (device_codes == code) & bool(model.devices) & (key not in model.devices)
            text = f"model {model.key!r} does not belong to device {key!r}."
            yield where("prescription_model", "territory", unfit, says(text))


def partition_target(checked: Checked) -> Iterator[Broken]:
    """A partition target that exists, takes up activity, and stands among lesions that all have a ratio."""
    columns, parts = checked.columns, checked.parts
    partition, target = columns.territory.word("prescription_model").equal("partition"), columns.target_lesion
    yield where(
        "prescription_target",
        "territory",
        partition & (target == UNKNOWN_TARGET),
        says("prescription_target must be 'normal_perfused' or 'lesion:NAME' with a lesion of this territory."),
    )
    yield where(
        "prescription_target",
        "territory",
        partition & (target == NORMAL) & (parts.normal_mass_kg == 0),
        says("prescription_target 'normal_perfused' does not exist here: the lesions fill the territory."),
    )
    dead = np.zeros(len(target), dtype=np.bool_)
    dead[target >= 0] = parts.viable_mass_kg[target[target >= 0]] == 0
    yield where(
        "prescription_target",
        "territory",
        partition & dead,
        says("prescription_target is a lesion without viable tissue; it takes no dose by partition."),
    )
    no_ratio = partition[columns.lesion_territory] & _no_ratio(columns)
    yield where(
        "tumor_normal_ratio",
        "lesion",
        no_ratio,
        says("tumor_normal_ratio is missing; the partition prescription of this territory needs it for every lesion."),
    )


def _no_ratio(columns: Columns) -> BoolArray:
    given = columns.lesion.number
    return np.isnan(given("tumor_normal_ratio")) & np.isnan(given("ratio_lesion_counts"))


def finite_activity(checked: Checked) -> Iterator[Broken]:
    """A prescription that leads to an activity a number can hold, with room for the doses that follow from it."""
    activity = prescribed_activity_gbq(checked.columns, checked.parts)
    text = "prescription_model leads to no finite activity; check ratios, volumes and doses of the territory."
    yield where("prescription_model", "territory", ~(activity < _LARGEST_ACTIVITY_GBQ), says(text))
