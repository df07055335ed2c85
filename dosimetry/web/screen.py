"""What stands on the screen, as a case, and a case as what stands on the screen. Nothing here knows streamlit.

Every input is text, as it was typed or chosen; an empty text was not given. Text becomes a value by the type of its
field and by `number_from_text` alone, and a value becomes the text that reads back as the same value.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dosimetry import reference
from dosimetry.case_fields import Leaf, leaves
from dosimetry.columns import flat_names
from dosimetry.number_text import number_from_text
from dosimetry.problems import CaseError, Problem
from dosimetry.strict_json import plain_from_text
from dosimetry.typed_text import text_from_number
from dosimetry.web.plain_values import got, is_odd, pruned, put, same
from dosimetry.web.treatments import TARE, TREATMENTS, Treatment, treatment_of

Row = Mapping[str, str]
SEGMENTS = "segments"
PERCENT = 100
_WITHOUT_WIDGET = ("treatment", "limits", "directive", "order", "delivery", "sessions", "scout", "second_check")
EARLIER = "earlier_anthracycline"
_LEVELS = ("case", "territory", "lesion", EARLIER)
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryRow:
    """The inputs of one territory, and those of the lesions in it."""

    inputs: Row
    lesions: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All inputs of a page as text by flat name. ``carried`` holds what a case file brought and no widget shows."""

    treatment: Treatment = TARE
    case: Row
    territories: tuple[TerritoryRow, ...] = ()
    earlier: tuple[Row, ...] = ()
    carried: Mapping[str, Any]
    acknowledged: tuple[Mapping[str, Any], ...] = ()

    @property
    def digest(self) -> str:
        """Identifies the inputs, character by character; acknowledgements are no inputs."""
        territories = [(territory.inputs, territory.lesions) for territory in self.territories]
        inputs = [self.case, territories, self.earlier, self.carried]
        return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=dict).encode()).hexdigest()


def empty(treatment: Treatment = TARE) -> Screen:
    """The screen of a treatment on which nothing stands."""
    return Screen(treatment=treatment, case={}, carried={})


EMPTY = empty()


@cache
def names(level: str, treatment: Treatment = TARE) -> tuple[str, ...]:
    """Flat names of the inputs of a level that have a place on the screen, in the order of the case format."""
    return (*_leaves(level, treatment), *(treatment.asked if level == "case" else ()))


@cache
def _leaves(level: str, treatment: Treatment) -> dict[str, Leaf]:
    root = treatment.root
    found = {flat_names(root)[leaf.path]: leaf for leaf in leaves(root) if _level_of(leaf) == level}
    skipped = {name for name, leaf in found.items() if leaf.path in treatment.head or leaf.steps[0] in _WITHOUT_WIDGET}
    return {name: leaf for name, leaf in found.items() if name not in skipped}


def _level_of(leaf: Leaf) -> str:
    return EARLIER if leaf.path.startswith(f"{EARLIER}[]") else leaf.level


def _steps(leaf: Leaf) -> tuple[str, ...]:
    """Attribute names from the record of a row down to the value."""
    return tuple(step for step in leaf.steps if not step.endswith("[]"))


def plain_from_screen(screen: Screen) -> tuple[dict[str, Any], list[Problem]]:
    """The case of the screen as plain values of a case file, and what could not be read, each with its path."""
    problems: list[Problem] = []
    treatment = screen.treatment
    plain: dict[str, Any] = {**treatment.head, **_record("case", screen.case, "", problems, treatment)}
    for name, part in treatment.asked.items():
        inner = plain.pop(part, {})
        plain |= {part: inner} if screen.case.get(name) == _YES else {}
    if screen.earlier:
        plain[EARLIER] = [
            _record(EARLIER, row, f"{EARLIER}[{place}].", problems, treatment)
            for place, row in enumerate(screen.earlier)
        ]
    plain["territories"] = [
        _territory(territory, f"territories[{place}].", problems, treatment)
        for place, territory in enumerate(screen.territories)
    ]
    plain |= screen.carried
    if screen.acknowledged:
        plain["acknowledged"] = [dict(entry) for entry in screen.acknowledged]
    return plain, problems


def _territory(row: TerritoryRow, path: str, problems: list[Problem], treatment: Treatment) -> dict[str, Any]:
    territory = {**treatment.territory_head, **_record("territory", row.inputs, path, problems, treatment)}
    if row.inputs.get(SEGMENTS):
        territory[SEGMENTS] = [part.strip() for part in row.inputs[SEGMENTS].split(",")]
    territory["lesions"] = [
        _record("lesion", lesion, f"{path}lesions[{place}].", problems, treatment)
        for place, lesion in enumerate(row.lesions)
    ]
    return territory


def _record(level: str, row: Row, path: str, problems: list[Problem], treatment: Treatment) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, leaf in _leaves(level, treatment).items():
        text = row.get(name, "").strip()
        if not text:
            continue
        try:
            put(record, _steps(leaf), value_of(leaf, name, text))
        except ValueError as error:
            problems.append(Problem(f"{path}{'.'.join(_steps(leaf))}", f"{name} must be a number; {error}."))
    return record


def value_of(leaf: Leaf, name: str, text: str) -> Any:
    """The value that the text of an input stands for; raises ``ValueError`` with the reason where it is no number."""
    if leaf.field.kind is bool:
        return text == _YES
    if leaf.field.kind in (int, float):
        return typed_number(name, text)
    return text


def typed_number(name: str, text: str) -> float:
    """The number that a text stands for, a fraction where percent are typed; ``ValueError`` with the likely slip."""
    return number_from_text(text, per=_per(name))


