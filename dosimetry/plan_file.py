"""Plan files: a plan as JSON, and the verification of a stored one."""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from dosimetry import reference
from dosimetry.case import Case
from dosimetry.case_file import AnyCase, case_from_plain, input_sha256, plain_from_case
from dosimetry.plan_record import Plan
from dosimetry.planning import checked_instant, plan
from dosimetry.problems import CaseError, Problem
from dosimetry.strict_json import plain_from_text, repeated_keys
from dosimetry.tace.case import TaceCase
from dosimetry.tace.plan_record import TacePlan
from dosimetry.version import __version__

SAME_NUMBER_RTOL = 1e-12
_ORIGIN = ("input_sha256", "version", "data_fingerprint", "computed_at")


def plain_from_plan(record: Any) -> Any:
    """The plain JSON values of a plan or any part of it. What is not known is ``null``; the case is as it was given."""
    if isinstance(record, Case | TaceCase):
        return plain_from_case(record)
    if is_dataclass(record):
        return {field.name: plain_from_plan(getattr(record, field.name)) for field in fields(record)}
    if isinstance(record, tuple):
        return [plain_from_plan(item) for item in record]
    return record


def text_from_plan(record: Plan | TacePlan) -> str:
    """A plan file."""
    return json.dumps(plain_from_plan(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a recomputed plan says of the stored one. ``moved`` holds a sentence for every value that differs."""

    reasons: tuple[str, ...]
    moved: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the stored plan follows from its own case, today and here."""
        return not self.moved and not self.reasons


def verify(content: str | bytes) -> Verification:
    """Recompute a stored plan and say what moved and why.

    Parameters
    ----------
    content : str or bytes
        A plan file.

    Raises
    ------
    CaseError
        When it is no plan file, or its case breaks a rule of today.
    """
    stored = plain_from_text(content)
    if not isinstance(stored, dict) or stored.get("format") != "dosimetry-plan" or stored.get("format_version") != 1:
        raise CaseError([Problem("format", "the file is no plan of format version 1.")])
    repeated = repeated_keys(stored)
    if repeated:
        raise CaseError(repeated)
    missing = [name for name in (*_ORIGIN, "case") if name not in stored]
    if missing:
        raise CaseError([Problem(name, "is missing from the plan.") for name in missing])
    case = case_from_plain(stored["case"])
    fresh = plain_from_plan(plan(case, at=_instant(stored["computed_at"])))
    moved = tuple(_differences("", stored, json.loads(json.dumps(fresh))))
    return Verification(_reasons(stored, case, bool(moved)), moved)


def _instant(text: Any) -> datetime.datetime:
    try:
        return instant_from_text(text)
    except (TypeError, ValueError):
        raise CaseError(
            [Problem("computed_at", f"must be an instant like 2026-01-31T09:30:00Z; got {text!r}.")]
        ) from None


def instant_from_text(text: str) -> datetime.datetime:
    """An instant in ISO 8601 with its offset or ``Z``; ``ValueError`` with a sentence otherwise."""
    try:
        instant = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"must be an instant like 2026-01-31T09:30:00Z; got {text!r}.") from None
    if instant.tzinfo is None:
        raise ValueError(f"must name its offset, as in 2026-01-31T09:30:00Z; got {text!r}.")
    return checked_instant(instant)


def _reasons(stored: dict[str, Any], case: AnyCase, has_moved: bool) -> tuple[str, ...]:
    """Why numbers may differ: another input, other tables, other code, or a file changed by hand."""
    found: list[str] = []
    if stored["input_sha256"] != input_sha256(case):
        found.append("input: the case in the file is not the one the plan was made from (its hash differs).")
    if stored["data_fingerprint"] != reference.fingerprint():
        found.append(f"tables: made with {stored['data_fingerprint']}, recomputed with {reference.fingerprint()}.")
    if stored["version"] != __version__:
        found.append(f"code: made with version {stored['version']}, recomputed with {__version__}.")
    if has_moved and not found:
        found.append("file: input, tables and version are the same, so the file was changed after it was made.")
    return tuple(found)


def _differences(path: str, stored: Any, fresh: Any) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(fresh, dict):
        for name in dict.fromkeys((*stored, *fresh)):
            if path or name not in _ORIGIN:
                yield from _differences(f"{path}.{name}" if path else name, stored.get(name), fresh.get(name))
    elif isinstance(stored, list) and isinstance(fresh, list) and len(stored) == len(fresh):
        for place, pair in enumerate(zip(stored, fresh, strict=True)):
            yield from _differences(f"{path}[{place}]", *pair)
    elif not _same(stored, fresh):
        yield f"{path}: stored {_shown(stored)}, recomputed {_shown(fresh)}"


def _same(stored: Any, fresh: Any) -> bool:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (stored, fresh))
    if numbers:
        return bool(abs(stored - fresh) <= SAME_NUMBER_RTOL * abs(fresh))
    return type(stored) is type(fresh) and bool(stored == fresh)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda unreadable: "unreadable")
