"""Break the library on purpose: `python tests/mutants.py`. Every mistake must turn a golden or property test red.

Each mutant is one textual change in a copy of the project. The table in README.md says where each mistake was seen.
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("dosimetry", "reference_data", "examples", "tests", "pyproject.toml")
TESTS = (
    "test_golden.py",
    "test_models.py",
    "test_limits.py",
    "test_by_hand.py",
    "test_properties.py",
    "test_one_is_many.py",
    "test_what_if.py",
    "test_instants.py",
    "test_ordering.py",
    "test_delivery.py",
    "test_delivery_second_check.py",
    "test_findings.py",
)
TACE_TESTS = ("test_scores.py", "test_body_surface.py", "test_tace.py", "test_golden.py")
"""Of a chemoembolization, which shares little with the other."""
AUDIT_TESTS = (
    "test_audit_compare.py",
    "test_audit_report.py",
    "test_audit_slips.py",
    "test_audit_replan.py",
    "test_audit_tables.py",
)
FORM_TESTS = ("test_form_inputs.py",)
"""Of what the form shows under inputs that have changed since."""
NEAREST = {
    "dosimetry/limits/": ("test_limits.py", "test_findings.py"),
    "reference_data/limits.csv": ("test_limits.py",),
    "dosimetry/what_if/": ("test_what_if.py", "test_limits.py"),
    "dosimetry/unusual.py": ("test_findings.py", "test_limits.py"),
    "dosimetry/cautions.py": ("test_findings.py",),
    "dosimetry/lobes.py": ("test_findings.py",),
    "dosimetry/liver_state.py": ("test_limits.py",),
    "dosimetry/treatment_day/sessions.py": ("test_findings.py",),
    "dosimetry/conventions.py": ("test_golden.py", "test_by_hand.py", "test_findings.py"),
    "dosimetry/instants.py": ("test_instants.py",),
    "dosimetry/ordering/": ("test_ordering.py", "test_delivery.py"),
    "dosimetry/delivery/": ("test_delivery.py",),
    "dosimetry/second_check/": ("test_delivery_second_check.py",),
    "dosimetry/treatment_day/": ("test_delivery.py", "test_delivery_second_check.py", "test_ordering.py"),
}
"""Tests that are tried first for a mistake in a place, because they are most likely to find it."""
WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Mutant:
    """One mistake: ``search`` stands exactly once in ``file`` and is replaced; ``tests`` should find it."""

    mistake: str
    file: str
    search: str
    replacement: str
    tests: tuple[str, ...] = TESTS


DRUG, DOSING = "dosimetry/tace/drug_dose.py", "dosimetry/tace/dosing.py"
ALLOCATION, CARRIER = "dosimetry/tace/allocation.py", "dosimetry/tace/carrier.py"
LIVER_FUNCTION, TUMOR_BURDEN = "dosimetry/scores/liver_function.py", "dosimetry/scores/tumor_burden.py"
BANDS = "reference_data/score_bands.csv"
COMPARTMENTS = "dosimetry/compartments.py"
EVALUATION = "dosimetry/evaluation.py"
RESIN = "dosimetry/models/resin_bsa.py"
BOUNDS = "dosimetry/what_if/bounds.py"
SCOPE = "dosimetry/limits/scope.py"
SENSITIVITY = "dosimetry/what_if/sensitivity.py"
BILIRUBIN_OF_HCC = (
    "EANM-G-HCC-WNL-BILI-HI,limit,glass,hcc,lobectomy|unilobar|bilobar|whole_liver,whole_normal_liver_dose_gy,<=,50,Gy,"
    "bilirubin_mg_dl "
)
SELF_CHECK_OFF = Mutant(
    "the plan does not check itself",
    "dosimetry/planning.py",
    "    energy_balance.check(columns, parts, results)\n",
    "",
)
"""Made together with every mutant: the tests have to find the mistake, not the second route of the program itself."""
MUTANTS = (
    Mutant(
        "single compartment multiplies by (1 - LSF)",
        "dosimetry/models/single_compartment.py",
        "/ (floats(energy_gy_kg_per_gbq) * stays)",
        "* stays / floats(energy_gy_kg_per_gbq)",
    ),
    Mutant(
        "partition multiplies by (1 - LSF)",
        "dosimetry/models/partition.py",
        "/ (floats(energy_gy_kg_per_gbq) * stays)",
        "* stays / floats(energy_gy_kg_per_gbq)",
    ),
    Mutant(
        "doses ignore the shunt",
        "dosimetry/dose.py",
        "floats(energy_gy_kg_per_gbq) * floats(activity_gbq) * stays",
        "floats(energy_gy_kg_per_gbq) * floats(activity_gbq)",
    ),
    Mutant(
        "shunt taken for a percentage",
        "dosimetry/dose.py",
        'return _fraction_below_one("lung_shunt_fraction", lung_shunt_fraction)',
        'return _fraction_below_one("lung_shunt_fraction", lung_shunt_fraction) / 100.0',
    ),
    Mutant(
        "partition weighs the normal mass with (ratio + 1)",
        COMPARTMENTS,
        "uptake_mass_kg=normal + columns.per_territory(ratio * viable)",
        "uptake_mass_kg=normal * (columns.per_territory(ratio) + 1)",
    ),
    Mutant(
        "whole-liver mass in place of the normal mass",
        COMPARTMENTS,
        "uptake_mass_kg=normal + columns",
        "uptake_mass_kg=perfused + columns",
    ),
    Mutant(
        "lesions that fill their territory leave a little less than nothing",
        COMPARTMENTS,
        "rest = what_is_left(perfused_volume - columns.per_territory(volume), perfused_volume)",
        "rest = perfused_volume - columns.per_territory(volume)",
        ("test_energy_balance.py",),
    ),
    Mutant(
        "tumor and normal volume exchanged",
        COMPARTMENTS,
        "perfused_volume - columns.per_territory(volume)",
        "columns.per_territory(volume)",
    ),
    Mutant(
        "ratio upside down in the lesion dose",
        "dosimetry/dose.py",
        "floats(tumor_normal_ratio) * per_uptake",
        "per_uptake / floats(tumor_normal_ratio)",
    ),
    Mutant(
        "ratio upside down in the activity",
        "dosimetry/models/partition.py",
        "floats(target_dose_gy) / floats(target_ratio)",
        "floats(target_dose_gy) * floats(target_ratio)",
    ),
    Mutant(
        "ratio of activities in place of concentrations",
        COMPARTMENTS,
        "columns.per_territory(ratio * viable)",
        "columns.per_territory(ratio * normal[columns.lesion_territory])",
    ),
    Mutant(
        "necrosis takes uptake",
        COMPARTMENTS,
        "what_is_left(volume - necrotic, volume)",
        "what_is_left(volume, volume)",
    ),
    Mutant(
        "necrosis leaves the perfused mass",
        COMPARTMENTS,
        "columns.per_territory(lesion_mass)",
        "columns.per_territory(viable)",
    ),
    Mutant(
        "density of a lesion ignored",
        COMPARTMENTS,
        '_given_or(columns.lesion, "lesion_density_g_per_ml", normal_density)',
        "normal_density",
    ),
    Mutant(
        "density of a territory ignored",
        COMPARTMENTS,
        '_given_or(columns.territory, "territory_density_g_per_ml", case_density)',
        "case_density",
    ),
    Mutant(
        "ratio from counts per volume taken as per mass",
        "dosimetry/lung_shunt.py",
        "floats(lesion_per_mass / normal_per_mass)",
        "floats(lesion_per_mass * floats(lesion_density_g_per_ml) / normal_per_mass / floats(normal_density_g_per_ml))",
    ),
    Mutant(
        "arithmetic mean of the planar views",
        "dosimetry/lung_shunt.py",
        "np.sqrt(np.where(both, product, np.nan))",
        "np.where(both, (floats(anterior_counts) + floats(posterior_counts)) / 2, np.nan)",
    ),
    Mutant(
        "background not scaled by area",
        "dosimetry/lung_shunt.py",
        "floats(background_counts) * scale",
        "floats(background_counts)",
    ),
    Mutant(
        "shunt as lung over liver counts",
        "dosimetry/lung_shunt.py",
        "np.divide(lung, total,",
        "np.divide(lung, liver,",
    ),
    Mutant(
        "shunt of a territory ignored",
        COMPARTMENTS,
        'columns.territory, "territory_lung_shunt_fraction", shunt[columns.territory_case]',
        'columns.case, "no column", shunt[columns.territory_case]',
    ),
    Mutant(
        "lung dose from the activity in the vial",
        EVALUATION,
        "lungs = dose.lung_energy_gy_kg(activity_gbq=activity_gbq,",
        "residual = np.nan_to_num(columns.territory.number('residual_fraction'))\n"
        "    lungs = dose.lung_energy_gy_kg(activity_gbq=activity_gbq / (1 - residual),",
    ),
    Mutant(
        "lung mass dropped",
        EVALUATION,
        "dose.mean_dose_gy(energy_gy_kg=lungs, mass_kg=lung_mass)",
        "dose.mean_dose_gy(energy_gy_kg=lungs, mass_kg=np.where(np.isnan(lung_mass), np.nan, 1.0))",
    ),
    Mutant(
        "lung mass of 1 kg implied",
        EVALUATION,
        "dose.mean_dose_gy(energy_gy_kg=lungs, mass_kg=lung_mass)",
        "dose.mean_dose_gy(energy_gy_kg=lungs, mass_kg=np.where(np.isnan(lung_mass), 1.0, lung_mass))",
    ),
    Mutant(
        "lung dose of the last territory only",
        EVALUATION,
        'lung_dose = columns.per_case(territory["lung_dose_share_gy"])',
        'lung_dose = territory["lung_dose_share_gy"][np.cumsum(np.bincount(columns.territory_case)) - 1]',
    ),
    Mutant(
        "residual multiplied",
        "dosimetry/dose.py",
        "floats(activity_gbq) / (1.0 - _fraction_below_one",
        "floats(activity_gbq) * (1.0 - _fraction_below_one",
    ),
    Mutant(
        "dose from the activity in the vial",
        EVALUATION,
        '"administered_activity_gbq": activity_gbq,',
        '"administered_activity_gbq": activity_gbq\n'
        '        / (1 - np.nan_to_num(columns.territory.number("residual_fraction"))),',
    ),
    Mutant(
        "untreated tumor counted as normal liver",
        COMPARTMENTS,
        "what_is_left(outside - untreated, whole_volume)",
        "what_is_left(outside, whole_volume)",
    ),
    Mutant(
        "whole liver taken as whole normal liver",
        EVALUATION,
        "energy_gy_kg=normal_energy, mass_kg=parts.whole_normal_mass_kg",
        "energy_gy_kg=normal_energy, mass_kg=parts.whole_liver_mass_kg",
    ),
    Mutant(
        "parts of a lesion averaged without their masses",
        "dosimetry/planning.py",
        'np.bincount(group, weights=results.lesion["mass_kg"], minlength=len(order))',
        'np.bincount(group, weights=results.lesion["mass_kg"] ** 0, minlength=len(order))',
    ),
    Mutant(
        "energy per activity of another nuclide",
        "reference_data/conventions.csv",
        "ho166,Ho-166,energy_gy_kg_per_gbq,15.87,",
        "ho166,Ho-166,energy_gy_kg_per_gbq,49.67,",
    ),
    Mutant(
        "tissue density of 1 g/mL",
        "dosimetry/units.py",
        "floats(volume_ml) * floats(density_g_per_ml) / ML_PER_L",
        "floats(volume_ml) * (floats(density_g_per_ml) ** 0) / ML_PER_L",
    ),
    Mutant(
        "half-life in days",
        "dosimetry/decay.py",
        "SECONDS_PER_HOUR = 3600.0",
        "SECONDS_PER_HOUR = 86400.0",
    ),
    Mutant(
        "energy over half-life in place of mean life",
        "dosimetry/decay.py",
        "* SECONDS_PER_HOUR / math.log(2.0)",
        "* SECONDS_PER_HOUR",
    ),
    Mutant(
        "decay raises the activity",
        "dosimetry/decay.py",
        "np.exp2(-floats(elapsed_h) / half_life)",
        "np.exp2(floats(elapsed_h) / half_life)",
    ),
    Mutant(
        "27 mCi to the GBq",
        "dosimetry/units.py",
        "GBQ_PER_MCI = 0.037",
        "GBQ_PER_MCI = 1 / 27",
    ),
    Mutant(
        "lung limit multiplies by the shunt",
        "dosimetry/models/lung_limit.py",
        "np.divide(room, shunt, out=np.full(shunt.shape, np.nan), where=shunt > 0)",
        "np.multiply(room, shunt)",
    ),
    Mutant(
        "lung limit forgets the other territories",
        "dosimetry/models/lung_limit.py",
        "shunted[rows] = 0.0",
        "shunted[:] = 0.0",
    ),
    Mutant(
        "body surface with the height in centimeters",
        "dosimetry/body_surface.py",
        "height=floats(height_cm) / CM_PER_M",
        "height=floats(height_cm)",
    ),
    Mutant(
        "body surface without its offset",
        RESIN,
        'floats(body_surface_m2) - reference.coefficient("resin_bsa", "offset_m2") + floats(tumor_part)',
        "floats(body_surface_m2) + floats(tumor_part)",
    ),
    Mutant(
        "lobe and share exchanged",
        RESIN,
        ".equal(LOBE)[rows], lobe, share)",
        ".equal(LOBE)[rows], share, lobe)",
    ),
    Mutant(
        "body surface not shared out by volume",
        RESIN,
        "return part * share * remaining_part",
        "return part * remaining_part",
    ),
    Mutant(
        "shunt bands open at their lower end",
        "reference_data/activity_bands.csv",
        "resin_shunt_reduction,effective_lung_shunt_fraction,10,15,lower,20,",
        "resin_shunt_reduction,effective_lung_shunt_fraction,10,15,upper,20,",
    ),
    Mutant(
        "shunt reduction of 20 % only",
        "reference_data/activity_bands.csv",
        "resin_shunt_reduction,effective_lung_shunt_fraction,15,20,lower,40,",
        "resin_shunt_reduction,effective_lung_shunt_fraction,15,20,lower,20,",
    ),
    Mutant(
        "shunt reduction of partition too",
        "dosimetry/models/partition.py",
        "    return normal_dose_gy * floats(uptake_mass_kg)",
        "    from dosimetry.activity_bands import remaining_part\n\n"
        "    return remaining_part(1.0 - stays) * normal_dose_gy * floats(uptake_mass_kg)",
    ),
    Mutant(
        "empirical activity one band too high",
        "reference_data/activity_bands.csv",
        "resin_empirical_activity,tumor_involvement_fraction,25,50,both,2.5,",
        "resin_empirical_activity,tumor_involvement_fraction,25,50,both,3.0,",
    ),
    Mutant(
        "empirical band open at 50 %",
        "reference_data/activity_bands.csv",
        "resin_empirical_activity,tumor_involvement_fraction,25,50,both,2.5,",
        "resin_empirical_activity,tumor_involvement_fraction,25,50,lower,2.5,",
    ),
    Mutant(
        "tumor part of the territory for that of the liver",
        "dosimetry/models/empirical.py",
        "tumor_involvement_fraction=tumor_volume.involvement(columns)[case],",
        "tumor_involvement_fraction=(\n"
        "            tumor_volume.per_territory_ml(columns) / columns.territory.number('perfused_volume_ml')\n"
        "        )[rows],",
    ),
    Mutant(
        "untreated tumor is no tumor involvement",
        "dosimetry/tumor_volume.py",
        'untreated = columns.case.number("untreated_tumor_volume_ml")',
        'untreated = 0.0 * columns.case.number("untreated_tumor_volume_ml")',
    ),
    Mutant(
        "spheres as at calibration",
        "dosimetry/spheres.py",
        "remaining_fraction(elapsed_h=vial_age_h,",
        "remaining_fraction(elapsed_h=0.0 * floats(vial_age_h),",
    ),
    Mutant(
        "resin spheres of nominally 50 Bq",
        "reference_data/sphere_activities.csv",
        "resin,3,41.4,46.6,,,",
        "resin,,,,50,50,",
    ),
    Mutant(
        "the most spheres from the most activity",
        EVALUATION,
        'found[f"spheres_{other}_million"] = count',
        'found[f"spheres_{end}_million"] = count',
    ),
    Mutant(
        "bilirubin band reversed",
        "reference_data/limits.csv",
        BILIRUBIN_OF_HCC + ">= 1.1",
        BILIRUBIN_OF_HCC + "< 1.1",
    ),
    Mutant(
        "bilirubin of exactly 1.1 takes no limit",
        "reference_data/limits.csv",
        BILIRUBIN_OF_HCC + ">= 1.1",
        BILIRUBIN_OF_HCC + "> 1.1",
    ),
    Mutant(
        "intent of the case before that of the territory",
        "dosimetry/columns.py",
        "return np.where(of_territory.given, of_territory",
        "return np.where(of_territory.given & ~of_case.given[self.territory_case], of_territory",
    ),
    Mutant(
        "pretreated only by everything at once",
        EVALUATION,
        "any_stated = np.logical_or.reduce(",
        "any_stated = np.logical_and.reduce(",
    ),
    Mutant(
        "a strict limit met on its bound",
        "dosimetry/comparison.py",
        '(same & (comparator == "<="))',
        "same",
    ),
    Mutant(
        "an unverified limit stops",
        "dosimetry/finding_columns.py",
        '("stop" if limit.verified else "caution")',
        '"stop"',
    ),
    Mutant(
        "unverified goals on",
        "dosimetry/limits/__init__.py",
        'return limit.kind != "limit" and not limit.verified and limit.limit_id not in switched_on',
        "return False",
    ),
    Mutant(
        "a limit that the others alone exceed is left out where this territory has no part in it",
        BOUNDS,
        'elif limit.kind == "limit" and not _is_kept(limit, planned) and _applies',
        'elif limit.kind == "limit" and not is_dose(limit.quantity) and not _is_kept(limit, planned) and _applies',
        ("test_what_if.py",),
    ),
    Mutant(
        "bound ignores the other territories",
        BOUNDS,
        "(bound - rest) / (unit - zero)",
        "(bound - zero) / (unit - zero)",
    ),
    Mutant(
        "the largest bound binds",
        "dosimetry/what_if/bound_words.py",
        "key=lambda each: each.activity_gbq))",
        "key=lambda each: -each.activity_gbq))",
    ),
    Mutant(
        "proposals without the other territories",
        "dosimetry/what_if/proposals.py",
        '"prescribed_activity_gbq": column([None] * len(candidates), planned)',
        '"prescribed_activity_gbq": column([None] * len(candidates), 0.0 * planned)',
    ),
    Mutant(
        "sensitivity with the sign turned",
        SENSITIVITY,
        "values * (1.0 + changes)",
        "values * (1.0 - changes)",
    ),
    Mutant(
        "shunt varied by a part of itself",
        SENSITIVITY,
        "moved = values + changes",
        "moved = values * (1.0 + changes)",
    ),
    Mutant(
        "other convention not used",
        "dosimetry/what_if/other_conventions.py",
        '{"convention": words_of(names)}',
        "{}",
    ),
    Mutant(
        "typed constants kept in another convention",
        "dosimetry/what_if/other_conventions.py",
        "with_numbers(columns.case, none_typed)",
        "columns.case",
    ),
    Mutant(
        "a bound forgets the dose that its limit is conditional on",
        BOUNDS,
        "activity = float(np.maximum(activity, at))",
        "pass",
    ),
    Mutant(
        "a goal is reached whatever it is conditional on",
        BOUNDS,
        "elif not compare(planned, clause.comparison, clause.bound)[0]:",
        "elif False:",
    ),
    Mutant(
        "intents of the territories left out of the case",
        SCOPE,
        "any_holds = in_case | (self._columns.per_case(holds.astype(np.float64)) > 0)",
        "any_holds = in_case",
    ),
    Mutant(
        "two shunts that differ much are said to agree",
        "dosimetry/cautions.py",
        "far = np.abs(other - used) > _usual_spread() * (1 + SAME)",
        "far = np.abs(other - used) > 1 + _usual_spread() * (1 + SAME)",
    ),
    Mutant(
        "a lobe that holds too much of the liver for its side is not asked about",
        "dosimetry/lobes.py",
        "return words & {row.side for row in rows} == {side}",
        "return words == {side}",
    ),
    Mutant(
        "an activity copied from an earlier session needs no acknowledgement",
        "dosimetry/treatment_day/sessions.py",
        'yield remark("same_activity", path, text, territory=name, value=gbq, to_acknowledge=True)',
        'yield remark("same_activity", path, text, territory=name, value=gbq)',
    ),
    Mutant(
        "a density of another nuclide needs no acknowledgement",
        "dosimetry/unusual.py",
        "documented |= rows & (values == density)",
        "documented |= values == values",
    ),
    Mutant(
        "audit: difference in parts of the record",
        "dosimetry/audit/names.py",
        "relative = (recorded - computed) / computed",
        "relative = (recorded - computed) / recorded",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: exactly 20 % is not far",
        "dosimetry/audit/comparing.py",
        'stands_to(np.abs(difference), ">=", far_difference())',
        'stands_to(np.abs(difference), ">", far_difference())',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a difference of the tolerance does not agree",
        "dosimetry/audit/comparing.py",
        'stands_to(np.abs(difference), "<=", tolerance)',
        'stands_to(np.abs(difference), "<", tolerance)',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: refused rows computed all the same",
        "dosimetry/audit/judging.py",
        "chosen = select(columns, ~marks.bad)",
        "chosen = select(columns, np.ones_like(marks.bad))",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: session summed without its refused row",
        "dosimetry/audit/replanning.py",
        "    if incomplete.any():\n        evaluated =",
        "    if incomplete.all():\n        evaluated =",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: cases cut where a piece ends",
        "dosimetry/audit/pieces.py",
        "return int(other[left - 1]) + 1 if left else 0",
        "return len(ids)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: values of a case from the row that stands in its place",
        "dosimetry/audit/case_rows.py",
        "np.array_equal(self.first, np.arange(len(self.owner)))",
        "len(self.first) == len(self.owner)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: two sessions of a patient taken for one",
        "dosimetry/audit/reading.py",
        "    for name, slip in _LIKELY_SLIP.items():\n        if name in frame.columns:",
        "    for name, slip in _LIKELY_SLIP.items():\n        if name not in frame.columns:",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a row that stands twice counted twice",
        "dosimetry/audit/row_checks.py",
        "twice = pd.DataFrame(dict(enumerate(held))).duplicated(keep=False)",
        'twice = pd.DataFrame(dict(enumerate(held[1:]))).duplicated(keep="last")',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a running number tells two rows apart",
        "dosimetry/audit/row_checks.py",
        "*_as_read(frame.iloc[rows])",
        "*(cells.coded(frame[name].iloc[rows])[0] for name in frame.columns)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: an id with a blank is a case of its own",
        "dosimetry/audit/look_alikes.py",
        "other = first.setdefault(look, place)",
        "other = place",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: ids that differ in a capital letter are two cases",
        "dosimetry/audit/case_ids.py",
        "len(set(map(str.lower, texts))) == len(texts)",
        "len(set(texts)) == len(texts)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a case cut between two spellings of its id",
        "dosimetry/audit/pieces.py",
        "cells.in_one_spelling(cell) == spelled",
        "cell == spelled",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: an id composed in two ways is two cases",
        "dosimetry/audit/cells.py",
        "places.setdefault(in_one_spelling(cell), len(places))",
        "places.setdefault(cell, len(places))",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: the thirteenth month",
        "dosimetry/audit/dates.py",
        "return day if is_day(day) and",
        "return day if _DAY.fullmatch(day) and",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: two times of a day taken for two sessions",
        "dosimetry/audit/reading.py",
        "days = [day_of(text) or text for text in spelled]",
        "days = list(spelled)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: described without the rules between fields",
        "dosimetry/audit/describing.py",
        "refusals.count(marks, ",
        "refusals.count(reading.marks, ",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: percent taken as per mille",
        "dosimetry/audit/conversions.py",
        '"%": {"%": -2, "percent": -2',
        '"%": {"%": -3, "percent": -3',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: mCi of a table taken for GBq",
        "dosimetry/audit/conversions.py",
        '("GBq", "mCi"): units.gbq_from_mci',
        '("GBq", "mCi"): units.mci_from_gbq',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a column with words is not converted",
        "dosimetry/audit/mapping.py",
        "columns[own.field] = converted(said, own.field, own.unit)",
        'columns[own.field] = converted(said, own.field, "" if own.words else own.unit)',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a row beyond the limit of the page is dropped unseen",
        "dosimetry/audit/uploads.py",
        "next(csv_pieces(upload, MOST_ROWS + 1))",
        "next(csv_pieces(upload, MOST_ROWS))",
        ("test_form_audit.py",),
    ),
    Mutant(
        "audit: small objects of a table take no memory",
        "dosimetry/audit/uploads.py",
        "batches, size = [], rows * of_cells",
        "batches, size = [], 0",
        ("test_form_audit.py",),
    ),
    Mutant(
        "audit: any file by the name of the report is overwritten",
        "dosimetry/audit/running.py",
        'if written.read_text("utf-8") == _digest(job.report.read_bytes()) else set()',
        'if written.read_text("utf-8") else set()',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: pooled tumors of two territories under one name",
        "dosimetry/audit/row_case.py",
        "if len(unnamed) > 1 else ()",
        "if len(unnamed) > 2 else ()",
        ("test_form_audit.py",),
    ),
    Mutant(
        "audit: slip of the shunt by one factor only",
        "dosimetry/audit/slips.py",
        "parts.territory_energy_gy_kg_per_gbq / stays**2",
        "parts.territory_energy_gy_kg_per_gbq / stays",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: slip of the density with another one",
        "dosimetry/audit/slips.py",
        "yield from _with_density(evaluated, 1.0)",
        "yield from _with_density(evaluated, 1.1)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: slip of the activity ratio over the perfused mass",
        "dosimetry/audit/slips.py",
        "columns.per_territory(parts.viable_mass_kg) / parts.normal_mass_kg",
        "columns.per_territory(parts.viable_mass_kg) / parts.perfused_mass_kg",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: digits of a record leave no room",
        "dosimetry/audit/candidates.py",
        "slack = self.half_digit + ",
        "slack = 0.0 * self.half_digit + ",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: rounding of the inputs explains nothing",
        "dosimetry/audit/candidates.py",
        "off <= (self.half_digit + self.reach)",
        "off <= (self.half_digit + 0.0 * self.reach)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: inputs known to ten halves of a digit",
        "dosimetry/audit/input_rounding.py",
        "half = 0.5 * _not_coarser",
        "half = 5.0 * _not_coarser",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: rounding of the inputs in place of the slips that fit",
        "dosimetry/audit/candidates.py",
        "explained[within] = INPUT_ROUNDING + explained[within]",
        "explained[within] = INPUT_ROUNDING",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a slip that rounding could explain counted all the same",
        "dosimetry/audit/candidates.py",
        "return [INPUT_ROUNDING] if INPUT_ROUNDING in keys else list",
        "return list",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a vial age before calibration cut off at zero",
        "dosimetry/audit/input_rounding.py",
        "if reference.field(name).lower == 0 else",
        "if reference.field(name).lower is not None else",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: zeros of a written record lost",
        "dosimetry/audit/last_digits.py",
        "return 10.0 ** -len(decimals)",
        'return 10.0 ** -len(decimals.rstrip("0"))',
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: a last place larger than its number hides every slip",
        "dosimetry/audit/last_digits.py",
        "stated > size * (1.0 + _SAME)",
        "stated > np.inf * (1.0 + _SAME)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: decay looked for up to five hours only",
        "dosimetry/audit/candidates.py",
        "_HOURS, _DAYS = 23, 14",
        "_HOURS, _DAYS = 5, 14",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: GBq never taken for mCi",
        "dosimetry/audit/slips.py",
        "yield _following(evaluated, units.gbq_from_mci(right))",
        "yield _following(evaluated, units.mci_from_gbq(right))",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: decay in the wrong direction",
        "dosimetry/audit/candidates.py",
        "asked.fits(asked.computed * left, room)",
        "asked.fits(asked.computed / left, room)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: differences of a slip from every quantity",
        "dosimetry/audit/tallying.py",
        "np.where(named[name], values[rows], np.nan)",
        "np.where(True, values[rows], np.nan)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: far rows counted for every quantity",
        "dosimetry/audit/comparing.py",
        "(compared[GRADE] == FAR).to_numpy(dtype=np.bool_) & _is_far(difference)",
        "(compared[GRADE] == FAR).to_numpy(dtype=np.bool_)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: refused rows of one rule counted apart by their values",
        "dosimetry/audit/notable_rows.py",
        "kinds = [sentence_kind(reason) for reason in reasons]",
        "kinds = list(reasons)",
        AUDIT_TESTS,
    ),
    Mutant(
        "audit: limits of agreement by one deviation",
        "dosimetry/audit/summarizing.py",
        "_SPAN = 1.96",
        "_SPAN = 1.0",
        AUDIT_TESTS,
    ),
    Mutant(
        "time-zone offset added, not subtracted",
        "dosimetry/instants.py",
        "local.replace(tzinfo=zone).astimezone(datetime.UTC)",
        "local.replace(tzinfo=datetime.timezone(-zone.utcoffset(None))).astimezone(datetime.UTC)",
    ),
    Mutant(
        "a vial gains activity with time",
        "dosimetry/treatment_day/vial_decay.py",
        "floats(activity_gbq) * remaining_fraction(",
        "floats(activity_gbq) / remaining_fraction(",
    ),
    Mutant(
        "vial ordered without its residual",
        "dosimetry/ordering/search.py",
        "administered = vial_activity * stays",
        "administered = vial_activity",
    ),
    Mutant(
        "doses of options beside the plan of the others, not beside their ordered vials",
        "dosimetry/ordering/options.py",
        "beside_gbq=work.beside.results",
        "beside_gbq=work.evaluated.results",
    ),
    Mutant(
        "limits of options by the bounds of the plan, whatever was ordered for the others",
        "dosimetry/ordering/sheet.py",
        "territory_bounds(case, beside, scope",
        "territory_bounds(case, evaluated, scope",
    ),
    Mutant(
        "residual of the order not used",
        "dosimetry/ordering/residuals.py",
        "if each.residual_fraction is not None:",
        "if False:",
    ),
    Mutant(
        "residual delivered, delivered left behind",
        "dosimetry/treatment_day/residual.py",
        "floats(vial_gbq) * (1.0 - residual)",
        "floats(vial_gbq) * residual",
    ),
    Mutant(
        "residual reading decayed once more",
        "dosimetry/treatment_day/residual.py",
        "after / remaining_fraction(",
        "after * remaining_fraction(",
    ),
    Mutant(
        "exactly 20 % does not count",
        "dosimetry/delivery/criterion.py",
        'compare(np.abs(floats(difference_fraction)), ">=", criterion_fraction())',
        'compare(np.abs(floats(difference_fraction)), ">", criterion_fraction())',
    ),
    Mutant(
        "a measured dose far off its directive stays a note",
        "dosimetry/treatment_day/delivery_findings.py",
        "line.meets_criterion or line.measured_meets_criterion",
        "line.meets_criterion",
    ),
    Mutant(
        "the typed Child-Pugh class alone decides a limit",
        "dosimetry/liver_state.py",
        "(stated == points) | (computed == points)",
        "stated == points",
    ),
    Mutant(
        "laboratory values of a class B are no sign of a liver that works badly",
        "dosimetry/liver_state.py",
        "np.fmax(stated, least_child_pugh_points(case))",
        "stated",
    ),
    Mutant(
        "missing laboratory values count as good ones and then prove nothing",
        "dosimetry/liver_state.py",
        "& possible",
        "",
    ),
    Mutant(
        "limits held against the planned doses again, not against those delivered",
        "dosimetry/delivery/exceeded_limits.py",
        "_Session(replace(of.results, case=least.case), ",
        "_Session(of.planned.results, ",
    ),
    Mutant(
        "a territory without a recorded delivery fails a goal by 0 Gy",
        "dosimetry/delivery/exceeded_limits.py",
        "replace(of.results, case=least.case)",
        "least",
    ),
    Mutant(
        "a delivery further beyond a limit than the plan asks nobody",
        "dosimetry/delivery/exceeded_limits.py",
        "(as_planned >= values * (1 - ACKNOWLEDGED_RTOL)) & (not least_by)",
        "True",
    ),
    Mutant(
        "the plan of all territories accounts for the least of one",
        "dosimetry/delivery/exceeded_limits.py",
        " & (not least_by)",
        "",
    ),
    Mutant(
        "a crossing of another limit than the plan's is taken for acknowledged",
        "dosimetry/delivery/exceeded_limits.py",
        " & plan.crossed.get(limit.limit_id, False)",
        "",
    ),
    Mutant(
        "limits held against the planned doses, not against those as ordered",
        "dosimetry/ordering/session.py",
        "np.where(np.isnan(ordered), planned, ordered)",
        "planned",
    ),
    Mutant(
        "a session as ordered counts the vials of a territory that got another activity",
        "dosimetry/ordering/session.py",
        "np.where(np.isnan(delivered), np.where(np.isnan(ordered), planned, ordered), delivered)",
        "np.where(np.isnan(ordered), planned, ordered)",
    ),
    Mutant(
        "after one delivery the rest as planned is held against nothing without vials",
        "dosimetry/ordering/session.py",
        "(is_left.all() and not is_to_come.any())",
        "not is_to_come.any()",
    ),
    Mutant(
        "measured lungs of what was given left out beside the rest as planned",
        "dosimetry/ordering/session.py",
        "results = replace(results, case={**results.case, **lungs})",
        "pass",
    ),
    Mutant(
        "of a session as ordered only the territories with vials count in the lungs",
        "dosimetry/delivery/exceeded_limits.py",
        "case=of.results.case",
        "case=predict(of.planned.columns, of.planned.constants, of.planned.parts, np.nan_to_num(activity_gbq)).case",
    ),
    Mutant(
        "doses that were not measured are held against limits as measured",
        "dosimetry/delivery/exceeded_limits.py",
        "found[level][name] = np.full_like(found[level][name], np.nan)",
        "pass",
    ),
    Mutant(
        "scout left out of the lungs",
        "dosimetry/treatment_day/earlier_doses.py",
        "before.append(scout_gy)",
        "before.append(0.0)",
    ),
    Mutant(
        "earlier lung dose left out beside a scout",
        "dosimetry/treatment_day/sessions.py",
        "return case.lung.previous_dose_gy if case.lung else None, ",
        "return 0.0, ",
    ),
    Mutant(
        "swapped orders sought in what the vials hold",
        "dosimetry/treatment_day/findings.py",
        "activity = [would_be_given_gbq(each) for each in ordered]",
        "activity = [each.vial_activity_gbq for each in ordered]",
    ),
    Mutant(
        "swap sought where the exchange fits no better",
        "dosimetry/treatment_day/swaps.py",
        ' * reference.coefficient(_FORMULA, "better_by")',
        "",
    ),
    Mutant(
        "window printed wider than it is",
        "dosimetry/time_spans.py",
        "np.ceil(from_h * SECONDS_PER_HOUR - _ROUNDING_S)",
        "np.floor(from_h * SECONDS_PER_HOUR - _ROUNDING_S)",
    ),
    Mutant(
        "assay held against the vial as calibrated",
        "dosimetry/delivery/amounts.py",
        "elapsed_h=[hours_between(instant_from_text(vial.calibrated_at).utc, injected) for vial in vials]",
        "elapsed_h=[0.0 for vial in vials]",
    ),
    Mutant(
        "a plan that fits its directive before the revision waits",
        "dosimetry/treatment_day/directive_findings.py",
        "to_acknowledge=waits",
        "to_acknowledge=True",
    ),
    Mutant(
        "a reading exactly a day late does not wait",
        "dosimetry/treatment_day/record_instants.py",
        'compare(np.array(hours_from(start, end)), ">=", longest_h)',
        'compare(np.array(hours_from(start, end)), ">", longest_h)',
    ),
    Mutant(
        "a directive dated after the injection does not wait",
        "dosimetry/treatment_day/record_instants.py",
        "if not 0 <= hours <= longest_h:",
        "if not hours <= longest_h:",
    ),
    Mutant(
        "exactly a tenth of a percent differs in a second check",
        "dosimetry/second_check/outcome.py",
        '"<=", allowed * abs(of_plan)',
        '"<", allowed * abs(of_plan)',
    ),
    Mutant(
        "an ordered vial exactly at the tolerance waits",
        "dosimetry/treatment_day/findings.py",
        'compare(np.abs(each.difference_fraction), ">", tolerance)',
        'compare(np.abs(each.difference_fraction), ">=", tolerance)',
    ),
    Mutant(
        "background subtracted on one side",
        "dosimetry/treatment_day/delivery_rules.py",
        "        yield from _background(each, path)\n",
        "",
    ),
    Mutant(
        "shelf life of a stock vial ends with drawing",
        "dosimetry/ordering/stock.py",
        "vial.vial_age_h + longest_wait_h",
        "vial.vial_age_h",
    ),
    Mutant(
        "second check does not look at results",
        "dosimetry/treatment_day/records.py",
        "for each in (*self.inputs, *self.results)",
        "for each in self.inputs",
    ),
    Mutant(
        "drug dose by another body surface than the one named",
        "dosimetry/body_surface.py",
        "formula_named(key).m2(height_cm",
        'formula_named("du_bois").m2(height_cm',
        TACE_TESTS,
    ),
    Mutant(
        "drug dose without the body surface",
        DRUG,
        "return floats(dose) * floats(per)",
        "return floats(dose) + 0.0 * floats(per)",
        TACE_TESTS,
    ),
    Mutant(
        "bilirubin leaves the whole drug dose",
        DRUG,
        "return floats(dose_mg) * floats(remaining_part)",
        "return floats(dose_mg) + 0.0 * floats(remaining_part)",
        TACE_TESTS,
    ),
    Mutant(
        "bilirubin part taken off twice",
        DRUG,
        "return floats(dose_mg) * floats(remaining_part)",
        "return floats(dose_mg) * floats(remaining_part) ** 2",
        TACE_TESTS,
    ),
    Mutant(
        "cap of the drug before its reduction",
        DOSING,
        "capped = drug_dose.capped_dose_mg(dose_mg=reduced, cap_mg=cap)",
        "capped = drug_dose.capped_dose_mg(dose_mg=base, cap_mg=cap) * part",
        TACE_TESTS,
    ),
    Mutant(
        "the larger cap holds",
        DRUG,
        "np.fmin(found, floats(cap))",
        "np.fmax(found, floats(cap))",
        TACE_TESTS,
    ),
    Mutant(
        "cap of the drug ignored",
        DRUG,
        "np.where(np.isnan(cap), dose, np.minimum(dose, cap))",
        "np.where(np.isnan(cap), dose, dose)",
        TACE_TESTS,
    ),
    Mutant(
        "vials of drug rounded up",
        DRUG,
        "np.floor(_vials(dose_mg, vial_mg) * (1.0 + WHOLE_RTOL))",
        "np.ceil(_vials(dose_mg, vial_mg) * (1.0 - WHOLE_RTOL))",
        TACE_TESTS,
    ),
    Mutant(
        "vials of drug rounded to the nearest",
        DRUG,
        "np.floor(_vials(dose_mg, vial_mg) * (1.0 + WHOLE_RTOL))",
        "np.round(_vials(dose_mg, vial_mg))",
        TACE_TESTS,
    ),
    Mutant(
        "more vials of beads than the protocol allows",
        DRUG,
        "cap_mg=floats(largest_vials) * floats(vial_mg)",
        "cap_mg=np.nan * floats(largest_vials) * floats(vial_mg)",
        TACE_TESTS,
    ),
    Mutant(
        "drug dose not in whole vials",
        DRUG,
        "np.where(np.isnan(whole), dose, np.minimum(whole, dose))",
        "np.where(np.isnan(whole), dose, dose)",
        TACE_TESTS,
    ),
    Mutant(
        "prescribed drug dose ignored",
        DOSING,
        "np.where(np.isnan(prescribed), by_protocol, prescribed)",
        "np.where(np.isnan(prescribed), by_protocol, by_protocol)",
        TACE_TESTS,
    ),
    Mutant(
        "drug left behind counted as injected",
        DRUG,
        "return floats(prepared_mg) * fraction",
        "return floats(prepared_mg) * (1.0 - fraction)",
        TACE_TESTS,
    ),
    Mutant(
        "emulsion ratio upside down",
        DRUG,
        "return floats(oil_ml) / floats(oil_to_aqueous_ratio)",
        "return floats(oil_ml) * floats(oil_to_aqueous_ratio)",
        TACE_TESTS,
    ),
    Mutant(
        "beads of one vial whatever the dose",
        DOSING,
        'of_vials = vials * of_product(case, "bead_ml")',
        'of_vials = vials**0 * of_product(case, "bead_ml")',
        TACE_TESTS,
    ),
    Mutant(
        "dose on beads rounded down to full vials",
        DOSING,
        'np.where(product_is(case, "beads"), on_beads, of_drug)',
        'np.where(product_is(case, "beads"), np.fmin(on_beads, of_drug), of_drug)',
        TACE_TESTS,
    ),
    Mutant(
        "beads loaded as high as they may be, whatever the dose",
        DOSING,
        "drug_dose.divided(planned_mg, beads)",
        "highest_loading_mg_per_ml(case)",
        TACE_TESTS,
    ),
    Mutant(
        "prescribed dose on the vials of the protocol's dose",
        DOSING,
        "_carried(case, planned, full_vial)",
        "_carried(case, by_protocol, full_vial)",
        TACE_TESTS,
    ),
    Mutant(
        "fewer vials of beads than the dose needs",
        DRUG,
        "np.ceil(_vials(dose_mg, vial_mg) * (1.0 - WHOLE_RTOL))",
        "np.floor(_vials(dose_mg, vial_mg) * (1.0 + WHOLE_RTOL))",
        TACE_TESTS,
    ),
    Mutant(
        "contrast for one milliliter of beads",
        "dosimetry/tace/preparation.py",
        "else row.lower * per,",
        "else row.lower + 0.0 * per,",
        TACE_TESTS,
    ),
    Mutant(
        "epirubicin stopped by bilirubin as doxorubicin is",
        "reference_data/tace_limits.csv",
        "EPI-BILI-3,*,epirubicin,*,bilirubin_mg_dl,<=,3,",
        "EPI-BILI-3,*,epirubicin,*,bilirubin_mg_dl,<=,5,",
        TACE_TESTS,
    ),
    Mutant(
        "criteria of hepatocellular carcinoma for metastases",
        "dosimetry/scores/context.py",
        "np.where(elsewhere, np.nan, given(name))",
        "np.where(elsewhere, given(name), given(name))",
        TACE_TESTS,
    ),
    Mutant(
        "body mass index over the height",
        "dosimetry/body_surface.py",
        "(floats(height_cm) / CM_PER_M) ** 2",
        "(floats(height_cm) / CM_PER_M)",
        TACE_TESTS,
    ),
    Mutant(
        "bilirubin between 3.0 and 3.1 in no band",
        BANDS,
        "doxorubicin_label,bilirubin_mg_dl,3.0,5.0,upper,0.25",
        "doxorubicin_label,bilirubin_mg_dl,3.1,5.0,both,0.25",
        TACE_TESTS,
    ),
    Mutant(
        "bilirubin above 5 still takes a quarter",
        BANDS,
        "doxorubicin_label,bilirubin_mg_dl,5.0,,,,above",
        "doxorubicin_label,bilirubin_mg_dl,5.0,,,0.25,above",
        TACE_TESTS,
    ),
    Mutant(
        "bilirubin of exactly 1.2 in no band",
        BANDS,
        "doxorubicin_label,bilirubin_mg_dl,1.2,3.0,both,0.5",
        "doxorubicin_label,bilirubin_mg_dl,1.2,3.0,upper,0.5",
        TACE_TESTS,
    ),
    Mutant(
        "anthracycline factor divides",
        DRUG,
        "return floats(dose_mg_per_m2) * floats(factor)",
        "return floats(dose_mg_per_m2) / floats(factor)",
        TACE_TESTS,
    ),
    Mutant(
        "earlier anthracyclines not counted",
        DOSING,
        '"cumulative_anthracycline_mg_per_m2": session + earlier',
        '"cumulative_anthracycline_mg_per_m2": session',
        TACE_TESTS,
    ),
    Mutant(
        "anthracycline prepared and not injected is counted",
        DOSING,
        "_anthracyclines(columns, administered / surface)",
        "_anthracyclines(columns, planned / surface)",
        TACE_TESTS,
    ),
    Mutant(
        "anthracyclines added up in mg and mg/m2",
        DOSING,
        "_anthracyclines(columns, administered / surface)",
        "_anthracyclines(columns, administered)",
        TACE_TESTS,
    ),
    Mutant(
        "oil bound of the old from 65 on",
        "reference_data/tace_limits.csv",
        "age_years > 65",
        "age_years >= 65",
        TACE_TESTS,
    ),
    Mutant(
        "oil bound of the young for all",
        "reference_data/tace_limits.csv",
        "OIL-OVER-65,ctace|bland,*,*,oil_ml,<=,10,",
        "OIL-OVER-65,ctace|bland,*,*,oil_ml,<=,15,",
        TACE_TESTS,
    ),
    Mutant(
        "ALBI with bilirubin in mg/dL",
        LIVER_FUNCTION,
        "np.log10(bilirubin_umol_l(bilirubin_mg_dl))",
        "np.log10(floats(bilirubin_mg_dl))",
        TACE_TESTS,
    ),
    Mutant(
        "ALBI with albumin in g/dL",
        LIVER_FUNCTION,
        "floats(albumin_g_dl) * G_PER_DL_IN_G_PER_L",
        "floats(albumin_g_dl)",
        TACE_TESTS,
    ),
    Mutant(
        "MELD without the cap on creatinine",
        LIVER_FUNCTION,
        "np.minimum(_at_least_one(values, formula), most)",
        "_at_least_one(values, formula)",
        TACE_TESTS,
    ),
    Mutant(
        "MELD-Na corrected at any MELD",
        LIVER_FUNCTION,
        'np.where(score > number("above_meld"), corrected',
        "np.where(score > 0.0, corrected",
        TACE_TESTS,
    ),
    Mutant(
        "MELD 3.0 without the sex",
        LIVER_FUNCTION,
        'number("female") * floats(is_female)',
        "0.0 * floats(is_female)",
        TACE_TESTS,
    ),
    Mutant(
        "Child-Pugh band of bilirubin open at 3",
        BANDS,
        "child_pugh,bilirubin_mg_dl,2,3,both,2",
        "child_pugh,bilirubin_mg_dl,2,3,lower,2",
        TACE_TESTS,
    ),
    Mutant(
        "Milan with three tumors of 5 cm",
        TUMOR_BURDEN,
        'compare(largest, "<=", number("several_cm"))',
        'compare(largest, "<=", number("single_cm"))',
        TACE_TESTS,
    ),
    Mutant(
        "up-to-7 below 7 only",
        TUMOR_BURDEN,
        'compare(total, "<=", coefficient("up_to_7", "sum"))',
        'compare(total, "<", coefficient("up_to_7", "sum"))',
        TACE_TESTS,
    ),
    Mutant(
        "carrier ratio upside down",
        ALLOCATION,
        "in_lesion = of_lesion * density[columns.lesion_territory]",
        "in_lesion = density[columns.lesion_territory] / of_lesion",
        TACE_TESTS,
    ),
    Mutant(
        "carrier in the lungs stays in the liver",
        CARRIER,
        "(1.0 - _fraction(lung_fraction))",
        "(1.0 - 0.0 * _fraction(lung_fraction))",
        TACE_TESTS,
    ),
    Mutant(
        "tumor counted as normal liver in the carrier partition",
        ALLOCATION,
        "step) - tumor, 0.0)",
        "step), 0.0)",
        TACE_TESTS,
    ),
    Mutant(
        "ratio worked back without the volumes",
        CARRIER,
        "seen / (1.0 - seen) * per_volume",
        "seen / (1.0 - seen) + 0.0 * per_volume",
        TACE_TESTS,
    ),
    Mutant(
        "band of the carrier over the ratio only",
        ALLOCATION,
        "_DIRECTIONS[end] * step)",
        "0.0 * step)",
        TACE_TESTS,
    ),
    Mutant(
        "low end of the carrier with the fewest in the lungs",
        ALLOCATION,
        '{"low": high, "mid": (low + high) / 2.0, "high": low}',
        '{"low": low, "mid": (low + high) / 2.0, "high": high}',
        TACE_TESTS,
    ),
    Mutant(
        "beads reach the lungs as oil does",
        ALLOCATION,
        "np.where(beads, 0.0, np.nan)",
        "np.where(beads, of_oil[end], np.nan)",
        TACE_TESTS,
    ),
    Mutant(
        "every territory gets all of the drug",
        ALLOCATION,
        "administered_mg[columns.territory_case] * shares(columns)",
        "administered_mg[columns.territory_case] + 0.0 * shares(columns)",
        TACE_TESTS,
    ),
    Mutant(
        "oil from iodine multiplied",
        CARRIER,
        "return floats(iodine_mg) / floats(iodine_mg_per_ml)",
        "return floats(iodine_mg) * floats(iodine_mg_per_ml)",
        TACE_TESTS,
    ),
    Mutant(
        "oil that was seen held against the prepared oil, not the injected",
        ALLOCATION,
        "np.where(np.isnan(injected), 1.0, injected)",
        "np.where(np.isnan(injected), 1.0, 1.0)",
        TACE_TESTS,
    ),
    Mutant(
        "AST bands of epirubicin swapped",
        "reference_data/score_bands.csv",
        "epirubicin_label_ast,ast_times_upper_limit,2,4,both,0.5,",
        "epirubicin_label_ast,ast_times_upper_limit,2,4,both,0.25,",
        TACE_TESTS,
    ),
    Mutant(
        "a tenth of the bilirubin unremarked",
        "reference_data/unusual_intervals.csv",
        "bilirubin_mg_dl,*,,0.2,",
        "bilirubin_mg_dl,*,,0.02,",
        TACE_TESTS,
    ),
    Mutant(
        "prepared drug allocated, not the injected",
        "dosimetry/tace/evaluation.py",
        "np.where(_is_asked(base), steps.administered_mg, np.nan)",
        "np.where(_is_asked(base), steps.planned_mg, np.nan)",
        TACE_TESTS,
    ),
    Mutant(
        "form: the digest of the inputs forgets the earlier lung dose",
        "dosimetry/web/screen.py",
        "inputs = [self.case, territories,",
        'inputs = [{**self.case, "previous_lung_dose_gy": ""}, territories,',
        FORM_TESTS,
    ),
    Mutant(
        "form: the digest of the inputs forgets the lesions",
        "dosimetry/web/screen.py",
        "[(territory.inputs, territory.lesions) for",
        "[territory.inputs for",
        FORM_TESTS,
    ),
    Mutant(
        "a stated lung dose is not held against the limit while another is unknown",
        "dosimetry/limits/__init__.py",
        "in_part = np.isnan(values) & ~np.isnan(least)",
        "in_part = np.isnan(values) & np.isnan(least)",
        ("test_delivery_second_check.py",),
    ),
    Mutant(
        "form: undo converts the activities of other pages once more",
        "dosimetry/web/undo.py",
        "typed_units.turn(name, convert, to_other=False)",
        "continue",
        ("test_form_day.py",),
    ),
    Mutant(
        "form: a result stays under changed inputs",
        "dosimetry/web/live.py",
        "kept is not None and kept.digest == screen.digest",
        "kept is not None and kept.plan is not None",
        FORM_TESTS,
    ),
)


def mutated(mutant: Mutant, folder: Path) -> str | None:
    """Make the change in a copy of the project; a sentence when it cannot be made."""
    path = folder / mutant.file
    text = path.read_text("utf-8")
    count = text.count(mutant.search)
    if count != 1:
        return f"{mutant.file} holds {mutant.search!r} {count} times; it must stand there once"
    path.write_text(text.replace(mutant.search, mutant.replacement), "utf-8")
    return None


def copy_into(folder: Path) -> None:
    """Copy what the tests need."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)


