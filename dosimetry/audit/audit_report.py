"""The report of an audit: one document from its tally, drawn by the renderers of the plan reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import figures, reference
from dosimetry.audit import charts, names
from dosimetry.audit.comparing import DIFFERS, FAR, GRADES, REFUSED
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.report_lists import (
    far_blocks,
    group_label,
    mapping_blocks,
    refused_blocks,
    slips_table,
)
from dosimetry.audit.summarizing import summary_of
from dosimetry.audit.tallying import ALL, PERIOD, SLIP, Tally, edges
from dosimetry.report.document import Block, Column, Document, Drawing, Facts, Heading, Paragraph, Table
from dosimetry.units import PERCENT
from dosimetry.version import __version__

_NONE = 1e-9
"""A mean difference below this is that of computing, and printed as none."""
_BY = {"device": "Device", "model": "Model", "center": "Center", PERIOD: "Month", SLIP: "Slip"}
_CONSISTENT = (
    "Only rows that differ by more than the tolerance are asked for slips. A slip is named where the record is what "
    "that slip would give, to half of the last digit the record was written with and one percent, or half of the "
    "tolerance where that is less; it is consistent with the slip, not proof of it. "
    "Every slip that fits is named, so that a row may count for several. Hours and days of decay are named only where "
    "the digits of the record tell a step from the next; even so, up to one wrong record in five fits one by chance. "
    "Where half of the last digit of every input could make the difference, rounding of the inputs is named first, and "
    "the slips that fit stand beside it; here such a row counts for rounding of the inputs only. "
    "A record of zero is named nothing."
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What was audited: tables, file of the rows with results, tolerance, when, and how the headers were read."""

    tables: tuple[str, ...]
    output: str
    tolerance: float
    computed_at: str
    mapping: TableMapping | None = None
    """How the headers of the tables were read; none where they bear the names of the library."""


def document(counted: Tally, subject: Subject) -> Document:
    """The report of an audit."""
    return Document(
        title="Audit of recorded treatments",
        label=", ".join(subject.tables),
        footer=_program(),
        computed_at=subject.computed_at,
        case_json="",
        blocks=(_facts(subject), *findings(counted), *mapping_blocks(subject.mapping)),
    )


def _program() -> str:
    return f"y90-dosimetry {__version__}, reference data {reference.fingerprint()}"


def _facts(subject: Subject) -> Facts:
    return Facts(
        (
            ("Tables", ", ".join(subject.tables)),
            ("Rows with their results", subject.output),
            ("Tolerance", figures.percent(subject.tolerance)),
            ("Computed at", subject.computed_at),
            ("Computed by", _program()),
        )
    )


def findings(counted: Tally) -> Iterator[Block]:
    """What an audit found: grades, agreement of every recorded quantity, and the groups."""
    summary = summary_of(counted)
    yield Heading("Rows by grade")
    yield grades(summary)
    yield from refused_blocks(counted)
    yield from far_blocks(counted)
    for name in counted.bins.columns:
        yield from _agreement(counted, summary, name)
    first = str(counted.bins.columns[0])
    for by, title in _BY.items():
        groups = summary[summary["by"] == by]
        if len(groups):
            yield Heading(f"By {title.lower()}")
            if by == SLIP:
                yield Paragraph(_CONSISTENT)
                yield _slip_chart(groups)
                yield slips_table(groups, list(counted.bins.columns))
                continue
            yield Paragraph(
                f"Mean difference and limits of agreement are of the {names.output_named(first).quantity.label}."
            )
            yield _groups(groups, title, first)


def grades(summary: pd.DataFrame) -> Table:
    """How many rows have each grade."""
    whole = summary[summary["by"] == ALL].iloc[0]
    rows = tuple((grade, f"{whole[grade]:,}", figures.percent(float(whole[grade] / whole["rows"]))) for grade in GRADES)
    return Table((Column("Grade"), Column("Rows", "", True), Column("Part", "", True)), rows)


def _agreement(counted: Tally, summary: pd.DataFrame, name: str) -> Iterator[Block]:
    """Bias, limits of agreement and trend of one quantity, with its charts."""
    output = names.output_named(name)
    whole = summary[summary["by"] == ALL].iloc[0]
    yield Heading(f"Recorded against computed: {output.quantity.label}")
    if not whole[f"n_{name}"]:
        yield Paragraph("No row has both.")
        yield from map(Paragraph, _far_counts(whole, name))
        return
    yield Facts(
        (
            ("Rows compared", f"{whole[f'n_{name}']:,}"),
            ("Mean difference", _percent(whole[f"bias_{name}"])),
            ("Limits of agreement", f"{_percent(whole[f'lower_{name}'])} to {_percent(whole[f'upper_{name}'])}"),
            ("Trend", _trend(whole[f"trend_per_year_{name}"], whole[f"trend_p_{name}"])),
        )
    )
    yield from map(Paragraph, _far_counts(whole, name))
    counts = counted.bins[name].tolist()
    shown = charts.histogram(edges() * PERCENT, counts, x="difference [%], outermost bins are open", y="rows")
    yield Drawing("Distribution of the differences", shown)
    points = counted.points[counted.points["quantity"] == name]
    computed, recorded = (points[column].to_numpy(dtype=np.float64) for column in ("computed", "recorded"))
    with np.errstate(all="ignore"):
        difference = (recorded - computed) / computed * PERCENT
    lines = [(word, float(whole[f"{key}_{name}"]) * PERCENT)
             for word, key in (("mean", "bias"), ("upper", "upper"), ("lower", "lower"))]  # fmt: skip
    mean = (computed + recorded) / 2
    unit = f" [{output.quantity.unit}]" if output.quantity.unit else ""
    some = "" if len(points) >= whole[f"n_{name}"] else f" ({len(points):,} of {whole[f'n_{name}']:,} rows)"
    yield Drawing(
        f"Difference against the mean of both{some}",
        charts.points(mean, difference, lines, x=f"mean of both{unit}", y="difference [%]"),
    )


