"""What each model would give, side by side: candidate prescriptions that pass the same rules as a person's own.

A target is that of the case's own prescription, or an applicable verified goal, limit or target on file. The other
territories keep their planned activities.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dosimetry import limits, prescription_rules
from dosimetry.arrays import FloatArray
from dosimetry.case import Case, Prescription
from dosimetry.columns import NO_TARGET, NORMAL, TARGET_LESION, TARGET_NORMAL, Columns, words_of
from dosimetry.evaluation import Evaluated, Results
from dosimetry.limits import Judged, LimitIds, is_off
from dosimetry.limits.scope import LimitScope
from dosimetry.limits.words import comparator_and_bound
from dosimetry.models import MODELS, model_named, prescribed_activity_gbq, typed_activity
from dosimetry.plan_record import NoProposal, Proposal
from dosimetry.quantities import level_of
from dosimetry.reference_rows import Limit
from dosimetry.rules import Checked
from dosimetry.what_if.planned_doses import known, lesion_doses
from dosimetry.what_if.scenarios import Scenarios, repeated, scenarios, with_numbers, with_words

PRESCRIBED = "as prescribed"
NO_ACTIVITY = "no activity meets it: the other territories already reach the dose, or almost nothing shunts."
TerritoryProposals = tuple[tuple[tuple[Proposal, ...], tuple[NoProposal, ...]], ...]
"""For every territory what is proposed, and which models propose nothing."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A prescription that could be made for a territory, and what its target comes from."""

    territory: int
    prescription: Prescription
    target_lesion: int
    note: str


def proposals(case: Case, evaluated: Evaluated, found: Sequence[Judged], switches: LimitIds) -> TerritoryProposals:
    """For every territory the proposals of all models, and the models that propose nothing with the reason."""
    targets = list(_targets(found, switches))
    candidates = _merged([each for row in range(len(case.territories)) for each in _candidates(case, row, targets)])
    many = scenarios(_prescribed(evaluated, candidates))
    refused = _refused(many)
    with np.errstate(all="ignore"):
        activity = many.per_scenario(prescribed_activity_gbq(many.columns, many.parts))
    own = activity[np.arange(len(candidates)), [each.territory for each in candidates]]
    for place in np.flatnonzero(~((own > 0) & np.isfinite(own))):
        refused.setdefault(int(place), NO_ACTIVITY)
    planned = evaluated.results.territory["administered_activity_gbq"]
    activity[list(refused)] = planned
    results = many.predicted(activity)
    exceeded = _exceeded(many, results, candidates, found, switches)
    made = [
        None
        if place in refused
        else _proposal(case, candidate, place, results, activity_gbq=float(own[place]), exceeds=exceeded[place])
        for place, candidate in enumerate(candidates)
    ]
    return tuple(
        (
            tuple(found for found, each in zip(made, candidates, strict=True) if found and each.territory == row),
            tuple(_none(candidates, refused, row)),
        )
        for row in range(len(case.territories))
    )


def _targets(found: Iterable[Judged], switches: LimitIds) -> Iterator[tuple[Limit, int]]:
    """Applicable verified rows on file with the row of their level; goals that only give context are no targets."""
    for each in found:
        if each.condition is None:
            continue
        for limit in each.group.limits:
            is_target = limit.unit == "Gy" and limit.verified and limit.severity != "note"
            if is_target and limit.limit_id not in switches.off and not is_off(limit, switches.on):
                for row in np.flatnonzero(each.fitting & each.condition.holds):
                    yield limit, int(row)


def _candidates(case: Case, row: int, targets: list[tuple[Limit, int]]) -> Iterator[_Candidate]:
    """Every prescription worth comparing for a territory: its own first, then those with a target on file."""
    territory = case.territories[row]
    names = [lesion.name for lesion in territory.lesions]
    first = sum(len(each.lesions) for each in case.territories[:row])
    own = territory.prescription
    if model_named(own.model).never_proposed is None:
        yield _Candidate(row, own, _code(own.target, names, first), PRESCRIBED)
    for limit, place in targets:
        at_bound = ", here at the bound itself" if limit.comparator in ("<", ">") else ""
        note = f"{limit.limit_id}: {limit.label} {comparator_and_bound(limit)}{at_bound}"
        for made in _by_target(limit, place, row, names, first):
            yield _Candidate(row, *made, note)
    for model in MODELS:
        for prescription, note in model.untargeted:
            yield _Candidate(row, prescription, NO_TARGET, note)


def _by_target(limit: Limit, place: int, row: int, names: list[str], first: int) -> Iterator[tuple[Prescription, int]]:
    """Prescriptions whose target is that of a limit, goal or target on file, if it is one of this territory."""
    level = level_of(limit.quantity)
    is_own = {"case": True, "territory": place == row, "lesion": first <= place < first + len(names)}[level]
    for model in MODELS if is_own else ():
        if limit.quantity in model.aims:
            word = model.aims[limit.quantity]
            target = f"{word}{names[place - first]}" if level == "lesion" else word or None
            prescription = Prescription(model=model.key, target=target, dose_gy=limit.bound)
            yield prescription, _code(target, names, first)


