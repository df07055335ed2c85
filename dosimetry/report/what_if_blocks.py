"""What a physicist weighs before choosing an activity: proposals, bounds, sensitivity, conventions, spheres."""

from collections.abc import Iterator, Sequence

from dosimetry import figures, reference
from dosimetry.clauses import clauses
from dosimetry.columns import target_words
from dosimetry.compartment_names import LUNGS, NORMAL_PERFUSED, PERFUSED, WHOLE_NORMAL
from dosimetry.limits.scope import is_dose
from dosimetry.limits.words import comparator_and_bound, condition_in_words
from dosimetry.models import model_named
from dosimetry.plan_record import Bound, Doses, Plan, Proposal, TerritoryPlan, Varied
from dosimetry.quantities import ACTIVITY_UNITS, level_of, quantity_named
from dosimetry.report.document import Block, Column, Facts, Heading, Paragraph, Table
from dosimetry.report.numbers import activity, at_bound, gy, gy_beside, limits_gbq
from dosimetry.report.plain_words import in_plain_words

_PROPOSALS = (
    "The activity each model gives for its target, and the doses that follow from it, with the other territories as "
    "planned; the lung dose is that of the whole session. Limits that could not be counted for want of a value are not "
    "among those crossed. A comparison, not a recommendation."
)
_BOUNDS = (
    "The activity at which each limit or goal is reached, with the other territories as planned. Less activity keeps a "
    "limit, more reaches a goal."
)
_SENSITIVITY = (
    "Doses of the planned activities with one input changed down and up, in all territories and lesions at once. "
    "No uncertainty is claimed: the steps are those of the sources below."
)
_CONVENTIONS = "The same prescriptions under other constants, and the doses of the planned activities under them."


def proposals(plan: Plan) -> Iterator[Block]:
    """For every territory what the models give, and why some give nothing."""
    yield Heading("Proposals of all models")
    yield Paragraph(_PROPOSALS)
    for territory in plan.territories:
        yield Heading(f"Territory {territory.name}", 2)
        if territory.proposals:
            yield proposals_of(territory)
        if territory.no_proposals:
            pairs = tuple(
                (model_named(each.model).label, in_plain_words(each.reason)) for each in territory.no_proposals
            )
            yield Paragraph("Without a proposal:")
            yield Facts(pairs)


def proposals_of(territory: TerritoryPlan) -> Table:
    """The proposals of one territory, one a row."""
    columns = (
        Column("Model and target"),
        Column("Activity", "GBq", True),
        Column("Activity", "mCi", True),
        Column("Perfused", "Gy", True),
        Column("Normal", "Gy", True),
        Column("Lesions", "Gy"),
        Column("Lungs", "Gy", True),
        Column("Target from"),
        Column("Limits crossed"),
    )
    rows = tuple(
        (
            target_in_words(each),
            *activity(each.activity_gbq, limits_gbq(territory.bounds)),
            gy(each.perfused_dose_gy),
            gy(each.normal_perfused_dose_gy),
            ", ".join(f"{lesion.name}\N{NO-BREAK SPACE}{gy(lesion.dose_gy)}" for lesion in each.lesions)
            or figures.MISSING,
            gy(each.lung_dose_gy),
            each.note,
            ", ".join(each.exceeds) or "none counted",
        )
        for each in territory.proposals
    )
    return Table(columns, rows, (4, 0, 0, 0, 0, 2, 0, 4, 3))


def target_in_words(proposal: Proposal) -> str:
    """Model, target and dose of a proposal in a few words."""
    label = model_named(proposal.model).label
    if proposal.reading is not None:
        return f"{label}, {reference.choices('resin_reading')[proposal.reading]}"
    dose = figures.in_unit(proposal.dose_gy or 0.0, "Gy")
    aim = f"{target_words(proposal.target)} " if proposal.target else ""
    return f"{label}, {aim}{dose}"


def bounds(plan: Plan) -> Iterator[Block]:
    """For every territory the activity at which each limit and goal is reached."""
    yield Heading("Bounds of the activity")
    yield Paragraph(_BOUNDS)
    for territory in plan.territories:
        yield Heading(f"Territory {territory.name}", 2)
        yield Paragraph(territory.bounds_in_words)
        if territory.bounds:
            yield bounds_of(territory)


def bounds_of(territory: TerritoryPlan) -> Table:
    """The bounds of one territory by activity: limits first, then goals."""
    columns = (
        Column("Kind"),
        Column("Limit or goal"),
        Column("Bound", is_figure=True),
        Column("Activity", "GBq", True),
        Column("Activity", "mCi", True),
        Column(""),
    )
    return Table(columns, tuple(_bound_row(each) for each in sorted(territory.bounds, key=_order)), (0, 5, 0, 0, 0, 3))


def _order(each: Bound) -> tuple[bool, float]:
    """Limits before goals, the smaller activity first."""
    return each.kind == "goal", -1.0 if each.activity_gbq is None else each.activity_gbq


def _bound_row(each: Bound) -> tuple[str, ...]:
    limit = reference.limit_named(each.limit)
    place = f", lesion {each.lesion}" if each.lesion else ""
    mark = "" if each.verified else " (not verified)"
    remarks = ["binds"] if each.binding else []
    if each.activity_gbq is None:
        is_dose_or_activity = quantity_named(limit.quantity, level_of(limit.quantity)).unit in ACTIVITY_UNITS
        remarks.append("exceeded by the others alone" if is_dose_or_activity else "exceeded whatever the activity")
    if any(is_dose(clause.name) for clause in clauses(limit.condition)):
        remarks.append(f"when {condition_in_words(limit)}")
    return (
        each.kind,
        f"{limit.label}{place}{mark}",
        comparator_and_bound(limit),
        *at_bound(each.activity_gbq, each.kind),
        ", ".join(remarks),
    )


