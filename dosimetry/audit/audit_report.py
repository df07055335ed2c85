"""The report of an audit: one document from its tally, drawn by the renderers of the plan reports."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import figures, reference
from dosimetry.audit import charts, names
from dosimetry.audit.comparing import DIFFERS, FAR, GRADES, REFUSED
from dosimetry.audit.running import Job
from dosimetry.audit.slips import labels
from dosimetry.audit.summarizing import summary_of
from dosimetry.audit.tallying import ALL, PERIOD, SLIP, Tally, edges
from dosimetry.report.document import Block, Column, Document, Drawing, Facts, Heading, Paragraph, Table
from dosimetry.units import PERCENT
from dosimetry.version import __version__

_BY = {"device": "Device", "model": "Model", "center": "Center", PERIOD: "Month", SLIP: "Slip"}
_CONSISTENT = (
    "A slip is named where the record is what that slip would give; it is consistent with the slip, not proof of it. "
    "Every slip that fits is named, so that a row may count for several."
)


def document(counted: Tally, job: Job, instant: str) -> Document:
    """The report of an audit."""
    summary = summary_of(counted)
    return Document(
        title="Audit of recorded treatments",
        label=", ".join(path.name for path in job.tables),
        footer=f"y90-dosimetry {__version__}, reference data {reference.fingerprint()}",
        computed_at=instant,
        case_json="",
        blocks=tuple(_blocks(counted, summary, job, instant)),
    )


def _blocks(counted: Tally, summary: pd.DataFrame, job: Job, instant: str) -> Iterator[Block]:
    yield Facts(
        (
            ("Tables", ", ".join(path.name for path in job.tables)),
            ("Rows with their results", job.output.name),
            ("Tolerance", figures.percent(job.tolerance)),
            ("Computed at", instant),
        )
    )
    yield Heading("Rows by grade")
    yield grades(summary)
    for name in counted.bins.columns:
        yield from _agreement(counted, summary, name)
    for by, title in _BY.items():
        groups = summary[summary["by"] == by]
        if len(groups):
            yield Heading(f"By {title.lower()}")
            if by == SLIP:
                yield Paragraph(_CONSISTENT)
            yield _groups(groups, title)


def grades(summary: pd.DataFrame) -> Table:
    """How many rows have each grade."""
    whole = summary[summary["by"] == ALL].iloc[0]
    rows = tuple((grade, f"{whole[grade]:,}", figures.percent(float(whole[grade] / whole["rows"]))) for grade in GRADES)
    return Table((Column("Grade"), Column("Rows", "", True), Column("Part", "", True)), rows)


def _agreement(counted: Tally, summary: pd.DataFrame, name: str) -> Iterator[Block]:
    """Bias, limits of agreement and trend of one quantity, with its charts."""
    output = next(each for each in names.outputs() if each.column == name)
    whole = summary[summary["by"] == ALL].iloc[0]
    yield Heading(f"Recorded against computed: {output.quantity.label}")
    if not whole[f"n_{name}"]:
        yield Paragraph("No row has both.")
        return
    yield Facts(
        (
            ("Rows compared", f"{whole[f'n_{name}']:,}"),
            ("Mean difference", _percent(whole[f"bias_{name}"])),
            ("Limits of agreement", f"{_percent(whole[f'lower_{name}'])} to {_percent(whole[f'upper_{name}'])}"),
            ("Trend", _trend(whole[f"trend_per_year_{name}"], whole[f"trend_p_{name}"])),
        )
    )
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
    yield Drawing(
        "Difference against the mean of both (some rows)",
        charts.points(mean, difference, lines, x=f"mean of both{unit}", y="difference [%]"),
    )


def _percent(value: float) -> str:
    return figures.percent(None if np.isnan(value) else float(value))


def _trend(slope: float, chance: float) -> str:
    if np.isnan(slope):
        return f"{figures.MISSING} (needs the dates of three months)"
    return f"{_percent(slope)} a year (p = {figures.significant(float(chance), 2)}, line through the monthly means)"


def _groups(groups: pd.DataFrame, title: str) -> Table:
    in_words = labels()
    columns = (Column(title), *(Column(name, "", True) for name in ("rows", *GRADES)))
    rows = tuple(
        (in_words.get(str(group["value"]), str(group["value"])), *(f"{group[name]:,}" for name in ("rows", *GRADES)))
        for _, group in groups.iterrows()
    )
    return Table(columns, rows)


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
        *(
            f"{rows:,} consistent with: {labels().get(key, key)}"
            for key, rows in zip(slips["value"], slips["rows"], strict=True)
        ),
    ]
    return "".join(f"{line}\n" for line in found)


def _agreement_line(whole: "pd.Series[Any]", name: str) -> str:
    span = f"{_percent(whole[f'lower_{name}'])} to {_percent(whole[f'upper_{name}'])}"
    mean = _percent(whole[f"bias_{name}"])
    return f"{name}: {whole[f'n_{name}']:,} compared, mean difference {mean}, limits of agreement {span}"
