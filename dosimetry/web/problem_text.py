"""Problems as a person in front of the form reads them: where by label and name, inputs by their labels."""

import re
from functools import cache

from dosimetry import figures, reference
from dosimetry.columns import flat_names
from dosimetry.models import MODELS
from dosimetry.problems import Problem
from dosimetry.web.screen import Row, Screen

ROW = re.compile(r"\[(\d+)\]")
TERRITORY = re.compile(r"territories\[(\d+)\]")
LESION = re.compile(r"lesions\[(\d+)\]")
_SECTIONS = {"territories": "Territories", "territories[].lesions": "Lesions"}


def sentence(problem: Problem, screen: Screen) -> str:
    """One problem in one line: where, and the library's message in the words of the form."""
    where, message = place_of(problem.path, screen), message_of(problem, screen)
    return f"{where}: {message}" if where else message


def message_of(problem: Problem, screen: Screen) -> str:
    """The library's message in the words of the form."""
    pattern = ROW.sub("[]", problem.path)
    name = flat_names().get(pattern, pattern)
    label = reference.field(name).label if pattern in flat_names() else _SECTIONS.get(pattern, "")
    owners = _owners(problem.path, screen)
    typed = (owners[-1][1] if owners else screen.case).get(name, "")
    rest = _readable((_outside_percent(problem.message, name, typed) or problem.message).removeprefix(f"{name} "))
    if rest.startswith(("must ", "is ")):
        return f"{label} {rest}"
    return f"{label}: {rest}" if label and label not in rest else rest


def place_of(path: str, screen: Screen) -> str:
    """Territory and lesion that a path points into, in words; empty for the case itself."""
    return ", ".join(text for text, _ in _owners(path, screen))


def _owners(path: str, screen: Screen) -> list[tuple[str, Row]]:
    """Territory and lesion that a path points into, by name or by number, with their inputs."""
    territory, lesion = TERRITORY.search(path), LESION.search(path)
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


def _outside_percent(message: str, name: str, typed: str) -> str | None:
    """The range of an input that is typed in percent, in percent: the library speaks of the fraction."""
    if not typed or reference.field(name).entered_as != "%" or not message.startswith(f"{name} must be in"):
        return None
    rule = reference.field(name)
    opening, closing = "(" if rule.lower_open else "[", ")" if rule.upper_open else "]"
    return f"must be in {opening}{figures.percent(rule.lower)}, {figures.percent(rule.upper)}{closing}; got {typed} %."


def _readable(message: str) -> str:
    words = _words()
    return _names().sub(lambda found: words[found.group()], message)


@cache
def _names() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w.]\w)" for name in longest_first))


@cache
def _words() -> dict[str, str]:
    """What messages call inputs and models, and what the form calls them; names that are plain words stay."""
    rules = reference.input_rules()
    names = {name: rule.label for rule in rules for name in (rule.name, rule.path) if "_" in name and "[" not in name}
    return names | {repr(model.key): repr(model.label) for model in MODELS}
