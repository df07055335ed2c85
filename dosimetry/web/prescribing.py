"""Which inputs of a prescription its model takes. The others rest: kept and told, but no part of the case."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dosimetry.columns import TARGET_LESION, TARGET_NORMAL, target_words
from dosimetry.models import MODELS
from dosimetry.web.screen import Row, TerritoryRow

MODEL = "prescription_model"
TARGET = "prescription_target"
PRESCRIPTION = (TARGET, "target_dose_gy", "prescribed_activity_gbq", "resin_reading")
BODY_SIZE = ("height_cm", "weight_kg")
_NORMAL_IN_WORDS = "normal"
_BEFORE_NAME = re.compile(rf"(?i)^{re.escape(TARGET_LESION)}\s*")


def taken(model: str) -> tuple[str, ...]:
    """The inputs that the prescription of a model is made of; none before a model is chosen."""
    return next(
        (tuple(name for name in PRESCRIPTION if name in each.inputs) for each in MODELS if each.key == model), ()
    )


def resting(inputs: Row) -> tuple[str, ...]:
    """Inputs of a row that hold something its model does not take."""
    used = taken(inputs.get(MODEL, ""))
    return tuple(name for name in PRESCRIPTION if name in inputs and name not in used)


def without_resting(inputs: Row) -> Row:
    """A row as the library gets it. Before a model is chosen nothing is decided, and all of it stays."""
    left_out = resting(inputs) if MODEL in inputs else ()
    return {name: text for name, text in inputs.items() if name not in left_out}


def with_target(row: TerritoryRow) -> TerritoryRow:
    """A territory whose target, typed as the name of a lesion or as ``normal``, is said as a case says it.

    A lesion that is itself called so leaves the text as it stands: the library refuses it and says how to be plain.
    ``Lesion: A`` is read as ``lesion:A``; the name itself is taken to the letter.
    """
    if row.inputs.get(TARGET) == TARGET_NORMAL:
        return row
    text = _BEFORE_NAME.sub("", row.inputs.get(TARGET, ""))
    fits = [TARGET_LESION + name for lesion in row.lesions if (name := lesion.get("lesion_name")) == text]
    fits += [TARGET_NORMAL] if text.lower() == _NORMAL_IN_WORDS else []
    return replace(row, inputs={**row.inputs, TARGET: fits[0]}) if text and len(fits) == 1 else row


def as_typed(row: TerritoryRow) -> TerritoryRow:
    """The reverse: the target as a person types it, where that reads back as the same."""
    text = row.inputs.get(TARGET, "")
    short = _NORMAL_IN_WORDS if text == TARGET_NORMAL else text.removeprefix(TARGET_LESION)
    typed = replace(row, inputs={**row.inputs, TARGET: short})
    return typed if text and with_target(typed).inputs[TARGET] == text else row


def targets(lesions: Iterable[str]) -> Mapping[str, str]:
    """What a territory with lesions of these names can be prescribed to: as a person types it, and in words."""
    names = [name for name in lesions if name]
    row = TerritoryRow(inputs={}, lesions=tuple({"lesion_name": name} for name in names))
    normal = target_words(TARGET_NORMAL)
    # By its name alone this lesion would read as the normal liver, or as another lesion that is told so.
    apart = (normal, *(name for name in names if name.startswith(TARGET_LESION)))
    listed = {TARGET_LESION + name: TARGET_LESION * (name in apart) + name for name in names}
    listed[TARGET_NORMAL] = normal
    return {as_typed(replace(row, inputs={TARGET: target})).inputs[TARGET]: words for target, words in listed.items()}


def needs_body_size(model: str) -> bool:
    """Whether a model asks how tall and heavy the patient is."""
    return any(name in each.case_inputs for each in MODELS if each.key == model for name in BODY_SIZE)
