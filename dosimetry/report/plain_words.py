"""Messages of the library as a person reads them: what has a label is called by it."""

import re
from collections.abc import Mapping
from functools import cache

from dosimetry import reference
from dosimetry.models import MODELS
from dosimetry.report.inputs import product, shown, tabled_words

_TABLED = ("tace_product", "bead_size", "protocol", "body_surface_formula", "carrier_preset")


def in_plain_words(message: str) -> str:
    """A message with inputs, models and devices by their labels; names that are plain words stay."""
    words = _words()
    return _names().sub(lambda found: words[found.group()], message)


@cache
def _names() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=len, reverse=True)
    return re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w.]\w)" for name in longest_first))


@cache
def _words() -> dict[str, str]:
    """What messages call inputs and models, and what the form calls them; names that are plain words stay."""
    rules = [rule for table in reference.INPUT_TABLES for rule in reference.input_rules(table)]
    names = {name: rule.label for rule in rules for name in (rule.name, rule.path) if "_" in name and "[" not in name}
    rows = {key: shown(name, key) for name in _TABLED for key in tabled_words(name)}
    devices = {row.device: product(row.device) for row in reference.devices()}
    quoted = {model.key: model.label for model in MODELS} | devices | rows
    names |= {"'normal_perfused' or 'lesion:NAME' with a lesion": "the normal perfused liver or a lesion"}
    return names | {key: words for key, words in rows.items() if "_" in key} | _quoted(quoted)


def _quoted(words: Mapping[str, str]) -> dict[str, str]:
    return {repr(key): repr(each) for key, each in words.items()}
