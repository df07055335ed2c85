"""The written directive beside the plan, before anything is delivered: a directive of another case, or a typed slip."""

from collections.abc import Iterator

from dosimetry import figures
from dosimetry.case import Case
from dosimetry.columns import target_words
from dosimetry.delivery import criterion
from dosimetry.delivery.as_treated import directed
from dosimetry.evaluation import Evaluated
from dosimetry.finding_records import remark
from dosimetry.plan_record import Finding
from dosimetry.treatment_day.findings import gbq_and_mci
from dosimetry.treatment_day.records import DirectiveComparison


def value_in_words(value: float, unit: str) -> str:
    """A value of a directive; an activity in both units."""
    return gbq_and_mci(value) if unit == "GBq" else f"{figures.trimmed(value, 5)} {unit}"


def of_directive(case: Case, evaluated: Evaluated) -> Iterator[Finding]:
    """Territories whose plan lies as far from the value in force of their directive as the criterion names.

    A plan that fits the value before the revision is told of, and does not wait once its delivery is recorded: that is
    then held against the revision.
    """
    delivered = {each.territory for each in case.delivery.territories} if case.delivery else set()
    names = [territory.name for territory in case.territories]
    for place, each in enumerate(case.directive.territories if case.directive else ()):
        lines = directed(case, evaluated.results, names.index(each.territory), {})
        path, fits_first = f"directive.territories[{place}]", not all(line.meets_criterion for line in lines)
        if lines[-1].meets_criterion is None:
            text = f"The plan has no value of {target_words(lines[-1].quantity)} to hold against the written directive."
            yield remark("directive_of_plan", path, text, territory=each.territory, kind="not_checked", severity="note")
        elif lines[-1].meets_criterion:
            waits = not (fits_first and each.territory in delivered)
            yield _off_directive(lines[-1], path, each.territory, fits_first=fits_first, waits=waits)


def _off_directive(line: DirectiveComparison, path: str, territory: str, *, fits_first: bool, waits: bool) -> Finding:
    difference = line.difference_fraction or 0.0
    before = " It fits the value before the revision." if fits_first else ""
    planned, directed_value = (value_in_words(value or 0.0, line.unit) for value in (line.delivered, line.directed))
    return remark(
        "directive_of_plan",
        path,
        f"{target_words(line.quantity)}: the plan gives {planned}, the {'revised ' if line.revised else ''}written "
        f"directive {directed_value}, difference "
        f"{criterion.in_words(difference)}.{before}{' Which is right?' if waits else ''}",
        territory=territory,
        value=difference,
        bound=criterion.criterion_fraction(),
        to_acknowledge=waits,
    )
