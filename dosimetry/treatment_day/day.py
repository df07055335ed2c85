"""The treatment day of a plan: what was ordered, delivered, given before and checked by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass

from dosimetry.case import Case
from dosimetry.conventions import Constant
from dosimetry.delivery import exceeded_limits
from dosimetry.delivery.as_treated import as_treated, treated
from dosimetry.delivery.measured import measured_lungs
from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import FindingColumn
from dosimetry.ordering.ordered import ordered
from dosimetry.ordering.session import ordered_doses, session_as_ordered
from dosimetry.plan_record import Finding, TerritoryPlan
from dosimetry.second_check.outcome import Planned, outcome
from dosimetry.treatment_day import (
    delivery_findings,
    directive_findings,
    findings,
    measured_findings,
    record_instants,
    sessions,
)
from dosimetry.treatment_day.records import AsTreated, CheckOutcome, Cumulative, OrderedDose, OrderedTerritory
from dosimetry.what_if.planned_doses import known


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentDay:
    """Records of the day, ``None`` or empty where the case has nothing of the kind, and the findings they make.

    ``exceeded`` are the limits and main goals that the doses as ordered, as delivered and as measured do not keep.
    """

    ordered: tuple[OrderedTerritory, ...]
    ordered_doses: tuple[OrderedDose, ...]
    as_treated: AsTreated | None
    cumulative: Cumulative | None
    second_check: CheckOutcome | None
    findings: tuple[Finding, ...]
    exceeded: tuple[FindingColumn, ...]


def treatment_day(
    case: Case, evaluated: Evaluated, territories: Sequence[TerritoryPlan], constants: Sequence[Constant]
) -> TreatmentDay:
    """Everything that a case states beyond its plan."""
    made = ordered(case, evaluated)
    session = treated(case, case.delivery, evaluated) if case.delivery else None
    delivered = as_treated(session) if session else None
    delivered_gbq = session.results.territory["administered_activity_gbq"] if session else None
    lungs = measured_lungs(session.measured) if session else {}
    to_come = session_as_ordered(case, evaluated, made, delivered_gbq, lungs)
    checked = _checked(case, evaluated, territories, constants)
    return TreatmentDay(
        ordered=made,
        ordered_doses=tuple(ordered_doses(to_come)) if to_come else (),
        as_treated=delivered,
        cumulative=sessions.cumulative(case, evaluated, session.results if session else None),
        second_check=checked,
        findings=(
            *findings.of_order(case, made),
            *directive_findings.of_directive(case, evaluated),
            *delivery_findings.of_delivery(case, delivered),
            *(measured_findings.of_measured(session, delivered) if session and delivered else ()),
            *findings.of_check(checked),
            *record_instants.of_records(case),
            *sessions.of_sessions(case, evaluated),
        ),
        exceeded=(
            *(exceeded_limits.of_order(to_come) if to_come else ()),
            *(exceeded_limits.finding_columns(session) if session else ()),
        ),
    )


def _checked(
    case: Case, evaluated: Evaluated, territories: Sequence[TerritoryPlan], constants: Sequence[Constant]
) -> CheckOutcome | None:
    if case.second_check is None:
        return None
    planned = Planned(
        case=case,
        constants=constants,
        territories=territories,
        lung_shunt_fraction=known(evaluated.results.case["lung_shunt_fraction"], 0),
        lung_dose_gy=known(evaluated.results.case["lung_dose_gy"], 0),
    )
    return outcome(planned, case.second_check)
