"""What must be said about limits beyond their outcomes: none on file, not judged, or derived for other patients."""

from collections.abc import Iterator

import numpy as np

from dosimetry import reference
from dosimetry.arrays import BoolArray
from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import FindingColumn, remark
from dosimetry.limit_scope import ANY, LimitScope
from dosimetry.limits import Group, fits, groups


def finding_columns(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Remarks about limits of the given cases."""
    scope = LimitScope(evaluated.columns, evaluated.results)
    yield from _not_judged(evaluated, scope)
    yield from _none_on_file(evaluated, scope)
    yield from _after_earlier_treatment(evaluated, scope)


def _not_judged(evaluated: Evaluated, scope: LimitScope) -> Iterator[FindingColumn]:
    """Limits by disease or intent where these are not stated: one remark, not one a limit."""
    text = "is not stated: limits and goals that depend on it were not checked."
    unstated = ~evaluated.columns.case.word("disease").given
    yield remark("no_disease", "case", "disease", unstated, f"The disease {text}", kind="not_checked")
    path = "territories[].intent"
    yield remark(
        "no_intent", "territory", path, ~scope.intent_is_known(), f"The intent {text}", kind="not_checked"
    )


def _none_on_file(evaluated: Evaluated, scope: LimitScope) -> Iterator[FindingColumn]:
    """A disease, or an intent of it, for which the device has no row: a neighbor's row never takes its place."""
    columns = evaluated.columns
    of_disease = [group for group in groups() if group.disease != ANY and _is_checked(group)]
    has_row = _any(columns.case.rows, [scope.device(group.limits[0], "case") & scope.disease(group.limits[0], "case").holds for group in of_disease])
    disease = columns.case.word("disease")
    none = disease.given & ~has_row
    for word, label in reference.choices("disease").items():
        text = f"No limit or goal is on file for {label} with this device, and none of another disease is used."
        yield remark("no_limit_on_file", "case", "disease", none & disease.equal(word), text, kind="not_checked")
    by_intent = _any(
        columns.territory.rows,
        [
            scope.device(group.limits[0], "territory")
            & scope.disease(group.limits[0], "territory").holds
            & scope.intent(group.limits[0], "territory").holds
            for group in of_disease
        ],
    )
    lacking = columns.spread(has_row, "territory") & scope.intent_is_known() & ~by_intent
    text = "No limit or goal is on file for this disease, device and intent."
    yield remark("no_limit_on_file", "territory", "territories[].intent", lacking, text, kind="not_checked")


def _is_checked(group: Group) -> bool:
    return any(limit.kind != "target" for limit in group.limits)


def _any(rows: int, masks: list[BoolArray]) -> BoolArray:
    return np.logical_or.reduce(masks) if masks else np.zeros(rows, dtype=np.bool_)


def _after_earlier_treatment(evaluated: Evaluated, scope: LimitScope) -> Iterator[FindingColumn]:
    """The bilirubin band of the whole normal liver was derived without earlier radioembolization."""
    earlier = evaluated.columns.case.number("prior_tare") == 1
    banded = _any(
        evaluated.columns.case.rows,
        [fits(group, scope) for group in groups() if group.level == "case" and "bilirubin" in group.condition],
    )
    text = (
        "The limits of 50 and 90 Gy to the whole normal liver by bilirubin, and 75 Gy without it, were not derived for "
        "a liver after earlier radioembolization."
    )
    yield remark("band_after_earlier_tare", "case", "prior.tare", earlier & banded, text)
