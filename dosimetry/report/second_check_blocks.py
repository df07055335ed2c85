"""The second check in a report: every input and result beside what the check has."""

from collections.abc import Iterator

from dosimetry import figures, instants
from dosimetry.plan_record import Plan
from dosimetry.report.document import Block, Column, Facts, Heading, Paragraph, Table
from dosimetry.second_check.outcome import agreement_fraction, printed_activity_fraction
from dosimetry.treatment_day.records import CheckedValue

_ROUTE = (
    "Doses of the check come from the retyped inputs and the printed activity by an energy balance of their own, not "
    "by the formulas of the plan. A value agrees within {agreement}, an activity, printed with few digits, within "
    "{activity}; what the check gives from an activity may lie as much farther off."
)


def second_check(plan: Plan) -> Iterator[Block]:
    """Who checked the plan, and every input and result beside what the check has."""
    made = plan.second_check
    if made is None:
        return
    yield Heading("Second check")
    outcome = "every input and result agrees" if made.agrees else "not everything agrees or was typed; see below"
    when = (("At", instants.instant_from_text(made.at).local),) if made.at else ()
    yield Facts((("By", made.by), *when, ("Outcome", outcome)))
    columns = (
        Column("What"),
        Column("Unit"),
        Column("Plan", is_figure=True),
        Column("Check", is_figure=True),
        Column("Outcome"),
    )
    yield Table(columns, tuple(_checked(line) for line in (*made.inputs, *made.results)), (6, 2, 2, 2, 2))
    allowed = {"agreement": agreement_fraction(), "activity": printed_activity_fraction()}
    yield Paragraph(_ROUTE.format(**{name: figures.percent(fraction) for name, fraction in allowed.items()}))


def _checked(line: CheckedValue) -> tuple[str, ...]:
    of_plan, of_check = (_value(value, line.name) for value in (line.of_plan, line.of_check))
    return line.label, line.unit, of_plan, of_check, line.outcome


def _value(value: float | str | None, name: str) -> str:
    """A value as typed; fractions in percent, as everywhere on paper."""
    if value is None or isinstance(value, str):
        return value or figures.MISSING
    return figures.percent(value, 6) if name.endswith("_fraction") else figures.trimmed(value)
