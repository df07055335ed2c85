"""Which inputs of a prescription its model takes. The others rest: kept and told, but no part of the case."""

from dosimetry.models import MODELS
from dosimetry.web.screen import Row

MODEL = "prescription_model"
PRESCRIPTION = ("prescription_target", "target_dose_gy", "prescribed_activity_gbq", "resin_reading")
BODY_SIZE = ("height_cm", "weight_kg")


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


def needs_body_size(model: str) -> bool:
    """Whether a model asks how tall and heavy the patient is."""
    return any(name in each.case_inputs for each in MODELS if each.key == model for name in BODY_SIZE)
