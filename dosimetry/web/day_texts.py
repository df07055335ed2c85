"""The parts of a case beyond its plan as texts of a page, and texts as such parts. Nothing here knows streamlit.

A text stands under the flat name of its field and the numbers of its rows, from the outer list to the inner one. Rows
keep their numbers when others go; in the case they count from zero.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from dosimetry.case_fields import Leaf, leaves
from dosimetry.columns import flat_names
from dosimetry.problems import PLACE, Problem
from dosimetry.web.screen import text_of, value_of

Rows = tuple[int, ...]
Texts = Mapping[tuple[str, Rows], str]
PARTS = ("directive", "order", "delivery", "sessions", "scout", "second_check")
_LIST = "[]"
_INSTANT = re.compile(r"(^|[._])at(\[\])?$")


@cache
def _leaves() -> dict[str, Leaf]:
    found = (leaf for leaf in leaves() if _part_of(leaf.path) in PARTS)
    return {flat_names()[leaf.path]: leaf for leaf in found}


def _part_of(path: str) -> str:
    return path.partition(".")[0].removesuffix(_LIST)


@cache
def names_of(part: str) -> tuple[str, ...]:
    """Flat names of the fields of a part, in the order of the case format."""
    return tuple(name for name, leaf in _leaves().items() if _part_of(leaf.path) == part)


def path_of(name: str) -> str:
    """The path of a field in the case format."""
    return _leaves()[name].path


def is_instant(name: str) -> bool:
    """Whether a field holds an instant."""
    return _INSTANT.search(_leaves()[name].path) is not None


def plain_from_texts(texts: Texts) -> tuple[dict[str, Any], list[Problem]]:
    """The parts as plain values of a case file, and what could not be read, each with its path."""
    filled = {key: text.strip() for key, text in texts.items() if text.strip()}
    places = _places(filled)
    problems: list[Problem] = []
    plain: dict[str, Any] = {}
    for (name, rows), text in sorted(filled.items(), key=lambda item: item[0][1]):
        leaf = _leaves()[name]
        counted = tuple(places[key].index(row) for key, row in zip(_lists(leaf.path, rows), rows, strict=True))
        try:
            _put(plain, leaf.path, counted, value_of(leaf, name, text))
        except ValueError as error:
            path = leaf.path.replace(_LIST, "[{}]").format(*counted)
            problems.append(Problem(path, f"{name} must be a number; {error}."))
    return plain, problems


def _lists(path: str, rows: Rows) -> Iterator[tuple[str, Rows]]:
    """Every list on the way to a field: its own path, and the rows that lead to it."""
    for depth, found in enumerate(re.finditer(re.escape(_LIST), path)):
        yield path[: found.start()], rows[:depth]


def _places(filled: Texts) -> dict[tuple[str, Rows], list[int]]:
    """The numbers of the rows of every list in which something stands, in their order."""
    found: dict[tuple[str, Rows], set[int]] = {}
    for name, rows in filled:
        for key, row in zip(_lists(_leaves()[name].path, rows), rows, strict=True):
            found.setdefault(key, set()).add(row)
    return {key: sorted(rows) for key, rows in found.items()}


def place_of(path: str, texts: Texts) -> tuple[str, Rows] | None:
    """The flat name and the rows of the text that stands, or would stand, at a path; ``None`` for no single field."""
    name = _names_by_path().get(PLACE.sub("[]", path))
    if name is None:
        return None
    places = _places({key: text for key, text in texts.items() if text.strip()})
    rows: Rows = ()
    for depth, counted in enumerate(map(int, PLACE.findall(path))):
        outer = _path_of_list(_leaves()[name].path, depth)
        found = places.get((outer, rows), [])
        if counted >= len(found):
            return None
        rows = (*rows, found[counted])
    return name, rows


def _path_of_list(path: str, depth: int) -> str:
    return _LIST.join(path.split(_LIST)[: depth + 1])


@cache
def _names_by_path() -> dict[str, str]:
    return {leaf.path: name for name, leaf in _leaves().items()}


def _put(plain: dict[str, Any], path: str, counted: Rows, value: Any) -> None:
    record: Any = plain
    places = iter(counted)
    *outer, last = path.split(".")
    for step in outer:
        name = step.removesuffix(_LIST)
        record = _item(record.setdefault(name, []), next(places)) if step != name else record.setdefault(name, {})
    name = last.removesuffix(_LIST)
    if last == name:
        record[name] = value
    else:
        record.setdefault(name, []).append(value)


def _item(items: list[Any], place: int) -> Any:
    while len(items) <= place:
        items.append({})
    return items[place]


def texts_from_plain(carried: Mapping[str, Any], parts: Iterable[str]) -> dict[tuple[str, Rows], str]:
    """The texts of parts of a case. Values of a wrong type have none."""
    found: dict[tuple[str, Rows], str] = {}
    for part in parts:
        for name in names_of(part):
            for rows, value in _values(carried, _leaves()[name].path.split(".")):
                text = text_of(name, value)
                if text:
                    found[name, rows] = text
    return found


def _values(record: Any, steps: list[str]) -> Iterator[tuple[Rows, Any]]:
    """Every value of a field with the rows that lead to it."""
    if not steps:
        yield (), record
        return
    step, *rest = steps
    name = step.removesuffix(_LIST)
    inner = record.get(name) if isinstance(record, dict) else None
    if step == name:
        if inner is not None:
            yield from _values(inner, rest)
    elif isinstance(inner, list):
        for place, item in enumerate(inner):
            yield from (((place, *rows), value) for rows, value in _values(item, rest))
