"""Rules on prescriptions: the fields a model needs, a device it belongs to, a target that exists."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from dosimetry.arrays import BoolArray
from dosimetry.case_fields import leaves
from dosimetry.columns import NO_TARGET, Columns, flat_names
from dosimetry.models import MODELS, lung_limit, prescribed_activity_gbq
from dosimetry.rules import Broken, Checked, says, where


def fields(checked: Checked) -> Iterator[Broken]:
    """Each prescription with the fields its model needs and no others, for a device it belongs to."""
    columns = checked.columns
    chosen = columns.territory.word("prescription_model")
    device = columns.case.word("device")
    device_codes = device.codes[columns.territory_case]
    given = {name: _is_given(columns, name) for name in _inputs()}
    for model in MODELS:
        rows = chosen.equal(model.key)
        if not rows.any():
            continue
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


@cache
def _inputs() -> tuple[str, ...]:
    """Flat names of everything a prescription may hold beside its model."""
    held = (leaf for leaf in leaves() if leaf.level == "territory" and leaf.steps[0] == "prescription")
    return tuple(name for leaf in held if (name := flat_names()[leaf.path]) != "prescription_model")


def _is_given(columns: Columns, name: str) -> BoolArray:
    if name == "prescription_target":
        return np.asarray(columns.target_lesion != NO_TARGET)
    return np.asarray(~np.isnan(columns.territory.number(name)) | columns.territory.word(name).given)


def models(checked: Checked) -> Iterator[Broken]:
    """What each model asks of its own prescriptions, and of the case."""
    columns = checked.columns
    chosen = columns.territory.word("prescription_model")
    for model in MODELS:
        own = chosen.equal(model.key)
        if own.any():
            for name in model.case_inputs:
                missing = np.isnan(columns.case.number(name))[columns.territory_case]
                text = f"model {model.key!r} needs {name}; it is missing and never assumed."
                yield where("prescription_model", "territory", own & missing, says(text))
            yield from model.broken_rules(checked, own.nonzero()[0])


def reachable(checked: Checked) -> Iterator[Broken]:
    """An activity above zero for every prescription. To be asked of cases that break no other rule."""
    columns = checked.columns
    if not columns.territory.word("prescription_model").equal(lung_limit.key).any():
        return
    activity = prescribed_activity_gbq(columns, checked.parts)
    text = (
        f"model {lung_limit.key!r} gives no activity: the other territories already bring the lungs to the dose, "
        "or almost nothing shunts."
    )
    none_left = ~((activity > 0) & np.isfinite(activity))
    yield where("target_dose_gy", "territory", none_left, says(text))
