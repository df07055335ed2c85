"""``order_sheet``: everything that follows from the order of a planned case."""

from dataclasses import replace

import numpy as np

from dosimetry import instants, limits, reference, time_spans
from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.case_file import plain_from_case
from dosimetry.case_reader import checked
from dosimetry.evaluation import Evaluated, evaluate, predict
from dosimetry.instants import Instant
from dosimetry.limits.scope import LimitScope
from dosimetry.ordering.on_file import Work, calibration_assumptions, on_offer
from dosimetry.ordering.options import options
from dosimetry.ordering.ordered import ordered
from dosimetry.ordering.residuals import as_ordered
from dosimetry.ordering.session import by_territory_gbq, session_gbq
from dosimetry.ordering.stock import stocks
from dosimetry.plan_record import Plan
from dosimetry.problems import CaseError, Problem
from dosimetry.treatment_day import vial_decay
from dosimetry.treatment_day.case import Order, TerritoryOrder
from dosimetry.treatment_day.order_records import OrderSheet, Stock, TerritoryOptions
from dosimetry.what_if.bounds import territory_bounds

FINDINGS = "@order"


def order_sheet(plan: Plan) -> OrderSheet:
    """Options, windows and activities to order.

    Parameters
    ----------
    plan : Plan
        Of a case with an order.

    Raises
    ------
    CaseError
        For a case without an order, or without the expected residual of an ordered territory.
    """
    case, columns, constants, parts = checked(plain_from_case(as_ordered(plan.case)))
    order = _order(case)
    evaluated = Evaluated(columns, constants, parts, evaluate(columns, constants, parts))
    given = plan.as_treated.territories if plan.as_treated else ()
    delivered = by_territory_gbq(case, {each.name: each.delivered_activity_gbq for each in given})
    work = _work(case, order, evaluated, delivered)
    injections = [instants.instant_from_text(each.injection_at) for each in order.territories]
    pairs = zip(order.territories, injections, strict=True)
    territories = tuple(_territory(work, each, injection) for each, injection in pairs)
    return OrderSheet(
        label=case.label,
        device=case.device,
        input_sha256=plan.input_sha256,
        version=plan.version,
        data_fingerprint=plan.data_fingerprint,
        zone_database=instants.database_version(),
        computed_at=plan.computed_at,
        half_life_h=float(constants.half_life_h[0]),
        tolerance_fraction=order.tolerance_fraction,
        territories=territories,
        stocks=_stocks(work, injections, territories),
        assumptions=(*work.offer.assumptions, *calibration_assumptions(case, order)),
        findings=tuple(finding for finding in plan.findings if FINDINGS in finding.id),
    )


def _work(case: Case, order: Order, evaluated: Evaluated, delivered: FloatArray) -> Work:
    """What an order is worked out with: the plan, and beside it the session with what was ordered and delivered."""
    planned = evaluated.results.territory["administered_activity_gbq"]
    activity_gbq = session_gbq(case, planned, ordered(case, evaluated), delivered)
    results = predict(evaluated.columns, evaluated.constants, evaluated.parts, activity_gbq)
    beside, scope = replace(evaluated, results=results), LimitScope(evaluated.columns, results)
    bounds = territory_bounds(case, beside, scope, limits.judged(scope), limits.switches(case))
    return Work(case=case, order=order, evaluated=evaluated, offer=on_offer(case, order), beside=beside, bounds=bounds)


def _order(case: Case) -> Order:
    """The order of a case, complete enough to be worked out."""
    if case.order is None:
        raise CaseError(
            [Problem("order", "the case has no order: it needs a tolerance and the instants of injection.")]
        )
    rows = {territory.name: row for row, territory in enumerate(case.territories)}
    text = "residual_fraction is missing: the vial must hold what will be left behind, too; 0 means that nothing is."
    missing = [
        Problem(f"territories[{rows[each.territory]}].residual_fraction", text)
        for each in case.order.territories
        if case.territories[rows[each.territory]].residual_fraction is None
    ]
    ordered_as = reference.device_named(case.device).ordered_as
    if ordered_as == "reference" and case.order.reference_at is None:
        missing.append(
            Problem("order.reference_at", "reference_at is missing: at which instant is the activity stated?")
        )
    if ordered_as == "stock" and case.order.drawn_at is None:
        missing.append(Problem("order.drawn_at", "drawn_at is missing: when are the activities drawn from the vial?"))
    if missing:
        raise CaseError(missing)
    return case.order


def _territory(work: Work, each: TerritoryOrder, injection: Instant) -> TerritoryOptions:
    row, results = work.row_of(each.territory), work.evaluated.results.territory
    vial = float(results["vial_activity_gbq"][row])
    at_reference, words = _reference(work, injection, vial)
    first, last = _window(work, vial, injection)
    return TerritoryOptions(
        name=each.territory,
        injection_at=injection.text,
        injection_local=injection.local,
        planned_activity_gbq=float(results["administered_activity_gbq"][row]),
        residual_fraction=float(work.evaluated.columns.territory.number("residual_fraction")[row]),
        vial_activity_gbq=vial,
        window_from=first,
        window_until=last,
        reference_activity_gbq=at_reference,
        reference_in_words=words,
        options=options(work, row, injection) if reference.device_named(work.case.device).ordered_as == "vials" else (),
    )


def _window(work: Work, vial_gbq: float, injection: Instant) -> tuple[str, str]:
    """Instants at which exactly the planned activity at injection is within tolerance."""
    first, last = vial_decay.window_h(
        activity_at_injection_gbq=vial_gbq,
        planned_vial_activity_gbq=vial_gbq,
        tolerance_fraction=work.order.tolerance_fraction,
        half_life_h=work.half_life_h,
    )
    return time_spans.spans(injection, np.atleast_1d(first), np.atleast_1d(last)).shown(injection)[0]


def _reference(work: Work, injection: Instant, vial_gbq: float) -> tuple[float | None, str]:
    """The activity to order at the reference instant, and how much of it the time until the injection takes."""
    if work.order.reference_at is None:
        return None, ""
    stated = instants.instant_from_text(work.order.reference_at)
    elapsed_h = instants.hours_between(stated.utc, injection.utc)
    at_reference = float(
        vial_decay.activity_at_gbq(activity_gbq=vial_gbq, elapsed_h=-elapsed_h, half_life_h=work.half_life_h)
    )
    words = instants.elapsed_in_words(elapsed_h, vial_gbq / at_reference, "the reference instant")
    return at_reference, f"{stated.local}; the injection is {words}"


def _stocks(work: Work, injections: list[Instant], territories: tuple[TerritoryOptions, ...]) -> tuple[Stock, ...]:
    """Stock vials, for the device that is drawn from one."""
    if reference.device_named(work.case.device).ordered_as != "stock":
        return ()
    return stocks(work, injections, np.array([each.vial_activity_gbq for each in territories]))
