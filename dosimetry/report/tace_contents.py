"""What the report of a chemoembolization says: one plan turned into a document."""

from collections.abc import Iterator

from dosimetry import figures, reference
from dosimetry.case_file import text_from_case
from dosimetry.report import finding_blocks, tace_allocation
from dosimetry.report.contents import INTENDED_USE, shown_instant
from dosimetry.report.document import (
    PATIENT,
    Block,
    Column,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Signatures,
    Table,
)
from dosimetry.report.inputs import given, shown
from dosimetry.report.score_blocks import scores
from dosimetry.report.tace_worksheet import SYMBOLS, worksheets
from dosimetry.tace.case import TaceCase
from dosimetry.tace.columns import protocol_named
from dosimetry.tace.plan_record import DoseStep, PreparationFact, TacePlan

ABOUT_MILLIGRAMS = (
    "Milligrams of drug do not predict response: a randomized trial of 50 and 100 mg found no difference. No response "
    "threshold is established."
)


def document(plan: TacePlan) -> Document:
    """The report of a plan: a page to sign, then allocation, scores, inputs, sources, what was not checked, origin."""
    blocks: list[Block] = [
        PATIENT,
        Facts(tuple(_heading(plan))),
        *dose(plan),
        *carrier(plan),
        *as_treated(plan),
        *finding_blocks.findings(plan),
        Signatures(("Planner", "Checker", "Physician")),
        PageBreak(),
        *preparation(plan),
        *tace_allocation.allocation(plan),
        *tace_allocation.observed(plan),
        *scores(plan.scores),
        *_inputs(plan),
        *sources(plan),
        *_worksheet(plan),
        *finding_blocks.further_findings(plan),
        *finding_blocks.limit_sources(plan),
        *finding_blocks.not_checked(plan),
        *finding_blocks.missing_inputs(plan),
        *finding_blocks.acknowledgements(plan),
        Heading("Origin"),
        Facts(_origin(plan)),
    ]
    return Document(
        title="Chemoembolization plan" if plan.case.drug else "Bland embolization plan",
        label=plan.label,
        footer=f"input {plan.input_sha256[:12]}",
        computed_at=plan.computed_at,
        case_json=text_from_case(plan.case),
        blocks=tuple(blocks),
    )


def _heading(plan: TacePlan) -> Iterator[tuple[str, str]]:
    case = plan.case
    yield "Case label", case.label
    for name in ("technique", "tace_product", "bead_size", "disease"):
        value = getattr(case, name.removeprefix("tace_"))
        if value is not None:
            yield reference.field(name).label, shown(name, value)
    yield "Patient", ", ".join(_patient(plan))
    if case.drug is not None:
        protocol = protocol_named(case.drug.protocol)
        mark = "" if protocol is None or protocol.verified else " (not verified)"
        yield "Protocol", f"{shown('protocol', case.drug.protocol)}{mark}"
    yield "Planned", shown_instant(plan.computed_at)


def _patient(plan: TacePlan) -> Iterator[str]:
    """Age, sex and Child-Pugh: what a person signing looks for first."""
    patient = plan.case.patient
    age, sex, stated = (getattr(patient, name, None) for name in ("age_years", "sex", "child_pugh"))
    yield "age not given" if age is None else f"{figures.trimmed(age)} years"
    if sex is not None:
        yield shown("sex", sex)
    points = next(score for score in plan.scores if score.name == "child_pugh_points")
    computed = [] if points.value is None else [points.text]
    typed = [] if stated is None else [f"{stated} typed"]
    yield f"Child-Pugh {' and '.join((*computed, *typed)) or 'not known'}"


def dose(plan: TacePlan) -> Iterator[Block]:
    """Every step of the dose, and what it comes to."""
    if not plan.steps:
        yield Heading("Dose of drug")
        yield Paragraph("None: a bland embolization.")
        return
    yield Heading("Dose of drug, step by step")
    columns = (Column("Step"), Column("Result", is_figure=True), Column("Change", is_figure=True), Column("By"))
    yield Table(columns, tuple(_step_row(step) for step in plan.steps), (4, 0, 0, 8))
    yield Facts(tuple(_dose_facts(plan)))
    yield Paragraph(ABOUT_MILLIGRAMS)


def _step_row(step: DoseStep) -> tuple[str, str, str, str]:
    mark = "" if step.verified else " (not verified)"
    result = figures.MISSING if step.value is None else figures.significant(step.value, 4)
    return step.label, figures.with_unit(result, step.unit), _change(step), f"{step.by}{mark}"


def _change(step: DoseStep) -> str:
    """What a step takes from the amount before it, or adds."""
    if step.change is None:
        return figures.MISSING
    sign = figures.MINUS if step.change < 0 else "+"
    return f"{sign}{figures.with_unit(figures.significant(abs(step.change), 4), step.unit)}" if step.change else "none"