def sensitivity(plan: Plan) -> Iterator[Block]:
    """Doses with each input varied, beside the planned ones."""
    yield Heading("Sensitivity")
    yield Paragraph(_SENSITIVITY)
    yield sensitivity_table(plan)
    notes = [f"{each.label} {_change(each)}: {each.note}" for each in plan.sensitivity if each.note]
    yield from (Paragraph(note) for note in notes)
    steps = {each.label: each for each in plan.sensitivity}
    yield Facts(tuple((label, _origin(each)) for label, each in steps.items()))


def _origin(each: Varied) -> str:
    place = "; ".join(part for part in (each.source, each.locator) if part)
    return f"{place} ({'verified' if each.verified else 'not verified'})"


def sensitivity_table(plan: Plan) -> Table:
    """One row a compartment; of each input the doses with less and with more of it."""
    pairs = list(zip(plan.sensitivity[::2], plan.sensitivity[1::2], strict=True))
    columns = (
        Column("Compartment"),
        Column("Planned", "Gy", True),
        *(Column(less.label, f"{_change(less)} / {_change(more)}", True) for less, more in pairs),
    )
    planned = compartments(plan, plan)
    varied = [[compartments(plan, each.doses) for each in pair] for pair in pairs]
    rows = tuple(
        (name, gy(dose), *(_pair(less[name], more[name], dose) for less, more in varied))
        for name, dose in planned.items()
    )
    return Table(columns, rows, (4, 0, *([2] * len(pairs))))


def _pair(less: float | None, more: float | None, planned: float | None) -> str:
    return f"{gy_beside(less, planned)} / {gy_beside(more, planned)}"


def _change(each: Varied) -> str:
    sign = "+" if each.change > 0 else figures.MINUS
    size = figures.percent(abs(each.change))
    return f"{sign}{size}" if each.is_relative else f"{sign}{size.removesuffix(' %')} points"


def compartments(plan: Plan, doses: Doses | Plan | None) -> dict[str, float | None]:
    """Dose by compartment, the same names for planned and other doses."""
    several = len(plan.territories) > 1
    found: dict[str, float | None] = {}
    for row, territory in enumerate(plan.territories):
        place = f"{territory.name}: " if several else ""
        of = doses.territories[row] if doses else None
        for lesion, name in enumerate(each.name for each in territory.lesions):
            found[f"{place}lesion {name}"] = of.lesions[lesion].dose_gy if of else None
        found[f"{place}{NORMAL_PERFUSED}"] = of.normal_perfused_dose_gy if of else None
        found[f"{place}{PERFUSED}"] = of.perfused_dose_gy if of else None
    found[LUNGS] = doses.lung_dose_gy if doses else None
    found[WHOLE_NORMAL] = doses.whole_normal_liver_dose_gy if doses else None
    return found


def conventions(plan: Plan) -> Iterator[Block]:
    """Activities and doses under every other convention."""
    if not plan.other_conventions:
        return
    yield Heading("Other conventions")
    yield Paragraph(_CONVENTIONS)
    yield conventions_table(plan)


def conventions_table(plan: Plan) -> Table:
    """One row an activity or a dose, one column a convention."""
    others = plan.other_conventions
    own = ", ".join(figures.with_unit(figures.trimmed(each.value), each.unit) for each in plan.constants[:1])
    columns = (
        Column(""),
        Column("Planned", own, True),
        *(
            Column(each.convention, figures.with_unit(figures.trimmed(each.energy_gy_kg_per_gbq), "Gy kg/GBq"), True)
            for each in others
        ),
    )
    rows: list[tuple[str, ...]] = []
    for row, territory in enumerate(plan.territories):
        values = [each.territories[row].administered_activity_gbq for each in others]
        own_limits = limits_gbq(territory.bounds)
        planned = activity(territory.administered_activity_gbq, own_limits)[0]
        rows.append((f"{territory.name}: activity by prescription [GBq]", planned, *(activity(v)[0] for v in values)))
    of_others: Sequence[dict[str, float | None]] = [compartments(plan, each.doses) for each in others]
    for name, dose in compartments(plan, plan).items():
        rows.append((f"{name} [Gy]", gy(dose), *(gy(of[name]) for of in of_others)))
    return Table(columns, tuple(rows), (4, *([2] * (len(others) + 1))))


def spheres(plan: Plan) -> Iterator[Block]:
    """Number of spheres where the age of the vial is known."""
    known = [each for each in plan.territories if each.spheres_lower_million is not None]
    if not known:
        return
    columns = (
        Column("Territory"),
        Column("Activity per sphere at treatment", "Bq", True),
        Column("Spheres", "million", True),
        Column("Spheres per mL perfused", "", True),
    )
    rows = tuple(
        (
            each.name,
            _range(each.sphere_activity_lower_bq, each.sphere_activity_upper_bq),
            _range(each.spheres_lower_million, each.spheres_upper_million),
            _range(each.spheres_per_ml_lower, each.spheres_per_ml_upper),
        )
        for each in known
    )
    source = next(row for row in reference.table("sphere_activities") if row.device == plan.case.device)
    yield Heading("Spheres")
    yield Table(columns, rows, (3, 2, 2, 2))
    yield Paragraph(f"{reference.citation(source.source_id)}; {source.locator}. {source.note}.")


def _range(lower: float | None, upper: float | None) -> str:
    ends = dict.fromkeys(figures.significant(value, 3) for value in (lower, upper))
    return " to ".join(ends)
