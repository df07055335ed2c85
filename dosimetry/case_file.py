"""Case files: strict JSON in, JSON out, and the hash that names an input.

Unknown or repeated keys, NaN, a boolean or a text where a number belongs, missing fields and texts that could hide
something are refused, all at once, each with its path. A case made in Python passes through the same door.
"""

import datetime
import difflib
import hashlib
import json
import math
import re
import unicodedata
from collections import Counter
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from dosimetry import case_rules, checks, reference
from dosimetry.case import Case
from dosimetry.case_fields import CaseField, fields_of
from dosimetry.columns import Columns, flat_names, from_case
from dosimetry.compartments import Compartments, compartments
from dosimetry.conventions import Constants, convention_names, resolve
from dosimetry.models import MODELS, PLANNED_MODELS
from dosimetry.number_text import number_from_text
from dosimetry.problems import CaseError, Problem

LARGEST_FILE_BYTES = 5_000_000
LONGEST_TEXT = 200
_DATES = ("patient.lab_date", "mapping.date")


class _Object(dict[str, Any]):
    """A JSON object that remembers keys that stood in it more than once."""

    repeated: tuple[str, ...] = ()


class _NoNumber:
    """A JSON number that cannot be one: the sentence says why."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


def read_case(source: str | Path | IO[str] | IO[bytes]) -> Case:
    """Read a case file.

    Parameters
    ----------
    source : path or open file
        A JSON case file, UTF-8.

    Raises
    ------
    CaseError
        Every problem of the file, each with its path.
    OSError
        When the file cannot be read.
    """
    content = Path(source).read_bytes() if isinstance(source, str | Path) else source.read()
    return case_from_text(content)


def case_from_text(content: str | bytes) -> Case:
    """The case in a JSON text; raises `CaseError` as `read_case`."""
    return checked(plain_from_text(content))[0]


def plain_from_text(content: str | bytes) -> Any:
    """Strict JSON as plain values, with what JSON readers usually swallow still visible to `checked`."""
    if len(content) > LARGEST_FILE_BYTES:
        raise CaseError(
            [Problem("", f"the file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB; this is no case file.")]
        )
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        raise CaseError([Problem("", "the file is not UTF-8 text; save it as UTF-8 JSON.")]) from None
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_float=_number, parse_int=_integer, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        message = f"the file is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise CaseError([Problem("", message)]) from None
    except RecursionError:
        raise CaseError([Problem("", "the file is nested too deeply; this is no case file.")]) from None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    found.repeated = tuple(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return found


def _number(text: str) -> float | _NoNumber:
    try:
        return number_from_text(text)
    except ValueError as error:
        return _NoNumber(str(error))


def _integer(text: str) -> int | float | _NoNumber:
    found = _number(text)
    return int(text) if isinstance(found, float) and abs(found) < 2**53 else found


def _constant(text: str) -> _NoNumber:
    return _NoNumber(f"got {text}; a finite number is needed")


def checked(plain: Any) -> tuple[Case, Columns, Constants, Compartments]:
    """The case in plain JSON values with its columns, constants and masses, checked against every rule.

    Raises
    ------
    CaseError
        All problems: of structure first, then of words, then of numbers.
    TypeError
        For a value that neither JSON nor the number tower of Python's standard library knows.
    """
    reader = _Reader()
    case = reader.record(plain, Case, "", "")
    if not isinstance(case, Case):
        raise CaseError(reader.problems)
    columns = from_case(case)
    constants = resolve(columns)
    parts = compartments(columns, constants)
    found = [*reader.problems, *case_rules.problems(case), *checks.problems(columns, constants, parts)]
    if found:
        raise CaseError(list({(problem.path, problem.message): problem for problem in found}.values()))
    return case, columns, constants, parts


class _Reader:
    """Walks plain values along the records of a case; collects problems, leaves what is wrong as ``None``."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def record(self, value: Any, kind: type[Any], path: str, pattern: str) -> Any:
        """A record from an object; missing and wrong fields are ``None`` or empty."""
        if not isinstance(value, dict):
            self.refuse(path, f"must be an object with named fields; got {_shown(value)}.")
            return None
        known = fields_of(kind)
        self._keys(value, [field.name for field in known], path)
        values: dict[str, Any] = {}
        for field in known:
            inner, inner_pattern = _join(path, field.name), _join(pattern, field.name)
            if field.name not in value:
                if field.is_required:
                    self.refuse(inner, f"{flat_names().get(inner_pattern, field.name)} is missing.")
                values[field.name] = () if field.is_list and field.is_required else None
            elif field.is_list:
                values[field.name] = self._list(value[field.name], field, inner, inner_pattern)
            else:
                values[field.name] = self._value(value[field.name], field, inner, inner_pattern)
        return kind(**values)

    def _keys(self, value: dict[str, Any], known: list[str], path: str) -> None:
        for key in getattr(value, "repeated", ()):
            self.refuse(_join(path, key), "the key stands more than once; which value is meant?")
        for key in value:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                hint = f" Did you mean {close[0]!r}?" if close else ""
                self.refuse(_join(path, _printable(str(key))), f"the key is not known.{hint}")

    def _list(self, value: Any, field: CaseField, path: str, pattern: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            self.refuse(path, f"must be a list; got {_shown(value)}.")
            return ()
        read = [self._value(item, field, f"{path}[{place}]", f"{pattern}[]") for place, item in enumerate(value)]
        # An unreadable territory keeps its place, so that later paths count right.
        return tuple(_blank(field.kind) if item is None and is_dataclass(field.kind) else item for item in read)

    def _value(self, value: Any, field: CaseField, path: str, pattern: str) -> Any:
        if is_dataclass(field.kind):
            return self.record(value, field.kind, path, pattern)  # type: ignore[arg-type]
        name = flat_names()[pattern]
        if value is None:
            self.refuse(path, f"{name} must not be null; leave the key out when it is not known.")
            return None
        read = {float: self._float, int: self._int, bool: self._bool, str: self._text}[field.kind]
        found = read(value, name, path)
        choices = field.choices or tabled_choices(pattern)
        if found is not None and choices and found not in choices:
            self._refuse_choice(found, choices, name, path)
            return None
        if found is not None and pattern in _DATES:
            return self._date(found, name, path)
        return found

    def _refuse_choice(self, found: Any, choices: tuple[Any, ...], name: str, path: str) -> None:
        if found in PLANNED_MODELS and name == "prescription_model":
            self.refuse(path, f"model {found!r} is part of the case format, but this version does not compute it.")
        else:
            self.refuse(path, f"{name} must be one of {', '.join(map(str, choices))}; got {_shown(found)}.")

    def _float(self, value: Any, name: str, path: str) -> float | None:
        if isinstance(value, _NoNumber):
            self.refuse(path, f"{name} must be a number; {value.sentence}.")
        elif isinstance(value, bool | str | list | dict | tuple):
            hint = " Type it without quotation marks." if isinstance(value, str) else ""
            self.refuse(path, f"{name} must be a number; got {_shown(value)}.{hint}")
        elif not isinstance(value, int | float | Decimal):
            raise TypeError(f"{path}: {name} must be an int, float or Decimal; got {type(value).__name__}.")
        elif not math.isfinite(value):
            self.refuse(path, f"{name} must be a number; got {value}, a finite number is needed.")
        else:
            return float(value)
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
        text = unicodedata.normalize("NFC", value)
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


def text_problem(text: str) -> str | None:
    """Why a text is refused, or ``None``: too long, blank, or with characters that hide or reorder what is read."""
    if len(text) > LONGEST_TEXT:
        return f"must be at most {LONGEST_TEXT} characters; got {len(text)}."
    if not text.strip() or text != text.strip():
        return "must not be blank, nor begin or end with a blank."
    hidden = [character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    if hidden:
        return f"must not hold control, direction or surrogate characters; found U+{ord(hidden[0]):04X}."
    return None


def tabled_choices(pattern: str) -> tuple[str, ...]:
    """The allowed words of a field whose list is a table: devices, conventions, models."""
    if pattern == "device":
        return tuple(row.device for row in reference.devices())
    if pattern == "convention":
        return convention_names()
    if pattern == "territories[].prescription.model":
        return tuple(model.key for model in MODELS)
    return ()


def _blank(kind: type[Any]) -> Any:
    return kind(**{field.name: () if field.is_list and field.is_required else None for field in fields_of(kind)})


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:LONGEST_TEXT])


