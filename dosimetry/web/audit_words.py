"""Fields of a table as a person calls them: their labels, the words they allow, and values that hold for every row."""

from functools import cache
from typing import Any

from dosimetry.audit import names
from dosimetry.audit.conversions import unit_in_words
from dosimetry.audit.mapping import constant_from_text
from dosimetry.typed_text import text_from_number
from dosimetry.web.fields import field

_FLAGS = {"true": True, "false": False}


@cache
def needed() -> tuple[str, ...]:
    """What every row must have; a convention too, unless each row brings its constants."""
    required = [each.name for each in names.inputs() if each.is_required and each.level != "lesion"]
    return tuple(dict.fromkeys([*required, "convention"]))


@cache
def fields() -> tuple[str, ...]:
    """Everything a header may be: records first, then the inputs in the order of the case."""
    records = [f"{names.RECORDED}{each.column}" for each in names.outputs()]
    return (names.CASE_ID, *records, *(each.name for each in names.inputs()), *names.GROUPS)


@cache
def label(name: str) -> str:
    """A field as a person calls it, with its name in tables."""
    return f"{names.label_of(name)} ({name})"


def constant_label(name: str) -> str:
    """The label of a value that holds for every row, with its unit."""
    unit = unit_in_words(name)
    return f"{label(name)} [{unit}]" if unit else label(name)


@cache
def choices(name: str) -> tuple[str, ...]:
    """The words that a field allows; empty where it has no such list."""
    return next((each.choices for each in names.inputs() if each.name == name), ())


def word_label(name: str, word: str) -> str:
    """A word of a field as people read it."""
    return field(name).choices.get(word, word)


def constant_choices(name: str) -> tuple[str, ...]:
    """What a value for every row is chosen from; empty where it is typed."""
    return tuple(_FLAGS) if names.input_named(name).kind is bool else choices(name)


def constant_text(value: Any) -> str:
    """The text that stands for a value in its box."""
    if isinstance(value, bool):
        return str(value).lower()
    return text_from_number(value) if isinstance(value, int | float) else str(value)


def constant(name: str, text: str) -> Any:
    """A value for every row from the text in its box.

    Raises
    ------
    TableError
        For a text that is no number where one belongs.
    """
    return _FLAGS[text] if names.input_named(name).kind is bool else constant_from_text(name, text)
