"""A case reworked in plain Python, slow and obvious on purpose. Nothing of the library is imported.

Activity is handed out tissue by tissue, and a dose is energy per activity times activity over mass. Where the library
works in energies and doubles, this works in activities and, when told so, in decimals of fifty digits.

The results carry the names of the plan file. ``None`` where a number does not exist or could not be known.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

DIGITS = 50
ELECTRONVOLT = Decimal("1.602176634e-19")
NUCLIDE = {"glass": "Y-90", "resin": "Y-90", "holmium": "Ho-166"}
# Typed here a second time: energy per activity [Gy kg/GBq], tissue density [g/mL].
CONVENTIONS = {
    ("eanm", "Y-90"): ("49.67", "1.03"),
    ("aapm", "Y-90"): ("49.38", "1.03"),
    ("glass_label", "Y-90"): ("50", "1.03"),
    ("icrp107", "Y-90"): ("computed", "1.03"),
    ("ho166", "Ho-166"): ("15.87", "1.06"),
}
SAME = Decimal("1e-9")

Number = Any
Case = dict[str, Any]


def fifty_digits(case: Case) -> dict[str, Any]:
    """The results to fifty digits; every float of the case is taken as the exact number it stands for."""
    with localcontext(prec=DIGITS):
        return rework(case, Decimal)


def rework(case: Case, number: Callable[[Any], Number]) -> dict[str, Any]:
    """The results of a case in the arithmetic of ``number``."""
    energy, density = constants(case, number)
    lung = case.get("lung", {})
    shunt = case_shunt(lung, number)
    common = {"energy": energy, "density": density, "shunt": shunt, "lung_mass": given(lung.get("mass_kg"), number)}
    common |= {"surface": body_surface(case.get("patient", {}), number), "case": case, "others": number(0)}
    typed = {"activity", "single_compartment", "partition", "resin_bsa", "empirical"}
    by_place = {
        place: territory(one, common, number)
        for place, one in enumerate(case["territories"])
        if one["prescription"]["model"] in typed
    }
    common["others"] = total(one["lung_activity_gbq"] for one in by_place.values())
    territories = [
        by_place[place] if place in by_place else territory(one, common, number)
        for place, one in enumerate(case["territories"])
    ]
    return {
        "lung_shunt_fraction": shunt,
        "body_surface_m2": common["surface"],
        "tumor_involvement_fraction": involvement(case, number),
        "territories": territories,
        "lesions": merged_lesions(territories),
        **session(territories, given(lung.get("previous_dose_gy"), number)),
        **whole_organ(case, territories, energy, density, number),
    }


def power(base: Number, exponent: str) -> Number:
    """A power with a decimal exponent."""
    return base ** type(base)(exponent)


def body_surface(patient: Case, number: Callable[[Any], Number]) -> Number:
    """Du Bois as printed in centimeters and kilograms for the resin method: 0.20247 with the height in meters."""
    if "height_cm" not in patient or "weight_kg" not in patient:
        return None
    meters = number(patient["height_cm"]) / 100
    return number("0.20247") * power(meters, "0.725") * power(number(patient["weight_kg"]), "0.425")


def tumor_volume(territories: list[Case], number: Callable[[Any], Number]) -> Number:
    return total(number(lesion["volume_ml"]) for one in territories for lesion in one["lesions"])


def involvement(case: Case, number: Callable[[Any], Number]) -> Number:
    """Tumor part of the liver; unknown without delineated lesions or without a volume."""
    liver, tumor = case.get("liver", {}), tumor_volume(case["territories"], number)
    if not tumor or "whole_volume_ml" not in liver:
        return None
    return (tumor + number(liver.get("untreated_tumor_volume_ml", 0))) / number(liver["whole_volume_ml"])


def left_by_shunt(shunt: Number, number: Callable[[Any], Number]) -> Number:
    """What the resin rule leaves: all below 10 %, four fifths from 10 %, three fifths from 15 %."""
    under = 1 - number("1e-12")  # a shunt within rounding of an edge lies on it
    if shunt < number("0.10") * under:
        return number(1)
    return number("0.8") if shunt < number("0.15") * under else number("0.6")


def resin_activity(one: Case, common: dict[str, Any], shunt: Number, number: Callable[[Any], Number]) -> Number:
    """Body surface in either reading, or the empirical table; reduced by the shunt."""
    case, volume = common["case"], number(one["perfused_volume_ml"])
    whole = number(case["liver"]["whole_volume_ml"])
    if one["prescription"]["model"] == "empirical":
        part = involvement(case, number)
        for_liver = number(2) if part < number("0.25") else number("2.5") if part <= number("0.5") else number(3)
    elif one["prescription"]["reading"] == "lobe":
        for_liver = common["surface"] - number("0.2") + tumor_volume([one], number) / volume
    else:
        tumor = tumor_volume(case["territories"], number) + number(case["liver"]["untreated_tumor_volume_ml"])
        for_liver = common["surface"] - number("0.2") + tumor / whole
    return for_liver * volume / whole * left_by_shunt(shunt, number)


def share_of_liver(one: Case, case: Case, number: Callable[[Any], Number]) -> Number:
    whole = given(case.get("liver", {}).get("whole_volume_ml"), number)
    return None if whole is None else number(one["perfused_volume_ml"]) / whole


SPHERES = {"glass": ("2500", "2500"), "holmium": ("200", "400")}
HALF_LIFE_H = {"Y-90": "64.1", "Ho-166": "26.8"}


def spheres(one: Case, common: dict[str, Any], activity: Number, number: Callable[[Any], Number]) -> dict[str, Number]:
    """Activity per sphere at the age of the vial, and the spheres that carry the activity."""
    names = ("sphere_activity_lower_bq", "sphere_activity_upper_bq", "spheres_lower_million", "spheres_upper_million",
             "spheres_per_ml_lower", "spheres_per_ml_upper")  # fmt: skip
    device = common["case"]["device"]
    if "vial_age_h" not in one and device != "holmium":
        return dict.fromkeys(names)
    half_life = common["case"].get("constants", {}).get("half_life_h", HALF_LIFE_H[NUCLIDE[device]])
    # Of holmium the activity per sphere is stated at treatment.
    left = number(1) if device == "holmium" else number(2) ** (-number(one["vial_age_h"]) / number(half_life))
    if device == "resin":  # 3 GBq in 44 million spheres, 2.6 million more or less
        least, most = (number(3000) / number(count) for count in ("46.6", "41.4"))
    else:
        least, most = (number(value) for value in SPHERES[device])
    least, most = least * left, most * left
    few, many = activity * 1000 / most, activity * 1000 / least
    volume = number(one["perfused_volume_ml"])
    return dict(zip(names, (least, most, few, many, few * 1000000 / volume, many * 1000000 / volume), strict=True))


def given(value: Any, number: Callable[[Any], Number]) -> Number:
    return None if value is None else number(value)


def constants(case: Case, number: Callable[[Any], Number]) -> tuple[Number, Number]:
    """Energy per activity and tissue density: the convention's, with what is typed over it."""
    typed = case.get("constants", {})
    energy, density = CONVENTIONS.get((case.get("convention"), NUCLIDE[case["device"]]), (None, None))
    if energy == "computed":  # ICRP 107: 0.93310 MeV per decay, half-life 64.10 h
        energy = Decimal("0.93310e6") * ELECTRONVOLT * Decimal("64.10") * 3600 / Decimal(2).ln() * Decimal("1e9")
    return number(typed.get("energy_gy_kg_per_gbq", energy)), number(typed.get("tissue_density_g_per_ml", density))


