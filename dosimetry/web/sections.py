"""The inputs of the case that stand in no table, in groups as a physicist gathers them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from dosimetry.web import session
from dosimetry.web.fields import fraction_line, widget

Item = TypeVar("Item")


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


CARDS = (
    Group("Treatment", ("device", "convention", "disease", "intent")),
    Group("Lungs", ("lung_shunt_fraction", "shunt_method", "lung_mass_kg", "previous_lung_dose_gy")),
    Group("Liver", ("whole_liver_volume_ml", "liver_volume_source", "untreated_tumor_volume_ml")),
)
FOLDS = (
    Fold(
        "Patient and laboratory values",
        (
            Group("", ("sex", "age_years", "height_cm", "weight_kg", "ecog")),
            Group("Laboratory", ("lab_date", "bilirubin_mg_dl", "albumin_g_dl", "inr", "creatinine_mg_dl", "sodium_mmol_l")),
            Group("Liver function", ("ascites", "encephalopathy", "child_pugh")),
        ),
    ),
    Fold(
        "Lung shunt from counts, or a second measurement",
        (
            Group("Planar", tuple(f"planar_{organ}_{view}_counts" for organ in ("lung", "liver") for view in ("anterior", "posterior"))),
            Group("Background", tuple(f"planar_background_{view}_counts" for view in ("anterior", "posterior"))),
            Group("Regions", tuple(f"planar_{region}_pixels" for region in ("lung", "liver", "background"))),
            Group("Tomographic", ("tomographic_lung_counts", "tomographic_liver_counts")),
            Group("Second measurement", ("other_lung_shunt_fraction", "other_shunt_method")),
        ),
    ),
    Fold(
        "Mapping, extrahepatic deposition, earlier treatment",
        (
            Group("Mapping", ("mapping_agent", "mapping_date", "same_catheter_position")),
            Group("Extrahepatic", ("extrahepatic_found", "extrahepatic_correctable", "extrahepatic_site")),
            Group("Earlier treatment", ("prior_tare", "prior_resection", "prior_systemic")),
        ),
    ),
    Fold(
        "Constants of your own, notes",
        (
            Group("Instead of those of the convention", ("energy_gy_kg_per_gbq", "tissue_density_g_per_ml", "half_life_h")),
            Group("", ("notes",)),
        ),
    ),
)
_ABREAST = 3
_SHUNTS = ("lung_shunt_fraction", "other_lung_shunt_fraction")


def _in_rows(items: Sequence[Item], length: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + length] for start in range(0, len(items), length))


def cards() -> None:
    """The inputs every plan needs, side by side."""
    for column, group in zip(st.columns(len(CARDS)), CARDS, strict=True):
        with column.container(border=True, height="stretch"):
            st.subheader(group.title, anchor=False)
            for pair in _in_rows(group.names, 2):
                _abreast(pair, 2)


def folds() -> None:
    """The other inputs, two folds abreast."""
    for pair in _in_rows(tuple(enumerate(FOLDS)), 2):
        for column, (number, fold) in zip(st.columns(2), pair, strict=True):
            # A new key with every case that is opened, so that the fold opens or closes with it.
            key = f"fold_{number}_{session.loads()}"
            with column.expander(fold.title, expanded=_is_filled(fold), key=key):
                for group in fold.groups:
                    _group(group)


def _is_filled(fold: Fold) -> bool:
    """Whether the case that was opened filled an input of the fold; typing must not move it."""
    return any(name in session.brought() for group in fold.groups for name in group.names)


def _group(group: Group) -> None:
    if group.title:
        st.caption(group.title)
    for names in _in_rows(group.names, _ABREAST):
        _abreast(names, min(len(group.names), _ABREAST))


def _abreast(names: Sequence[str], columns: int) -> None:
    for column, name in zip(st.columns(columns), names, strict=False):
        with column:
            widget(name)
            if name in _SHUNTS:
                fraction_line(name)
