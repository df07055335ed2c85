"""The treatment day in a report: directive, ordered vials, what was delivered, all sessions, second check."""

from collections.abc import Iterable, Iterator

from dosimetry import figures, reference
from dosimetry.compartment_names import LUNGS, WHOLE_NORMAL
from dosimetry.finding_columns import OF_SESSION
from dosimetry.plan_record import Plan
from dosimetry.report import delivery_readings
from dosimetry.report.directive_blocks import against_directive, directive, local
from dosimetry.report.document import Block, Column, Facts, Heading, PageBreak, Paragraph, Table
from dosimetry.report.finding_blocks import SYMBOLS
from dosimetry.report.inputs import product
from dosimetry.report.numbers import activity, both_units, gy, limits_of
from dosimetry.report.second_check_blocks import second_check
from dosimetry.treatment_day.case import Session, TerritoryDelivery
from dosimetry.treatment_day.records import AsTreated, Cumulative, DeliveredTerritory, DoseComparison
from dosimetry.treatment_day.rows import Agreement

_DENOMINATORS = (
    "Assayed: the calibrator's readings, each at its own instant. Decayed: the same activity at the injection. "
    "Planned: the administered activity of this plan."
)
_GIVEN = (
    "In the vials: at the injection. Given: that, less the expected residual; the difference is of it to the plan, and "
    "where no residual is stated, of what the vials hold."
)
_SESSION = (
    "As ordered: every territory with what its ordered vials would give; without any as planned, once treated "
    "with what was delivered, and of that the lungs as measured where they were."
)
_UNCHANGED = "The injection ended in stasis; doses assume that the distribution is the one that was planned."
_PHYSICAL = "Sums of physical doses, without regard to time, repair or regrowth; no biological effect is claimed."


def treatment_day(plan: Plan) -> Iterator[Block]:
    """Everything that a case states beyond its plan, on pages of its own."""
    found = [block for part in (directive, ordered, as_treated, cumulative, second_check) for block in part(plan)]
    if found:
        yield from (*found, PageBreak())


def ordered(plan: Plan) -> Iterator[Block]:
    """The vials that were ordered, at the planned instants of injection."""
    if not plan.ordered:
        return
    yield Heading("Ordered vials")
    columns = (
        Column("Territory"),
        Column("Injection"),
        Column("Vials"),
        Column("In the vials", "GBq", True),
        Column("Given", "GBq", True),
        Column("Given", "mCi", True),
        Column("Planned", "GBq", True),
        Column("Difference", is_figure=True),
    )
    rows = tuple(
        (
            each.name,
            each.injection_local,
            "; ".join(each.in_words),
            activity(each.vial_activity_gbq)[0],
            *activity(each.administered_activity_gbq, limits_of(plan, each.name)),
            activity(each.planned_activity_gbq, limits_of(plan, each.name))[0],
            figures.change(each.difference_fraction, 2),
        )
        for each in plan.ordered
    )
    yield Table(columns, rows, (2, 4, 4, 0, 0, 0, 0, 0))
    yield Paragraph(_GIVEN)
    yield Facts(tuple((each.name, each.reached_in_words) for each in plan.ordered))
    yield from _as_ordered(plan)


def _as_ordered(plan: Plan) -> Iterator[Block]:
    """Doses to which the whole session adds, with the sign of the worst limit that is not kept as ordered."""
    if not plan.ordered_doses:
        return
    columns = (Column("Session"), Column("Planned", "Gy", True), Column("As ordered", "Gy", True), Column("Limits"))
    rows = tuple(
        (each.compartment, gy(each.planned_gy), gy(each.ordered_gy), _not_kept(plan, each.quantity))
        for each in plan.ordered_doses
    )
    yield Table(columns, rows, (4, 0, 0, 4))
    yield Paragraph(_SESSION)


def _not_kept(plan: Plan, quantity: str) -> str:
    """Sign and word of the worst finding of a quantity as ordered; empty where every limit is kept."""
    found = {each.severity for each in plan.findings if each.quantity == OF_SESSION["as ordered"] + quantity}
    return next((sign for severity, sign in SYMBOLS.items() if severity in found), "")


def as_treated(plan: Plan) -> Iterator[Block]:
    """What was delivered, with every denominator named, beside plan and directive; doses; published agreement."""
    made, delivery = plan.as_treated, plan.case.delivery
    if made is None or delivery is None:
        return
    yield Heading("As treated")
    for each, typed in zip(made.territories, delivery.territories, strict=True):
        yield Heading(f"Territory {each.name}", 2)
        yield Facts(tuple(_delivered(each, typed, limits_of(plan, each.name))))
        yield from against_directive(each)
        if typed.stasis:
            yield Paragraph(_UNCHANGED)
    yield Paragraph(_DENOMINATORS)
    yield Heading("Doses as planned and as delivered", 2)
    yield _doses(made)
    if delivery.measured_lung_shunt_fraction is not None:
        yield Facts((("Lung shunt as measured", figures.percent(delivery.measured_lung_shunt_fraction)),))
    if _is_measured(made):
        yield from _agreement()


