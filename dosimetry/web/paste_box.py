"""Pasting territories and lesions from a spreadsheet. What cannot be read stays in the box, with the reasons."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dosimetry.web import guard, rows
from dosimetry.web.day_inputs import on_plan
from dosimetry.web.fields import label_of
from dosimetry.web.pasting import Line, lines_from_cells
from dosimetry.web.screen import TerritoryRow

_PASTES = "pastes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the lines are: the inputs of a line in order, and where they are put, or why they cannot be."""

    title: str
    inputs: tuple[str, ...]
    put: Callable[[list[Line]], list[str]]

    @property
    def key(self) -> str:
        """Of the box the cells are pasted into."""
        return f"paste_{self.title.lower()}"


def forget() -> None:
    """Let go of cells that were pasted and not put in, and of what was said of them."""
    for key in [key for key in st.session_state if str(key).startswith(("paste_", "refused_paste_"))]:
        del st.session_state[key]


def put_territories(lines: list[Line]) -> list[str]:
    """Put territories below those that stand on the page."""
    rows.append_territories(TerritoryRow(inputs=line.inputs) for line in lines)
    return []


def put_lesions(lines: list[Line]) -> list[str]:
    """Put lesions into the territories that the lines name, when every line names exactly one."""
    owners = [_named(line.inputs.get("territory_name", "")) for line in lines]
    refused = [_refusal(line, found) for line, found in zip(lines, owners, strict=True) if len(found) != 1]
    if not refused:
        for line, found in zip(lines, owners, strict=True):
            lesion = {name: text for name, text in line.inputs.items() if name != "territory_name"}
            rows.add_lesion(found[0], lesion)
    return refused


def _named(name: str) -> list[int]:
    return [each.number for each in on_plan() if name and each.name == name]


def _refusal(line: Line, found: list[int]) -> str:
    name = line.inputs.get("territory_name", "")
    if not name:
        return f"Line {line.place}: its territory is missing."
    return f"Line {line.place}: {'more than one' if found else 'no'} territory is called {name!r}."


def paste_box(kinds: tuple[Kind, ...]) -> None:
    """The pop-over; it closes when all cells were read."""
    closed = st.session_state.get(_PASTES, 0)
    with st.popover("Paste from a spreadsheet", key=f"paste_{closed}", on_change="rerun") as box:
        if box.open:
            for kind in kinds:
                _kind(kind)


def _kind(kind: Kind) -> None:
    text, refused = st.session_state.get(f"refused_{kind.key}", ("", []))
    if refused and text == st.session_state.get(kind.key):
        # Above the box: what stands below the button may lie outside the window.
        st.text("\n".join(["Nothing was put in.", *refused]))
    st.text_area(f"{kind.title}: one in a line, without headers", key=kind.key, height=100, persist_state="session")
    st.caption("Columns in this order: " + ", ".join(label_of(name) for name in kind.inputs) + ".")
    st.button(f"Put in {kind.title.lower()}", key=f"put_{kind.key}", on_click=guard.callback(_take), args=(kind,))


def _take(kind: Kind) -> None:
    state = st.session_state
    text = state.get(kind.key) or ""
    lines, refused = lines_from_cells(text, kind.inputs)
    refused = refused or (kind.put(lines) if lines else ["There is nothing to read."])
    state[f"refused_{kind.key}"] = (text, refused)
    if not refused:
        state[kind.key] = ""
        state[_PASTES] = state.get(_PASTES, 0) + 1
