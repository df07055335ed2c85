"""What must be said about limits beyond their outcomes: none on file, not judged, or derived for other patients."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from types import MappingProxyType

import numpy as np

from dosimetry import reference
from dosimetry.arrays import BoolArray
from dosimetry.clauses import Clause, clauses
from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import FindingColumn, remark
from dosimetry.limits import PREFIXES, Judged, groups
from dosimetry.limits.scope import LimitScope
from dosimetry.limits.words import clause_in_words, shown_bound
from dosimetry.quantities import LIVER_DOSES
from dosimetry.reference_rows import ANY


def finding_columns(evaluated: Evaluated, scope: LimitScope, found: Iterable[Judged]) -> Iterator[FindingColumn]:
    """Remarks about limits of the given cases."""
    yield from _not_judged(evaluated, scope)
    yield from _contradicted(evaluated, scope)
    yield from _impaired(evaluated)
    yield from _none_on_file(evaluated, scope)
    yield from _on_edges(found, scope)
    yield from _after_earlier_treatment(evaluated, found)


def _not_judged(evaluated: Evaluated, scope: LimitScope) -> Iterator[FindingColumn]:
    """Limits by disease or intent where these are not stated: one remark, not one a limit."""
    text = "is not stated: limits and goals that depend on it were not checked."
    unstated = ~evaluated.columns.case.word("disease").given
    disease, intent = f"The disease {text}", f"The intent {text}"
    yield remark("no_disease", "case", "disease", unstated, disease, kind="not_checked")
    path, unknown = "territories[].intent", ~scope.intent_is_known()
    yield remark("no_intent", "territory", path, unknown, intent, kind="not_checked")


def _contradicted(evaluated: Evaluated, scope: LimitScope) -> Iterator[FindingColumn]:
    """An intent of the case that none of its territories has: some limits follow the one, some the others."""
    columns, of_case = evaluated.columns, evaluated.columns.case.word("intent")
    for word in of_case.values:
        territories = columns.per_case(scope.intent_is(word).astype(np.float64))
        text = (
            f"The intent of the case is {reference.choices('intent')[word]}, and every territory states another: "
            "limits of the treated liver follow the territories, limits of the whole liver follow both."
        )
        yield remark("contradicted_intent", "case", "intent", of_case.equal(word) & (territories == 0), text)


def _impaired(evaluated: Evaluated) -> Iterator[FindingColumn]:
    impaired = evaluated.results.case["impaired_liver_function"] == 1
    text = (
        "Child-Pugh, typed or by laboratory values, ascites, encephalopathy or bilirubin say that the liver works "
        "badly: limits that were published for good liver function may be too high."
    )
    yield remark("impaired_liver_function", "case", "patient", impaired, text)


def _none_on_file(evaluated: Evaluated, scope: LimitScope) -> Iterator[FindingColumn]:
    """A disease, or an intent of it, for which no limit protects the liver: a neighbor's row never takes its place."""
    columns, on_file = evaluated.columns, _liver_limits_on_file()
    device, disease = columns.case.word("device"), columns.case.word("disease")
    for pair in product(device.values, disease.values):
        rows = device.equal(pair[0]) & disease.equal(pair[1])
        text = f"No limit of the liver is on file for {reference.choices('disease')[pair[1]]} with this device"
        intents = on_file.get(pair, frozenset())
        if not intents:
            text = f"{text}, and none of another disease is used."
            yield remark("no_limit_on_file", "case", "disease", rows, text, kind="not_checked", severity="caution")
            continue
        for intent in sorted(set(reference.choices("intent")) - intents):
            of_intent = columns.spread(rows, "territory") & scope.intent_is(intent)
            said = f"{text} and {reference.choices('intent')[intent]}."
            path = "territories[].intent"
            yield remark("no_limit_on_file", "territory", path, of_intent, said, kind="not_checked", severity="caution")


@cache
def _liver_limits_on_file() -> Mapping[tuple[str, str], frozenset[str]]:
    """Intents for which an upper limit of the liver is on file, by device and disease."""
    found: dict[tuple[str, str], set[str]] = {}
    for group in groups():
        if group.disease != ANY and any(
            limit.kind == "limit" and limit.quantity in LIVER_DOSES for limit in group.limits
        ):
            devices = [
                row.device
                for row in reference.devices()
                if group.device == ANY or row.device in group.device.split("|")
            ]
            intents = set(reference.choices("intent") if group.intent == ANY else group.intent.split("|"))
            for pair in product(devices, group.disease.split("|")):
                found.setdefault(pair, set()).update(intents)
    return MappingProxyType({pair: frozenset(intents) for pair, intents in found.items()})


def _on_edges(found: Iterable[Judged], scope: LimitScope) -> Iterator[FindingColumn]:
    """A value exactly where one limit ends and another begins, and which of them are taken."""
    on_edge: dict[tuple[Clause, str], list[tuple[Judged, BoolArray]]] = {}
    for each in found:
        for clause in clauses(each.group.condition):
            if clause.comparison in ("<", "<=", ">", ">=") and each.condition is not None:
                rows = each.fitting & scope.on_bound(clause, each.group.level)
                if rows.any():
                    bound = Clause(clause.name, ">=", bound=clause.bound)
                    on_edge.setdefault((bound, each.group.level), []).append((each, rows))
    for (clause, level), edges in on_edge.items():
        when = clause_in_words(clause).partition(" is ")[0]
        rows = np.logical_or.reduce([each for _, each in edges])
        taken = [
            limit.limit_id
            for each, own in edges
            if each.condition is not None and (own & each.condition.holds).any()
            for limit in each.group.limits
        ]
        text = (
            f"{when[0].upper()}{when[1:]} lies exactly on {shown_bound(clause)}, where limits change. "
            f"Taken here: {', '.join(sorted(taken)) or 'none of them'}."
        )
        yield remark(f"edge_{clause.name}", level, f"{PREFIXES[level]}{clause.name}", rows, text, severity="note")


def _after_earlier_treatment(evaluated: Evaluated, found: Iterable[Judged]) -> Iterator[FindingColumn]:
    """The bilirubin band of the whole normal liver was derived without earlier radioembolization."""
    earlier = evaluated.columns.case.number("prior_tare") == 1
    if not earlier.any():
        return
    banded = [each.fitting for each in found if each.group.level == "case" and "bilirubin" in each.group.condition]
    text = (
        "The limits of the whole normal liver by bilirubin, and the one that stands without it, were not derived for a "
        "liver after earlier radioembolization."
    )
    rows = earlier & np.logical_or.reduce([np.zeros_like(earlier), *banded])
    yield remark("band_after_earlier_tare", "case", "prior.tare", rows, text)
