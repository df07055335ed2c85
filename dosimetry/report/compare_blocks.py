"""Two plans side by side: the inputs in which they differ, then activities and doses of both."""

from collections.abc import Iterator
from typing import Any

from dosimetry import figures, reference
from dosimetry.case import Case
from dosimetry.case_fields import leaves
from dosimetry.case_file import plain_from_case
from dosimetry.columns import flat_names
from dosimetry.plan_record import Plan, Severity
from dosimetry.problems import PLACE
from dosimetry.report.document import Block, Column, Heading, Paragraph, Table
from dosimetry.report.finding_blocks import SYMBOLS, placed
from dosimetry.report.inputs import given, prescribed, shown
from dosimetry.report.numbers import activity, gy, limits_gbq
from dosimetry.report.what_if_blocks import compartments

_SAME = "No input differs."
_ACKNOWLEDGED = "Only what was acknowledged differs."
_SAME_FINDINGS = "The same findings stop and warn in both, with the same values."


def comparison(first: Plan, second: Plan, *, titles: tuple[str, str]) -> Iterator[Block]:
    """What differs between two plans, and what follows."""
    differing = tuple(_differing(_inputs(first), _inputs(second)))
    yield Heading("Inputs that differ", 2)
    if differing:
        yield Table((Column("Input"), *map(Column, titles)), differing, (3, 2, 2))
    else:
        yield Paragraph(_SAME if first.input_sha256 == second.input_sha256 else _ACKNOWLEDGED)
    yield Heading("Activities and doses", 2)
    results = [dict(_results(each)) for each in (first, second)]
    rows = tuple(
        (name, *(each.get(name, figures.MISSING) for each in results))
        for name in dict.fromkeys((*results[0], *results[1]))
    )
    yield Table((Column(""), *(Column(title, is_figure=True) for title in titles)), rows, (4, 2, 2))
    yield Heading("Findings that stop or warn in one of them only", 2)
    told = [_warnings(each) for each in (first, second)]
    differing = tuple(
        (title, SYMBOLS[severity], message)
        for title, own, other in zip(titles, told, reversed(told), strict=True)
        for message, severity in own.items()
        if message not in other
    )
    if differing:
        yield Table((Column("In"), Column("Severity"), Column("Finding")), differing, (2, 2, 8))
    else:
        yield Paragraph(_SAME_FINDINGS)


def _warnings(plan: Plan) -> dict[str, Severity]:
    """What stops or warns in a plan, in words, with its severity."""
    return {
        placed(each): each.severity for each in plan.findings if each.severity != "note" and each.kind != "not_checked"
    }


def _differing(first: dict[str, str], second: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys((*first, *second)):
        pair = first.get(name, figures.MISSING), second.get(name, figures.MISSING)
        if pair[0] != pair[1]:
            yield (name, *pair)


def _inputs(plan: Plan) -> dict[str, str]:
    """Every input that was given, by where it is and what it is."""
    found = dict(given(plan.case, "case"))
    for constant in plan.constants:
        found.setdefault(
            reference.field(constant.name).label, figures.with_unit(figures.trimmed(constant.value), constant.unit)
        )
    for row, territory in enumerate(plan.case.territories):
        found[f"{territory.name}: prescription"] = prescribed(plan.case, row)
        found |= {f"{territory.name}: {name}": value for name, value in given(territory, "territory")}
        for lesion in territory.lesions:
            found |= {f"{territory.name}, {lesion.name}: {name}": value for name, value in given(lesion, "lesion")}
    return found | dict(_listed(plan.case))


def _listed(case: Case) -> Iterator[tuple[str, str]]:
    """What stands in lists: limits switched on and off, sessions, vials of an order and of a delivery."""
    by_path = {leaf.path: leaf for leaf in leaves()}
    for path, value in _flat(plain_from_case(case)):
        leaf = by_path.get(PLACE.sub("[]", path))
        if leaf is not None and leaf.level == "list" and not path.startswith("acknowledged"):
            name = flat_names()[leaf.path]
            place = ".".join(str(int(number) + 1) for number in PLACE.findall(path))
            yield f"{reference.field(name).label} {place}", shown(name, value)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{place}]")
    else:
        yield path, value


def _results(plan: Plan) -> Iterator[tuple[str, str]]:
    for territory in plan.territories:
        for label, gbq, bounds in (
            ("administered activity", territory.administered_activity_gbq, limits_gbq(territory.bounds)),
            ("vial activity at treatment", territory.vial_activity_gbq, ()),
        ):
            yield f"{territory.name}: {label} [GBq]", activity(gbq, bounds)[0]
    yield from ((f"{name} [Gy]", gy(dose)) for name, dose in compartments(plan, plan).items())
    yield "lungs, all sessions [Gy]", gy(plan.lung_dose_cumulative_gy)
    counted = [finding.severity for finding in plan.findings if finding.kind != "not_checked"]
    yield "findings that stop", str(counted.count("stop"))
    yield "findings that warn", str(counted.count("caution"))
