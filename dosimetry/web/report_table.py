"""A table of the report on the page: the same words and digits, figures to the right with their unit in the title."""

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from dosimetry.report.document import Column, Table

_WIDTHS = {
    "Compartment": 175,
    "Mean dose [Gy]": 105,
    "Territory": 90,
    "Mass [kg]": 75,
    "Constant": 210,
    "Source": 330,
    "Place in the source": 330,
}
"""So that a dose is never cut on a phone, and a long text does not push the rest out of sight. [pixels]"""


def without_gaps(table: Table) -> Table:
    """The table with an empty first cell filled from the row above, for where that column does not come first."""
    rows: list[tuple[str, ...]] = []
    for row in table.rows:
        rows.append((row[0] or rows[-1][0], *row[1:]))
    return Table(table.columns, tuple(rows), table.widths)


def show_table(table: Table, *, alt: str, order: tuple[int, ...] | None = None, is_long: bool = False) -> None:
    """Draw a table of the report; texts are shown as they are, never as markup. A long one scrolls within itself."""
    titles = [_title(column) for column in table.columns]
    configuration = {
        title: TextColumn(title, alignment="right" if column.is_figure else "left", width=_WIDTHS.get(title))
        for title, column in zip(titles, table.columns, strict=True)
    }
    st.dataframe(
        pd.DataFrame(table.rows, columns=titles, dtype="str"),
        hide_index=True,
        column_config=configuration,
        column_order=[titles[place] for place in order] if order else None,
        height="auto" if is_long else "content",
        alt=alt,
    )


def _title(column: Column) -> str:
    return f"{column.title} [{column.unit}]" if column.unit else column.title
