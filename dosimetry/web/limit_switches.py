"""Switching goals on and limits off, for this case only: with initials and a reason, and printed."""

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from dosimetry import reference
from dosimetry.limits import is_off
from dosimetry.reference_rows import ANY, Limit
from dosimetry.web import guard, session
from dosimetry.web.labels import as_label
from dosimetry.web.screen import Screen

_WORDS = (
    "Unverified goals are not evaluated unless switched on here. A limit is switched off by a person, for a reason."
)


def limit_switches(screen: Screen) -> None:
    """The fold with what can be switched, and what is."""
    with st.expander("Limits and goals switched on or off", key="fold_limits", on_change="rerun") as drawn:
        if drawn.open:
            st.text(_WORDS)
            on, off = st.columns(2, gap="medium")
            with on:
                _on(screen)
            with off:
                _off(screen)


def switched_on(carried: Mapping[str, Any]) -> list[str]:
    """Ids of what the case switches on."""
    return [each for each in _list(carried, "on") if isinstance(each, str)]


def switched_off(carried: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the case switches off: id, by whom, why."""
    return [each for each in _list(carried, "off") if isinstance(each, dict)]


def _list(carried: Mapping[str, Any], name: str) -> list[Any]:
    limits = carried.get("limits")
    found = limits.get(name) if isinstance(limits, dict) else None
    return found if isinstance(found, list) else []


def _on(screen: Screen) -> None:
    known = switched_on(screen.carried)
    choices = {row.limit_id: row for row in _of_device(screen) if is_off(row, ()) and row.limit_id not in known}
    st.selectbox(
        "Unverified goal",
        list(choices),
        index=None,
        key="switch_on",
        format_func=lambda name: _shown(choices[name]),
        placeholder="Choose",
    )
    st.button("Switch on", key="switching_on", on_click=guard.callback(_switch_on), args=(screen,))
    for name in known:
        st.button(
            f"Switch {as_label(name)} off again",
            key=f"no_longer_on_{name}",
            on_click=guard.callback(_no_longer_on),
            args=(screen, name),
        )


def _off(screen: Screen) -> None:
    known = [str(each.get("id")) for each in switched_off(screen.carried)]
    choices = {row.limit_id: row for row in _of_device(screen) if row.kind != "target" and row.limit_id not in known}
    st.selectbox(
        "Limit or goal",
        list(choices),
        index=None,
        key="switch_off",
        format_func=lambda name: _shown(choices[name]),
        placeholder="Choose",
    )
    initials, reason = st.columns((1, 4))
    initials.text_input("Initials", key="switch_off_by", autocomplete="off")
    reason.text_input("Reason", key="switch_off_reason", autocomplete="off")
    st.button("Switch off", key="switching_off", on_click=guard.callback(_switch_off), args=(screen,))
    if st.session_state.pop("switch_off_lacks", False):
        st.warning("A limit, initials and a reason are needed.")
    for name in known:
        st.button(
            f"Switch {as_label(name)} on again",
            key=f"no_longer_off_{name}",
            on_click=guard.callback(_no_longer_off),
            args=(screen, name),
        )


def _of_device(screen: Screen) -> Iterator[Limit]:
    """The limits on file for the chosen device, or for all while none is chosen."""
    device = screen.case.get("device")
    return (row for row in reference.limits() if device is None or device in row.device.split("|") or row.device == ANY)


def _shown(row: Limit) -> str:
    return f"{row.limit_id}: {row.label}"


def _switch_on(screen: Screen) -> None:
    chosen = st.session_state.get("switch_on")
    if chosen:
        _put([*switched_on(screen.carried), chosen], switched_off(screen.carried))
        st.session_state["switch_on"] = None


def _no_longer_on(screen: Screen, name: str) -> None:
    _put([each for each in switched_on(screen.carried) if each != name], switched_off(screen.carried))


def _switch_off(screen: Screen) -> None:
    state = st.session_state
    by, reason = (str(state.get(key) or "").strip() for key in ("switch_off_by", "switch_off_reason"))
    if not (state.get("switch_off") and by and reason):
        state["switch_off_lacks"] = True
        return
    entry = {"id": state["switch_off"], "by": by, "reason": reason}
    _put(switched_on(screen.carried), [*switched_off(screen.carried), entry])
    state["switch_off"], state["switch_off_reason"] = None, ""


def _no_longer_off(screen: Screen, name: str) -> None:
    _put(switched_on(screen.carried), [each for each in switched_off(screen.carried) if each.get("id") != name])


def _put(on: list[str], off: list[dict[str, Any]]) -> None:
    switches = {name: found for name, found in (("on", on), ("off", off)) if found}
    session.carry("limits", switches)
