"""Strict JSON: what readers usually swallow (repeated keys, NaN, numbers out of range) stays visible to the caller."""

import json
from collections import Counter
from typing import Any

from dosimetry.number_text import number_from_text
from dosimetry.problems import CaseError, Problem

LARGEST_FILE_BYTES = 5_000_000


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
