"""The findings of a report: what crosses a limit, what must be seen, what was not checked, and the sources."""

from collections.abc import Iterator

from dosimetry import figures, reference
from dosimetry.finding_records import acknowledged_in_words
from dosimetry.plan_record import Finding, Plan
from dosimetry.planning import AnyPlan
from dosimetry.problems import PLACE
from dosimetry.reference_reading import FOUND
from dosimetry.reference_rows import Limit
from dosimetry.report.document import Block, Column, Facts, Heading, Paragraph, Table
from dosimetry.tace_rows import TaceLimit

SYMBOLS = {
    "stop": "\N{BLACK SQUARE} Stop",
    "caution": "\N{BLACK UP-POINTING TRIANGLE} Caution",
    "note": "\N{BLACK CIRCLE} Note",
}
NOT_CHECKED = "\N{WHITE CIRCLE} Not checked"


_OF_THE_PLAN = (
    "Values, limits and goals here are those of the plan. A limit or main goal that the session does not keep is told "
    "as ordered, as delivered or as measured; a goal that only gives context is not held against the session."
)
_DASH = f"{figures.MISSING} stands for a number that does not exist or is not known."


def findings(plan: AnyPlan) -> Iterator[Block]:
    """Limits and main goals with their margins, then in words what a table cannot say; the rest follows in details."""
    yield Heading("Findings")
    if isinstance(plan, Plan) and _has_session(plan):
        yield Paragraph(_OF_THE_PLAN)
    first = [finding for finding in plan.findings if _is_bound(finding) and _is_for_first_page(finding)]
    yield from _bounds(sorted(first, key=_order))
    yield from _in_words([finding for finding in plan.findings if finding.severity != "note" and _needs_words(finding)])
    unchecked = [finding for finding in plan.findings if finding.kind == "not_checked" and finding.severity == "note"]
    if unchecked:
        yield Paragraph(f"Not checked: {'; '.join(dict.fromkeys(map(_in_short, unchecked)))}.")
    later = sum(_is_bound(finding) and not _is_for_first_page(finding) for finding in plan.findings)
    remarks = sum(finding.kind == "caution" and finding.severity == "note" for finding in plan.findings)
    yield Paragraph(_elsewhere(later, remarks))


def _has_session(plan: Plan) -> bool:
    """Whether vials that were ordered, or a delivery, are held against limits beside the plan."""
    return bool(plan.ordered) or plan.as_treated is not None


def severity(finding: Finding) -> str:
    """The symbol and word of a finding, the same in every face: what was not checked is that, however grave it is."""
    return NOT_CHECKED if finding.kind == "not_checked" else SYMBOLS[finding.severity]


def _order(finding: Finding) -> tuple[int, bool]:
    """Stops first, then cautions, then the rest; limits before goals."""
    return list(SYMBOLS).index(finding.severity), finding.kind == "goal"


def _needs_words(finding: Finding) -> bool:
    """Whether a row of the table of limits does not say it all: who acknowledged it, or switched the limit off."""
    return not _is_bound(finding) or finding.acknowledgement is not None or "Switched off" in finding.message


def _in_short(finding: Finding) -> str:
    """What was not checked, in a few words; the reason stands on a later page."""
    label = reference.limit_labels().get(finding.id.partition("@")[0])
    sentence = label or finding.message.partition(":")[0].removesuffix(".")
    place = f"{finding.territory}: " if finding.territory else ""
    return f"{place}{sentence[0].lower()}{sentence[1:]}"


def further_findings(plan: AnyPlan) -> Iterator[Block]:
    """Limits that are not verified and not exceeded, dose thresholds for context, and remarks."""
    bounds = [finding for finding in plan.findings if _is_bound(finding) and not _is_for_first_page(finding)]
    unverified = [finding for finding in bounds if not _is_context(finding)]
    context = [finding for finding in bounds if _is_context(finding)]
    if unverified:
        yield Heading("Further limits, not verified and not exceeded")
        yield from _bounds(unverified)
    if context:
        yield Heading("Other published dose thresholds")
        yield Paragraph("Ranges, optima, and thresholds of single trials and cohorts. Context, not limits.")
        yield from _bounds(context)
    remarks = [finding for finding in plan.findings if finding.kind == "caution" and finding.severity == "note"]
    if remarks:
        yield Heading("Remarks")
        yield from _in_words(remarks)


