"""The widgets of single inputs: laid out by hand elsewhere, named, explained and given their choices by the tables.

The widget key of an input is its flat name, followed in a row by the number of the row. No widget has bounds or a
default: the library judges what was typed, and what was not chosen is missing. A text counts while it is typed, so that
no result outlives a half-typed change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import streamlit as st

from dosimetry import figures, reference
from dosimetry.conventions import constants_of, convention_names
from dosimetry.models import MODELS
from dosimetry.report.inputs import product, shown, tabled_words
from dosimetry.web import typed_units
from dosimetry.web.screen import is_chosen, number_of

Width = int | Literal["stretch"]
YES_NO = {"yes": "yes", "no": "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An input as a person meets it. ``label`` carries the unit; ``choices`` maps values to words."""

    name: str
    title: str
    label: str
    help: str | None
    choices: Mapping[str, str]


@cache
def field(name: str) -> Field:
    """The input of a flat name."""
    rule = reference.field(name)
    unit = rule.entered_as or rule.unit
    label = f"{rule.label} [{unit}]" if unit else rule.label
    return Field(name=name, title=rule.label, label=label, help=rule.help or None, choices=_choices(name))


def _choices(name: str) -> Mapping[str, str]:
    tabled = {
        "device": _devices,
        "checked_device": _devices,
        "session_device": _devices,
        "convention": _conventions,
        "prescription_model": _models,
    }
    if name in tabled:
        return tabled[name]()
    return {key: shown(name, key) for key in tabled_words(name)} or reference.choices(name)


def _devices() -> dict[str, str]:
    return {row.device: product(row.device) for row in reference.devices()}


def _models() -> dict[str, str]:
    return {model.key: model.label for model in MODELS}


def _conventions() -> dict[str, str]:
    return {name: f"{name}: {', '.join(_energies(name))}" for name in convention_names()}


def _energies(convention: str) -> list[str]:
    found = ((row.nuclide, constants_of(convention, row.nuclide)) for row in reference.nuclides())
    unit = reference.field("energy_gy_kg_per_gbq").unit
    return [
        f"{figures.in_unit(constants['energy_gy_kg_per_gbq'], unit)} ({nuclide})"
        for nuclide, constants in found
        if constants
    ]


def label_of(name: str) -> str:
    """The label of an input with the unit it is typed in now."""
    found = field(name)
    return f"{found.title} [{typed_units.unit_of(name)}]" if name in typed_units.OTHER else found.label


def widget(name: str, *, key: str | None = None, width: Width = "stretch") -> None:
    """The input of a flat name: a text to type in, or a list to choose from with nothing chosen to begin with."""
    found = field(name)
    key = key or name
    if not is_chosen(name):
        st.text_input(
            label_of(name),
            key=key,
            help=found.help,
            width=width,
            live=True,
            autocomplete="off",
            persist_state="session",
        )
        return
    words = found.choices or YES_NO
    st.selectbox(
        found.label,
        list(words),
        index=None,
        format_func=words.__getitem__,
        key=key,
        help=found.help,
        width=width,
        placeholder="Choose",
        persist_state="session",
    )


def listed(name: str, words: Mapping[str, str], *, key: str, width: Width = "stretch") -> None:
    """An input whose choices belong to the case: texts with their words.

    Another text may be typed, and one that is no choice any more stays: the library says what is wrong with it.
    """
    found = field(name)
    st.selectbox(
        found.label,
        list(words),
        index=None,
        format_func=lambda text: words.get(text, text),
        key=key,
        help=found.help,
        width=width,
        placeholder="Choose",
        accept_new_options=True,
        persist_state="session",
    )


def shown_text(name: str) -> str:
    """What stands in an input, in words."""
    text = st.session_state.get(name) or ""
    return field(name).choices.get(text, text)


def fraction_line(name: str) -> None:
    """Below a percentage: the fraction it stands for. Always one line, so that nothing moves while typing."""
    fraction = number_of(name, st.session_state.get(name) or "")
    shown = figures.MISSING if fraction is None else figures.trimmed(fraction)
    st.caption(f"{reference.field(name).label} as a fraction: {shown}")
