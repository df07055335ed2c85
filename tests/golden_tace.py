"""What the library makes of a golden row of body surfaces, scores and chemoembolization, by quantity."""

from collections.abc import Callable
from typing import Any

import numpy as np
from cases import planned

from dosimetry import bands, lesion_geometry
from dosimetry.body_surface import formula_named
from dosimetry.columns import Table, words_of
from dosimetry.scores import liver_function, liver_volume, tumor_burden
from dosimetry.scores.context import child_pugh_points, evaluate

WORDS = ("ascites", "encephalopathy", "sex")
YES_NO = {"yes": 1.0, "no": 0.0}
FEMALE = {"female": 1.0, "male": 0.0}
Thunks = dict[str, Callable[[], Any]]


def body_surface(given: dict[str, str]) -> Thunks:
    size = [np.array(float(given.get(name, "nan"))) for name in ("height_cm", "weight_kg")]
    female = np.array(FEMALE.get(given.get("sex", ""), np.nan))

    def by(key: str) -> Any:
        return formula_named(key).m2(*size, female)

    return {
        "body_surface_m2": lambda: by(given["body_surface_formula"]),
        "above_du_bois_percent": lambda: 100 * (by(given["body_surface_formula"]) / by("du_bois") - 1),
    }


def scores(given: dict[str, str]) -> Thunks:
    number = {name: YES_NO.get(text) for name, text in given.items()}
    number = {
        name: float(given[name]) if value is None and name not in (*WORDS, "liver_formula") else value
        for name, value in number.items()
    }
    if "bilirubin_umol_l" in number:
        number["bilirubin_mg_dl"] = float(liver_function.bilirubin_mg_dl(number["bilirubin_umol_l"]))
    table = Table(
        1,
        {name: np.array([value]) for name, value in number.items() if value is not None},
        {name: words_of([given[name]]) for name in WORDS if name in given},
    )
    own = {name: lambda name=name: evaluate(table)[name][0] for name in ("meld", "meld_na", "meld_3", "albi")}
    return {
        **own,
        "albi_grade": lambda: evaluate(table)["albi_grade"][0],
        "within_milan": lambda: evaluate(table)["within_milan"][0],
        "within_up_to_7": lambda: evaluate(table)["within_up_to_7"][0],
        "burden_sum": lambda: evaluate(table)["up_to_7"][0],
        "child_pugh_points": lambda: child_pugh_points(table)[0],
        "malbi": lambda: bands.banded("malbi", "albi", evaluate(table)["albi"])[0],
        **functions(number, given),
    }


def functions(number: dict[str, Any], given: dict[str, str]) -> Thunks:
    """Formulas that no plan shows."""

    def of(*names: str) -> dict[str, Any]:
        return {name: number[name] for name in names}

    burden = ("largest_tumor_cm", "tumor_count")
    hap = ("largest_tumor_cm", "afp_ng_ml", "albumin_g_l", "bilirubin_umol_l")
    art = ("child_pugh_increase", "ast_rise_percent", "radiologic_response")
    three = ("diameter_cm", "second_diameter_cm", "third_diameter_cm")

    def total() -> Any:
        return tumor_burden.burden_sum(**of(*burden))

    return {
        "meld_exact": lambda: liver_function.meld(
            **of("bilirubin_mg_dl", "creatinine_mg_dl", "inr"), on_dialysis=number.get("dialysis", 0.0)
        ),
        "ez_albi": lambda: liver_function.ez_albi(**of("bilirubin_mg_dl", "albumin_g_dl")),
        "six_twelve_months": lambda: tumor_burden.six_twelve_months(total()),
        "seven_eleven": lambda: bands.banded("seven_eleven", "sum", total()),
        "hap_points": lambda: tumor_burden.hap_points(**of(*hap)),
        "hap_class": lambda: bands.banded("hap", "points", tumor_burden.hap_points(**of(*hap))),
        "mhap_2_points": lambda: tumor_burden.mhap_2_points(
            hap=tumor_burden.hap_points(**of(*hap)), tumor_count=number["tumor_count"]
        ),
        "art_points": lambda: tumor_burden.art_points(**of(*art)),
        "art_months": lambda: bands.banded("art", "points", tumor_burden.art_points(**of(*art))),
        "state_points": lambda: tumor_burden.state_points(**of("albumin_g_l", "crp_mg_dl", "beyond_up_to_7")),
        "standard_liver_ml": lambda: liver_volume.standard_volume_ml(given["liver_formula"], **of("body_surface_m2")),
        "standard_liver_g": lambda: liver_volume.standard_weight_chan_g(
            **of("weight_kg"), is_male=1 - FEMALE[given["sex"]]
        ),
        "part_of_standard_percent": lambda: 100 * liver_volume.part_of_standard(**of("volume_ml", "body_surface_m2")),
        "sphere_ml": lambda: lesion_geometry.sphere_volume_ml(**of("diameter_cm")),
        "ellipsoid_ml": lambda: lesion_geometry.ellipsoid_volume_ml(**of(*three)),
        "sphere_cm": lambda: lesion_geometry.sphere_diameter_cm(**of("volume_ml")),
    }


