"""Plain JSON values: reached by their steps, and compared: whether one says as much as the other."""

from collections.abc import Iterable
from typing import Any


def is_odd(plain: Any) -> bool:
    """Whether JSON text hides something from plain values: a key that stood twice, a number that cannot be one."""
    if isinstance(plain, dict):
        return bool(getattr(plain, "repeated", ())) or any(is_odd(value) for value in plain.values())
    if isinstance(plain, list):
        return any(is_odd(value) for value in plain)
    return not isinstance(plain, bool | int | float | str)


def pruned(plain: Any) -> Any:
    """Plain values without empty objects and lists, which say as much as nothing."""
    if isinstance(plain, dict):
        inner = {key: pruned(value) for key, value in plain.items()}
        return {key: value for key, value in inner.items() if value not in ({}, [])}
    return [pruned(item) for item in plain] if isinstance(plain, list) else plain


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are the same; 70 and 70.0 are, 1 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def put(record: dict[str, Any], steps: tuple[str, ...], value: Any) -> None:
    """Put a value into a record, with the records between made where they are missing."""
    for step in steps[:-1]:
        record = record.setdefault(step, {})
    record[steps[-1]] = value


def got(record: Any, steps: Iterable[str]) -> Any:
    """The value at these steps of a record, if there is one."""
    for step in steps:
        record = record.get(step) if isinstance(record, dict) else None
    return record
