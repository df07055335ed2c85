"""The lists in the report of an audit: refused rows, far rows, slips by quantity, and how the headers were read."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import figures, reference
from dosimetry.audit import names
from dosimetry.audit.candidates import SEPARATOR
from dosimetry.audit.conversions import unit_in_words
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.notable_rows import MOST_FAR, MOST_REASONS
from dosimetry.audit.slips import in_words, labels
from dosimetry.audit.tallying import Tally
from dosimetry.models import MODELS
from dosimetry.report.document import Block, Column, Heading, Paragraph, Table
from dosimetry.report.inputs import product

_DIGITS = 4


@cache
def _labels_of(by: str) -> dict[str, str]:
    of_models = {model.key: model.label for model in MODELS}
    of_devices = {row.device: product(row.device) for row in reference.devices()}
    return {"model": of_models, "device": of_devices, "slip": labels()}.get(by, {})


def group_label(by: str, key: str) -> str:
    """A group as people name it: a model, a device or a slip in words, others as the table spells them."""
    return _labels_of(by).get(key, key)


def refused_blocks(counted: Tally) -> Iterator[Block]:
    """Why rows were refused, how often, and where to look first."""
    if not len(counted.refused):
        return
    yield Heading("Refused rows by reason")
    yield Paragraph(
        "A row counts once, for the first rule it breaks; values in a reason are those of its first row. "
        "The file of the rows has every reason of each row."
    )
    ordered = counted.refused.sort_values("count", ascending=False, kind="stable")
    shown, left = ordered[:MOST_REASONS], ordered[MOST_REASONS:]
    lines = zip(shown["reason"], shown["count"], shown["rows"], strict=True)
    columns = (Column("Reason"), Column("Rows", "", True), Column("First rows"))
    yield Table(columns, tuple((reason, f"{count:,}", rows) for reason, count, rows in lines), (3, 0, 1))
    if len(left):
        yield Paragraph(f"Rows refused for {len(left):,} more reasons: {left['count'].sum():,}.")


def far_blocks(counted: Tally) -> Iterator[Block]:
    """The records that are far off, one a line, the largest difference first."""
    if not len(counted.far):
        return
    yield Heading("Records that are far off")
    if len(counted.far) >= MOST_FAR:
        yield Paragraph(f"The {MOST_FAR} largest differences; all are in the file of the rows.")
    columns = (
        Column("Row"), Column("Case"), Column("Territory"), Column("Quantity"), Column("Recorded", "", True),
        Column("Computed", "", True), Column("Difference", "", True), Column("Consistent with"),
    )  # fmt: skip
    yield Table(columns, tuple(_far_line(line) for _, line in counted.far.iterrows()))


def _far_line(line: "pd.Series[Any]") -> tuple[str, ...]:
    quantity = names.output_named(str(line["quantity"])).quantity
    shown = (
        figures.with_unit(figures.significant(float(line[name]), _DIGITS), quantity.unit)
        for name in ("recorded", "computed")
    )
    difference = float(line["difference"])
    slips = "; ".join(in_words(key) for key in str(line["slips"]).split(SEPARATOR) if key)
    return (
        *(str(line[name]) or figures.MISSING for name in ("row", "case", "territory")),
        quantity.label,
        *shown,
        figures.signed_percent(difference) if np.isfinite(difference) else "zero was computed",
        slips or figures.MISSING,
    )


def slips_table(groups: pd.DataFrame, quantities: list[str]) -> Table:
    """Rows consistent with each slip, by the quantity that is, with the differences of that quantity."""
    columns = (
        Column("Slip"), Column("Quantity"), Column("Rows", "", True), Column("mean difference", "", True),
        Column("limits of agreement", "", True),
    )  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for _, group in groups.sort_values("rows", ascending=False, kind="stable").iterrows():
        rows += [
            (
                group_label("slip", str(group["value"])),
                names.output_named(name).quantity.label,
                f"{count:,}",
                *_agreement(group, name),
            )
            for name in quantities
            if (count := group[f"n_{name}"] + group[f"endless_{name}"])
        ]
    return Table(columns, tuple(rows))


def _agreement(group: "pd.Series[Any]", name: str) -> tuple[str, str]:
    bias, lower, upper = (float(group[f"{key}_{name}"]) for key in ("bias", "lower", "upper"))
    return (
        figures.MISSING if np.isnan(bias) else figures.signed_percent(bias),
        figures.MISSING if np.isnan(lower) else f"{figures.percent(lower)} to {figures.percent(upper)}",
    )


def mapping_blocks(mapping: TableMapping | None) -> Iterator[Block]:
    """How the headers of the tables were read, in which units and words, and what held for every row."""
    if mapping is None or not (mapping.columns or mapping.constants):
        return
    yield Heading("How the tables were read")
    rows = [
        (each.header, names.label_of(each.field), each.unit or figures.MISSING,
         "; ".join(f"{theirs} is {ours}" for theirs, ours in each.words.items()) or figures.MISSING)
        for each in mapping.columns
    ]  # fmt: skip
    rows += [
        ("every row", names.label_of(name), unit_in_words(name) or figures.MISSING,
         str(value))
        for name, value in mapping.constants.items()
    ]  # fmt: skip
    titles = ("Column of the table", "Read as", "Unit", "Words, or the value")
    yield Table(tuple(map(Column, titles)), tuple(rows))