def case_shunt(lung: Case, number: Callable[[Any], Number]) -> Number:
    """The typed lung shunt, or the part of all counts that lies in the lungs."""
    if "shunt_fraction" in lung:
        return number(lung["shunt_fraction"])
    if "counts" not in lung:
        return None
    counts = {name: number(value) for name, value in lung["counts"].items()}
    if "lung" in counts:
        return counts["lung"] / (counts["lung"] + counts["liver"])
    in_lung, in_liver = (organ_counts(counts, organ) for organ in ("lung", "liver"))
    return in_lung / (in_lung + in_liver)


def organ_counts(counts: dict[str, Number], organ: str) -> Number:
    """Geometric mean of the two views, each less the background of as many pixels."""
    views = []
    for view in ("anterior", "posterior"):
        background = 0
        if f"background_{view}" in counts:
            per_pixel = counts[f"background_{view}"] / counts["pixels_background"]
            background = per_pixel * counts[f"pixels_{organ}"]
        views.append(counts[f"{organ}_{view}"] - background)
    product = views[0] * views[1]
    return product.sqrt() if isinstance(product, Decimal) else product**0.5


def ratio_of(lesion: Case, lesion_density: Number, normal_density: Number, number: Callable[[Any], Number]) -> Number:
    """Typed, or counts per gram of lesion over counts per gram of normal liver."""
    if "tumor_normal_counts" not in lesion:
        return given(lesion.get("tumor_normal_ratio"), number)
    counts = {name: number(value) for name, value in lesion["tumor_normal_counts"].items()}
    per_gram_of_lesion = counts["lesion_counts"] / (counts["lesion_volume_ml"] * lesion_density)
    per_gram_of_liver = counts["normal_counts"] / (counts["normal_volume_ml"] * normal_density)
    return per_gram_of_lesion / per_gram_of_liver


