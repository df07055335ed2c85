"""From columns to results: the prescribed activities and the doses that follow. The one path of every face."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dosimetry import body_surface, dose, liver_state, spheres, tumor_volume
from dosimetry.arrays import BoolArray, FloatArray, floats
from dosimetry.columns import STATED_LUNG_DOSE, Columns, unknown
from dosimetry.compartments import Compartments, what_is_left
from dosimetry.conventions import Constants
from dosimetry.models import prescribed_activity_gbq


@dataclass(frozen=True, slots=True)
class Results:
    """Computed quantities by level and flat name; NaN where a quantity does not exist or could not be known."""

    case: Mapping[str, FloatArray]
    territory: Mapping[str, FloatArray]
    lesion: Mapping[str, FloatArray]

    def level(self, name: str) -> Mapping[str, FloatArray]:
        """The columns of ``case``, ``territory`` or ``lesion``."""
        return {"case": self.case, "territory": self.territory, "lesion": self.lesion}[name]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A set of cases with everything computed from it."""

    columns: Columns
    constants: Constants
    parts: Compartments
    results: Results


def evaluate(columns: Columns, constants: Constants, parts: Compartments) -> Results:
    """Activities and doses of all cases.

    Parameters
    ----------
    columns : Columns
        Cases that passed `checks.problems`.
    constants : Constants
        Their energies per activity, half-lives and densities.
    parts : Compartments
        Their masses, ratios and shunts.

    Returns
    -------
    Results
        Every quantity of `quantities.QUANTITIES`, in GBq, Gy, kg and as fractions.
    """
    return predict(columns, constants, parts, prescribed_activity_gbq(columns, parts))


def predict(columns: Columns, constants: Constants, parts: Compartments, activity_gbq: FloatArray) -> Results:
    """Doses that follow from one administered activity a territory. [GBq]"""
    shunt, energy = parts.territory_lung_shunt_fraction, parts.territory_energy_gy_kg_per_gbq
    liver = dose.liver_energy_gy_kg(activity_gbq=activity_gbq, lung_shunt_fraction=shunt, energy_gy_kg_per_gbq=energy)
    lungs = dose.lung_energy_gy_kg(activity_gbq=activity_gbq, lung_shunt_fraction=shunt, energy_gy_kg_per_gbq=energy)
    normal = dose.normal_perfused_dose_gy(
        liver_energy_gy_kg=liver, uptake_mass_kg=parts.uptake_mass_kg, normal_mass_kg=parts.normal_mass_kg
    )
    owner = columns.lesion_territory
    lesion = dose.lesion_dose_gy(
        liver_energy_gy_kg=liver[owner],
        uptake_mass_kg=parts.uptake_mass_kg[owner],
        tumor_normal_ratio=parts.tumor_normal_ratio,
        viable_mass_kg=parts.viable_mass_kg,
    )
    lung_mass = columns.case.number("lung_mass_kg")[columns.territory_case]
    territory = {
        "administered_activity_gbq": activity_gbq,
        "vial_activity_gbq": dose.vial_activity_gbq(
            activity_gbq=activity_gbq, residual_fraction=columns.territory.number("residual_fraction")
        ),
        "effective_lung_shunt_fraction": shunt,
        "density_g_per_ml": parts.territory_density_g_per_ml,
        "perfused_mass_kg": parts.perfused_mass_kg,
        "normal_perfused_mass_kg": parts.normal_mass_kg,
        "uptake_mass_kg": parts.uptake_mass_kg,
        "liver_energy_gy_kg": liver,
        "perfused_dose_gy": dose.mean_dose_gy(energy_gy_kg=liver, mass_kg=parts.perfused_mass_kg),
        "normal_perfused_dose_gy": normal,
        "lung_dose_share_gy": dose.mean_dose_gy(energy_gy_kg=lungs, mass_kg=lung_mass),
        "liver_share_fraction": columns.territory.number("perfused_volume_ml")
        / columns.spread(columns.case.number("whole_liver_volume_ml"), "territory"),
        **_spheres(columns, constants, activity_gbq),
    }
    lesions = {
        "mass_kg": parts.viable_mass_kg,
        "dose_gy": lesion,
        "tumor_normal_ratio": parts.tumor_normal_ratio,
        "density_g_per_ml": parts.lesion_density_g_per_ml,
    }
    return Results(_case_results(columns, parts, territory), territory, lesions)