_RULED = (
    "count in mean difference, limits of agreement and trend; a single one can rule them. Look at these rows first."
)


def _far_counts(whole: "pd.Series[Any]", name: str) -> Iterator[str]:
    """That a few rows can rule a mean, and how many are in none: told wherever there are any."""
    far, endless = whole[f"far_{name}"], whole[f"endless_{name}"]
    if far:
        yield f"Records of this quantity that are far off ({far:,}) {_RULED}"
    if endless:
        yield (
            f"Records where zero was computed ({endless:,}) have no relative difference: they are far off, "
            "and left out of mean difference, limits of agreement and trend."
        )


def _percent(value: float) -> str:
    """A mean as a percentage; what computing alone makes of zero is zero."""
    if np.isnan(value):
        return figures.MISSING
    return figures.in_unit(0.0 if abs(value) < _NONE else float(value), "%")


def _trend(slope: float, chance: float) -> str:
    if np.isnan(slope):
        return f"{figures.MISSING} (needs the dates of three months)"
    return f"{_percent(slope)} a year (p = {figures.significant(float(chance), 2)}, line through the monthly means)"


def _groups(groups: pd.DataFrame, title: str, name: str) -> Table:
    """How the rows of each group are graded, and how its records of one quantity agree."""
    counted = ("rows", *GRADES)
    agreement = ("mean difference", "limits of agreement")
    columns = (Column(title), *(Column(each, "", True) for each in (*counted, *agreement)))
    return Table(columns, tuple(_group(group, counted, name) for _, group in groups.iterrows()))


def _group(group: "pd.Series[Any]", counted: tuple[str, ...], name: str) -> tuple[str, ...]:
    key = str(group["value"])
    span = f"{_percent(group[f'lower_{name}'])} to {_percent(group[f'upper_{name}'])}"
    has_span = not np.isnan(group[f"lower_{name}"])
    return (
        group_label(str(group["by"]), key),
        *(f"{group[each]:,}" for each in counted),
        _percent(group[f"bias_{name}"]),
        span if has_span else figures.MISSING,
    )


def _slip_chart(groups: pd.DataFrame) -> Drawing:
    ordered = groups.sort_values("rows", ascending=False, kind="stable")
    words = [group_label(SLIP, str(value)) for value in ordered["value"]]
    return Drawing("Rows by slip", charts.bars(words, ordered["rows"].tolist(), x="rows"))


def has_differences(counted: Tally) -> bool:
    """Whether any row differs or is refused."""
    whole = counted.groups[counted.groups["by"] == ALL]
    return bool(whole[[DIFFERS, FAR, REFUSED]].to_numpy().sum())


def lines(counted: Tally) -> str:
    """The summary as lines of text."""
    summary = summary_of(counted)
    whole = summary[summary["by"] == ALL].iloc[0]
    grades_of_all = ", ".join(f"{whole[grade]:,} {grade}" for grade in GRADES)
    slips = summary[summary["by"] == SLIP]
    found = [
        f"{whole['rows']:,} rows: {grades_of_all}",
        *(_agreement_line(whole, name) for name in counted.bins.columns),
        *([f"Records that are far off {_RULED}"] if any(whole[f"far_{name}"] for name in counted.bins.columns) else []),
        *(
            f"{rows:,} consistent with: {group_label(SLIP, key)}"
            for key, rows in zip(slips["value"], slips["rows"], strict=True)
        ),
    ]
    return "".join(f"{line}\n" for line in found)


def _agreement_line(whole: "pd.Series[Any]", name: str) -> str:
    span = f"{_percent(whole[f'lower_{name}'])} to {_percent(whole[f'upper_{name}'])}"
    mean = _percent(whole[f"bias_{name}"])
    far, endless = whole[f"far_{name}"], whole[f"endless_{name}"]
    told = [f", {far:,} of them far off"] * bool(far) + [f"; {endless:,} more where zero was computed"] * bool(endless)
    return f"{name}: {whole[f'n_{name}']:,} compared, mean difference {mean}, limits of agreement {span}{''.join(told)}"