def _shown(value: Any) -> str:
    """A value as it is quoted in a message: short, printable, never a dump of the input."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, _NoNumber) or value is None:
        return "null" if value is None else "no number"
    shown = f"{value:g}" if isinstance(value, int | float) else repr(_printable(str(value)))
    return shown if len(shown) <= 60 else f"{shown[:60]}..."


def plain_from_case(case: Any) -> Any:
    """The plain JSON values of a case or any part of it; fields that were not given are left out."""
    if is_dataclass(case):
        pairs = ((field.name, getattr(case, field.name)) for field in fields(case))
        return {name: plain_from_case(value) for name, value in pairs if value is not None}
    if isinstance(case, list | tuple):
        return [plain_from_case(item) for item in case]
    return case


def text_from_case(case: Case) -> str:
    """A case file."""
    return json.dumps(plain_from_case(case), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def input_sha256(case: Case) -> str:
    """SHA-256 over the parsed case: sorted keys, compact UTF-8, numbers as float64, without the acknowledgements.

    The same on every machine; 70 and 70.0 hash alike.
    """
    plain = plain_from_case(case)
    plain.pop("acknowledged", None)
    text = json.dumps(_floats(plain), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _floats(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {key: _floats(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_floats(value) for value in plain]
    return float(plain) if isinstance(plain, int) and not isinstance(plain, bool) else plain
