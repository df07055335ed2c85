"""What the doses owe to an input: the planned activities with each input changed up and down, one at a time."""

from dataclasses import replace

import numpy as np

from dosimetry import checks, figures, reference, units
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.case import Case
from dosimetry.columns import LEVELS, Columns, level_of_input
from dosimetry.conventions import TYPED
from dosimetry.count_rules import SHUNT_COUNTS
from dosimetry.evaluation import Evaluated
from dosimetry.plan_record import Varied
from dosimetry.reference_rows import Variation
from dosimetry.rules import Checked
from dosimetry.what_if.planned_doses import doses
from dosimetry.what_if.scenarios import Scenarios, repeated, scenarios, with_level, with_numbers

_DIRECTIONS = (-1.0, 1.0)


def sensitivity(case: Case, evaluated: Evaluated) -> tuple[Varied, ...]:
    """Doses with every variation on file, down and up; all territories and lesions are changed together.

    A step typed in the case takes the place of the one on file. A fraction that would fall below zero is taken as
    zero, and said; a change that makes volumes impossible, or a fraction all of the activity, gives no doses.
    """
    measured = _measured(evaluated)
    rows = tuple(row for row in reference.table("variations") if not np.isnan(_values(measured, row.inputs[0])).all())
    steps = [_step(case, row) for row in rows]
    changes = [direction * step for step in steps for direction in _DIRECTIONS]
    planned = np.tile(evaluated.results.territory["administered_activity_gbq"], (len(changes), 1))
    columns, least = _changed(repeated(measured, len(changes)), rows, np.array(changes))
    with np.errstate(all="ignore"):
        many = scenarios(columns)
        results = many.predicted(planned)
    possible = _possible(many, measured)
    found: list[Varied] = []
    for place, change in enumerate(changes):
        row = rows[place // len(_DIRECTIONS)]
        is_typed = _typed(case, row) is not None
        found.append(
            Varied(
                input=row.inputs[0],
                label=row.label,
                change=change,
                is_relative=row.is_relative,
                doses=doses(case, results, place) if possible[place] else None,
                note=_note(is_possible=bool(possible[place]), is_least=bool(least[place])),
                source=TYPED if is_typed else reference.citation(row.source_id),
                locator="" if is_typed else row.locator,
                verified=row.verified and not is_typed,
            )
        )
    return tuple(found)


def _measured(evaluated: Evaluated) -> Columns:
    """The case with its ratios and shunts typed where they came from counts, each territory with its own shunt."""
    columns, parts = evaluated.columns, evaluated.parts
    shunt = {"territory_lung_shunt_fraction": parts.territory_lung_shunt_fraction}
    # Every territory has its shunt here; the case's own must not step in where that one is not possible.
    unused = np.full(columns.case.rows, np.nan)
    of_case = dict.fromkeys({"lung_shunt_fraction", *SHUNT_COUNTS} & set(columns.case.numbers), unused)
    return replace(
        columns,
        case=with_numbers(columns.case, of_case),
        territory=with_numbers(columns.territory, shunt),
        lesion=with_numbers(columns.lesion, {"tumor_normal_ratio": parts.tumor_normal_ratio}),
    )


def _column(name: str) -> tuple[str, str]:
    """Level and column of an input, in a case in which every territory has its own shunt."""
    held = "territory_lung_shunt_fraction" if name == "lung_shunt_fraction" else name
    return level_of_input(held), held


def _values(columns: Columns, name: str) -> FloatArray:
    level, held = _column(name)
    return columns.level(level).number(held)


def _typed(case: Case, row: Variation) -> float | None:
    return getattr(case.sensitivity, row.name, None)


def _step(case: Case, row: Variation) -> float:
    typed = _typed(case, row)
    return units.bound_in_library_unit(row.step, "%") if typed is None else typed


def _changed(columns: Columns, rows: tuple[Variation, ...], changes: FloatArray) -> tuple[Columns, BoolArray]:
    """The columns with each variation in its own scenarios only, and the scenarios in which a fraction ends at zero."""
    least = np.zeros(len(changes), dtype=np.bool_)
    for place, row in enumerate(rows):
        own = slice(place * len(_DIRECTIONS), (place + 1) * len(_DIRECTIONS))
        for name in row.inputs:
            level, held = _column(name)
            table = columns.level(level).numbers
            if held in table:
                values = table[held].reshape(len(changes), -1).copy()
                values[own] = _varied(values[own], changes[own, np.newaxis], row)
                if not row.is_relative:
                    least[own] |= (values[own] == 0).any(axis=1) & (changes[own] < 0)
                columns = with_level(columns, level, with_numbers(columns.level(level), {held: values.ravel()}))
    return columns, least


def _varied(values: FloatArray, changes: FloatArray, row: Variation) -> FloatArray:
    """Values changed in proportion, or fractions by points; NaN where a fraction would reach 1."""
    if row.is_relative:
        return np.asarray(values * (1.0 + changes))
    moved = values + changes
    return np.where(moved < 1, np.maximum(moved, 0.0), np.nan)


def _possible(many: Scenarios, measured: Columns) -> BoolArray:
    """Scenarios whose volumes nest and whose fractions are below 1."""
    columns = many.columns
    impossible = np.zeros(many.times, dtype=np.bool_)
    for level in LEVELS:
        for name, values in columns.level(level).numbers.items():
            lost = many.per_scenario(np.isnan(values)) & ~np.isnan(measured.level(level).number(name))
            impossible |= lost.any(axis=1)
    for broken in checks.nesting(Checked(columns, many.constants, many.parts)):
        impossible[columns.case_of(broken.level)[broken.rows]] = True
    return ~impossible


def _note(*, is_possible: bool, is_least: bool) -> str:
    if not is_possible:
        return "Not possible: lesions would not fit their territory, territories the liver, or the shunt reach 100 %."
    return f"Taken as {figures.percent(0.0)} where it would fall below." if is_least else ""
