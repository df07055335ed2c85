"""The computed quantities: name, level, label and unit, in one place for findings, report and form."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Quantity:
    """A computed quantity. ``unit`` is that of the value; a fraction has none."""

    name: str
    level: str
    label: str
    unit: str


QUANTITIES: tuple[Quantity, ...] = (
    Quantity("administered_activity_gbq", "territory", "administered activity", "GBq"),
    Quantity("vial_activity_gbq", "territory", "vial activity", "GBq"),
    Quantity("effective_lung_shunt_fraction", "territory", "lung shunt", ""),
    Quantity("density_g_per_ml", "territory", "density", "g/mL"),
    Quantity("perfused_mass_kg", "territory", "perfused mass", "kg"),
    Quantity("normal_perfused_mass_kg", "territory", "normal perfused mass", "kg"),
    Quantity("uptake_mass_kg", "territory", "uptake-weighted mass", "kg"),
    Quantity("liver_energy_gy_kg", "territory", "energy absorbed in the perfused liver", "Gy kg"),
    Quantity("perfused_dose_gy", "territory", "perfused dose", "Gy"),
    Quantity("normal_perfused_dose_gy", "territory", "normal perfused dose", "Gy"),
    Quantity("lung_dose_share_gy", "territory", "lung dose from this territory", "Gy"),
    Quantity("liver_share_fraction", "territory", "part of the liver", ""),
    Quantity("sphere_activity_lower_bq", "territory", "activity per sphere at treatment, least", "Bq"),
    Quantity("sphere_activity_upper_bq", "territory", "activity per sphere at treatment, most", "Bq"),
    Quantity("spheres_lower_million", "territory", "spheres, least", "million"),
    Quantity("spheres_upper_million", "territory", "spheres, most", "million"),
    Quantity("spheres_per_ml_lower", "territory", "spheres per mL of perfused volume, least", "1/mL"),
    Quantity("spheres_per_ml_upper", "territory", "spheres per mL of perfused volume, most", "1/mL"),
    Quantity("mass_kg", "lesion", "viable mass", "kg"),
    Quantity("dose_gy", "lesion", "lesion dose", "Gy"),
    Quantity("tumor_normal_ratio", "lesion", "tumor-to-normal ratio", ""),
    Quantity("density_g_per_ml", "lesion", "density", "g/mL"),
    Quantity("administered_activity_total_gbq", "case", "administered activity of the session", "GBq"),
    Quantity("lung_shunt_fraction", "case", "lung shunt", ""),
    Quantity("lung_activity_gbq", "case", "activity reaching the lungs", "GBq"),
    Quantity("lung_dose_gy", "case", "lung dose", "Gy"),
    Quantity("lung_dose_cumulative_gy", "case", "lung dose over all sessions", "Gy"),
    Quantity("normal_perfused_dose_gy", "case", "normal perfused dose, all territories", "Gy"),
    Quantity("whole_normal_liver_mass_kg", "case", "whole normal liver mass", "kg"),
    Quantity("whole_normal_liver_dose_gy", "case", "whole normal liver dose", "Gy"),
    Quantity("whole_liver_mass_kg", "case", "whole liver mass", "kg"),
    Quantity("whole_liver_dose_gy", "case", "whole liver dose, tumor included", "Gy"),
    Quantity("uncorrectable_gastrointestinal_deposition", "case", "uncorrectable gastrointestinal deposition", ""),
    Quantity("total_bilirubin_mg_dl", "case", "total bilirubin", "mg/dL"),
    Quantity("pretreated", "case", "earlier radioembolization, resection or systemic therapy", ""),
    Quantity("impaired_liver_function", "case", "impairment of liver function", ""),
    Quantity("tumor_involvement_fraction", "case", "tumor part of the liver", ""),
    Quantity("body_surface_m2", "case", "body surface", "m2"),
    Quantity("hepatic_reserve_fraction", "case", "hepatic reserve", ""),
    Quantity("treated_fraction", "case", "treated part of the liver", ""),
)


ACTIVITY_UNITS = ("Gy", "GBq")
"""Units of the quantities that change with the activity: doses and activities themselves."""
LIVER_DOSES = ("perfused_dose_gy", "normal_perfused_dose_gy", "whole_normal_liver_dose_gy", "whole_liver_dose_gy")
"""Doses of the liver without those of single lesions."""


@cache
def quantity_named(name: str, level: str) -> Quantity:
    """The quantity of a name at a level."""
    return next(quantity for quantity in QUANTITIES if (quantity.name, quantity.level) == (name, level))


@cache
def is_quantity(name: str) -> bool:
    """Whether a name is that of a computed quantity."""
    return any(quantity.name == name for quantity in QUANTITIES)


@cache
def level_of(name: str) -> str:
    """The level at which a limit on this quantity is checked: the narrowest that has it."""
    levels = [quantity.level for quantity in QUANTITIES if quantity.name == name]
    return next(level for level in ("lesion", "territory", "case") if level in levels)
