"""Frames of recorded treatments, and the plain case that each row of them is."""

from typing import Any

import numpy as np
import pandas as pd
from cases import AT, changed, text_of
from hypothesis import strategies as st
from strategies import cases

from dosimetry import Plan, plan
from dosimetry.audit import names
from dosimetry.case_fields import leaves
from dosimetry.case_file import case_from_text
from dosimetry.columns import flat_names


def one_row(**fields: Any) -> dict[str, Any]:
    """A row by partition to its pooled tumor, with every dose."""
    return {
        "device": "glass",
        "convention": "eanm",
        "lung_shunt_fraction": 0.12,
        "lung_mass_kg": 1.0,
        "whole_liver_volume_ml": 1700.0,
        "untreated_tumor_volume_ml": 0.0,
        "perfused_volume_ml": 650.0,
        "lesion_volume_ml": 100.0,
        "tumor_normal_ratio": 3.0,
        "residual_fraction": 0.08,
        "prescription_model": "partition",
        "prescription_target": "lesion:tumor",
        "target_dose_gy": 150.0,
        **fields,
    }


def frame_of(*rows: dict[str, Any]) -> pd.DataFrame:
    """A frame of rows."""
    return pd.DataFrame(list(rows))


def random_frame(rows: int, seed: int = 1) -> pd.DataFrame:
    """Cases of one to three territories, by every model that needs no body, with records rounded as people write."""
    random = np.random.default_rng(seed)
    case = np.sort(random.integers(0, max(1, rows // 2), rows))
    first = np.unique(case, return_inverse=True)[1]
    model = random.choice(["partition", "single_compartment", "activity"], rows)
    perfused = random.uniform(100, 500, rows).round(0)
    is_dose = model != "activity"
    return pd.DataFrame(
        {
            "case_id": case,
            "center": random.choice(["north", "south"], rows)[first],
            "treatment_date": [f"2025-{month:02d}-15" for month in random.integers(1, 13, rows)[first]],
            "territory_name": [f"territory {row}" for row in range(rows)],
            "device": np.array(["glass", "resin"])[random.integers(0, 2, rows)[first]],
            "convention": "eanm",
            "lung_shunt_fraction": random.uniform(0.005, 0.18, rows).round(3)[first],
            "lung_mass_kg": random.uniform(0.7, 1.2, rows).round(2)[first],
            "whole_liver_volume_ml": 9000.0,
            "untreated_tumor_volume_ml": 0.0,
            "perfused_volume_ml": perfused,
            "lesion_volume_ml": (perfused * random.uniform(0.03, 0.5, rows)).round(1),
            "tumor_normal_ratio": random.uniform(1.2, 6, rows).round(1),
            "residual_fraction": random.uniform(0.0, 0.06, rows).round(3),
            "prescription_model": model,
            "prescription_target": np.where(model == "partition", "lesion:tumor", None),
            "target_dose_gy": np.where(is_dose, random.uniform(90, 350, rows).round(0), np.nan),
            "prescribed_activity_gbq": np.where(is_dose, np.nan, random.uniform(0.4, 3.0, rows).round(2)),
        }
    )


def plain_case(rows: pd.DataFrame) -> dict[str, Any]:
    """The rows of one case as a plain case, with the pooled tumor of each row as its lesion."""
    first = rows.iloc[0]
    plain: dict[str, Any] = {"format": "dosimetry-case", "format_version": 1, "label": "row", "territories": []}
    for leaf in leaves():
        name = flat_names()[leaf.path]
        if leaf.level == "case" and name in rows.columns and pd.notna(first[name]):
            plain = changed(plain, {leaf.path: as_plain(first[name])})
    for place, (_, row) in enumerate(rows.iterrows()):
        plain["territories"].append({"name": f"territory {place}", "lesions": []})
        own = {
            leaf: row[flat_names()[leaf.path]]
            for leaf in leaves()
            if leaf.level in ("territory", "lesion")
            and flat_names()[leaf.path] in rows.columns
            and pd.notna(row[flat_names()[leaf.path]])
        }
        if any(leaf.level == "lesion" for leaf in own):
            plain["territories"][place]["lesions"].append({"name": "tumor"})
        for leaf, value in own.items():
            path = leaf.path.replace("territories[]", f"territories[{place}]").replace("lesions[]", "lesions[0]")
            plain = changed(plain, {path: as_plain(value)})
    return plain


def as_plain(value: Any) -> Any:
    """A cell as JSON holds it."""
    return value.item() if isinstance(value, np.generic) else value


def plan_of(rows: pd.DataFrame) -> Plan:
    """The plan of the rows of one case."""
    return plan(case_from_text(text_of(plain_case(rows))), at=AT)


def value_of(made: Plan, place: int, output: names.Output) -> float:
    """A computed quantity of one territory of a plan, NaN where it has none."""
    holder: Any = made if output.quantity.level == "case" else made.territories[place]
    if output.quantity.level == "lesion":
        if not made.territories[place].lesions:
            return float("nan")
        holder = made.territories[place].lesions[0]
    value = getattr(holder, output.quantity.name)
    return float("nan") if value is None else value


@st.composite
def tables(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """Random cases as a frame of territories and one of lesions, shuffled, with the plain cases they are."""
    plain = draw(st.lists(cases(), min_size=1, max_size=4))
    territories: list[dict[str, Any]] = []
    lesions: list[dict[str, Any]] = []
    for number, case in enumerate(plain):
        for territory in case["territories"]:
            key = {"case_id": number, "territory_name": territory["name"]}
            territories.append({**key, **flat(case, "case"), **flat(territory, "territory")})
            lesions += [{**key, **flat(lesion, "lesion")} for lesion in territory["lesions"]]
    columns = ["case_id", "territory_name", "lesion_name", "lesion_volume_ml"]
    return pd.DataFrame(territories), pd.DataFrame(lesions, columns=None if lesions else columns), plain


def flat(record: dict[str, Any], level: str) -> dict[str, Any]:
    """The values of a plain record by their flat names."""
    found = {}
    for leaf in leaves():
        name = flat_names()[leaf.path]
        if leaf.level == level and leaf.path not in ("format", "format_version"):
            value: Any = record
            for step in leaf.steps:
                value = value.get(step) if isinstance(value, dict) else None
            if value is not None and not leaf.field.is_list:
                found[name] = value
    return found
