"""Plain chemoembolization cases, and random valid ones."""

from typing import Any

from cases import changed, example
from hypothesis import strategies as st


def ctace() -> dict[str, Any]:
    """The example of a conventional treatment with doxorubicin."""
    return example("ctace-doxorubicin")


def deb() -> dict[str, Any]:
    """The example of drug-eluting beads, two vials in two territories."""
    return example("deb-tace-two-vials")


def bland() -> dict[str, Any]:
    """A bland embolization: no drug."""
    return {
        "format": "dosimetry-case",
        "format_version": 1,
        "label": "bland",
        "treatment": "tace",
        "technique": "bland",
        "territories": [{"name": "segment 6", "lesions": [{"name": "A", "volume_ml": 20}]}],
    }


def full() -> dict[str, Any]:
    """A case in which every field stands at least once, fields that exclude each other included."""
    return changed(
        ctace(),
        {
            "notes": "second session",
            "bead_size": "dc_bead_300_500",
            "cardiotoxic_before": False,
            "acknowledged": [
                {"finding": "x", "value": 1.0, "by": "AB", "reason": "seen", "territory": "segment 8", "lesion": "A"}
            ],
            "patient.ecog": 0,
            "patient.child_pugh": "A5",
            "patient.lab_date": "2026-04-03",
            "staging": {"tumor_count": 1, "largest_tumor_cm": 4.0, "vascular_invasion": False},
            "liver.untreated_tumor_volume_ml": 0,
            "drug.dose_mg": 50,
            "drug.dose_mg_per_ml": 10,
            "drug.loading_mg_per_ml": 37.5,
            "drug.prescribed_mg": 40,
            "as_treated": {"fraction_injected": 0.9},
            "partition": {
                "preset": "lipiodol_hcc", "ratio_low": 1, "ratio": 3, "ratio_high": 6, "ratio_source": "maa",
                "volume_step": 0.1, "lung_fraction": 0.1,
            },
            "territories[0].drug_share": 1.0,
            "territories[0].observed_tumor_fraction": 0.4,
            "territories[0].segments": ["8"],
            "territories[0].side": "right",
            "territories[0].vessel": "A8",
            "territories[0].volume_source": "cone_beam_ct",
            "territories[0].lesions[0].volume_ml": 33.5,
            "territories[0].lesions[0].second_diameter_cm": 4,
            "territories[0].lesions[0].third_diameter_cm": 3.8,
            "territories[0].lesions[0].coverage_fraction": 0.7,
            "territories[0].lesions[0].iodine_mg": 1900,
        },
    )  # fmt: skip


@st.composite
def partitioned(draw: st.DrawFn) -> dict[str, Any]:
    """Conventional treatments with one to three territories, none to three lesions each, and an allocation."""
    count = draw(st.integers(1, 3))
    weights = [draw(st.floats(0.1, 1.0)) for _ in range(count)]
    territories = []
    for row, weight in enumerate(weights):
        volumes = draw(st.lists(st.floats(0.5, 90), max_size=3))
        room = draw(st.floats(0.0, 900))
        territories.append(
            {
                "name": f"territory {row}",
                "perfused_volume_ml": max(sum(volumes) + room, 1.0),
                "drug_share": weight / sum(weights),
                "lesions": [{"name": f"{row}-{at}", "volume_ml": volume} for at, volume in enumerate(volumes)],
            }
        )
    low, mid, high = sorted(draw(st.lists(st.floats(0.1, 50), min_size=3, max_size=3)))
    return changed(
        ctace(),
        {
            "liver": {},
            "territories": territories,
            "partition": {
                "ratio_low": low, "ratio": mid, "ratio_high": high, "lung_fraction": draw(st.floats(0, 0.5)),
            },
            "drug.prescribed_mg": draw(st.floats(1, 150)),
            "as_treated": {"fraction_injected": draw(st.floats(0.01, 1))},
        },
    )  # fmt: skip
