"""Territories, each in a box with the lesions in it. Every input is text or a choice; the library reads the numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dosimetry.web import guard, rows
from dosimetry.web.diameters import diameters
from dosimetry.web.fields import field, label_of, listed, widget
from dosimetry.web.paste_box import Kind, paste_box, put_lesions, put_territories
from dosimetry.web.prescribing import MODEL, PRESCRIPTION, TARGET, resting, taken, targets
from dosimetry.web.screen import SEGMENTS, Row
from dosimetry.web.sections import body_size
from dosimetry.web.unit_switch import ACTIVITY, activity_switch


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a row: those that are always shown, and those that not every case needs."""

    shown: tuple[str, ...]
    more: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, in order."""
        return (*self.shown, *self.more)


TERRITORY = Inputs(
    shown=(
        "territory_name",
        "perfused_volume_ml",
        "prescription_model",
        TARGET,
        "target_dose_gy",
        "prescribed_activity_gbq",
        "resin_reading",
        "residual_fraction",
        "territory_lung_shunt_fraction",
        "territory_intent",
        SEGMENTS,
    ),
    more=(
        "side",
        "vessel",
        "territory_volume_source",
        "territory_shunt_method",
        "territory_density_g_per_ml",
        "vial_age_h",
    ),
)
LESION = Inputs(
    shown=(
        "lesion_name",
        "lesion_volume_ml",
        "tumor_normal_ratio",
        "necrotic_volume_ml",
        "lesion_density_g_per_ml",
    ),
    more=(
        "tumor_normal_source",
        "lesion_kind",
        "ratio_lesion_counts",
        "ratio_lesion_volume_ml",
        "ratio_normal_counts",
        "ratio_normal_volume_ml",
    ),
)
_PASTED = (
    Kind(
        title="Territories",
        inputs=tuple(name for name in TERRITORY.shown if name != "resin_reading"),
        put=put_territories,
    ),
    Kind(title="Lesions", inputs=("territory_name", *LESION.shown), put=put_lesions),
)
_WIDTH = 170
_WIDTHS: Mapping[str, int] = {
    "prescription_model": 230,
    TARGET: 210,
    "target_dose_gy": 110,
    "prescribed_activity_gbq": 130,
    "territory_lung_shunt_fraction": 220,
    "territory_intent": 250,
    SEGMENTS: 130,
    "territory_volume_source": 220,
    "territory_shunt_method": 250,
    "territory_density_g_per_ml": 220,
    "vial_age_h": 190,
    "resin_reading": 290,
    "lesion_name": 100,
    "lesion_volume_ml": 150,
    "tumor_normal_ratio": 205,
    "necrotic_volume_ml": 165,
    "lesion_density_g_per_ml": 185,
    "ratio_lesion_counts": 200,
    "ratio_lesion_volume_ml": 200,
    "ratio_normal_counts": 220,
    "ratio_normal_volume_ml": 210,
}
"""Of the boxes on a wide page, as their labels and choices need it; the others are as wide as the first. [pixels]"""
_ADD = ":material/add:"
ALL_INPUTS = "All inputs"
"""The switch that shows the inputs of territories and lesions that are seldom needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the boxes of a page hold, what may be pasted, and how wide inputs are. [pixels]"""

    territory: Inputs
    lesion: Inputs
    pasted: tuple[Kind, ...]
    widths: Mapping[str, int]
    has_diameters: bool = True
    """Whether diameters of a lesion lead to its volume here, because they are no inputs themselves."""


LAYOUT = Layout(territory=TERRITORY, lesion=LESION, pasted=_PASTED, widths=_WIDTHS)


def territory_boxes(layout: Layout = LAYOUT) -> None:
    """Draw all territories, and what adds to them."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Territories and lesions", anchor=False, width="content")
        has_all = st.toggle(ALL_INPUTS, key="all_inputs", persist_state="session")
        paste_box(layout.pasted)
        if any(ACTIVITY in taken(model) for model in rows.models()):
            activity_switch()
    body_size()
    numbered, held = rows.numbered(), st.session_state.to_dict()
    for row in numbered:
        with st.container(border=True, key=f"territory_{row.territory}"):
            _territory(row, layout, held, has_all=has_all)
    st.button("Add territory", key="add_territory", on_click=guard.callback(rows.add_territory), icon=_ADD)


def _territory(row: rows.Numbers, layout: Layout, held: Mapping[str, Any], *, has_all: bool) -> None:
    _inputs(layout.territory, row.territory, layout, has_all=has_all, lesions=_lesion_names(row, held))
    _told(layout.territory, row.territory, held, has_all=has_all)
    for lesion in row.lesions:
        with st.container(key=f"row_lesion_{lesion}"):
            _lesion(lesion, layout, held, has_all=has_all)
    with st.container(horizontal=True):
        _buttons(row.territory)


def _lesion(number: int, layout: Layout, held: Mapping[str, Any], *, has_all: bool) -> None:
    line = _inputs(layout.lesion, number, layout, has_all=has_all)
    if layout.has_diameters:
        with line:
            diameters(number)
    line.button("Remove", key=f"remove_lesion_{number}", on_click=guard.callback(rows.remove_lesion), args=(number,))
    _told(layout.lesion, number, held, has_all=has_all)


def _buttons(number: int) -> None:
    st.button(
        "Add lesion", key=f"add_lesion_{number}", on_click=guard.callback(rows.add_lesion), args=(number, {}), icon=_ADD
    )
    with st.popover("Remove territory", key=f"removing_territory_{number}"):
        st.text("The territory and its lesions are removed.")
        st.button(
            "Remove",
            key=f"remove_territory_{number}",
            on_click=guard.callback(rows.remove_territory),
            args=(number,),
            type="primary",
        )


def _lesion_names(row: rows.Numbers, held: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(held.get(rows.key("lesion_name", number)) or "").strip() for number in row.lesions)


def _inputs(
    inputs: Inputs, number: int, layout: Layout, *, has_all: bool, lesions: tuple[str, ...] = ()
) -> DeltaGenerator:
    line = st.container(horizontal=True, vertical_alignment="bottom", key=f"inputs_{number}")
    with line:
        used = taken(rows.model(number))
        for name in inputs.all if has_all else inputs.shown:
            if name in PRESCRIPTION and name not in used:
                continue
            key, width = rows.key(name, number), layout.widths.get(name, _WIDTH)
            if name == TARGET:
                listed(name, targets(lesions), key=key, width=width)
            else:
                widget(name, key=key, width=width)
    return line


def _told(inputs: Inputs, number: int, held: Mapping[str, Any], *, has_all: bool) -> None:
    """What the inputs hold that are not shown."""
    typed = rows.typed(number, held)
    names = () if has_all else [name for name in inputs.more if name in typed]
    lines = [_texts(typed, names), _resting(typed)]
    if any(lines):
        with st.container(key=f"quiet_row_{number}"):
            st.text("\n".join(filter(None, lines)))


def _resting(held: Row) -> str:
    """What is kept in inputs that the chosen model does not take."""
    told = _texts(held, resting(held))
    return (
        f"Kept, but not used {'by this model' if MODEL in held else 'before a model is chosen'}: {told}" if told else ""
    )


def _texts(held: Row, names: Iterable[str]) -> str:
    return "; ".join(f"{label_of(name)} {field(name).choices.get(held[name], held[name])}" for name in names)