def territory(one: Case, common: dict[str, Number], number: Callable[[Any], Number]) -> dict[str, Any]:
    """Everything about one injection; ``common`` is what it shares with the others."""
    energy, lung_mass = common["energy"], common["lung_mass"]
    density = number(one.get("density_g_per_ml", common["density"]))
    shunt = number(one.get("shunt_fraction", common["shunt"]))
    lesions = [lesion_tissue(lesion, density, number) for lesion in one["lesions"]]
    normal = (number(one["perfused_volume_ml"]) - total(lesion["volume_ml"] for lesion in lesions)) * density / 1000
    mass = normal + total(lesion["whole_mass_kg"] for lesion in lesions)
    if abs(normal) <= number(SAME) * mass:
        normal = 0 * mass
    takes_up = uptake(normal, lesions)
    if one["prescription"]["model"] in ("resin_bsa", "empirical"):
        activity = resin_activity(one, common, shunt, number)
    elif one["prescription"]["model"] == "lung_limit":
        activity = (number(one["prescription"]["dose_gy"]) * lung_mass / energy - common["others"]) / shunt
    else:
        activity = prescribed(
            one["prescription"], number, mass=mass, takes_up=takes_up, lesions=lesions, stays=energy * (1 - shunt)
        )
    in_liver, in_lungs = activity * (1 - shunt), activity * shunt
    share = None if takes_up is None else in_liver / takes_up  # activity per kg of normal liver
    residual = given(one.get("residual_fraction"), number)
    return {
        "name": one["name"],
        "volume_ml": number(one["perfused_volume_ml"]),
        "administered_activity_gbq": activity,
        "vial_activity_gbq": None if residual is None else activity / (1 - residual),
        "effective_lung_shunt_fraction": shunt,
        "density_g_per_ml": density,
        "perfused_mass_kg": mass,
        "normal_perfused_mass_kg": normal,
        "uptake_mass_kg": takes_up,
        "liver_energy_gy_kg": energy * in_liver,
        "perfused_dose_gy": energy * in_liver / mass,
        "normal_perfused_dose_gy": energy * share if normal and share is not None else None,
        "lung_dose_share_gy": None if lung_mass is None else energy * in_lungs / lung_mass,
        "lung_activity_gbq": in_lungs,
        "liver_share_fraction": share_of_liver(one, common["case"], number),
        **spheres(one, common, activity, number),
        "lesions": [lesion_result(lesion, share, energy) for lesion in lesions],
    }


def lesion_tissue(lesion: Case, density: Number, number: Callable[[Any], Number]) -> dict[str, Any]:
    own = number(lesion.get("density_g_per_ml", density))
    volume, dead = number(lesion["volume_ml"]), number(lesion.get("necrotic_volume_ml", 0))
    viable = volume - dead
    return {
        "name": lesion["name"],
        "volume_ml": volume,
        "whole_mass_kg": volume * own / 1000,
        "mass_kg": (0 * volume if abs(viable) <= number(SAME) * volume else viable) * own / 1000,
        "tumor_normal_ratio": ratio_of(lesion, own, density, number),
        "density_g_per_ml": own,
    }


def lesion_result(lesion: dict[str, Any], share: Number, energy: Number) -> dict[str, Any]:
    """The lesion's mass and the dose its activity per mass gives it."""
    known = share is not None and lesion["mass_kg"]
    return {
        "name": lesion["name"],
        "mass_kg": lesion["mass_kg"],
        "dose_gy": energy * share * lesion["tumor_normal_ratio"] if known else None,
        "tumor_normal_ratio": lesion["tumor_normal_ratio"],
        "density_g_per_ml": lesion["density_g_per_ml"],
    }


