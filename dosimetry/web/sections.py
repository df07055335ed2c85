"""The inputs of the case that stand in no table, in groups as a physicist gathers them."""

from dataclasses import dataclass

import streamlit as st

from dosimetry.web import rows, typed_units
from dosimetry.web.fields import field, fraction_line, label_of, shown_text, widget
from dosimetry.web.prescribing import BODY_SIZE, needs_body_size
from dosimetry.web.unit_switch import unit_switch

SECOND_SHUNT = "other_lung_shunt_fraction"
SHUNTS = ("lung_shunt_fraction", SECOND_SHUNT)
NOTES = ("notes",)
COUNTS = ("Planar", "Tomographic")
"""The titles of the groups from whose counts a shunt comes."""


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs side by side under a short title, which may be empty."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Groups that are folded away until someone needs them, or a case that was opened fills one of them."""

    title: str
    groups: tuple[Group, ...]


CHOICES = ("device", "convention", "disease", "intent")
CARDS = (
    Group("Lungs", ("lung_shunt_fraction", "shunt_method", "lung_mass_kg", "previous_lung_dose_gy")),
    Group("Liver", ("whole_liver_volume_ml", "untreated_tumor_volume_ml", "liver_volume_source")),
)
_VIEWS, _ORGANS, _REGIONS = ("anterior", "posterior"), ("lung", "liver"), ("lung", "liver", "background")
FOLDS = (
    Fold(
        "Patient and laboratory values",
        (
            Group("", ("sex", "age_years", "height_cm", "weight_kg", "ecog")),
            Group("", ("lab_date", "bilirubin_mg_dl", "albumin_g_dl", "inr", "creatinine_mg_dl", "sodium_mmol_l")),
            Group("", ("ascites", "encephalopathy", "child_pugh", "dialysis")),
            Group("For scores only", ("tumor_count", "largest_tumor_cm", "vascular_invasion")),
        ),
    ),
    Fold(
        "Lung shunt from counts, or a second measurement",
        (
            Group(COUNTS[0], tuple(f"planar_{organ}_{view}_counts" for organ in _ORGANS for view in _VIEWS)),
            Group(
                "Background of the planar views",
                (
                    *(f"planar_background_{view}_counts" for view in _VIEWS),
                    *(f"planar_{region}_pixels" for region in _REGIONS),
                ),
            ),
            Group(COUNTS[1], ("tomographic_lung_counts", "tomographic_liver_counts")),
            Group("Second measurement", (SECOND_SHUNT, "other_shunt_method")),
        ),
    ),
    Fold(
        "Mapping, extrahepatic deposition, earlier treatment",
        (
            Group("Mapping", ("mapping_agent", "mapping_date", "same_catheter_position")),
            Group("Extrahepatic deposition", ("extrahepatic_found", "extrahepatic_correctable", "extrahepatic_site")),
            Group("Earlier treatment", ("prior_tare", "prior_resection", "prior_systemic")),
        ),
    ),
    Fold(
        "Constants and sensitivity steps of your own, notes",
        (
            Group(
                "Instead of those of the convention", ("energy_gy_kg_per_gbq", "tissue_density_g_per_ml", "half_life_h")
            ),
            Group(
                "Sensitivity steps instead of those on file",
                ("ratio_step", "perfused_volume_step", "lesion_volume_step", "lung_shunt_step"),
            ),
            Group("", ("notes",)),
        ),
    ),
)
_ABREAST = 6
_NARROW = 170
"""[pixels]"""
FOLD = "fold_"
"""Before the number of a fold: its key."""


def choices(names: tuple[str, ...] = CHOICES) -> None:
    """What decides the constants and which limits apply."""
    with st.container(key="choices"):
        abreast_row(names, len(names))


def cards() -> None:
    """The inputs every plan needs, lungs and liver side by side."""
    for column, group in zip(st.columns((4, 3)), CARDS, strict=True):
        with column.container(border=True, height="stretch"):
            draw_group(group, abreast=len(group.names))


def body_size() -> None:
    """Height and weight beside the territories, where a territory is prescribed by body surface."""
    if _is_body_size_needed():
        with st.container(horizontal=True, key="body_size"):
            for name in BODY_SIZE:
                widget(name, width=_NARROW)


def _is_body_size_needed() -> bool:
    return any(map(needs_body_size, rows.models()))


def folds(all_folds: tuple[Fold, ...] = FOLDS) -> None:
    """The inputs that not every plan needs. What a closed fold holds is kept and told in a line below it.

    Its inputs are drawn only while it is open: a page with fewer boxes answers faster.
    """
    for number, fold in enumerate(all_folds):
        with st.expander(fold.title, key=f"{FOLD}{number}", on_change="rerun") as drawn:
            if drawn.open:
                for group in fold.groups:
                    draw_group(group, abreast=_ABREAST)
        if not drawn.open:
            _told(number, fold)


def _told(number: int, fold: Fold) -> None:
    elsewhere = BODY_SIZE if _is_body_size_needed() else ()
    names = [name for group in fold.groups for name in group.names if name not in elsewhere]
    filled = [name for name in names if st.session_state.get(name)]
    if filled:
        with st.container(key=f"quiet_{FOLD}{number}"):
            st.text("; ".join(f"{label_of(name)} {shown_text(name)}" for name in filled))


def draw_group(group: Group, *, abreast: int) -> None:
    """Inputs of a group in rows of so many, under its title."""
    if group.title:
        st.markdown(f"**{group.title}**")
    elsewhere = BODY_SIZE if _is_body_size_needed() else ()
    names = tuple(name for name in group.names if name not in elsewhere)
    abreast_row(names, 1 if group.names == NOTES else abreast)
    for name in SHUNTS:
        if name in group.names:
            _fraction(name)
    for name in typed_units.OTHER:
        if name in group.names:
            unit_switch(name)


def _fraction(name: str) -> None:
    """The fraction that a shunt stands for, or that it comes from counts in a fold."""
    counted = [each.title for fold in FOLDS for each in fold.groups if any(map(st.session_state.get, each.names))]
    titles = [title for title in counted if title in COUNTS] if name == SHUNTS[0] else []
    if titles and not st.session_state.get(name):
        st.caption(f"{field(name).title}: from counts ({', '.join(titles).lower()}), see below.")
    else:
        fraction_line(name)


def abreast_row(names: tuple[str, ...], columns: int) -> None:
    """Inputs in one row, aligned at the boxes, because a long label takes two lines."""
    rest = columns - len(names)
    widths = [1] * len(names) + ([rest] if rest else [])
    for column, name in zip(st.columns(widths, vertical_alignment="bottom"), names, strict=False):
        with column:
            widget(name)
