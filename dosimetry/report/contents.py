"""What a report says: one plan turned into a document. The only place that decides content and order."""

from collections.abc import Iterable

from dosimetry import figures, reference, units
from dosimetry.case_file import text_from_case
from dosimetry.plan_record import Finding, Plan
from dosimetry.report.document import (
    Blanks,
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
from dosimetry.report.inputs import given, prescribed, product
from dosimetry.report.worksheet import worksheets

INTENDED_USE = "For trained users; not a medical device."
SYMBOLS = {
    "stop": "\N{BLACK SQUARE} Stop",
    "caution": "\N{BLACK UP-POINTING TRIANGLE} Caution",
    "note": "\N{BLACK CIRCLE} Note",
}
NOT_CHECKED = "\N{WHITE CIRCLE} Not checked"


def document(plan: Plan) -> Document:
    """The report of a plan: a page to sign, then inputs, constants, worksheet, what was not checked, and origin."""
    blocks: list[Block] = [
        Blanks(("Patient name", "Record number")),
        Facts(_heading_facts(plan)),
        Heading("Activities"),
        _activities(plan),
        Heading("Predicted absorbed doses"),
        _doses(plan),
        *_findings(plan),
        Signatures(("Planner", "Checker", "Physician")),
        PageBreak(),
        *_inputs(plan),
        Heading("Constants"),
        _constants(plan),
        *_limit_sources(plan),
        Heading("Worksheet"),
        Paragraph(_WORKSHEET),
        *worksheets(plan),
        *_not_checked(plan),
        *_acknowledgements(plan),
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


_WORKSHEET = (
    "Each result with its equation and the numbers put in. Symbols: A administered activity, K energy per activity, "
    "LSF lung shunt fraction, R residual fraction, V volume, \N{GREEK SMALL LETTER RHO} density, m and M mass, "
    "r tumor-to-normal ratio, U uptake-weighted mass, E energy absorbed in the perfused liver, D mean absorbed dose. "
    "Subscripts: P perfused volume, N normal perfused liver, L lungs, W whole liver, WN whole normal liver; numbers "
    "count lesions within a territory, and territories within the session."
)


def _heading_facts(plan: Plan) -> tuple[tuple[str, str], ...]:
    case = plan.case
    names = ("disease", "intent")
    known = dict(given(case, "case"))
    labels = [reference.field(name).label for name in names]
    return (
        ("Case label", case.label),
        ("Device", product(case.device)),
        *((label, known[label]) for label in labels if label in known),
        ("Planned", _instant(plan.computed_at)),
    )


def _instant(text: str) -> str:
    return f"{text[:10]} {text[11:16]} UTC"


def _activity(gbq: float | None) -> tuple[str, str]:
    mci = None if gbq is None else float(units.mci_from_gbq(gbq))
    return figures.fixed(gbq, 2), figures.fixed(mci, 2)


def _activities(plan: Plan) -> Table:
    rows = [
        (
            territory.name,
            prescribed(plan.case, row),
            *_activity(territory.administered_activity_gbq),
            *_activity(territory.vial_activity_gbq),
        )
        for row, territory in enumerate(plan.territories)
    ]
    if len(rows) > 1:
        rows.append(("Session", "", *_activity(plan.administered_activity_total_gbq), "", ""))
    columns = (
        Column("Territory"),
        Column("Prescription"),
        Column("Administered", "GBq", True),
        Column("Administered", "mCi", True),
        Column("In the vial", "GBq", True),
        Column("In the vial", "mCi", True),
    )
    return Table(columns, tuple(rows), (3, 5, 0, 0, 0, 0))


def _doses(plan: Plan) -> Table:
    rows: list[tuple[str, str, str, str]] = []
    for territory in plan.territories:
        rows.append(
            (territory.name, "perfused volume", _kg(territory.perfused_mass_kg), _gy(territory.perfused_dose_gy))
        )
        rows.append(
            (
                "",
                "normal perfused liver",
                _kg(territory.normal_perfused_mass_kg),
                _gy(territory.normal_perfused_dose_gy),
            )
        )
        rows += [
            ("", f"lesion {lesion.name}, viable", _kg(lesion.mass_kg), _gy(lesion.dose_gy))
            for lesion in territory.lesions
        ]
    in_parts = [
        lesion
        for lesion in plan.lesions
        if sum(lesion.name == part.name for t in plan.territories for part in t.lesions) > 1
    ]
    rows += [
        ("Session", f"lesion {lesion.name}, all parts", _kg(lesion.mass_kg), _gy(lesion.dose_gy)) for lesion in in_parts
    ]
    lung_mass = plan.case.lung.mass_kg if plan.case.lung else None
    rows += [
        ("Session" if not in_parts else "", "lungs", _kg(lung_mass), _gy(plan.lung_dose_gy)),
        ("", "lungs, all sessions", _kg(lung_mass), _gy(plan.lung_dose_cumulative_gy)),
        ("", "whole normal liver", _kg(plan.whole_normal_liver_mass_kg), _gy(plan.whole_normal_liver_dose_gy)),
        ("", "whole liver, tumor included", _kg(plan.whole_liver_mass_kg), _gy(plan.whole_liver_dose_gy)),
    ]
    columns = (Column("Territory"), Column("Compartment"), Column("Mass", "kg", True), Column("Mean dose", "Gy", True))
    return Table(columns, tuple(rows), (3, 5, 0, 0))


def _kg(mass: float | None) -> str:
    return figures.fixed(mass, 3)


def _gy(dose: float | None) -> str:
    return figures.fixed(dose, 1)


def _findings(plan: Plan) -> Iterable[Block]:
    """Cautions in words, then every limit and goal with its margin; sources follow on a later page."""
    yield Heading("Findings")
    words = [finding for finding in plan.findings if finding.kind == "caution"]
    if words:
        rows = tuple((SYMBOLS[finding.severity], _placed(finding)) for finding in words)
        yield Table((Column("Severity"), Column("Finding")), rows, (0, 1))
    checked = [finding for finding in plan.findings if finding.kind in ("limit", "goal")]
    if checked:
        columns = (
            Column("Severity"),
            Column("Limit"),
            Column("Value", is_figure=True),
            Column("Bound", is_figure=True),
            Column("Room", is_figure=True),
        )
        yield Table(columns, tuple(_limit_row(finding) for finding in checked), (0, 1, 0, 0, 0))
    unchecked = sum(finding.kind == "not_checked" for finding in plan.findings)
    yield Paragraph(_unchecked(unchecked))


def _unchecked(number: int) -> str:
    """How many checks were not made, so that a short list is not taken for a complete one."""
    if number == 0:
        return "Every check on file was made."
    made = "1 check was not made; it is" if number == 1 else f"{number} checks were not made; they are"
    return f"{made} listed under \N{LEFT DOUBLE QUOTATION MARK}Not checked\N{RIGHT DOUBLE QUOTATION MARK}."


def _limit_of(finding: Finding) -> reference.Limit:
    return next(limit for limit in reference.limits() if limit.limit_id == finding.id.partition("@")[0])


def _limit_row(finding: Finding) -> tuple[str, ...]:
    limit = _limit_of(finding)
    place = ", ".join(part for part in (finding.territory, finding.lesion) if part)
    mark = "" if limit.verified else " (not verified)"
    shown = [
        figures.MISSING if number is None else figures.in_unit(number, limit.unit)
        for number in (finding.value, finding.bound, finding.margin)
    ]
    sign = figures.SIGNS[limit.comparator]
    return (
        SYMBOLS[finding.severity],
        f"{f'{place}: ' if place else ''}{limit.label}{mark}",
        shown[0],
        f"{sign} {shown[1]}",
        shown[2],
    )


def _placed(finding: Finding) -> str:
    place = ", ".join(part for part in (finding.territory, finding.lesion) if part)
    return f"{place}: {finding.message}" if place else finding.message


def _limit_sources(plan: Plan) -> Iterable[Block]:
    checked = [_limit_of(finding) for finding in plan.findings if finding.kind in ("limit", "goal")]
    if checked:
        rows = tuple(
            (
                limit.limit_id,
                limit.label,
                f"{reference.citation(limit.source_id)}; {limit.locator}",
                _verified(limit.verified),
            )
            for limit in dict.fromkeys(checked)
        )
        yield Heading("Sources of the limits")
        yield Table((Column("Limit"), Column("What"), Column("Source"), Column("Read at source")), rows, (0, 3, 6, 0))


def _verified(is_verified: bool) -> str:
    return "verified" if is_verified else "not verified"


def _inputs(plan: Plan) -> Iterable[Block]:
    yield Heading("Inputs")
    yield Facts(tuple(given(plan.case, "case")))
    for territory in plan.case.territories:
        yield Heading(f"Territory {territory.name}", 2)
        yield Facts(tuple(given(territory, "territory")))
        for lesion in territory.lesions:
            yield Heading(f"Lesion {lesion.name} in {territory.name}", 2)
            yield Facts(tuple(given(lesion, "lesion")))
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
            _verified(constant.verified),
        )
        for constant in plan.constants
    )
    return Table((Column("Constant"), Column("Value"), Column("Source"), Column("Read at source")), rows, (3, 3, 8, 0))