def _code(target: str | None, names: list[str], first: int) -> int:
    if target is None:
        return NO_TARGET
    return NORMAL if target == TARGET_NORMAL else first + names.index(target.removeprefix(TARGET_LESION))


def _merged(candidates: list[_Candidate]) -> list[_Candidate]:
    """The same prescription once, with all that its target comes from."""
    found: dict[tuple[int, Prescription], _Candidate] = {}
    for each in candidates:
        key = (each.territory, each.prescription)
        same = found.get(key)
        found[key] = replace(same, note=f"{same.note}; {each.note}") if same else each
    return list(found.values())


def _prescribed(evaluated: Evaluated, candidates: list[_Candidate]) -> Columns:
    """One scenario a candidate: its territory prescribes by it, the others have their planned activities typed."""
    columns = repeated(evaluated.columns, len(candidates))
    territories, lesions = evaluated.columns.territory.rows, evaluated.columns.lesion.rows
    rows = np.arange(len(candidates)) * territories + [each.territory for each in candidates]

    def column(values: list[float | None], rest: FloatArray) -> FloatArray:
        """The candidates' values in their own territories, the rest elsewhere."""
        rest[rows] = [np.nan if value is None else value for value in values]
        return rest

    def words(values: list[str | None], rest: str | None) -> list[str | None]:
        """The candidates' words in their own territories, the rest elsewhere."""
        found = [rest] * (territories * len(candidates))
        for row, value in zip(rows.tolist(), values, strict=True):
            found[row] = value
        return found

    prescribed = [each.prescription for each in candidates]
    nothing = np.full(territories * len(candidates), np.nan)
    planned = np.tile(evaluated.results.territory["administered_activity_gbq"], len(candidates))
    target = np.full(territories * len(candidates), NO_TARGET)
    codes = np.array([each.target_lesion for each in candidates])
    target[rows] = np.where(codes >= 0, codes + np.arange(len(candidates)) * lesions, codes)
    numbers = {
        "target_dose_gy": column([each.dose_gy for each in prescribed], nothing.copy()),
        "prescribed_activity_gbq": column([None] * len(candidates), planned),
    }
    changed = {
        "prescription_model": words_of(words([each.model for each in prescribed], typed_activity.key)),
        "resin_reading": words_of(words([each.reading for each in prescribed], None)),
    }
    table = with_words(with_numbers(columns.territory, numbers), changed)
    return replace(columns, territory=table, target_lesion=target)


def _refused(many: Scenarios) -> dict[int, str]:
    """The first rule on prescriptions that each scenario breaks, in words."""
    checked = Checked(many.columns, many.constants, many.parts)
    found: dict[int, str] = {}
    for broken in (*prescription_rules.fields(checked), *prescription_rules.models(checked)):
        for row in broken.rows.tolist():
            found.setdefault(int(many.columns.case_of(broken.level)[row]), broken.sentence(row))
    return found


def _exceeded(
    many: Scenarios, results: Results, candidates: list[_Candidate], found: Iterable[Judged], switches: LimitIds
) -> list[tuple[str, ...]]:
    """Limits that each scenario crosses, for its case or in the territory of its candidate."""
    territories = many.columns.territory.rows // many.times
    own = np.arange(many.times) * territories + [each.territory for each in candidates]
    crossed: list[list[str]] = [[] for _ in candidates]
    fitting = (each.group for each in found if each.condition is not None)
    judged = limits.judged(LimitScope(many.columns, results), fitting)
    for limit, quantity, rows in limits.exceeded(judged, results, switches):
        if quantity.level != "lesion":
            for scenario in np.flatnonzero(rows[own] if quantity.level == "territory" else rows).tolist():
                crossed[scenario].append(limit.limit_id)
    return [tuple(rules) for rules in crossed]


def _proposal(
    case: Case, candidate: _Candidate, place: int, results: Results, *, activity_gbq: float, exceeds: tuple[str, ...]
) -> Proposal:
    row = place * len(case.territories) + candidate.territory
    return Proposal(
        model=candidate.prescription.model,
        target=candidate.prescription.target,
        dose_gy=candidate.prescription.dose_gy,
        reading=candidate.prescription.reading,
        activity_gbq=activity_gbq,
        perfused_dose_gy=float(results.territory["perfused_dose_gy"][row]),
        normal_perfused_dose_gy=known(results.territory["normal_perfused_dose_gy"], row),
        lesions=lesion_doses(case, results, candidate.territory, scenario=place),
        lung_dose_gy=known(results.case["lung_dose_gy"], place),
        exceeds=exceeds,
        note=candidate.note,
    )


def _none(candidates: list[_Candidate], refused: dict[int, str], row: int) -> Iterator[NoProposal]:
    """Models, or targets of them, that propose nothing for a territory, each with its reasons."""
    for model in MODELS:
        own = [
            place
            for place, each in enumerate(candidates)
            if each.prescription.model == model.key and each.territory == row
        ]
        reasons = [refused[place].removeprefix(f"model {model.key!r} ") for place in own if place in refused]
        if model.never_proposed is not None:
            reasons = [model.never_proposed] if model.never_proposed else []
        elif not own:
            reasons = ["no verified goal or limit on file applies that could be its target, and none is prescribed."]
        if reasons:
            yield NoProposal(model=model.key, reason=" ".join(dict.fromkeys(reasons)))
