"""Strict JSON: what readers usually swallow (repeated keys, NaN, numbers out of range) stays visible to the caller."""

import json
from collections import Counter
from typing import Any

from dosimetry.number_text import number_from_text
from dosimetry.problems import CaseError, Problem

LARGEST_FILE_BYTES = 5_000_000
DEEPEST = 50
LONGEST_QUOTE = 200
_TOO_DEEP = Problem("", "the file is nested too deeply; this is no case file.")
REPEATED = "the key stands more than once; which value is meant?"


class JsonObject(dict[str, Any]):
    """A JSON object that remembers keys that stood in it more than once."""

    repeated: tuple[str, ...] = ()


class NoNumber:
    """A JSON number that cannot be one: the sentence says why."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


def plain_from_text(content: str | bytes) -> Any:
    """Strict JSON as plain values, with what JSON readers usually swallow still visible to `checked`."""
    if len(content) > LARGEST_FILE_BYTES:
        raise CaseError(
            [Problem("", f"the file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB; this is no case file.")]
        )
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise CaseError([Problem("", "the file is not UTF-8 text; save it as UTF-8 JSON.")]) from None
    try:
        plain = json.loads(
            text, object_pairs_hook=_object, parse_float=_number, parse_int=_integer, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        message = f"the file is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise CaseError([Problem("", message)]) from None
    except RecursionError:
        raise CaseError([_TOO_DEEP]) from None
    if _depth(plain) > DEEPEST:
        raise CaseError([_TOO_DEEP])
    return plain


def _depth(plain: Any) -> int:
    """How deeply objects and lists stand inside each other, counted level by level."""
    depth, level = 0, [plain]
    while level and depth <= DEEPEST:
        inside = [
            list(item.values()) if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)
        ]
        depth, level = depth + 1, [item for items in inside for item in items]
    return depth


def printable(text: str) -> str:
    """A text as it is quoted in a message: short, and without characters that act on a screen."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:LONGEST_QUOTE])


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = JsonObject(pairs)
    found.repeated = tuple(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return found


def _number(text: str) -> float | NoNumber:
    try:
        return number_from_text(text)
    except ValueError as error:
        return NoNumber(str(error))


def _integer(text: str) -> int | float | NoNumber:
    found = _number(text)
    return int(text) if isinstance(found, float) and abs(found) < 2**53 else found


def _constant(text: str) -> NoNumber:
    return NoNumber(f"got {text}; a finite number is needed")


def repeated_keys(plain: Any, path: str = "") -> list[Problem]:
    """Every key of a JSON text that stands more than once in its object, with its path."""
    if isinstance(plain, list):
        return [found for place, item in enumerate(plain) for found in repeated_keys(item, f"{path}[{place}]")]
    if not isinstance(plain, dict):
        return []
    prefix = f"{path}." if path else ""
    here = [Problem(f"{prefix}{printable(key)}", REPEATED) for key in getattr(plain, "repeated", ())]
    return here + [found for key, value in plain.items() for found in repeated_keys(value, f"{prefix}{key}")]