def _dose_facts(plan: TacePlan) -> Iterator[tuple[str, str]]:
    yield "Planned dose", f"{amount(plan.planned_mg, 'mg')} {_drug(plan)}"
    if plan.planned_mg_per_m2 is not None:
        yield "Dose per body surface", amount(plan.planned_mg_per_m2, "mg/m2")
    if plan.cumulative_anthracycline_mg_per_m2 != 0:
        before = amount(plan.earlier_anthracycline_mg_per_m2, "mg/m2")
        yield "Anthracyclines before, as doxorubicin", before if plan.case.earlier_anthracycline else "none stated"
        counted = "as planned" if plan.delivered_mg is None else "as injected"
        yield f"Anthracyclines with this session, {counted}", amount(plan.cumulative_anthracycline_mg_per_m2, "mg/m2")
    if plan.anthracycline_risk is not None:
        yield "Cardiomyopathy at that total, label", plan.anthracycline_risk


def amount(value: float | None, unit: str) -> str:
    """An amount with its unit, to four significant digits without trailing zeros; a dash for none."""
    return figures.MISSING if value is None else figures.with_unit(figures.trimmed(value, 4), unit)


def _drug(plan: TacePlan) -> str:
    return shown("drug_name", plan.case.drug.name) if plan.case.drug else ""


def as_treated(plan: TacePlan) -> Iterator[Block]:
    """What was injected, apart from what was planned."""
    if plan.case.as_treated is None:
        return
    pairs = [("Part injected", shown("fraction_injected", plan.case.as_treated.fraction_injected))]
    if plan.delivered_mg is not None:
        pairs.append(("Drug injected", f"{amount(plan.delivered_mg, 'mg')} {_drug(plan)}"))
        pairs.append(("Drug not injected", amount(plan.remaining_mg, "mg")))
    if plan.oil_delivered_ml is not None:
        pairs.append(("Oil injected", amount(plan.oil_delivered_ml, "mL")))
    yield Heading("As treated")
    yield Facts(tuple(pairs))


def preparation(plan: TacePlan) -> Iterator[Block]:
    """What sources say of preparing and injecting the carrier, each with its source."""
    if plan.preparation:
        yield Heading("Preparation and injection, from the literature")
        columns = (Column("What"), Column("Stated"), Column("For this plan"), Column("Source"), Column("Verified"))
        yield Table(columns, tuple(_preparation_row(fact) for fact in plan.preparation), (3, 4, 2, 5, 0))


def _preparation_row(fact: PreparationFact) -> tuple[str, ...]:
    ends = [figures.trimmed(end, 4) for end in (fact.lower, fact.upper) if end is not None]
    volume = figures.with_unit(" to ".join(ends) or figures.MISSING, fact.unit)
    source = ". ".join(part for part in (f"{fact.source}: {fact.locator}", fact.note) if part)
    return fact.label, fact.text, volume, source, finding_blocks.verified(fact.verified)


def carrier(plan: TacePlan) -> Iterator[Block]:
    """Oil and emulsion, or vials and beads, as planned."""
    pairs = [
        ("Iodized oil", plan.oil_ml, "mL"),
        ("Drug solution for the emulsion", plan.aqueous_ml, "mL"),
        ("Drug in that solution", plan.drug_solution_mg_per_ml, "mg/mL"),
        ("Vials of beads" if plan.case.technique == "deb" else "Vials of drug", plan.vials, ""),
        ("Drug on each vial of beads" if plan.case.technique == "deb" else "Drug in one vial", plan.vial_mg, "mg"),
        ("Beads", plan.bead_ml, "mL"),
        ("Loading", plan.loading_mg_per_ml, "mg/mL"),
    ]
    known = tuple((label, amount(value, unit)) for label, value, unit in pairs if value is not None)
    if known:
        yield Heading("Carrier, as planned")
        yield Facts(known)


def _inputs(plan: TacePlan) -> Iterator[Block]:
    yield Heading("Inputs")
    yield Facts(tuple(given(plan.case, "case", TaceCase)))
    for entry in plan.case.earlier_anthracycline or ():
        drug, dose = (shown(f"earlier_{name}", getattr(entry, name)) for name in ("drug", "dose_mg_per_m2"))
        yield Facts(((reference.field("earlier_drug").label, f"{drug}, {dose}"),))
    for territory in plan.case.territories:
        yield Heading(f"Territory {territory.name}", 2)
        yield Facts(tuple(given(territory, "territory", TaceCase)))
        for lesion in territory.lesions:
            yield Heading(f"Lesion {lesion.name} in {territory.name}", 2)
            yield Facts(tuple(given(lesion, "lesion", TaceCase)))


def _worksheet(plan: TacePlan) -> Iterator[Block]:
    sheets = worksheets(plan)
    if sheets:
        yield Heading("Worksheet")
        yield Paragraph(SYMBOLS)
        yield from sheets


def sources(plan: TacePlan) -> Iterator[Block]:
    """Where the rule of each step stands."""
    rows = tuple(
        (step.label, f"{step.source}: {step.locator}", finding_blocks.verified(step.verified))
        for step in plan.steps
        if step.source
    )
    if rows:
        yield Heading("Sources of the steps")
        yield Table((Column("Step"), Column("Source"), Column("Verified")), rows, (3, 9, 0))


def _origin(plan: TacePlan) -> tuple[tuple[str, str], ...]:
    return (
        ("Software", f"y90-dosimetry {plan.version}"),
        ("Reference data", plan.data_fingerprint),
        ("Input", f"SHA-256 {plan.input_sha256}"),
        ("Computed at", plan.computed_at),
        ("To rework", "The attached case file, the steps above, or: dosimetry verify PLAN.json"),
        ("Intended use", INTENDED_USE),
    )