def _elsewhere(bounds: int, remarks: int) -> str:
    """How much stands on later pages, so that a short list is not taken for a complete one."""
    counted = (
        (bounds, "further limit or threshold", "further limits and thresholds"),
        (remarks, "remark", "remarks"),
    )
    parts = [f"{number} {one if number == 1 else many}" for number, one, many in counted if number]
    return f"On later pages: {', '.join((*parts, 'sources and reasons'))}. {_DASH}"


def _is_bound(finding: Finding) -> bool:
    return finding.kind in ("limit", "goal")


def _is_context(finding: Finding) -> bool:
    """Whether a goal only gives context to the main one: a range, an optimum, the threshold of one cohort."""
    return finding.kind == "goal" and limit_of(finding).severity == "note"


def _is_for_first_page(finding: Finding) -> bool:
    """What a physician signs for: whatever is crossed, verified limits, and main goals."""
    return finding.severity != "note" or (finding.verified and not _is_context(finding))


def checked_bounds(plan: AnyPlan) -> Iterator[Block]:
    """Every limit and main goal that was checked, verified or not, with its value, bound and room."""
    yield from _bounds([finding for finding in plan.findings if _is_bound(finding) and not _is_context(finding)])


def context_bounds(plan: AnyPlan) -> Iterator[Block]:
    """Goals that only give context to the main ones, with value, bound and room."""
    yield from _bounds([finding for finding in plan.findings if _is_bound(finding) and _is_context(finding)])


def _bounds(found: list[Finding]) -> Iterator[Block]:
    if found:
        columns = (
            Column("Severity"),
            Column("Limit or goal"),
            Column("Value", is_figure=True),
            Column("Bound", is_figure=True),
            Column("Room", is_figure=True),
        )
        yield Table(columns, tuple(_limit_row(finding) for finding in found), (0, 1, 0, 0, 0))


def _in_words(found: list[Finding]) -> Iterator[Block]:
    if found:
        rows = tuple((severity(finding), placed(finding)) for finding in found)
        yield Table((Column("Severity"), Column("Finding")), rows, (0, 1))


def limit_of(finding: Finding) -> Limit | TaceLimit:
    """The row of a limit; the ids of no two treatments are alike."""
    known: tuple[Limit | TaceLimit, ...] = (*reference.limits(), *reference.table("tace_limits"))
    return next(limit for limit in known if limit.limit_id == finding.id.partition("@")[0])


def _limit_row(finding: Finding) -> tuple[str, ...]:
    limit = limit_of(finding)
    mark = "" if limit.verified else " (not verified)"
    kind = "goal: " if finding.kind == "goal" else ""
    named = placed(finding, f"{kind}{limit.label}{mark}")
    if limit.unit == FOUND:
        return SYMBOLS[finding.severity], named, "found" if finding.value else "none found", "none", figures.MISSING
    digits = figures.apart(finding.value or 0.0, finding.bound)
    value, bound, room = (
        figures.MISSING if number is None else figures.in_unit(number, limit.unit, digits)
        for number in (finding.value, finding.bound, finding.margin)
    )
    # The distance of two percentages is in points: 5 % of a shunt of 20 % would be another thing.
    room = f"{before_room(finding)}{room.replace('%', 'points')}"
    value = f"{figures.AT_LEAST if finding.at_least else ''}{value}"
    return SYMBOLS[finding.severity], named, value, f"{figures.SIGNS[limit.comparator]} {bound}", room


def before_room(finding: Finding) -> str:
    """What stands before the room of a value that is known in part: it leaves less below a bound, or more above."""
    if not finding.at_least:
        return ""
    return figures.AT_MOST if limit_of(finding).comparator in ("<", "<=") else figures.AT_LEAST