def _case_results(columns: Columns, parts: Compartments, territory: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Sums over the territories of each case: lungs, normal liver, whole liver, treated fraction."""
    normal_energy = columns.per_case(territory["normal_perfused_dose_gy"] * parts.normal_mass_kg)
    lung_dose = columns.per_case(territory["lung_dose_share_gy"])
    whole_volume = columns.case.number("whole_liver_volume_ml")
    perfused_volume = columns.per_case(columns.territory.number("perfused_volume_ml"))
    return {
        "lung_shunt_fraction": parts.lung_shunt_fraction,
        "administered_activity_total_gbq": columns.per_case(territory["administered_activity_gbq"]),
        "lung_activity_gbq": columns.per_case(
            territory["administered_activity_gbq"] * parts.territory_lung_shunt_fraction
        ),
        "lung_dose_gy": lung_dose,
        "lung_dose_cumulative_gy": lung_dose + columns.case.number("previous_lung_dose_gy"),
        "lung_dose_cumulative_least_gy": np.nan_to_num(lung_dose) + known_earlier_lung_dose_gy(columns),
        "normal_perfused_dose_gy": dose.mean_dose_gy(
            energy_gy_kg=normal_energy, mass_kg=columns.per_case(parts.normal_mass_kg)
        ),
        "whole_normal_liver_mass_kg": parts.whole_normal_mass_kg,
        "whole_normal_liver_dose_gy": dose.mean_dose_gy(energy_gy_kg=normal_energy, mass_kg=parts.whole_normal_mass_kg),
        "whole_liver_mass_kg": parts.whole_liver_mass_kg,
        "whole_liver_dose_gy": dose.mean_dose_gy(
            energy_gy_kg=columns.per_case(territory["liver_energy_gy_kg"]), mass_kg=parts.whole_liver_mass_kg
        ),
        "uncorrectable_gastrointestinal_deposition": _uncorrectable_deposition(columns),
        "total_bilirubin_mg_dl": columns.case.number("bilirubin_mg_dl"),
        "pretreated": _pretreated(columns),
        "impaired_liver_function": liver_state.impaired_liver_function(columns),
        "tumor_involvement_fraction": tumor_volume.involvement(columns),
        "body_surface_m2": _body_surface(columns),
        "hepatic_reserve_fraction": what_is_left(whole_volume - perfused_volume, whole_volume) / whole_volume,
        "treated_fraction": perfused_volume / whole_volume,
    }


def known_earlier_lung_dose_gy(columns: Columns) -> FloatArray:
    """What is known of the lung dose before this session; NaN where nothing is known of it. [Gy]"""
    earlier, stated = columns.case.number("previous_lung_dose_gy"), columns.case.number(STATED_LUNG_DOSE)
    return np.where(np.isnan(stated), earlier, stated)


def _uncorrectable_deposition(columns: Columns) -> FloatArray:
    """1 where mapping found gastrointestinal deposition that cannot be corrected, 0 where not, NaN where not stated."""
    if "extrahepatic_found" not in columns.case.numbers:
        return unknown(columns.case.rows)
    found, correctable = (columns.case.number(f"extrahepatic_{name}") for name in ("found", "correctable"))
    site = columns.case.word("extrahepatic_site")
    excluded = (found == 0) | ((found == 1) & ((correctable == 1) | (site.given & ~site.equal("gastrointestinal"))))
    certain = (found == 1) & (correctable == 0) & site.equal("gastrointestinal")
    return np.where(excluded, 0.0, np.where(certain, 1.0, np.nan))


def _body_surface(columns: Columns) -> FloatArray:
    if "height_cm" not in columns.case.numbers or "weight_kg" not in columns.case.numbers:
        return unknown(columns.case.rows)
    return body_surface.du_bois_m2(
        height_cm=columns.case.number("height_cm"), weight_kg=columns.case.number("weight_kg")
    )


def _pretreated(columns: Columns) -> FloatArray:
    """1 where any earlier treatment is stated, 0 where all are stated not to have been, else NaN."""
    if not any(f"prior_{name}" in columns.case.numbers for name in ("tare", "resection", "systemic")):
        return unknown(columns.case.rows)
    prior = [columns.case.number(f"prior_{name}") for name in ("tare", "resection", "systemic")]
    any_stated = np.logical_or.reduce([values == 1 for values in prior])
    return np.where(any_stated, 1.0, sum(prior, np.zeros(columns.case.rows)))


_SPHERE_COLUMNS = tuple(
    name.format(end)
    for end in ("lower", "upper")
    for name in ("sphere_activity_{}_bq", "spheres_{}_million", "spheres_per_ml_{}")
)


def _spheres(columns: Columns, constants: Constants, activity_gbq: FloatArray) -> dict[str, FloatArray]:
    """Activity per sphere at treatment and number of spheres; the most spheres are those with the least activity."""
    ends = ("lower", "upper")
    stated_at_treatment = _stated_at_treatment(columns)
    if "vial_age_h" not in columns.territory.numbers and not stated_at_treatment.any():
        return dict.fromkeys(_SPHERE_COLUMNS, unknown(columns.territory.rows))
    age_h = np.where(stated_at_treatment, 0.0, columns.territory.number("vial_age_h"))
    volume_ml = columns.territory.number("perfused_volume_ml")
    half_life_h = constants.half_life_h[columns.territory_case]
    found: dict[str, FloatArray] = {}
    for end, other in zip(ends, reversed(ends), strict=True):
        per_sphere_bq = spheres.sphere_activity_bq(
            at_calibration_bq=columns.spread(_stated_bq(columns, end), "territory"),
            vial_age_h=age_h,
            half_life_h=half_life_h,
        )
        count = spheres.spheres_million(activity_gbq=activity_gbq, activity_per_sphere_bq=per_sphere_bq)
        found[f"sphere_activity_{end}_bq"] = per_sphere_bq
        found[f"spheres_{other}_million"] = count
        found[f"spheres_per_ml_{other}"] = spheres.spheres_per_ml(spheres_million=count, perfused_volume_ml=volume_ml)
    return found


def _stated_at_treatment(columns: Columns) -> BoolArray:
    """Territories whose device states the activity per sphere at treatment, so that the vial's age is in it."""
    device = columns.case.word("device")
    per_device = [spheres.stated(name).refers_to == "treatment" for name in device.values]
    return np.asarray(columns.spread(np.array([*per_device, False])[device.codes], "territory"))


def _stated_bq(columns: Columns, end: str) -> FloatArray:
    """Least or most activity per sphere as stated for the device of every case. [Bq]"""
    device = columns.case.word("device")
    per_device = [getattr(spheres.stated(name), f"{end}_bq") for name in device.values]
    return floats([*per_device, np.nan])[device.codes]
