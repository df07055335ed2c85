"""A table of the report on the page, where figures and texts must be found on a narrow page too."""

from collections.abc import Iterable

import streamlit as st

from dosimetry.report.document import Block, Table
from dosimetry.web.html_blocks import html_of, table_html


def without_gaps(table: Table) -> Table:
    """The table with an empty first cell filled from the row above, for where no line is drawn between groups."""
    rows: list[tuple[str, ...]] = []
    for row in table.rows:
        rows.append((row[0] or rows[-1][0], *row[1:]))
    return Table(table.columns, tuple(rows), table.widths)


def show_blocks(blocks: Iterable[Block], *, alt: str) -> None:
    """Draw blocks of the report; nothing where there are none."""
    html = html_of(blocks, alt=alt)
    if html:
        st.html(html)


def show_table(table: Table, *, alt: str) -> None:
    """Draw a table of the report; texts are shown as they are, never as markup."""
    st.html(table_html(table, alt=alt))
