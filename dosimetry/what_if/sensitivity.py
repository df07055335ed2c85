"""What the doses owe to an input: the planned activities with each input changed up and down, one at a time."""

from dataclasses import replace

import numpy as np

from dosimetry import checks, figures, reference, units
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.case import Case
from dosimetry.columns import Columns, level_of_input
from dosimetry.count_rules import SHUNT_COUNTS
from dosimetry.evaluation import Evaluated
from dosimetry.plan_record import Varied
from dosimetry.reference_rows import Variation
from dosimetry.rules import Checked
from dosimetry.what_if.planned_doses import doses
from dosimetry.what_if.scenarios import Scenarios, repeated, scenarios, with_numbers

TYPED = "typed by the user"
_DIRECTIONS = (-1.0, 1.0)


def sensitivity(case: Case, evaluated: Evaluated) -> tuple[Varied, ...]:
    """Doses with every variation on file, down and up; all territories and lesions are changed together.

    A step typed in the case takes the place of the one on file. A shunt that would fall below zero is taken as zero,
    and said; a change that makes volumes impossible gives no doses.
    """
    rows = tuple(row for row in reference.table("variations") if _is_given(row, evaluated))
    steps = [_step(case, row) for row in rows]
    changes = [direction * step for step in steps for direction in _DIRECTIONS]
    columns = repeated(evaluated.columns, len(changes))
    planned = np.tile(evaluated.results.territory["administered_activity_gbq"], (len(changes), 1))
    with np.errstate(all="ignore"):
        many = scenarios(_changed(columns, evaluated, rows, np.array(changes)))
        results = many.predicted(planned)
    possible = _possible(many)
    shunts = many.parts.territory_lung_shunt_fraction
    found: list[Varied] = []
    for place, change in enumerate(changes):
        row = rows[place // len(_DIRECTIONS)]
        is_typed = _typed(case, row) is not None
        is_least = row.quantity == "lung_shunt_fraction" and bool((many.per_scenario(shunts)[place] == 0).any())
        found.append(
            Varied(
                input=row.quantity,
                label=row.label,
                change=change,
                is_relative=row.is_relative,
                doses=doses(case, results, place) if possible[place] else None,
                note=_note(is_possible=bool(possible[place]), is_least=is_least and change < 0),
                source=TYPED if is_typed else reference.citation(row.source_id),
                locator="" if is_typed else row.locator,
                verified=row.verified and not is_typed,
            )
        )
    return tuple(found)


def _is_given(row: Variation, evaluated: Evaluated) -> bool:
    """Whether the case has the input at all: without lesions there is no ratio and no lesion volume to vary."""
    return level_of_input(row.quantity) != "lesion" or evaluated.columns.lesion.rows > 0


def _typed(case: Case, row: Variation) -> float | None:
    return getattr(case.sensitivity, row.name) if case.sensitivity else None


def _step(case: Case, row: Variation) -> float:
    typed = _typed(case, row)
    return units.bound_in_library_unit(row.step, "%") if typed is None else typed


def _changed(columns: Columns, evaluated: Evaluated, rows: tuple[Variation, ...], changes: FloatArray) -> Columns:
    """The columns with each variation in its scenarios only."""
    per_row = len(_DIRECTIONS)

    def factor(name: str, per_case: int) -> FloatArray:
        """1 plus the change in the scenarios of one variation, 1 in the others, for each row of a level."""
        is_own = np.repeat([row.name == name for row in rows], per_row)
        return np.repeat(np.where(is_own, 1.0 + changes, 1.0), per_case)

    territories, lesions = evaluated.columns.territory.rows, evaluated.columns.lesion.rows
    shunt = np.tile(evaluated.parts.territory_lung_shunt_fraction, len(changes))
    shunt_change = factor("lung_shunt", territories) - 1.0
    ratio = np.tile(evaluated.parts.tumor_normal_ratio, len(changes))
    of_lesion = factor("lesion_volume", lesions)
    territory = {
        "perfused_volume_ml": columns.territory.number("perfused_volume_ml") * factor("perfused_volume", territories),
        "territory_lung_shunt_fraction": np.where(
            shunt + shunt_change < 1, np.maximum(shunt + shunt_change, 0), np.nan
        ),
    }
    lesion = {
        "tumor_normal_ratio": ratio * factor("tumor_normal_ratio", lesions),
        "lesion_volume_ml": columns.lesion.number("lesion_volume_ml") * of_lesion,
        "necrotic_volume_ml": columns.lesion.number("necrotic_volume_ml") * of_lesion,
    }
    # Every territory has its shunt here; the case's own must not step in where that one is not possible.
    unused = np.full(columns.case.rows, np.nan)
    of_case = dict.fromkeys({"lung_shunt_fraction", *SHUNT_COUNTS} & set(columns.case.numbers), unused)
    return replace(
        columns,
        case=with_numbers(columns.case, of_case),
        territory=with_numbers(columns.territory, territory),
        lesion=with_numbers(columns.lesion, lesion),
    )


def _possible(many: Scenarios) -> BoolArray:
    """Scenarios whose lesions fit their territories, whose territories fit the liver, and whose shunt is below 1."""
    columns = many.columns
    no_room = np.any(many.per_scenario(np.isnan(many.parts.territory_lung_shunt_fraction)), axis=1)
    for broken in checks.nesting(Checked(columns, many.constants, many.parts)):
        no_room[columns.case_of(broken.level)[broken.rows]] = True
    return np.asarray(~no_room)


def _note(*, is_possible: bool, is_least: bool) -> str:
    if not is_possible:
        return "Not possible: lesions would not fit their territory, territories the liver, or the shunt reach 100 %."
    return f"Taken as {figures.percent(0.0)} where it would fall below." if is_least else ""
