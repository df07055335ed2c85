"""A mapping as the text of its TOML file."""

import json
from typing import Any

from dosimetry.audit.mapping import Mapped, TableMapping


def mapping_text(mapping: TableMapping) -> str:
    """The file that `read_mapping` reads as this mapping."""
    lines = ["[columns]", *(f"{_quoted(each.header)} = {_entry(each)}" for each in mapping.columns)]
    if mapping.constants:
        lines += ["", "[constants]", *(f"{name} = {_value(value)}" for name, value in mapping.constants.items())]
    return "\n".join(lines) + "\n"


def _entry(mapped: Mapped) -> str:
    parts = [f"field = {_quoted(mapped.field)}"]
    if mapped.unit:
        parts.append(f"unit = {_quoted(mapped.unit)}")
    if mapped.words:
        words = ", ".join(f"{_quoted(word)} = {_quoted(own)}" for word, own in mapped.words.items())
        parts.append(f"words = {{{words}}}")
    return f"{{{', '.join(parts)}}}"


def _value(value: Any) -> str:
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """A basic string of TOML: that of JSON, in which one more character must be escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
