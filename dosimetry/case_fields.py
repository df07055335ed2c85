"""The fields of a case, read off its records: path, type, and whether the field must be given."""

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from dosimetry.case import Case


@dataclass(frozen=True, slots=True)
class CaseField:
    """One field of a record: ``kind`` is a type or a record; ``choices`` the values of a closed list."""

    name: str
    kind: Any
    choices: tuple[Any, ...]
    is_list: bool
    is_required: bool


@cache
def fields_of(record: Any) -> tuple[CaseField, ...]:
    """The fields of one record type, in their order."""
    hints = get_type_hints(record)
    return tuple(_case_field(field.name, hints[field.name], field) for field in fields(record))


def _case_field(name: str, hint: Any, field: Any) -> CaseField:
    has_default = field.default is not MISSING
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    is_list = get_origin(hint) is tuple
    if is_list:
        hint = get_args(hint)[0]
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    kind = type(choices[0]) if choices else hint
    # Fixed words such as the format name have a default for Python, but a file must state them.
    return CaseField(name, kind, choices, is_list, not has_default or field.default is not None)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field that holds a value and not a record, with its path from the case."""

    path: str
    field: CaseField

    @property
    def level(self) -> str:
        """``case``, ``territory`` or ``lesion``; ``list`` for entries of other lists."""
        inside = self.path.removeprefix("territories[].")
        if inside == self.path:
            return "list" if "[]" in self.path else "case"
        within = inside.removeprefix("lesions[].")
        return "list" if "[]" in within else ("territory" if within == inside else "lesion")

    @property
    def steps(self) -> tuple[str, ...]:
        """Attribute names from the record of its level down to the value."""
        return tuple(self.path.removeprefix("territories[].").removeprefix("lesions[].").split("."))


@cache
def leaves(root: Any = Case) -> tuple[Leaf, ...]:
    """Every field of a kind of case that holds a value, in the order of the records."""
    return tuple(_leaves(root, ""))


def _leaves(record: Any, prefix: str) -> Iterator[Leaf]:
    for field in fields_of(record):
        path = f"{prefix}{field.name}{'[]' if field.is_list else ''}"
        if is_dataclass(field.kind):
            yield from _leaves(field.kind, f"{path}.")
        else:
            yield Leaf(path, field)