def _not_checked(plan: Plan) -> Iterable[Block]:
    rows = tuple((NOT_CHECKED, _placed(finding)) for finding in plan.findings if finding.kind == "not_checked")
    yield Heading("Not checked")
    yield Table((Column(""), Column("What, and why")), rows, (0, 1))


def _acknowledgements(plan: Plan) -> Iterable[Block]:
    given_ids = {finding.id for finding in plan.findings if finding.acknowledgement == "given"}
    entries = [entry for entry in plan.case.acknowledged or () if entry.finding in given_ids]
    if entries:
        yield Heading("Acknowledgements")
        rows = tuple(
            (
                entry.by,
                entry.finding,
                figures.MISSING if entry.value is None else figures.trimmed(entry.value),
                entry.reason,
            )
            for entry in entries
        )
        yield Table(
            (Column("By"), Column("Finding"), Column("Value", is_figure=True), Column("Reason")), rows, (1, 5, 1, 5)
        )


def _origin(plan: Plan) -> tuple[tuple[str, str], ...]:
    return (
        ("Software", f"y90-dosimetry {plan.version}"),
        ("Reference data", plan.data_fingerprint),
        ("Input", f"SHA-256 {plan.input_sha256}"),
        ("Computed at", plan.computed_at),
        (
            "Self-check",
            "Doses times masses add up to the released energy, and each target receives its dose, to one part in a billion.",
        ),
        ("To rework", "The attached case file, the worksheet above, or: dosimetry verify PLAN.json"),
        ("Intended use", INTENDED_USE),
    )