def number_of(name: str, text: str) -> float | None:
    """The same, or ``None`` for a text that is no number."""
    try:
        return typed_number(name, text)
    except ValueError:
        return None


def _per(name: str) -> int:
    return PERCENT if reference.field(name).entered_as == "%" else 1


def case_of(screen: Screen) -> Any:
    """The case of the screen.

    Raises
    ------
    CaseError
        Everything that keeps the screen from being one: what cannot be read, then every broken rule of the rest.
    """
    plain, unreadable = plain_from_screen(screen)
    try:
        case = screen.treatment.checked(plain)
    except CaseError as error:
        # What was typed but cannot be read is not missing as well.
        known = {problem.path for problem in unreadable}
        raise CaseError([*unreadable, *(each for each in error.problems if each.path not in known)]) from None
    if unreadable:
        raise CaseError(unreadable)
    return case


def problems_of(screen: Screen) -> tuple[Problem, ...]:
    """Everything that keeps the screen from being a case."""
    try:
        case_of(screen)
    except CaseError as error:
        return tuple(error.problems)
    return ()


def screen_from_file(content: bytes) -> Screen:
    """The screen of a case file, or of the case inside a plan file.

    A case that breaks rules is opened all the same when the screen can show every value of it: saved unfinished work.

    Raises
    ------
    CaseError
        The library's sentences, when the file is no case or holds what the screen cannot show without changing it.
    """
    plain = plain_from_text(content)
    if isinstance(plain, dict) and plain.get("format") == "dosimetry-plan":
        plain = plain.get("case")
    screen = screen_from_plain(plain) if isinstance(plain, dict) else None
    if screen is None or is_odd(plain) or not same(pruned(plain), pruned(plain_from_screen(screen)[0])):
        treatment_of(plain).checked(plain)
        raise CaseError([Problem("", "the form cannot show every value of this case.")])
    return screen


def screen_from_plain(plain: Mapping[str, Any]) -> Screen:
    """The screen of a case in plain values. Values of a wrong type are left out; `screen_from_file` refuses them."""
    treatment = treatment_of(plain)
    acknowledged = [item for item in _items(plain, "acknowledged") if isinstance(item, dict)]
    asked = {name: _YES for name, part in treatment.asked.items() if part in plain}
    return Screen(
        treatment=treatment,
        case=_row("case", plain, treatment) | asked,
        territories=tuple(
            _territory_row(territory, treatment)
            for territory in _items(plain, "territories")
            if isinstance(territory, dict)
        ),
        earlier=tuple(_row(EARLIER, item, treatment) for item in _items(plain, EARLIER) if isinstance(item, dict)),
        carried={name: plain[name] for name in _WITHOUT_WIDGET if name in plain and name not in treatment.head},
        acknowledged=tuple(acknowledged),
    )


def _items(record: Mapping[str, Any], name: str) -> list[Any]:
    found = record.get(name)
    return found if isinstance(found, list) else []


def _territory_row(territory: Mapping[str, Any], treatment: Treatment) -> TerritoryRow:
    row = _row("territory", territory, treatment)
    segments = [item for item in _items(territory, SEGMENTS) if isinstance(item, str)]
    if segments:
        row[SEGMENTS] = ", ".join(segments)
    lesions = (_row("lesion", lesion, treatment) for lesion in _items(territory, "lesions") if isinstance(lesion, dict))
    return TerritoryRow(inputs=row, lesions=tuple(lesions))


def _row(level: str, record: Mapping[str, Any], treatment: Treatment) -> dict[str, str]:
    held = _leaves(level, treatment)
    texts = {name: _text(got(record, _steps(leaf)), per=_per(name)) for name, leaf in held.items()}
    return {name: text for name, text in texts.items() if text and _fits(held[name], text)}


def _fits(leaf: Leaf, text: str) -> bool:
    """Whether a list of choices holds the text: what it does not hold cannot be shown."""
    choices = _choices_of(leaf)
    return not choices or text in choices


def is_number(name: str) -> bool:
    """Whether an input holds a number."""
    leaf = _leaf_of(name)
    return leaf is not None and leaf.field.kind in (int, float)


def is_chosen(name: str) -> bool:
    """Whether an input is chosen from a list and not typed."""
    leaf = _leaf_of(name)
    return leaf is not None and (leaf.field.kind is bool or bool(_choices_of(leaf)))


@cache
def _leaf_of(name: str) -> Leaf | None:
    """The field of an input; of the segments none, because one text holds the whole list."""
    held = (_leaves(level, treatment) for treatment in TREATMENTS.values() for level in _LEVELS)
    found = next((leaves_of[name] for leaves_of in held if name in leaves_of), None)
    return found or next((leaf for leaf in leaves() if flat_names()[leaf.path] == name and _is_apart(leaf)), None)


def _is_apart(leaf: Leaf) -> bool:
    """Whether a field has its input on a page of its own."""
    return leaf.steps[0].removesuffix("[]") in _WITHOUT_WIDGET


def _choices_of(leaf: Leaf) -> tuple[str, ...]:
    given = (each.choices(leaf.path) for each in TREATMENTS.values())
    return tuple(leaf.field.choices) or next(filter(None, given), ())


def text_of(name: str, value: Any) -> str:
    """The text of an input that reads back as a value."""
    return _text(value, per=_per(name))


def _text(value: Any, *, per: int = 1) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, int | float):
        return text_from_number(value, per=per)
    return value if isinstance(value, str) else ""
