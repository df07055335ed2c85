"""Two plans side by side: the inputs in which they differ, then activities and doses of both."""

from collections.abc import Iterator
from typing import Any

from dosimetry import figures, reference
from dosimetry.case import Case
from dosimetry.case_fields import leaves
from dosimetry.case_file import plain_from_case
from dosimetry.columns import flat_names
from dosimetry.compartment_names import LUNGS_ALL_SESSIONS
from dosimetry.plan_record import Finding, Plan, Severity
from dosimetry.problems import PLACE
from dosimetry.report.document import Block, Column, Heading, Paragraph, Table
from dosimetry.report.finding_blocks import SYMBOLS, placed
from dosimetry.report.inputs import given, prescribed, shown
from dosimetry.report.numbers import activity, gy, limits_gbq, vial_of
from dosimetry.report.what_if_blocks import compartments
from dosimetry.treatment_day.residual import difference_fraction

_SAME = "No input differs."
_ACKNOWLEDGED = "Only what was acknowledged differs."
_SAME_FINDINGS = "The same findings stop and warn in both."


def comparison(first: Plan, second: Plan, *, titles: tuple[str, str]) -> Iterator[Block]:
    """What differs between two plans, and what follows."""
    differing = tuple(_differing(_inputs(first), _inputs(second)))
    yield Heading("Inputs that differ", 2)
    if differing:
        yield Table((Column("Input"), *map(Column, titles)), differing, (3, 2, 2))
    else:
        yield Paragraph(_SAME if first.input_sha256 == second.input_sha256 else _ACKNOWLEDGED)
    yield Heading("Activities and doses", 2)
    yield _numbers(first, second, titles)
    yield Heading("Findings that stop or warn in one of them only", 2)
    told = [_warnings(each) for each in (first, second)]
    differing = tuple(
        (title, SYMBOLS[finding.severity], placed(finding))
        for title, own, other in zip(titles, told, reversed(told), strict=True)
        for key, finding in own.items()
        if key not in other
    )
    if differing:
        yield Table((Column("In"), Column("Severity"), Column("Finding")), differing, (2, 2, 8))
    else:
        yield Paragraph(_SAME_FINDINGS)


def _numbers(first: Plan, second: Plan, titles: tuple[str, str]) -> Table:
    """Activities, doses and counts of findings of both, and by how much the second differs."""
    own, other = (dict(_results(each)) for each in (first, second))
    absent = (figures.MISSING, None)
    pairs = ((name, own.get(name, absent), other.get(name, absent)) for name in dict.fromkeys((*own, *other)))
    rows = tuple((name, before[0], after[0], _change(before[1], after[1])) for name, before, after in pairs)
    columns = (Column(""), *(Column(title, is_figure=True) for title in titles), Column("Change", is_figure=True))
    return Table(columns, rows, (4, 2, 2, 1))


def _change(before: float | None, after: float | None) -> str:
    """The relative change; nothing where it is none, or where there is nothing to relate it to."""
    if not before or after is None or before == after:
        return ""
    shown = figures.change(float(difference_fraction(delivered=after, intended=before)), 1)
    return "" if shown == figures.change(0.0, 1) else shown


def _warnings(plan: Plan) -> dict[tuple[str, Severity], Finding]:
    """What stops or warns in a plan, by its id and severity: the same one with another value is no other."""
    found = (each for each in plan.findings if each.severity != "note" and each.kind != "not_checked")
    return {(each.id, each.severity): each for each in found}


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


def _results(plan: Plan) -> Iterator[tuple[str, tuple[str, float | None]]]:
    """Every number with its name and unit: as it is printed, and as it is."""
    for territory in plan.territories:
        given_gbq = territory.administered_activity_gbq
        for label, gbq, texts in (
            ("administered activity", given_gbq, activity(given_gbq, limits_gbq(territory.bounds))),
            ("vial activity at treatment", territory.vial_activity_gbq, vial_of(territory)),
        ):
            for unit, text in zip(("GBq", "mCi"), texts, strict=True):
                yield f"{territory.name}: {label} [{unit}]", (text, gbq)
    yield from ((f"{name} [Gy]", (gy(dose), dose)) for name, dose in compartments(plan, plan).items())
    yield f"{LUNGS_ALL_SESSIONS} [Gy]", (gy(plan.lung_dose_cumulative_gy), plan.lung_dose_cumulative_gy)
    counted = [finding.severity for finding in plan.findings if finding.kind != "not_checked"]
    yield "findings that stop", (str(counted.count("stop")), None)
    yield "findings that warn", (str(counted.count("caution")), None)
