"""The JSON Schema of the case file, made from the records and the input rules."""

from dataclasses import is_dataclass
from types import MappingProxyType
from typing import Any

from dosimetry import reference
from dosimetry.case import Case
from dosimetry.case_fields import CaseField, fields_of
from dosimetry.case_reader import tabled_choices
from dosimetry.columns import flat_names
from dosimetry.record_reader import LONGEST_TEXT
from dosimetry.tace import door
from dosimetry.tace.case import TaceCase

TREATMENTS: MappingProxyType[str, Any] = MappingProxyType({"tare": Case, "tace": TaceCase})
"""The record of a case, by treatment."""
_TYPES = {float: "number", int: "integer", bool: "boolean", str: "string"}


def case_schema(treatment: str = "tare") -> dict[str, Any]:
    """JSON Schema (2020-12) of case format version 1, for one treatment: ``tare`` or ``tace``.

    It states structure, types, choices and ranges. Rules between fields, such as lesions fitting their territory, are
    checked by the reader only.
    """
    root = TREATMENTS[treatment]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dosimetry case, format version 1{'' if root is Case else f', {treatment}'}",
        **_record(root, "", root),
    }


def _record(kind: Any, pattern: str, root: Any) -> dict[str, Any]:
    known = fields_of(kind)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in known if field.is_required],
        "properties": {field.name: _field(field, f"{pattern}.{field.name}".lstrip("."), root) for field in known},
    }


def _field(field: CaseField, pattern: str, root: Any) -> dict[str, Any]:
    if field.is_list:
        smallest = {"minItems": 1} if pattern == "territories" else {}
        return {"type": "array", "items": _value(field, f"{pattern}[]", root), **smallest}
    return _value(field, pattern, root)


def _value(field: CaseField, pattern: str, root: Any) -> dict[str, Any]:
    if is_dataclass(field.kind):
        return _record(field.kind, pattern, root)
    rule = reference.field(flat_names(root)[pattern])
    found: dict[str, Any] = {"type": _TYPES[field.kind], "title": rule.label}
    if rule.help or rule.unit:
        found["description"] = " ".join(part for part in (f"[{rule.unit}]" if rule.unit else "", rule.help) if part)
    choices = list(field.choices or tabled_choices(pattern) or door.tabled_choices(pattern))
    if choices:
        found["enum"] = choices
    elif field.kind is str:
        found |= {"minLength": 1, "maxLength": LONGEST_TEXT}
    if rule.lower is not None:
        found["exclusiveMinimum" if rule.lower_open else "minimum"] = rule.lower
    if rule.upper is not None:
        found["exclusiveMaximum" if rule.upper_open else "maximum"] = rule.upper
    return found
