"""Findings of a delivery: differences, residuals, what was not recorded. Sentences with their numbers."""

from collections.abc import Iterator

import numpy as np

from dosimetry import figures
from dosimetry.case import Case
from dosimetry.columns import target_words
from dosimetry.comparison import compare
from dosimetry.delivery import criterion
from dosimetry.delivery.amounts import waits_h
from dosimetry.finding_records import remark
from dosimetry.plan_record import Finding
from dosimetry.treatment_day.case import TerritoryDelivery
from dosimetry.treatment_day.directive_findings import value_in_words
from dosimetry.treatment_day.findings import gbq_and_mci, swapped, unit_slip, unusual_age, unusual_residual
from dosimetry.treatment_day.record_instants import of_readings
from dosimetry.treatment_day.records import AsTreated, DeliveredTerritory, DirectiveComparison
from dosimetry.treatment_day.residual import difference_fraction

JAR_POSITIONS = 4
"""Sides of the jar that are usually read."""


def of_delivery(case: Case, delivered: AsTreated | None) -> Iterator[Finding]:
    """What a delivery makes a person look at: differences, residuals, what was not recorded."""
    if delivered is None or case.delivery is None:
        return
    recorded = {each.name for each in delivered.territories}
    for territory in case.territories:
        if territory.name not in recorded:
            text = "The delivery of this territory is not recorded: doses of the session as treated are not given."
            yield remark(
                "not_delivered",
                "delivery.territories",
                text,
                territory=territory.name,
                kind="not_checked",
                severity="note",
            )
    for place, (each, made) in enumerate(zip(case.delivery.territories, delivered.territories, strict=True)):
        path = f"delivery.territories[{place}]"
        yield from _off_ordered_vials(made, path)
        yield from _off_planned_activity(made, path)
        yield from _directive(made, path)
        yield from _residual(each, made, path)
        yield from of_readings(each, path)
        yield from _unrecorded(each, path)
        for row, wait in enumerate(waits_h(each)):
            yield from _unusual_wait(wait, f"{path}.vials[{row}].assayed_at", each.territory, case.device)
    yield from swapped(
        {each.name: f"delivery.territories[{place}]" for place, each in enumerate(delivered.territories)},
        [each.delivered_activity_gbq for each in delivered.territories],
        [each.planned_activity_gbq for each in delivered.territories],
        what="delivered",
    )


def _unusual_wait(wait_h: float, path: str, territory: str, device: str) -> Iterator[Finding]:
    if wait_h > 0:
        yield from unusual_age(wait_h, path, territory, device, since="the assay")


def _off_ordered_vials(made: DeliveredTerritory, path: str) -> Iterator[Finding]:
    """An assay that is not what the ordered vials hold by then: another vial, a wrong instant or a wrong setting."""
    if made.ordered_activity_gbq is None:
        return
    bound = criterion.assay_off_fraction()
    difference = float(difference_fraction(delivered=made.decayed_activity_gbq, intended=made.ordered_activity_gbq))
    if not compare(np.abs(difference), ">", bound):
        return
    yield remark(
        "assay_of_order",
        f"{path}.vials",
        f"The assay gives {gbq_and_mci(made.decayed_activity_gbq)} at the injection, the ordered vials hold "
        f"{gbq_and_mci(made.ordered_activity_gbq)} by then: {figures.signed_percent(difference)}. "
        "Are vial, calibration instant, time zone and setting of the calibrator right?",
        territory=made.name,
        value=difference,
        bound=bound,
        to_acknowledge=True,
    )


def _off_planned_activity(made: DeliveredTerritory, path: str) -> Iterator[Finding]:
    delivered, planned = made.delivered_activity_gbq, made.planned_activity_gbq
    difference = float(difference_fraction(delivered=delivered, intended=planned))
    if not criterion.meets(difference):
        return
    yield remark(
        "delivered_activity",
        path,
        f"Delivered {gbq_and_mci(made.delivered_activity_gbq)} of {gbq_and_mci(made.planned_activity_gbq)} planned: "
        f"{criterion.in_words(difference)}. Are vial, target and units right?{unit_slip(delivered, planned)}",
        territory=made.name,
        value=difference,
        bound=criterion.criterion_fraction(),
        to_acknowledge=True,
    )


