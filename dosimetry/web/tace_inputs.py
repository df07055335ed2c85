"""The inputs of a chemoembolization, in groups as they are gathered."""

from collections.abc import Iterable

import streamlit as st

from dosimetry.report.tace_allocation import HEADLINE
from dosimetry.report.tace_words import protocol_lines
from dosimetry.tace.columns import protocol_named
from dosimetry.tace.dosing import CHOSEN
from dosimetry.web import earlier_rows, guard, rows, session
from dosimetry.web.fields import label_of, shown_text, widget
from dosimetry.web.paste_box import Kind, put_lesions, put_territories
from dosimetry.web.protocol_box import protocol_box, told_of_misfit
from dosimetry.web.screen import EARLIER, SEGMENTS, names
from dosimetry.web.sections import Fold, Group, abreast_row, draw_group
from dosimetry.web.territory_boxes import Inputs, Layout
from dosimetry.web.treatments import TACE

CHOICES = ("technique", "tace_product", "bead_size", "disease")
PATIENT = Group("Patient", ("height_cm", "weight_kg", "age_years", "sex", "bilirubin_mg_dl"))
DRUG = ("drug_name", "protocol", "body_surface_formula")
DOSE = (*CHOSEN.values(), "dose_cap_mg", "vial_mg", "loading_mg_per_ml", "prescribed_mg")
CARRIER = ("oil_ml", "oil_to_aqueous_ratio", "fraction_injected")
PARTITION = (
    *("carrier_preset", "carrier_ratio_low", "carrier_ratio", "carrier_ratio_high", "carrier_ratio_source"),
    *("carrier_volume_step", "carrier_lung_fraction"),
)
FOLDS = (
    Fold(
        "Laboratory values and tumors, for scores and limits",
        (
            Group("", ("lab_date", "albumin_g_dl", "inr", "creatinine_mg_dl", "sodium_mmol_l")),
            Group("", ("ascites", "encephalopathy", "child_pugh", "dialysis", "ecog")),
            Group("", ("tumor_count", "largest_tumor_cm", "vascular_invasion")),
        ),
    ),
    Fold(
        "Liver, notes",
        (
            Group("", ("whole_liver_volume_ml", "untreated_tumor_volume_ml", "liver_volume_source")),
            Group("", ("notes",)),
        ),
    ),
)
TERRITORY = Inputs(
    shown=("territory_name", "perfused_volume_ml", "drug_share", "observed_tumor_fraction", SEGMENTS),
    more=("side", "vessel", "territory_volume_source"),
)
LESION = Inputs(
    shown=("lesion_name", "diameter_cm", "second_diameter_cm", "third_diameter_cm", "lesion_volume_ml"),
    more=("coverage_fraction", "iodine_mg"),
)
LAYOUT = Layout(
    territory=TERRITORY,
    lesion=LESION,
    pasted=(
        Kind(title="Territories", inputs=TERRITORY.shown, put=put_territories),
        Kind(title="Lesions", inputs=("territory_name", *LESION.shown), put=put_lesions),
    ),
    widths={
        "drug_share": 250,
        "observed_tumor_fraction": 310,
        SEGMENTS: 130,
        "territory_volume_source": 220,
        "lesion_name": 100,
        "coverage_fraction": 230,
    },
    has_diameters=False,
)
_ASKED = "partition_asked"
_UNUSED = {
    "bland": (*DRUG, *DOSE, "oil_to_aqueous_ratio"),
    "deb": ("vial_mg", "oil_ml", "oil_to_aqueous_ratio"),
    "ctace": ("loading_mg_per_ml", "bead_size"),
}
"""Inputs that a technique has no use for."""


def used(wanted: Iterable[str]) -> tuple[str, ...]:
    """Inputs that the technique and the protocol take, and any in which something stands: it can be cleared."""
    state = st.session_state
    row = protocol_named(state.get("protocol"))
    own = CHOSEN[row.basis] if row is not None and row.lower != row.upper else ""
    unused = {*_UNUSED.get(state.get("technique") or "", ()), *(set(CHOSEN.values()) - {own})}
    return tuple(name for name in wanted if name not in unused or state.get(name))


def tace_inputs() -> None:
    """Patient, drug, carrier, and what was given before."""
    with st.container(border=True):
        draw_group(PATIENT, abreast=len(PATIENT.names))
    if used(DRUG):
        with st.container(border=True):
            st.markdown("**Drug**")
            _drug()
    with st.container(border=True):
        st.markdown("**Carrier, and what was injected of it**")
        abreast_row(used(CARRIER), len(CARRIER))
    with st.container(border=True):
        _earlier()


def _drug() -> None:
    for column, name in zip(st.columns((2, 5, 3), vertical_alignment="bottom"), DRUG, strict=True):
        with column:
            if name == "protocol":
                protocol_box()
            else:
                widget(name)
    misfit = told_of_misfit()
    if misfit:
        st.error(misfit)
    row = protocol_named(st.session_state.get("protocol"))
    if row is not None:
        with st.container(key="quiet_protocol"):
            st.text("\n".join(protocol_lines(row)))
    abreast_row(used(DOSE), 5)


def _earlier() -> None:
    st.markdown("**Anthracyclines before this session, by any route**")
    for number in earlier_rows.numbers():
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"inputs_{number}"):
            for name in names(EARLIER, TACE):
                widget(name, key=rows.key(name, number), width=220)
            st.button(
                "Remove", key=f"remove_earlier_{number}", on_click=guard.callback(earlier_rows.remove), args=(number,)
            )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Add an earlier dose", key="add_earlier", on_click=guard.callback(earlier_rows.add), icon=":material/add:"
        )
        widget("cardiotoxic_before", width=380)


def partition_inputs() -> None:
    """The wish for an estimate of where the carrier goes; its inputs are drawn once it is asked for."""
    with st.container(border=True):
        key = f"ask_{session.loads()}"
        is_asked = st.session_state.get(_ASKED) == "yes"
        st.toggle(
            "Estimate where the carrier goes", value=is_asked, key=key, on_change=guard.callback(_ask), args=(key,)
        )
        if is_asked:
            st.text(HEADLINE)
            abreast_row(PARTITION[:5], 5)
            abreast_row(PARTITION[5:], 5)
        elif any(st.session_state.get(name) for name in PARTITION):
            told = "; ".join(f"{label_of(name)} {shown_text(name)}" for name in PARTITION if st.session_state.get(name))
            with st.container(key="quiet_partition"):
                st.text(f"Kept, but not used before the estimate is asked for: {told}")


def _ask(key: str) -> None:
    st.session_state[_ASKED] = "yes" if st.session_state[key] else ""
