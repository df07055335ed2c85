"""Problems as a person in front of the form reads them: where by label and name, inputs by their labels."""

import re
from collections.abc import Mapping
from typing import Any

from dosimetry import figures, reference
from dosimetry.columns import flat_names
from dosimetry.problems import PLACE, Problem
from dosimetry.report.plain_words import in_plain_words
from dosimetry.web import typed_units
from dosimetry.web.screen import Row, Screen, is_number, text_of

TERRITORY = re.compile(r"^territories\[(\d+)\]")
LESION = re.compile(r"lesions\[(\d+)\]")
EARLIER_ROW = re.compile(r"earlier_anthracycline\[(\d+)\]")
_SECTIONS = {
    "territories": "Territories",
    "territories[].lesions": "Lesions",
    "delivery.territories[].rates_before.rates": "Reading of the jar before the injection",
    "delivery.territories[].rates_after.rates": "Reading of the jar after the injection",
    "sessions": "Earlier sessions",
}
"""Names of what no single box is for."""
_DAY = re.compile(r"^(directive|order|delivery|scout|second_check)(?:\.territories\[(\d+)\])?")
_STEP = re.compile(r"([A-Za-z_]+)|\[(\d+)\]")
_PARTS = {
    "directive": "Written directive",
    "order": "Order",
    "delivery": "Delivery",
    "scout": "Scout",
    "second_check": "Second check",
}


def sentence(problem: Problem, screen: Screen) -> str:
    """One problem in one line: where, and the library's message in the words of the form."""
    where, message = place_of(problem.path, screen), message_of(problem, screen)
    return f"{where}: {message}" if where else message


def message_of(problem: Problem, screen: Screen) -> str:
    """The library's message in the words of the form."""
    pattern = PLACE.sub("[]", problem.path)
    known = flat_names(screen.treatment.root)
    name = known.get(pattern, pattern.rpartition(".")[2])
    label = reference.field(name).label if pattern in known else _SECTIONS.get(pattern, "")
    typed = _typed(problem.path, name, screen)
    outside = _outside_percent(problem.message, name, typed) or _outside_in_typed_unit(problem.message, name, typed)
    rest = in_plain_words((outside or problem.message).removeprefix(f"{name} "))
    if rest.startswith(("must ", "is ")):
        return f"{label} {rest}"
    # What a model needs is said of the model, and not of the box it was chosen in.
    if rest.startswith("model "):
        return rest
    return f"{label}: {rest}" if label and label not in rest else f"{rest[:1].upper()}{rest[1:]}"


def _typed(path: str, name: str, screen: Screen) -> str:
    """What was typed into the input of a path; empty where nothing was, and for what is no single input."""
    owners = _owners(path, screen)
    return (owners[-1][1] if owners else screen.case).get(name, "") or _carried_text(path, name, screen)


def place_of(path: str, screen: Screen) -> str:
    """Territory and lesion that a path points into, in words; empty for the case itself."""
    return ", ".join(text for text, _ in _owners(path, screen))


def _owners(path: str, screen: Screen) -> list[tuple[str, Row]]:
    """Territory and lesion that a path points into, by name or by number, with their inputs."""
    territory, lesion, earlier = (part.search(path) for part in (TERRITORY, LESION, EARLIER_ROW))
    day = _DAY.match(path)
    if day:
        return [(_day_place(day.group(1), day.group(2), screen), {})]
    if earlier:
        place = int(earlier.group(1))
        return [(f"Earlier anthracycline {place + 1}", screen.earlier[place])]
    if not territory:
        return []
    place = int(territory.group(1))
    row = screen.territories[place]
    found = [(f"Territory {row.inputs.get('territory_name') or place + 1}", row.inputs)]
    if lesion:
        place = int(lesion.group(1))
        inputs = row.lesions[place]
        found.append((f"lesion {inputs.get('lesion_name') or place + 1}", inputs))
    return found


def _day_place(part: str, place: str | None, screen: Screen) -> str:
    """A part of the treatment day, with the name of the territory that a path points into."""
    if place is None:
        return _PARTS[part]
    record = _at(screen.carried, f"{part}.territories[{place}]")
    named = (record.get("territory") or record.get("name")) if isinstance(record, dict) else None
    return f"{_PARTS[part]}, territory {named or int(place) + 1}"


def _carried_text(path: str, name: str, screen: Screen) -> str:
    """What was typed on a page of its own, as it was typed there."""
    return text_of(name, _at(screen.carried, path)) if is_number(name) else ""


def _outside_in_typed_unit(message: str, name: str, typed: str) -> str | None:
    """The range of an input that is typed in another unit than that of the case, in the unit it is typed in."""
    if name not in typed_units.OTHER or not typed_units.is_other(name) or not message.startswith(f"{name} must be in"):
        return None
    rule, other = reference.field(name), typed_units.OTHER[name]
    bounds = ", ".join(figures.trimmed(float(other.from_case(bound))) for bound in (rule.lower, rule.upper))
    opening, closing = "(" if rule.lower_open else "[", ")" if rule.upper_open else "]"
    return f"must be in {opening}{bounds}{closing} {other.unit}; got {typed_units.shown_text(name, typed)}."


def _at(plain: Any, path: str) -> Any:
    """The value at a path of plain values; ``None`` where there is none."""
    for key, place in _STEP.findall(path):
        if place:
            plain = plain[int(place)] if isinstance(plain, list) and int(place) < len(plain) else None
        else:
            plain = plain.get(key) if isinstance(plain, Mapping) else None
    return plain


def _outside_percent(message: str, name: str, typed: str) -> str | None:
    """The range of an input that is typed in percent, in percent: the library speaks of the fraction."""
    if not typed or reference.field(name).entered_as != "%" or not message.startswith(f"{name} must be in"):
        return None
    rule = reference.field(name)
    opening, closing = "(" if rule.lower_open else "[", ")" if rule.upper_open else "]"
    return f"must be in {opening}{figures.percent(rule.lower)}, {figures.percent(rule.upper)}{closing}; got {typed} %."
