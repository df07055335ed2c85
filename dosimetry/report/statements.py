"""What a signed report must state, or say that it is not stated: site, directive, mapping, labs, sources."""

from collections.abc import Callable, Iterator

from dosimetry import instants, reference
from dosimetry.case import Case, Territory
from dosimetry.limits.words import comparator_and_bound
from dosimetry.plan_record import Plan
from dosimetry.reference_rows import Limit
from dosimetry.report.directive_blocks import directed_in_words
from dosimetry.report.document import Block, Facts, Heading
from dosimetry.report.inputs import shown

NOT_STATED, NOT_SET = "not stated", "not set"
_LABS = ("bilirubin_mg_dl", "albumin_g_dl", "inr", "creatinine_mg_dl", "sodium_mmol_l")
_LAB_NAMES = ("bilirubin", "albumin", "INR", "creatinine", "sodium")
_PRIOR = {"tare": "radioembolization", "resection": "resection", "systemic": "systemic therapy"}


def first_page(plan: Plan) -> Iterator[tuple[str, str]]:
    """Site, written directive, and the highest lung dose that the limits allow."""
    yield "Site", _of_territories(plan.case, _site)
    yield "Directive", directed_in_words(plan.case) or NOT_SET
    yield "Maximum lung dose", _lung_limits(plan)


def reference_instant(case: Case) -> str:
    """The instant that ordered activities refer to."""
    reference_at = case.order.reference_at if case.order else None
    return instants.instant_from_text(reference_at).local if reference_at else NOT_SET


def statements(plan: Plan) -> Iterator[Block]:
    """What is known of mapping, deposition, earlier treatment, laboratory values and the sources of volumes."""
    case = plan.case
    yield Heading("Stated for this session", 2)
    yield Facts(
        (
            ("Mapping", _mapping(case)),
            ("Extrahepatic deposition", _extrahepatic(case)),
            ("Earlier treatment", _earlier(case)),
            ("Laboratory values", _labs(case)),
            (
                "Source of the liver volume",
                _source("liver_volume_source", case.liver.volume_source if case.liver else None),
            ),
            (
                "Sources of perfused volumes",
                _of_territories(case, lambda each: _source("territory_volume_source", each.volume_source)),
            ),
            ("Sources of tumor-to-normal ratios", _ratio_sources(case)),
        )
    )


def _of_territories(case: Case, of: Callable[[Territory], str]) -> str:
    """One text a territory; without names where there is only one."""
    texts = [of(territory) for territory in case.territories]
    if len(set(texts)) == 1 and (len(texts) == 1 or texts[0] == NOT_STATED):
        return texts[0]
    return "; ".join(f"{territory.name}: {text}" for territory, text in zip(case.territories, texts, strict=True))


def _site(territory: Territory) -> str:
    segments = f"segments {', '.join(territory.segments)}" if territory.segments else None
    return ", ".join(filter(None, (territory.side, territory.vessel, segments))) or NOT_STATED


def _lung_limits(plan: Plan) -> str:
    """The lowest limit on the lung dose of this session, and of all sessions, that no person switched off."""
    names = {"lung_dose_gy": "this session", "lung_dose_cumulative_gy": "all sessions"}
    return "; ".join(f"{words} {_lowest(plan, quantity)}" for quantity, words in names.items())


def _lowest(plan: Plan, quantity: str) -> str:
    """The lowest verified limit on a quantity, and after it a lower one that is not verified."""
    switches = plan.case.limits.off or () if plan.case.limits else ()
    off = {each.id for each in switches}
    named = {each.id.partition("@")[0]: each.kind for each in plan.findings if each.quantity == quantity}
    rows = [reference.limit_named(name) for name, kind in named.items() if kind == "limit" and name not in off]
    if not rows:
        return "not checked" if "not_checked" in named.values() else NOT_SET
    rows.sort(key=lambda row: row.bound)
    verified = next((row for row in rows if row.verified), None)
    if verified in (None, rows[0]):
        return _limit(rows[0])
    return f"{_limit(verified)}, and lower {_limit(rows[0])}"


def _limit(row: Limit) -> str:
    return f"{comparator_and_bound(row)} ({row.limit_id}{'' if row.verified else ', not verified'})"


def _mapping(case: Case) -> str:
    mapping = case.mapping
    if mapping is None:
        return NOT_STATED
    position = {
        True: "same catheter position",
        False: "another catheter position",
        None: "catheter position not stated",
    }
    agent = shown("mapping_agent", mapping.agent) if mapping.agent else "agent not stated"
    return ", ".join((agent, mapping.date or "date not stated", position[mapping.same_catheter_position]))


def _extrahepatic(case: Case) -> str:
    stated = case.extrahepatic
    if stated is None or stated.found is None:
        return NOT_STATED
    if not stated.found:
        return "none found"
    words = {True: "can be corrected", False: "cannot be corrected", None: "not stated to be correctable"}
    site = shown("extrahepatic_site", stated.site) if stated.site else "site not stated"
    return f"found, {site}, {words[stated.correctable]}"


def _earlier(case: Case) -> str:
    words = {True: "yes", False: "no", None: NOT_STATED}
    texts = (f"{label} {words[getattr(case.prior, name) if case.prior else None]}" for name, label in _PRIOR.items())
    return ", ".join(texts)


def _labs(case: Case) -> str:
    patient = case.patient
    known = [
        f"{label} {shown(name, getattr(patient, name))}"
        for name, label in zip(_LABS, _LAB_NAMES, strict=True)
        if patient is not None and getattr(patient, name) is not None
    ]
    if patient is None or not known:
        return NOT_STATED
    return f"{', '.join(known)}; {f'of {patient.lab_date}' if patient.lab_date else 'date not stated'}"


def _source(name: str, source: str | None) -> str:
    return shown(name, source) if source else NOT_STATED


def _ratio_sources(case: Case) -> str:
    texts = [
        f"{lesion.name} {shown('tumor_normal_source', lesion.tumor_normal_source)}"
        if lesion.tumor_normal_source
        else f"{lesion.name} {NOT_STATED}"
        for territory in case.territories
        for lesion in territory.lesions
    ]
    return ", ".join(texts) or "no lesion"
