"""What every other convention of the nuclide would give: for each activity, and for each dose."""

from dataclasses import replace

import numpy as np

from dosimetry import reference
from dosimetry.case import Case
from dosimetry.columns import words_of
from dosimetry.conventions import QUANTITIES, constants_of, convention_names
from dosimetry.evaluation import Evaluated
from dosimetry.models import prescribed_activity_gbq
from dosimetry.plan_record import OtherActivity, OtherConvention
from dosimetry.what_if.planned_doses import doses
from dosimetry.what_if.scenarios import repeated, scenarios, with_numbers, with_words


def other_conventions(case: Case, evaluated: Evaluated) -> tuple[OtherConvention, ...]:
    """Every convention of the device's nuclide but the case's own, typed constants set aside.

    Each gives the activities by the same prescriptions, and the doses of the planned activities.
    """
    nuclide = reference.device_named(case.device).nuclide
    names = [name for name in convention_names(nuclide) if name != case.convention or case.constants]
    if not names:
        return ()
    columns = repeated(evaluated.columns, len(names))
    none_typed = {name: np.full(len(names), np.nan) for name in QUANTITIES}
    changed = with_words(with_numbers(columns.case, none_typed), {"convention": words_of(names)})
    many = scenarios(replace(columns, case=changed))
    by_prescription = many.per_scenario(prescribed_activity_gbq(many.columns, many.parts))
    planned = np.tile(evaluated.results.territory["administered_activity_gbq"], (len(names), 1))
    results = many.predicted(planned)
    return tuple(
        OtherConvention(
            convention=name,
            energy_gy_kg_per_gbq=constants_of(name, nuclide)["energy_gy_kg_per_gbq"],
            tissue_density_g_per_ml=constants_of(name, nuclide)["tissue_density_g_per_ml"],
            territories=tuple(
                OtherActivity(name=territory.name, administered_activity_gbq=float(activity) if activity > 0 else None)
                for territory, activity in zip(case.territories, by_prescription[place], strict=True)
            ),
            doses=doses(case, results, place),
        )
        for place, name in enumerate(names)
    )
