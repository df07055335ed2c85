"""The findings of a report: what crosses a limit, what must be seen, what was not checked, and the sources."""

from collections.abc import Iterator

from dosimetry import figures, reference
from dosimetry.plan_record import Finding, Plan
from dosimetry.reference_rows import Limit
from dosimetry.report.document import Block, Column, Heading, Paragraph, Table

SYMBOLS = {
    "stop": "\N{BLACK SQUARE} Stop",
    "caution": "\N{BLACK UP-POINTING TRIANGLE} Caution",
    "note": "\N{BLACK CIRCLE} Note",
}
NOT_CHECKED = "\N{WHITE CIRCLE} Not checked"


_DASH = f"{figures.MISSING} stands for a number that does not exist or is not known."


def findings(plan: Plan) -> Iterator[Block]:
    """Stops and cautions in words, then every limit and goal with its margin, then notes; sources follow later."""
    yield Heading("Findings")
    checked = [finding for finding in plan.findings if finding.kind != "not_checked"]
    yield from _in_words([finding for finding in checked if finding.severity != "note"])
    bounds = [finding for finding in checked if finding.kind in ("limit", "goal")]
    if bounds:
        columns = (
            Column("Severity"),
            Column("Limit"),
            Column("Value", is_figure=True),
            Column("Bound", is_figure=True),
            Column("Room", is_figure=True),
        )
        yield Table(columns, tuple(_limit_row(finding) for finding in bounds), (0, 1, 0, 0, 0))
    yield from _in_words([finding for finding in checked if finding.severity == "note" and finding.kind == "caution"])
    yield Paragraph(_unchecked(len(plan.findings) - len(checked)))


def _in_words(found: list[Finding]) -> Iterator[Block]:
    if found:
        rows = tuple((SYMBOLS[finding.severity], _placed(finding)) for finding in found)
        yield Table((Column("Severity"), Column("Finding")), rows, (0, 1))


def _unchecked(number: int) -> str:
    """How many checks were not made, so that a short list is not taken for a complete one."""
    if number == 0:
        return f"Every check on file was made. {_DASH}"
    made = "1 check was not made; it is" if number == 1 else f"{number} checks were not made; they are"
    return f"{made} listed under \N{LEFT DOUBLE QUOTATION MARK}Not checked\N{RIGHT DOUBLE QUOTATION MARK}. {_DASH}"


def _limit_of(finding: Finding) -> Limit:
    return next(limit for limit in reference.limits() if limit.limit_id == finding.id.partition("@")[0])


def _limit_row(finding: Finding) -> tuple[str, ...]:
    limit = _limit_of(finding)
    place = ", ".join(part for part in (finding.territory, finding.lesion) if part)
    mark = "" if limit.verified else " (not verified)"
    digits = figures.apart(finding.value or 0.0, finding.bound)
    shown = [
        figures.MISSING if number is None else figures.in_unit(number, limit.unit, digits)
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


def limit_sources(plan: Plan) -> Iterator[Block]:
    """Where each evaluated limit comes from, and whether it was read there."""
    checked = [_limit_of(finding) for finding in plan.findings if finding.kind in ("limit", "goal")]
    if checked:
        rows = tuple(
            (
                limit.limit_id,
                limit.label,
                f"{reference.citation(limit.source_id)}; {limit.locator}. {limit.note}".strip(),
                verified(limit.verified),
            )
            for limit in dict.fromkeys(checked)
        )
        yield Heading("Sources of the limits")
        yield Table((Column("Limit"), Column("What"), Column("Source"), Column("Verified")), rows, (0, 3, 6, 0))


def verified(is_verified: bool) -> str:
    """The mark of a number that was, or was not, read at its source."""
    return "verified" if is_verified else "not verified"


def not_checked(plan: Plan) -> Iterator[Block]:
    """What was not checked, and why."""
    rows = tuple((NOT_CHECKED, _placed(finding)) for finding in plan.findings if finding.kind == "not_checked")
    yield Heading("Not checked")
    yield Table((Column(""), Column("What, and why")), rows, (0, 1))


def acknowledgements(plan: Plan) -> Iterator[Block]:
    """Who acknowledged which finding, at which value, and why."""
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
