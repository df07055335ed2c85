"""Records from plain values: structure and types along the records of a case, every problem with its path."""

import datetime
import difflib
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import is_dataclass
from decimal import Decimal
from typing import Any

from dosimetry.case_fields import CaseField, fields_of
from dosimetry.columns import flat_names
from dosimetry.instants import instant_from_text
from dosimetry.number_text import number_from_text
from dosimetry.problems import Problem
from dosimetry.strict_json import REPEATED, NoNumber, printable

LONGEST_TEXT = 200
_DATES = ("patient.lab_date", "mapping.date", "sessions[].date")
_INSTANT = re.compile(r"(^|[._])at(\[\])?$")
"""How the paths of instants end."""


class RecordReader:
    """Walks plain values along the records of a case; collects problems, leaves what is wrong as ``None``.

    ``choices`` gives the allowed words of fields whose list is a table.
    """

    def __init__(self, root: Any, choices: Callable[[str], tuple[str, ...]]) -> None:
        self.problems: list[Problem] = []
        self._readers: dict[Any, Callable[[Any, str, str], Any]] = {
            float: self._float,
            int: self._int,
            bool: self._bool,
            str: self._text,
        }
        self._names = flat_names(root)
        self._choices = choices

    def refuse(self, path: str, message: str) -> None:
        """Note one problem and go on reading."""
        self.problems.append(Problem(path, message))

    def record(self, value: Any, kind: Any, path: str, pattern: str) -> Any:
        """A record from an object; missing and wrong fields are ``None`` or empty."""
        if not isinstance(value, dict):
            self.refuse(path, f"must be an object with named fields; got {_shown(value)}.")
            return None
        known = fields_of(kind)
        self._keys(value, [field.name for field in known], path)
        values: dict[str, Any] = {}
        for field in known:
            if field.name in value:
                read = self._list if field.is_list else self._value
                inner, inner_pattern = _join(path, field.name), _join(pattern, field.name)
                values[field.name] = read(value[field.name], field, inner, inner_pattern)
            elif field.is_required:
                name = self._names.get(_join(pattern, field.name), field.name)
                self.refuse(_join(path, field.name), f"{name} is missing.")
                values[field.name] = () if field.is_list else None
        return kind(**values)

    def _keys(self, value: dict[str, Any], known: list[str], path: str) -> None:
        for key in getattr(value, "repeated", ()):
            self.refuse(_join(path, printable(key)), REPEATED)
        for key in value:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                hint = f" Did you mean {close[0]!r}?" if close else ""
                self.refuse(_join(path, printable(str(key))), f"the key is not known.{hint}")

    def _list(self, value: Any, field: CaseField, path: str, pattern: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            self.refuse(path, f"must be a list; got {_shown(value)}.")
            return ()
        read = [self._value(item, field, f"{path}[{place}]", f"{pattern}[]") for place, item in enumerate(value)]
        # An unreadable territory keeps its place, so that later paths count right.
        return tuple(_blank(field.kind) if item is None and is_dataclass(field.kind) else item for item in read)

    def _value(self, value: Any, field: CaseField, path: str, pattern: str) -> Any:
        read = self._readers.get(field.kind)
        if read is None:
            return self.record(value, field.kind, path, pattern)
        name = self._names[pattern]
        if value is None:
            self.refuse(path, f"{name} must not be null; leave the key out when it is not known.")
            return None
        found = read(value, name, path)
        choices = field.choices or self._choices(pattern)
        if found is not None and choices and found not in choices:
            self._refuse_choice(found, choices, name, path)
            return None
        if found is not None and pattern in _DATES:
            return self._date(found, name, path)
        if found is not None and _INSTANT.search(pattern):
            return self._instant(found, name, path)
        return found

    def _refuse_choice(self, found: Any, choices: tuple[Any, ...], name: str, path: str) -> None:
        self.refuse(path, f"{name} must be one of {', '.join(map(str, choices))}; got {_shown(found)}.")

    def _float(self, value: Any, name: str, path: str) -> float | None:
        if isinstance(value, NoNumber):
            self.refuse(path, f"{name} must be a number; {value.sentence}.")
        elif isinstance(value, bool | str | list | dict | tuple):
            self.refuse(path, f"{name} must be a number; {_why_no_number(value)}.")
        elif not isinstance(value, int | float | Decimal):
            raise TypeError(f"{path}: {name} must be an int, float or Decimal; got {type(value).__name__}.")
        elif not _is_finite(value):
            self.refuse(path, f"{name} must be a number; a finite number of ordinary size is needed.")
        else:
            return float(value) + 0.0  # -0.0 is 0.0, also in the hash
        return None

    def _int(self, value: Any, name: str, path: str) -> int | None:
        found = self._float(value, name, path)
        if found is not None and not found.is_integer():
            self.refuse(path, f"{name} must be a whole number; got {found:g}.")
            return None
        return None if found is None else int(found)

    def _bool(self, value: Any, name: str, path: str) -> bool | None:
        if isinstance(value, bool):
            return value
        self.refuse(path, f"{name} must be true or false; got {_shown(value)}.")
        return None

    def _text(self, value: Any, name: str, path: str) -> str | None:
        if not isinstance(value, str):
            self.refuse(path, f"{name} must be a text; got {_shown(value)}.")
            return None
        # Composing shortens a text at most to a quarter; composing a very long one would take very long.
        is_long = len(value) > 4 * LONGEST_TEXT
        text = value if is_long else unicodedata.normalize("NFC", value)
        sentence = text_problem(text)
        if sentence:
            self.refuse(path, f"{name} {sentence}")
            return None
        return text

    def _date(self, text: str, name: str, path: str) -> str | None:
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                datetime.date.fromisoformat(text)
                return text
        except ValueError:
            pass
        self.refuse(path, f"{name} must be a date as year-month-day, like 2026-04-03; got {_shown(text)}.")
        return None

    def _instant(self, text: str, name: str, path: str) -> str | None:
        try:
            instant_from_text(text)
        except ValueError as error:
            self.refuse(path, f"{name} {error}")
            return None
        return text


def _why_no_number(value: Any) -> str:
    """What stands in the place of a number; a text is looked at as if it were typed."""
    if not isinstance(value, str):
        return f"got {_shown(value)}"
    try:
        number_from_text(value)
    except ValueError as error:
        return f"{error} (and write it without quotation marks)"
    return f"got {_shown(value)}. Type it without quotation marks"


def _is_finite(value: float | Decimal) -> bool:
    """Whether a number has a finite float; whole numbers of Python can be too large for one."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def text_problem(text: str) -> str | None:
    """Why a text is refused, or ``None``: too long, blank, or with characters that hide or reorder what is read."""
    if len(text) > LONGEST_TEXT:
        return f"must be at most {LONGEST_TEXT} characters; got {len(text)}."
    if not text.strip() or text != text.strip():
        return "must not be blank, nor begin or end with a blank."
    if text.isprintable():
        return None
    hidden = [character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    if hidden:
        return f"must not hold control, direction or surrogate characters; found U+{ord(hidden[0]):04X}."
    return None


def _blank(kind: Any) -> Any:
    return kind(**{field.name: () if field.is_list and field.is_required else None for field in fields_of(kind)})


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(value: Any) -> str:
    """A value as it is quoted in a message: short, printable, never a dump of the input."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, NoNumber) or value is None:
        return "null" if value is None else "no number"
    shown = f"{value:g}" if isinstance(value, int | float) else repr(printable(str(value)))
    return shown if len(shown) <= 60 else f"{shown[:60]}..."