def first_failure(folder: Path, names: Iterable[str]) -> str | None:
    """The first test that fails in a copy, or ``None``. The copy is imported, not an installed package."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    tests = [str(folder / "tests" / name) for name in names]
    # One process a mutant: the mutants themselves share the cores.
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly"]
    done = subprocess.run(
        [*command, "--hypothesis-profile=without-shrinking", "--rootdir", str(folder), *tests],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) \S*?(test_\w+\.py\S*)", done.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"the tests did not run:\n{done.stdout}\n{done.stderr}")
    return found[1]


def in_order(mutant: Mutant) -> Iterable[str]:
    """The tests of a mutant, the nearest ones first."""
    nearest = (names for place, names in NEAREST.items() if mutant.file.startswith(place))
    first = next(nearest, ())
    return dict.fromkeys((*(name for name in first if name in mutant.tests), *mutant.tests))


def outcome(mutant: Mutant | None) -> tuple[str, bool]:
    """What becomes of one mutant, or of the unchanged copy: a line to print, and whether it is as it should be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_into(folder)
        faults = [mutated(change, folder) for change in ((SELF_CHECK_OFF, mutant) if mutant else ())]
        fault = next(filter(None, faults), None)
        if fault:
            return f"ERROR     {mutant.mistake}: {fault}", False
        killer = first_failure(
            folder, in_order(mutant) if mutant else dict.fromkeys((*TESTS, *TACE_TESTS, *AUDIT_TESTS, *FORM_TESTS))
        )
    if mutant is None:
        return f"unchanged: {killer or 'all tests pass'}", killer is None
    return f"{'killed' if killer else 'SURVIVED'}    {mutant.mistake}  <-  {killer or 'no test'}", killer is not None


def main() -> int:
    """Run every mutant; 0 only when the unchanged copy passes and every mutant is killed."""
    line, is_sound = outcome(None)
    print(line, flush=True)
    if not is_sound:
        return 1
    killed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=WORKERS) as workers:
        for line, is_killed in workers.map(outcome, MUTANTS):
            print(line, flush=True)
            killed += is_killed
    print(f"{killed} of {len(MUTANTS)} mutants killed")
    return 0 if killed == len(MUTANTS) else 1


if __name__ == "__main__":
    sys.exit(main())
