"""Case files: JSON in, JSON out, and the hash that names an input."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from dosimetry.case import Case
from dosimetry.case_reader import checked
from dosimetry.strict_json import plain_from_text
from dosimetry.tace import door
from dosimetry.tace.case import TaceCase

AnyCase = Case | TaceCase
"""A case of any treatment."""


def read_case(source: str | Path | IO[str] | IO[bytes]) -> AnyCase:
    """Read a case file of any treatment.

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


def case_from_text(content: str | bytes) -> AnyCase:
    """The case in a JSON text; raises `CaseError` as `read_case`."""
    return case_from_plain(plain_from_text(content))


def case_from_plain(plain: Any) -> AnyCase:
    """The case in plain JSON values, by the reader of its treatment; raises `CaseError` as `read_case`."""
    is_tace = isinstance(plain, dict) and plain.get("treatment") == "tace"
    return door.checked(plain)[0] if is_tace else checked(plain)[0]


def plain_from_case(case: Any) -> Any:
    """The plain JSON values of a case or any part of it; fields that were not given are left out."""
    if isinstance(case, list | tuple):
        return [plain_from_case(item) for item in case]
    kind: Any = type(case)
    names = _names_of(kind)
    if not names:
        return case
    return {name: plain_from_case(value) for name in names if (value := getattr(case, name)) is not None}


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    """Field names of a record type; none for a plain value."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def text_from_case(case: AnyCase) -> str:
    """A case file."""
    return json.dumps(plain_from_case(case), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def input_sha256(case: AnyCase) -> str:
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
