"""What a report says: one plan turned into a document. The only place that decides content and order."""

from collections.abc import Iterable

from dosimetry import figures, reference, scores
from dosimetry.case_file import text_from_case
from dosimetry.conventions import TYPED
from dosimetry.plan_record import Plan, TerritoryPlan
from dosimetry.report import (
    budget_blocks,
    dose_drawing,
    finding_blocks,
    score_blocks,
    statements,
    treatment_blocks,
    what_if_blocks,
)
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
from dosimetry.report.inputs import given, product, shown
from dosimetry.report.numbers import both_units, gy, limits_gbq
from dosimetry.report.result_tables import activities, doses
from dosimetry.report.worksheet import worksheets

INTENDED_USE = "For trained users; not a medical device."


def document(plan: Plan) -> Document:
    """The report of a plan: a page to sign, then inputs, constants, worksheet, what was not checked, and origin."""
    blocks: list[Block] = [
        PATIENT,
        Facts(_heading_facts(plan)),
        Heading("Activities"),
        activities(plan),
        Heading("Predicted absorbed doses"),
        doses(plan),
        *finding_blocks.findings(plan),
        Signatures(("Planner", "Checker", "Physician"), tuple(_signed(plan))),
        PageBreak(),
        *treatment_blocks.treatment_day(plan),
        *_inputs(plan),
        Heading("Constants"),
        _constants(plan),
        *_what_if(plan),
        *score_blocks.scores(scores.of(plan.case)),
        *finding_blocks.further_findings(plan),
        *finding_blocks.limit_sources(plan),
        Heading("Worksheet"),
        Paragraph(_WORKSHEET),
        *worksheets(plan),
        *finding_blocks.not_checked(plan),
        *finding_blocks.inapplicable(plan),
        *finding_blocks.acknowledgements(plan),
        Heading("Origin"),
        Facts(_origin(plan)),
    ]
    return Document(
        title="Radioembolization treatment plan",
        label=plan.label,
        footer=f"input {plan.input_sha256[:12]}",
        computed_at=plan.computed_at,
        case_json=text_from_case(plan.case),
        blocks=tuple(blocks),
    )


def _what_if(plan: Plan) -> Iterable[Block]:
    """What a physicist weighs before choosing."""
    yield from budget_blocks.budget(plan)
    yield from dose_drawing.charts(plan)
    yield from what_if_blocks.proposals(plan)
    yield from what_if_blocks.bounds(plan)
    yield from what_if_blocks.sensitivity(plan)
    yield from what_if_blocks.conventions(plan)
    yield from what_if_blocks.spheres(plan)


_SELF_CHECK = (
    "Doses times masses add up to the released energy, and each target receives its dose, to one part in a billion."
)
_WORKSHEET = (
    "Each result with its equation and the numbers put in. Symbols: A administered activity, K energy per activity, "
    "LSF lung shunt fraction, R residual fraction, V volume, \N{GREEK SMALL LETTER RHO} density, m and M mass, "
    "r tumor-to-normal ratio, U uptake-weighted mass, E energy absorbed in the perfused liver, D mean absorbed dose. "
    "Subscripts: P perfused volume, N normal perfused liver, L lungs, W whole liver, WN whole normal liver; numbers "
    "count lesions within a territory, and territories within the session. Where they occur: C counts, B background "
    "counts, n pixels, BSA body surface, H height, W weight, V with T tumor volume, f with LSF what the shunt "
    "reduction of the resin rules leaves, h hepatic reserve."
)


def _heading_facts(plan: Plan) -> tuple[tuple[str, str], ...]:
    case = plan.case
    known = dict(given(case, "case"))
    meant = [known[label] for name in ("disease", "intent") if (label := reference.field(name).label) in known]
    return (
        ("Case label", case.label),
        ("Device", product(case.device)),
        ("Disease, intent", ", ".join(meant) or statements.NOT_STATED),
        ("Lung shunt", _shunts(plan)),
        *_liver(plan),
        *statements.first_page(plan),
        ("Constants", constants_in_short(plan)),
        ("Planned", f"{shown_instant(plan.computed_at)}; reference instant {statements.reference_instant(case)}"),
    )


def _signed(plan: Plan) -> Iterable[tuple[str, str]]:
    """What the signatures stand for, in one line each: the case, its activities and its mean doses."""
    yield "Case label", plan.label
    given = [
        (each.name, both_units(each.administered_activity_gbq, limits_gbq(each.bounds))) for each in plan.territories
    ]
    yield "Administered", "; ".join(f"{name} {shown}" for name, shown in given)
    parts = [f"{each.name}: {', '.join(_doses_of(each))}" for each in plan.territories]
    whole = f"lungs {gy(plan.lung_dose_gy)}, whole normal liver {gy(plan.whole_normal_liver_dose_gy)}"
    yield "Mean doses [Gy]", "; ".join((*parts, whole))


