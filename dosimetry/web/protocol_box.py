"""The protocols that go with the technique and the drug that are chosen; all of them while neither is."""

from collections.abc import Mapping

import streamlit as st

from dosimetry.report.inputs import shown
from dosimetry.tace.columns import protocol_named
from dosimetry.tace_rows import TaceProtocol
from dosimetry.web.fields import field

_NAME, _TECHNIQUE, _DRUG = "protocol", "technique", "drug_name"


def protocol_box() -> None:
    """The list, in which a protocol that was chosen before stays, with why it does not fit below it."""
    words, chosen = field(_NAME).choices, protocol_named(st.session_state.get(_NAME))
    offered = [key for key in words if _fits(protocol_named(key)) or (chosen and key == chosen.protocol)]
    st.selectbox(
        field(_NAME).label,
        offered,
        index=None,
        format_func=words.__getitem__,
        key=_NAME,
        help=field(_NAME).help,
        placeholder="Choose" if offered else "No protocol on file goes with this technique and drug",
        persist_state="session",
    )


def told_of_misfit() -> str:
    """What the chosen protocol is for where that is not what was chosen; empty where it fits."""
    chosen = protocol_named(st.session_state.get(_NAME))
    if chosen is None or _fits(chosen):
        return ""
    asked, own = _asked(), _own(chosen)
    wrong = [name for name in asked if asked[name] != own[name]]
    lines = (
        f"The {field(name).title.lower()} of this protocol is {shown(name, own[name])}, and {shown(name, asked[name])} "
        "is chosen: which is meant?"
        for name in wrong
    )
    return "\n".join(lines)


def _own(row: TaceProtocol) -> Mapping[str, str]:
    return {_TECHNIQUE: row.technique, _DRUG: row.drug}


def _asked() -> Mapping[str, str]:
    """What is chosen of technique and drug."""
    chosen = {name: st.session_state.get(name) for name in (_TECHNIQUE, _DRUG)}
    return {name: word for name, word in chosen.items() if word}


def _fits(row: TaceProtocol | None) -> bool:
    asked = _asked()
    return row is not None and all(own == asked.get(name, own) for name, own in _own(row).items())