def placed(finding: Finding, text: str | None = None) -> str:
    """The sentence of a finding, or a text about it, after the territory and lesion it is of."""
    place = ", ".join(part for part in (finding.territory, finding.lesion) if part)
    return f"{f'{place}: ' if place else ''}{finding.message if text is None else text}"


def limit_sources(plan: AnyPlan) -> Iterator[Block]:
    """Where each evaluated limit comes from, source by source, and whether it was read there."""
    checked = dict.fromkeys(limit_of(finding) for finding in plan.findings if _is_bound(finding))
    by_source: dict[str, list[Limit | TaceLimit]] = {}
    for limit in checked:
        by_source.setdefault(limit.source_id, []).append(limit)
    if by_source:
        yield Heading("Sources of the limits and goals")
    columns = (Column("Limit"), Column("What"), Column("Place in the source"), Column("Verified"))
    for source_id, limits in by_source.items():
        yield Heading(reference.citation(source_id), 2)
        yield Table(columns, tuple(_source_row(limit) for limit in limits), (3, 4, 6, 0))


def _source_row(limit: Limit | TaceLimit) -> tuple[str, ...]:
    place = ". ".join(part for part in (limit.locator, limit.note) if part)
    return limit.limit_id, limit.label, place, verified(limit.verified)


def verified(is_verified: bool) -> str:
    """The mark of a number that was, or was not, read at its source."""
    return "verified" if is_verified else "not verified"


def not_checked(plan: AnyPlan) -> Iterator[Block]:
    """What was not checked, and why."""
    rows = tuple((severity(each), placed(each)) for each in plan.findings if each.kind == "not_checked")
    yield Heading("Not checked")
    if rows:
        yield Table((Column(""), Column("What, and why")), rows, (0, 1))
    else:
        yield Paragraph("Every limit and goal on file that applies to this case was checked.")


def missing_inputs(plan: AnyPlan) -> Iterator[Block]:
    """Inputs that would give more numbers."""
    if plan.missing:
        yield Heading("Inputs that would give more")
        yield Facts(tuple((_owner(plan, each.path), each.message) for each in plan.missing))


def _owner(plan: AnyPlan, path: str) -> str:
    """Territory and lesion that an input belongs to, by name; the case where it belongs to no territory."""
    places = [int(place) for place in PLACE.findall(path)]
    if not path.startswith("territories[") or not places:
        return "Case"
    territory = plan.case.territories[places[0]]
    return ", ".join([territory.name, *(territory.lesions[place].name for place in places[1:2])])


def inapplicable(plan: Plan) -> Iterator[Block]:
    """What is on file for the device and does not apply, by reason; and inputs that would give more numbers."""
    yield from missing_inputs(plan)
    if plan.inapplicable:
        by_reason: dict[str, list[str]] = {}
        for each in plan.inapplicable:
            place = f" ({each.territory})" if each.territory else ""
            by_reason.setdefault(f"{each.reason[0].upper()}{each.reason[1:]}", []).append(f"{each.limit}{place}")
        yield Heading("Limits and goals that do not apply" + (" to the plan" if _has_session(plan) else ""))
        rows = tuple((reason, ", ".join(ids)) for reason, ids in by_reason.items())
        yield Table((Column("Why"), Column("Limits and goals on file for this device")), rows, (2, 5))


def acknowledgements(plan: AnyPlan) -> Iterator[Block]:
    """Who acknowledged which finding, at which value, and why."""
    given_ids = {finding.id for finding in plan.findings if finding.acknowledgement == "given"}
    entries = [entry for entry in plan.case.acknowledged or () if entry.finding in given_ids]
    if entries:
        yield Heading("Acknowledgements")
        rows = tuple(
            (
                entry.by,
                acknowledged_in_words(entry.finding, entry.territory, entry.lesion),
                figures.MISSING if entry.value is None else figures.trimmed(entry.value),
                entry.reason,
            )
            for entry in entries
        )
        yield Table(
            (Column("By"), Column("Finding"), Column("Value", is_figure=True), Column("Reason")), rows, (1, 5, 1, 5)
        )