def _doses_of(territory: TerritoryPlan) -> Iterable[str]:
    yield f"perfused {gy(territory.perfused_dose_gy)}"
    yield f"normal {gy(territory.normal_perfused_dose_gy)}"
    yield from (f"{lesion.name} {gy(lesion.dose_gy)}" for lesion in territory.lesions)


def _liver(plan: Plan) -> Iterable[tuple[str, str]]:
    """The whole liver and what is left untreated, and per territory the activity at which the first limit binds."""
    if plan.case.liver and plan.case.liver.whole_volume_ml is not None:
        volume = shown("whole_liver_volume_ml", plan.case.liver.whole_volume_ml)
        yield "Whole liver", f"{volume}, hepatic reserve {figures.percent(plan.hepatic_reserve_fraction, 3)}"
    several = len(plan.territories) > 1
    for territory in plan.territories:
        yield f"Limits allow, {territory.name}" if several else "Limits allow", territory.bounds_in_short


def _shunts(plan: Plan) -> str:
    """The lung shunt that was computed with: one for all territories, or each its own."""
    shunts = [_shunt(plan, row) for row in range(len(plan.territories))]
    if len(set(shunts)) == 1:
        return shunts[0]
    return "; ".join(f"{territory.name} {shunt}" for territory, shunt in zip(plan.territories, shunts, strict=True))


def _shunt(plan: Plan, row: int) -> str:
    """The shunt of a territory and how it was measured: its own, or that of the case."""
    territory, shunt = plan.case.territories[row], plan.territories[row].effective_lung_shunt_fraction
    of_case = plan.case.lung.shunt_method if plan.case.lung else None
    method = of_case if territory.shunt_fraction is None else territory.shunt_method
    return ", ".join([figures.percent(shunt), *([shown("shunt_method", method)] if method else [])])


def constants_in_short(plan: Plan) -> str:
    """Energy and density, each said to be typed where it is."""
    texts = [
        f"{figures.with_unit(figures.trimmed(each.value), each.unit)}{' (typed)' if each.source == TYPED else ''}"
        for each in plan.constants[:2]
    ]
    return f"{', '.join(texts)}{f' (convention {plan.case.convention})' if plan.case.convention else ''}"


def shown_instant(text: str) -> str:
    """An instant of a plan as people read it, to the minute."""
    return f"{text[:10]} {text[11:16]} UTC"


def _inputs(plan: Plan) -> Iterable[Block]:
    yield Heading("Inputs")
    yield Facts(tuple(given(plan.case, "case")))
    for territory, planned in zip(plan.case.territories, plan.territories, strict=True):
        yield Heading(f"Territory {territory.name}", 2)
        yield Facts(tuple(given(territory, "territory")))
        for lesion, part in zip(territory.lesions, planned.lesions, strict=True):
            yield Heading(f"Lesion {lesion.name} in {territory.name}", 2)
            counted = lesion.tumor_normal_counts is not None and part.tumor_normal_ratio is not None
            ratio = (
                [("Ratio from counts, per mass", figures.significant(part.tumor_normal_ratio, 4))] if counted else []
            )
            yield Facts((*given(lesion, "lesion"), *ratio))
    yield from statements.statements(plan)
    off = plan.case.limits.off or () if plan.case.limits else ()
    if off:
        yield Heading("Limits switched off", 2)
        yield Facts(tuple((switch.id, f"by {switch.by}: {switch.reason}") for switch in off))


def _constants(plan: Plan) -> Table:
    rows = tuple(
        (
            reference.field(constant.name).label,
            figures.with_unit(figures.trimmed(constant.value), constant.unit),
            "; ".join(part for part in (constant.source, constant.locator) if part),
            finding_blocks.verified(constant.verified),
        )
        for constant in plan.constants
    )
    return Table((Column("Constant"), Column("Value"), Column("Source"), Column("Verified")), rows, (3, 3, 8, 0))


def _origin(plan: Plan) -> tuple[tuple[str, str], ...]:
    return (
        ("Software", f"y90-dosimetry {plan.version}"),
        ("Reference data", plan.data_fingerprint),
        ("Input", f"SHA-256 {plan.input_sha256}"),
        ("Computed at", plan.computed_at),
        ("Self-check", _SELF_CHECK),
        ("To rework", "The attached case file, the worksheet above, or: dosimetry verify PLAN.json"),
        ("Intended use", INTENDED_USE),
    )
