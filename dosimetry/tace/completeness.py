"""What is missing for which number of a chemoembolization: inputs that were not given, and what giving them adds."""

from collections.abc import Iterator

import numpy as np

from dosimetry import reference
from dosimetry.clauses import clauses
from dosimetry.limits.words import in_sentence
from dosimetry.plan_record import MissingInput
from dosimetry.scores import context
from dosimetry.tace import limits
from dosimetry.tace.columns import product_is
from dosimetry.tace.evaluation import TaceResults


def missing(results: TaceResults) -> tuple[MissingInput, ...]:
    """Every input of one case that would give a number, a score or the outcome of a limit."""
    asked: dict[str, dict[str, None]] = {}
    for name, gives in (*_of_numbers(results), *_of_limits(results), *_of_scores(results)):
        if results.staged.is_absent(name)[0]:
            asked.setdefault(name, {})[gives] = None
    return tuple(_record(name, tuple(gives)) for name, gives in asked.items())


def _of_numbers(results: TaceResults) -> Iterator[tuple[str, str]]:
    case, steps = results.columns.base.case, results.dosing
    if not np.isnan(steps.planned_mg[0]) and np.isnan(steps.planned_mg_per_m2[0]):
        yield from ((name, "dose per body surface") for name in limits.BODY)
    if not np.isnan(steps.capped_mg[0]) and np.isnan(steps.full_vial_mg[0]):
        yield "loading_mg_per_ml" if product_is(case, "beads")[0] else "vial_mg", "whole vials"
    if not np.isnan(case.number("oil_ml")[0]):
        yield "oil_to_aqueous_ratio", "drug solution for the emulsion"
    if np.isnan(results.case["part_of_standard_liver_volume"][0]):
        for name in ("whole_liver_volume_ml", "height_cm", "weight_kg"):
            yield name, "the liver volume against the standard one"


def _of_limits(results: TaceResults) -> Iterator[tuple[str, str]]:
    for limit in reference.table("tace_limits"):
        if limits.fits(limit, results)[0]:
            if np.isnan(results.case[limit.quantity][0]):
                yield from ((name, in_sentence(limit.label)) for name in limits.INPUTS_OF.get(limit.quantity, ()))
            yield from ((clause.name, in_sentence(limit.label)) for clause in clauses(limit.condition))


def _of_scores(results: TaceResults) -> Iterator[tuple[str, str]]:
    elsewhere = context.not_hcc(results.staged)[0]
    for name, inputs in context.INPUTS.items():
        if np.isnan(results.scores[name][0]) and not (elsewhere and name in context.OF_TUMORS):
            yield from ((each, context.label_of(name)) for each in inputs)


def _record(name: str, gives: tuple[str, ...]) -> MissingInput:
    rule = reference.field(name)
    message = f"Add {in_sentence(rule.label)} to see: {'; '.join(gives)}."
    return MissingInput(path=rule.path, gives=gives, message=message)
