"""The inputs of a case as people read them: label, value, unit."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from dosimetry import figures, reference
from dosimetry.body_surface import formula_named
from dosimetry.case import Case
from dosimetry.case_fields import Leaf, leaves
from dosimetry.columns import flat_names, target_words
from dosimetry.models import model_named
from dosimetry.tace.allocation import preset_named
from dosimetry.tace.columns import bead_size_named, product_named, protocol_named
from dosimetry.tace.door import tabled_choices

_SHOWN_ELSEWHERE = ("format", "format_version", "label", "territory_name", "lesion_name")
_NAMED = MappingProxyType(
    {
        "protocol": protocol_named,
        "tace_product": product_named,
        "bead_size": bead_size_named,
        "body_surface_formula": formula_named,
        "carrier_preset": preset_named,
    }
)
"""Fields whose words are the rows of a table of chemoembolization, with what finds the row."""


def tabled_words(name: str) -> tuple[str, ...]:
    """The words of a field of chemoembolization that are rows of a table; empty for any other field."""
    return tabled_choices(reference.field(name).path) if name in _NAMED else ()


def shown(name: str, value: Any) -> str:
    """The value of a field, by its flat name, in the unit and words people use."""
    rule = reference.field(name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "device":
        return product(value)
    if name in ("prescription_target", "directed_target"):
        return target_words(value)
    if name == "prescription_model":
        return model_named(value).label
    if name in _NAMED:
        return str(getattr(_NAMED[name](value), "label", value))
    if isinstance(value, str):
        return reference.choices(name).get(value, value)
    if rule.entered_as == "%":
        return figures.percent(value, 6)
    return figures.with_unit(figures.trimmed(float(value), 8), rule.unit)


def product(device: str) -> str:
    """Product and nuclide of a device."""
    row = reference.device_named(device)
    return f"{row.product} ({row.material}, {row.nuclide})"


def given(record: Any, level: str, root: Any = Case) -> Iterator[tuple[str, str]]:
    """Label and value of every field of one level that was given, in the order of the format.

    Parameters
    ----------
    record : Case, Territory or Lesion, or those of another treatment
    level : {'case', 'territory', 'lesion'}
    root : type
        The kind of case the record belongs to.
    """
    for leaf in leaves(root):
        name = flat_names(root)[leaf.path]
        if _belongs(leaf, level) and name not in _SHOWN_ELSEWHERE:
            value = _follow(record, leaf.steps)
            if value is not None:
                yield reference.field(name).label, _joined(name, value)


def _belongs(leaf: Leaf, level: str) -> bool:
    """Fields of the level; the segments are the only list printed in a line."""
    return leaf.level == level or (level == "territory" and leaf.path == "territories[].segments[]")


def _joined(name: str, value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else shown(name, value)


def _follow(record: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        record = None if record is None else getattr(record, step.removesuffix("[]"))
    return record


def prescribed(case: Case, row: int) -> str:
    """The prescription of a territory in one line."""
    prescription = case.territories[row].prescription
    names = {"target_dose_gy": prescription.dose_gy, "prescribed_activity_gbq": prescription.activity_gbq}
    dose, activity = ("" if value is None else shown(name, value) for name, value in names.items())
    return model_named(prescription.model).sentence(prescription, dose, activity)