def total(values: Any) -> Number:
    return sum(values)


def uptake(normal: Number, lesions: list[dict[str, Any]]) -> Number:
    """Mass of normal liver that would take up as much as the whole territory; unknown when any ratio is."""
    if any(lesion["tumor_normal_ratio"] is None for lesion in lesions):
        return None
    return normal + total(lesion["mass_kg"] * lesion["tumor_normal_ratio"] for lesion in lesions)


def prescribed(
    prescription: Case,
    number: Callable[[Any], Number],
    *,
    mass: Number,
    takes_up: Number,
    lesions: list[dict[str, Any]],
    stays: Number,
) -> Number:
    """The administered activity: typed, or what the asked dose takes when ``stays`` Gy kg a GBq stay in the liver."""
    if prescription["model"] == "activity":
        return number(prescription["activity_gbq"])
    dose = number(prescription["dose_gy"])
    if prescription["model"] == "single_compartment":
        return dose * mass / stays
    if prescription["target"] != "normal_perfused":
        name = prescription["target"].removeprefix("lesion:")
        dose /= next(lesion["tumor_normal_ratio"] for lesion in lesions if lesion["name"] == name)
    return dose * takes_up / stays


def session(territories: list[dict[str, Any]], previous: Number) -> dict[str, Any]:
    """Sums over the injections of the session."""
    shares = [one["lung_dose_share_gy"] for one in territories]
    lung_dose = None if None in shares else total(shares)
    doses = [one["normal_perfused_dose_gy"] for one in territories]
    normal_mass = total(one["normal_perfused_mass_kg"] for one in territories)
    return {
        "lung_dose_gy": lung_dose,
        "lung_dose_cumulative_gy": None if None in (lung_dose, previous) else lung_dose + previous,
        "administered_activity_total_gbq": total(one["administered_activity_gbq"] for one in territories),
        "lung_activity_gbq": total(one["lung_activity_gbq"] for one in territories),
        "normal_perfused_dose_gy": None if None in doses else normal_times_dose(territories) / normal_mass,
    }


def normal_times_dose(territories: list[dict[str, Any]]) -> Number:
    return total(one["normal_perfused_dose_gy"] * one["normal_perfused_mass_kg"] for one in territories)


def whole_organ(
    case: Case, territories: list[dict[str, Any]], energy: Number, density: Number, number: Callable[[Any], Number]
) -> dict[str, Any]:
    """The organ: what is treated, and the rest at zero dose."""
    names = (
        "whole_normal_liver_mass_kg",
        "whole_normal_liver_dose_gy",
        "whole_liver_mass_kg",
        "whole_liver_dose_gy",
        "hepatic_reserve_fraction",
        "treated_fraction",
    )
    liver = case.get("liver", {})
    whole = given(liver.get("whole_volume_ml"), number)
    if whole is None:
        return dict.fromkeys(names)
    treated = total(one["volume_ml"] for one in territories)
    rest, tumor = whole - treated, number(liver.get("untreated_tumor_volume_ml", 0))
    normal_mass = total(one["normal_perfused_mass_kg"] for one in territories) + (rest - tumor) * density / 1000
    mass = total(one["perfused_mass_kg"] for one in territories) + rest * density / 1000
    in_liver = total(one["liver_energy_gy_kg"] for one in territories)
    unknown = any(one["normal_perfused_dose_gy"] is None for one in territories)
    values = (
        normal_mass,
        None if unknown else normal_times_dose(territories) / normal_mass,
        mass,
        in_liver / mass,
        rest / whole,
        treated / whole,
    )
    return dict(zip(names, values, strict=True))


def merged_lesions(territories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each lesion once; one that lies in several territories has the mass of its parts and the mean of their doses."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for one in territories:
        for lesion in one["lesions"]:
            parts.setdefault(lesion["name"], []).append(lesion)
    return [{"name": name, **merged(pieces)} for name, pieces in parts.items()]


def merged(pieces: list[dict[str, Any]]) -> dict[str, Any]:
    mass = total(piece["mass_kg"] for piece in pieces)
    alive = [piece for piece in pieces if piece["mass_kg"]]
    if not alive or any(piece["dose_gy"] is None for piece in alive):
        return {"mass_kg": mass, "dose_gy": None}
    return {"mass_kg": mass, "dose_gy": total(piece["dose_gy"] * piece["mass_kg"] for piece in alive) / mass}