def tace_case(given: dict[str, str]) -> dict[str, Any]:
    """The case of a row: a conventional treatment with 10 mL of oil unless it says otherwise."""
    technique = given.get("technique", "ctace")
    made: dict[str, Any] = {
        "format": "dosimetry-case",
        "format_version": 1,
        "label": "golden",
        "treatment": "tace",
        "technique": technique,
        "product": given.get("tace_product", "lipiodol"),
        "drug": {"name": given["drug_name"], "protocol": given["protocol"]},
        "territories": [{"name": "one", "lesions": []}],
    }
    for name in ("dose_mg_per_m2", "dose_mg", "prescribed_mg"):
        made["drug"] |= {name: float(given[name])} if name in given else {}
    if "body_surface_formula" in given:
        made["drug"]["body_surface_formula"] = given["body_surface_formula"]
    body = ("height_cm", "weight_kg", "bilirubin_mg_dl", "age_years")
    made["patient"] = {name: float(given[name]) for name in body if name in given}
    if technique == "ctace":
        made["oil"] = {"volume_ml": float(given.get("oil_ml", 10))}
        if "oil_to_aqueous_ratio" in given:
            made["oil"]["oil_to_aqueous_ratio"] = float(given["oil_to_aqueous_ratio"])
    if "fraction_injected" in given:
        made["as_treated"] = {"fraction_injected": float(given["fraction_injected"])}
    doses = [float(text) for text in given.get("earlier_mg_per_m2", "").split(";") if text]
    made["earlier_anthracycline"] = [{"drug": "doxorubicin", "dose_mg_per_m2": dose} for dose in doses]
    if "lesion_volume_ml" in given:
        partitioned(made, given)
    return made


def partitioned(made: dict[str, Any], given: dict[str, str]) -> None:
    """Put one lesion and the wish for an allocation into a case."""
    territory = made["territories"][0]
    territory["perfused_volume_ml"] = float(given["perfused_volume_ml"])
    territory["lesions"] = [{"name": "A", "volume_ml": float(given["lesion_volume_ml"])}]
    made["partition"] = {"lung_fraction": float(given["carrier_lung_fraction"])}
    if "carrier_ratio" in given:
        made["partition"]["ratio"] = float(given["carrier_ratio"])
    if "observed_tumor_fraction" in given:
        territory["observed_tumor_fraction"] = float(given["observed_tumor_fraction"])


def tace(given: dict[str, str]) -> Thunks:
    plan = planned(tace_case(given))

    def limits(quantity: str) -> list[Any]:
        return [one for one in plan.findings if one.quantity == quantity and one.kind == "limit"]

    def count(quantity: str, severity: str, ids: str = "") -> int:
        return sum(one.severity == severity and one.id.startswith(ids) for one in limits(quantity))

    mid = plan.allocation[1] if plan.allocation else None
    inside = mid.territories[0] if mid else None
    of_allocation = {
        "tumor_mg": lambda: inside.lesions[0].allocated_mg,
        "tumor_mg_per_ml": lambda: inside.lesions[0].allocated_mg_per_ml,
        "normal_mg": lambda: inside.normal_mg,
        "normal_mg_per_ml": lambda: inside.normal_mg_per_ml,
        "lung_mg": lambda: mid.lung_mg,
        "ratio": lambda: inside.ratio,
    }
    names = (
        *("base_mg", "bilirubin_part", "planned_mg", "vials", "aqueous_ml", "delivered_mg", "remaining_mg"),
        *("cumulative_anthracycline_mg_per_m2", "released_fraction"),
    )
    return {
        **{name: lambda name=name: getattr(plan, name) for name in names},
        "oil_bound_ml": lambda: min(one.bound for one in limits("oil_ml")),
        "oil_stops": lambda: count("oil_ml", "stop"),
        "idarubicin_bound_mg": lambda: next(one.bound for one in limits("planned_mg") if "IDA" in one.id),
        "idarubicin_stops": lambda: count("planned_mg", "stop", "IDA"),
        "heart_cautions": lambda: count("cumulative_anthracycline_mg_per_m2", "caution"),
        "heart_stops": lambda: count("cumulative_anthracycline_mg_per_m2", "stop"),
        **of_allocation,
    }


FORMULAS = {"body_surface": body_surface, "scores": scores, "tace": tace}
INPUTS = {
    "bilirubin_umol_l", "albumin_g_l", "afp_ng_ml", "child_pugh_increase", "ast_rise_percent", "radiologic_response",
    "crp_mg_dl", "beyond_up_to_7", "liver_formula", "body_surface_m2", "volume_ml", "earlier_mg_per_m2",
}  # fmt: skip
"""Inputs of these tables that are no fields of a case."""