def _directive(made: DeliveredTerritory, path: str) -> Iterator[Finding]:
    """Each value of the written directive, and the reasons that were recorded. What must be reported is not decided."""
    for line in made.directive:
        name = "directive_criterion_revised" if line.revised else "directive_criterion"
        if line.difference_fraction is None and line.measured is None:
            value = target_words(line.quantity)
            text = f"The delivered value of {value} is not known: it is not compared with the written directive."
            yield remark(name, path, text, territory=made.name, kind="not_checked", severity="note")
            continue
        meets = line.meets_criterion or line.measured_meets_criterion
        reasons = f" Reasons recorded: {'; '.join(made.reasons)}." if made.reasons else " No reason is recorded."
        yield remark(
            name,
            path,
            f"{target_words(line.quantity)}: {_beside_directive(line)}.{reasons if meets else ''}",
            territory=made.name,
            value=line.difference_fraction,
            bound=criterion.criterion_fraction(),
            severity="caution" if meets else "note",
        )


def _beside_directive(line: DirectiveComparison) -> str:
    """What was delivered beside a value of the directive, and what imaging measured of it, each with its outcome."""
    directed = f"the {'revised ' if line.revised else ''}written directive {value_in_words(line.directed, line.unit)}"
    text = f"delivered value not known, {directed}"
    if line.delivered is not None and line.difference_fraction is not None:
        delivered, difference = value_in_words(line.delivered, line.unit), criterion.in_words(line.difference_fraction)
        outcome = criterion.outcome_in_words(line.difference_fraction)
        text = f"delivered {delivered}, {directed}, difference {difference}: {outcome}"
    if line.measured is None or line.measured_difference_fraction is None:
        return text
    found = line.measured_difference_fraction
    measured = f"{value_in_words(line.measured, line.unit)} ({criterion.in_words(found)})"
    return f"{text}; as measured {measured}: {criterion.outcome_in_words(found)}"


def _residual(each: TerritoryDelivery, made: DeliveredTerritory, path: str) -> Iterator[Finding]:
    """Residuals in an interval where a slip is likely, and rates that were not corrected or complete."""
    if made.residual_route == "typed fraction":
        yield from unusual_residual(made.residual_fraction, path, made.name)
    before, after = each.rates_before, each.rates_after
    if before is None or after is None:
        return
    if before.background_rate is None or after.background_rate is None:
        text = "The background of the exposure rates is not stated, and none was subtracted: measure and enter it."
        yield remark("no_background", f"{path}.rates_after.background_rate", text, territory=made.name)
    if {len(before.rates), len(after.rates)} != {JAR_POSITIONS}:
        text = (
            f"{len(before.rates)} reading(s) before and {len(after.rates)} after: the mean of {JAR_POSITIONS} sides of "
            "the jar is usual."
        )
        yield remark("jar_positions", path, text, territory=made.name, severity="note")


def _unrecorded(each: TerritoryDelivery, path: str) -> Iterator[Finding]:
    name = each.territory
    if each.contamination_checked is not True:
        text = "Contamination is not recorded as checked: any outside the jar would be read as residual."
        yield remark(
            "contamination", f"{path}.contamination_checked", text, territory=name, kind="not_checked", severity="note"
        )
    if each.survey is None:
        yield remark(
            "survey", f"{path}.survey", "No survey is recorded.", territory=name, kind="not_checked", severity="note"
        )
    if each.stasis:
        text = "The injection ended in stasis: the doses assume that the distribution is the one that was planned."
        yield remark("stasis", f"{path}.stasis", text, territory=name)
    if each.stopped_early and not each.reason:
        text = "The injection was stopped early, and no reason is recorded."
        yield remark("no_reason", f"{path}.reason", text, territory=name)