def _delivered(
    each: DeliveredTerritory, typed: TerritoryDelivery, limits_gbq: tuple[float, ...]
) -> Iterator[tuple[str, str]]:
    """Every number of one delivery with its name; the planned activity is not rounded past a limit that it keeps."""
    yield "Injected", each.injected_local
    for vial, words in zip(typed.vials, each.decay_in_words, strict=True):
        parts = (vial.lot and f"lot {vial.lot}", vial.calibrator, vial.setting and f"setting {vial.setting}")
        stated = [part for part in parts if part]
        told = [*stated, f"{delivery_readings.assay(vial)}, assayed {local(vial.assayed_at)}", f"injected {words}"]
        yield "Vial", ", ".join(told)
    yield "Activity assayed", both_units(each.assayed_activity_gbq)
    yield "Assayed, decayed to injection", both_units(each.decayed_activity_gbq)
    if each.ordered_activity_gbq is not None:
        yield "Ordered vials, decayed to injection", both_units(each.ordered_activity_gbq)
    yield from delivery_readings.residual(typed)
    yield (
        "Residual after injection",
        f"{figures.percent(each.residual_fraction)} of the activity at injection, by {each.residual_route}",
    )
    uncertainty = each.relative_uncertainty
    spread = "" if uncertainty is None else f", standard uncertainty {figures.percent(uncertainty, 2)}"
    yield "Delivered", f"{both_units(each.delivered_activity_gbq)}{spread}"
    yield "Delivered of assayed", figures.percent(each.fraction_of_assayed)
    yield "Delivered of decayed to injection", figures.percent(each.fraction_of_decayed)
    yield (
        "Delivered of planned",
        f"{figures.percent(each.fraction_of_planned)} of {both_units(each.planned_activity_gbq, limits_gbq)}",
    )
    yield "Contamination checked", "yes" if typed.contamination_checked else "not recorded"
    yield "Survey", typed.survey or "not recorded"
    yield "End of injection", "; ".join(each.reasons) or "no stasis or early stop recorded"


def _doses(made: AsTreated) -> Table:
    columns = (
        Column("Territory"),
        Column("Compartment"),
        Column("Planned", "Gy", True),
        Column("Delivered", "Gy", True),
        Column("Difference", is_figure=True),
        Column("Measured", "Gy", True),
        Column("Measured by"),
    )
    rows = [
        _dose_row(each.name if row == 0 else "", line)
        for each in made.territories
        for row, line in enumerate(each.doses)
    ]
    rows += [_dose_row("Session" if row == 0 else "", line) for row, line in enumerate(made.doses)]
    return Table(columns, tuple(rows), (3, 4, 0, 0, 0, 0, 3))


def _dose_row(place: str, line: DoseComparison) -> tuple[str, ...]:
    difference = figures.change(line.difference_fraction, 1)
    return (
        place,
        line.compartment,
        gy(line.planned_gy),
        gy(line.delivered_gy),
        difference,
        gy(line.measured_gy),
        line.measured_by,
    )


def _is_measured(made: AsTreated) -> bool:
    lines = (*made.doses, *(line for each in made.territories for line in each.doses))
    return any(line.measured_gy is not None for line in lines)


def _agreement() -> Iterator[Block]:
    """Published figures beside measured doses: context, not limits."""
    yield Heading("Published agreement of predicted and measured doses", 2)
    rows: tuple[Agreement, ...] = reference.table("agreement")
    labels = {"lesion": "Lesion", "normal_perfused": "Normal liver", "lungs": "Lungs", "activity": "Activity"}
    cells = tuple(
        (labels[row.compartment], row.what, row.figure, f"{reference.citation(row.source_id)}; {row.locator}")
        for row in rows
    )
    yield Table((Column("Of"), Column("What"), Column("Figure"), Column("Source")), cells, (2, 4, 5, 6))


def cumulative(plan: Plan) -> Iterator[Block]:
    """Doses over earlier sessions, the scout and this one."""
    made = plan.cumulative
    if made is None:
        return
    yield Heading("All sessions")
    if plan.case.sessions:
        yield _earlier(plan.case.sessions)
    yield _sums(plan, made)
    yield Paragraph(_PHYSICAL)


def _earlier(sessions: Iterable[Session]) -> Table:
    rows = tuple(
        (
            each.date,
            product(each.device),
            *activity(each.activity_gbq),
            gy(each.lung_dose_gy),
            gy(each.whole_normal_liver_dose_gy),
            figures.readable(each.whole_normal_liver_mass_kg, 3),
        )
        for each in sessions
    )
    columns = (
        Column("Session"),
        Column("Device"),
        Column("Activity", "GBq", True),
        Column("Activity", "mCi", True),
        Column("Lungs", "Gy", True),
        Column("Whole normal liver", "Gy", True),
        Column("Its mass then", "kg", True),
    )
    return Table(columns, rows, (2, 4, 0, 0, 0, 0, 0))


def _sums(plan: Plan, made: Cumulative) -> Table:
    """What was given before, this session, and both; what was delivered below what was planned."""
    summed = (Column(""), Column("Lungs", "Gy", True), Column("Whole normal liver", "Gy", True))
    scout = ("Scout", made.scout_lung_dose_gy, made.scout_whole_normal_liver_dose_gy)
    lines = [
        ("Earlier sessions", made.earlier_lung_dose_gy, made.earlier_whole_normal_liver_dose_gy),
        *((scout,) if plan.case.scout is not None else ()),
        ("This session, as planned", plan.lung_dose_gy, plan.whole_normal_liver_dose_gy),
        ("Sum, as planned", made.lung_dose_gy, made.whole_normal_liver_dose_gy),
    ]
    if plan.as_treated is not None:
        given = {line.compartment: line.delivered_gy for line in plan.as_treated.doses}
        sums = made.lung_dose_as_delivered_gy, made.whole_normal_liver_dose_as_delivered_gy
        lines += [
            ("This session, as delivered", given.get(LUNGS), given.get(WHOLE_NORMAL)),
            ("Sum, as delivered", *sums),
        ]
    return Table(summed, tuple((name, gy(lungs), gy(normal)) for name, lungs, normal in lines), (4, 0, 0))
