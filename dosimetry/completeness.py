"""What is missing for which number: inputs that were not given, and what giving them would add."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from dosimetry import reference
from dosimetry.clauses import clauses
from dosimetry.columns import level_of_input, path_of
from dosimetry.evaluation import Evaluated
from dosimetry.limits import LOWER_BOUNDS, Judged
from dosimetry.limits.scope import LimitScope
from dosimetry.limits.words import in_sentence
from dosimetry.plan_record import MissingInput
from dosimetry.quantities import is_quantity, level_of, quantity_named

NEEDS: Mapping[str, Sequence[str]] = {
    "lung_mass_kg": ("lung_dose_gy", "lung_dose_cumulative_gy"),
    "previous_lung_dose_gy": ("lung_dose_cumulative_gy",),
    "whole_liver_volume_ml": (
        "whole_normal_liver_dose_gy",
        "whole_liver_dose_gy",
        "hepatic_reserve_fraction",
        "tumor_involvement_fraction",
    ),
    "residual_fraction": ("vial_activity_gbq",),
    "vial_age_h": ("spheres_lower_million", "sphere_activity_lower_bq"),
    "tumor_normal_ratio": ("dose_gy", "normal_perfused_dose_gy", "whole_normal_liver_dose_gy"),
}
"""The computed quantities that an input gives, together with others of its kind."""


_INPUT_OF = MappingProxyType({"total_bilirubin_mg_dl": "bilirubin_mg_dl"})
"""Inputs that limits are checked on as they are."""
_PRIOR = ("prior_tare", "prior_resection", "prior_systemic")


@dataclass(frozen=True, slots=True)
class _Absent:
    """An input that one row of its level does not have."""

    name: str
    level: str
    row: int
    gives: tuple[str, ...]


def missing(evaluated: Evaluated, scope: LimitScope, found: Iterable[Judged]) -> tuple[MissingInput, ...]:
    """Every input that would give a number or decide a limit, with a sentence that asks for it."""
    of_numbers = list(_of_numbers(evaluated))
    named = {each.name for each in of_numbers}
    of_limits = [each for each in _of_limits(evaluated, scope, found) if each.name not in named]
    return tuple(_record(each, evaluated) for each in (*of_numbers, *of_limits))


def _of_numbers(evaluated: Evaluated) -> Iterator[_Absent]:
    counted = ~np.isnan(evaluated.parts.tumor_normal_ratio)
    for name, quantities in NEEDS.items():
        level = level_of_input(name)
        absent = np.isnan(evaluated.columns.level(level).number(name))
        if name == "tumor_normal_ratio":
            absent &= ~counted
        for row in map(int, np.flatnonzero(absent)):
            gives = tuple(_label(each) for each in quantities if not _is_known(each, level, row, evaluated))
            if gives:
                yield _Absent(name, level, row, gives)
    yield from _of_lower_bounds(evaluated)


def _is_known(quantity: str, level: str, row: int, evaluated: Evaluated) -> bool:
    """Whether a quantity of the very row has its value without the input."""
    return level_of(quantity) == level and not np.isnan(evaluated.results.level(level)[quantity][row])


def _of_lower_bounds(evaluated: Evaluated) -> Iterator[_Absent]:
    """Tumor outside all territories makes numbers exact that are lower bounds without it."""
    for row in map(int, np.flatnonzero(np.isnan(evaluated.columns.case.number("untreated_tumor_volume_ml")))):
        known = [each for each in LOWER_BOUNDS if not np.isnan(evaluated.results.case[each][row])]
        if known:
            gives = tuple(f"{_label(each)} in place of a lower bound" for each in known)
            yield _Absent("untreated_tumor_volume_ml", "case", row, gives)


def _of_limits(evaluated: Evaluated, scope: LimitScope, found: Iterable[Judged]) -> Iterator[_Absent]:
    """Inputs that fitting limits ask for, on which they are checked or which decide whether they hold."""
    asked: dict[str, list[str]] = {}
    for each in found:
        for name in _asked_by(each, evaluated):
            asked.setdefault(name, []).extend(limit.label for limit in each.group.limits)
    if not evaluated.columns.case.word("disease").given.all():
        asked["disease"] = ["limits and goals by disease"]
    if not scope.intent_is_known().all():
        asked["intent"] = ["limits and goals by intent"]
    for name, gives in asked.items():
        yield _Absent(name, level_of_input(name), 0, tuple(dict.fromkeys(gives)))


def _asked_by(each: Judged, evaluated: Evaluated) -> Iterator[str]:
    """Inputs that one group of limits lacks."""
    if each.condition is None:
        return
    checked_on = {_INPUT_OF[limit.quantity] for limit in each.group.limits if limit.quantity in _INPUT_OF}
    yield from (name for name in checked_on if _is_missing(name, evaluated))
    if each.condition.unknown.any():
        for clause in clauses(each.group.condition):
            names = _PRIOR if clause.name == "pretreated" else (clause.name,)
            yield from (name for name in names if not is_quantity(name) and _is_missing(name, evaluated))


def _is_missing(name: str, evaluated: Evaluated) -> bool:
    """Whether an input stands in no column of its level, neither as a number nor as a word, in some row."""
    return bool(evaluated.columns.level(level_of_input(name)).is_absent(name).any())


def _label(quantity: str) -> str:
    return quantity_named(quantity, level_of(quantity)).label.partition(",")[0]


def _record(absent: _Absent, evaluated: Evaluated) -> MissingInput:
    rule = reference.field(absent.name)
    gives = "; ".join(absent.gives)
    return MissingInput(
        path=path_of(evaluated.columns, rule.path, absent.row),
        gives=absent.gives,
        message=f"Add {in_sentence(rule.label)} to see: {gives}.",
    )
