"""Territories, each in a box with the lesions in it. Every input is text or a choice; the library reads the numbers."""

from dataclasses import dataclass

import streamlit as st

from dosimetry.web import rows, session
from dosimetry.web.fields import field, widget
from dosimetry.web.paste_box import Kind, paste_box, put_lesions, put_territories
from dosimetry.web.screen import SEGMENTS


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
        "prescription_target",
        "target_dose_gy",
        "prescribed_activity_gbq",
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
        "resin_reading",
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
    Kind(title="Territories", inputs=TERRITORY.shown, put=put_territories),
    Kind(title="Lesions", inputs=("territory_name", *LESION.shown), put=put_lesions),
)
_WIDTHS = {
    "prescription_target": 150,
    "target_dose_gy": 110,
    "territory_intent": 190,
    "prescribed_activity_gbq": 130,
    SEGMENTS: 130,
}
_WIDTH = 170
"""Of a box, where no other width stands above. [pixels]"""


@st.fragment
def territory_boxes() -> None:
    """Draw all territories.

    An entry draws this part of the page alone, which is quicker than all of it. Only where the outcome of a calculation
    is on the page is all of it drawn again, so that no result outlives an entry.
    """
    try:
        _draw()
    except Exception:
        # Alone, this part cannot take down a result that stands elsewhere on the page; the whole page can.
        if session.is_drawn():
            st.rerun()
        raise


def _draw() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Territories and lesions", anchor=False, width="content")
        has_all = st.toggle("All inputs", key="all_inputs", persist_state="session")
        paste_box(_PASTED)
    for row in rows.numbered():
        with st.container(border=True, key=f"territory_{row.territory}"):
            _territory(row, has_all=has_all)
    st.button("Add territory", key="add_territory", on_click=rows.add_territory, icon=":material/add:")
    if session.is_outdated():
        st.rerun()


def _territory(row: rows.Numbers, *, has_all: bool) -> None:
    _inputs(TERRITORY, row.territory, has_all=has_all)
    for lesion in row.lesions:
        with st.container(key=f"lesion_{lesion}"):
            _inputs(LESION, lesion, has_all=has_all)
            st.button(
                "Remove lesion",
                key=f"remove_lesion_{lesion}",
                on_click=rows.remove_lesion,
                args=(lesion,),
                type="tertiary",
            )
    with st.container(horizontal=True):
        st.button(
            "Add lesion",
            key=f"add_lesion_{row.territory}",
            on_click=rows.add_lesion,
            args=(row.territory, {}),
            icon=":material/add:",
        )
        with st.popover("Remove territory", key=f"removing_territory_{row.territory}"):
            st.text("The territory and its lesions are removed.")
            st.button(
                "Remove",
                key=f"remove_territory_{row.territory}",
                on_click=rows.remove_territory,
                args=(row.territory,),
                type="primary",
            )


def _inputs(inputs: Inputs, number: int, *, has_all: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name in inputs.all if has_all else inputs.shown:
            widget(name, key=rows.key(name, number), width=_WIDTHS.get(name, _WIDTH))
    if not has_all:
        _told(inputs, number)


def _told(inputs: Inputs, number: int) -> None:
    """What the inputs hold that are not shown."""
    typed = rows.typed(number)
    told = [
        f"{field(name).label} {field(name).choices.get(typed[name], typed[name])}"
        for name in inputs.more
        if name in typed
    ]
    if told:
        with st.container(key=f"quiet_row_{number}"):
            st.text("; ".join(told))
