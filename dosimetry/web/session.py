"""What one browser session holds: the inputs under their flat names, and the outcome of a calculation.

All of it lives in the session state, in the memory of the server while the session is open; nothing is cached across
sessions, logged, written to disk or put into the address.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from dosimetry.web import earlier_rows, rows, typed_units
from dosimetry.web.outcome import Latest, Outcome
from dosimetry.web.screen import Screen, empty, is_chosen, names
from dosimetry.web.treatments import TARE, TREATMENTS, Treatment

_CARRIED, _ACKNOWLEDGED, _OUTCOME = "carried", "acknowledged", "outcome"
_ACKNOWLEDGED_FOR = "acknowledged_for"
_LOADS, _REFUSED_FILE, _UPLOADS, _HELD, _SAVED = "loads", "refused_file", "uploads", "held", "saved"
_TREATMENT, _OF_OTHER, _DOUBTS = "treatment_shown", "of_other_treatment", "doubts"
_SAVED_ACKNOWLEDGED = "saved_acknowledged"
_LATEST, _CASE = "latest", "case_number"
KEPT = (
    _CARRIED, _ACKNOWLEDGED, _ACKNOWLEDGED_FOR, _OUTCOME, _REFUSED_FILE, _OF_OTHER, _DOUBTS, _HELD, _SAVED,
    _SAVED_ACKNOWLEDGED, _CASE,
)  # fmt: skip
"""What belongs to the case on the screen, beside its inputs."""


def treatment() -> Treatment:
    """The treatment whose page was drawn last: everything on the screen belongs to it."""
    return TREATMENTS[st.session_state.get(_TREATMENT, TARE.key)]


def show(wanted: Treatment) -> None:
    """From now on the screen is that of this treatment."""
    st.session_state[_TREATMENT] = wanted.key


def screen() -> Screen:
    """The inputs as they stand now."""
    state = st.session_state.to_dict()
    names_of = names("case", treatment())
    case = {name: typed_units.case_text(name, text) for name in names_of if (text := state.get(name))}
    return Screen(
        treatment=treatment(),
        case=case,
        territories=rows.territories(state),
        earlier=earlier_rows.rows(),
        carried=state.get(_CARRIED, {}),
        # An acknowledgement belongs to one case: under another label it is not taken over.
        acknowledged=state.get(_ACKNOWLEDGED, ()) if state.get(_ACKNOWLEDGED_FOR) == case.get("label") else (),
    )


def put(new: Screen, *, is_saved: bool = True) -> None:
    """Put another case on the screen in place of the one that stood there. To be called before any widget is drawn."""
    rows.put(new.territories)
    _put(new)
    st.session_state[_CASE] = loads()
    if is_saved:
        saved()


def put_back(new: Screen, case: int) -> None:
    """Put a case on the screen as it stood there under this number, but for its rows: what stands elsewhere stays."""
    _put(new)
    st.session_state[_CASE] = case


def _put(new: Screen) -> None:
    state = st.session_state
    typed_units.reset()
    for name in names("case", new.treatment):
        # Streamlit goes through all it holds for every box that it draws: what never stood anywhere is not put there.
        if name in new.case or name in state:
            state[name] = new.case.get(name, None if is_chosen(name) else "")
    earlier_rows.put(new.earlier)
    state[_CARRIED], state[_ACKNOWLEDGED] = new.carried, new.acknowledged
    state[_ACKNOWLEDGED_FOR] = new.case.get("label")
    state[_LOADS] = loads() + 1
    for key in (_OUTCOME, _REFUSED_FILE, _OF_OTHER, _DOUBTS, _HELD):
        state.pop(key, None)


def stay() -> None:
    """Let the inputs of a page that is not drawn now stay as they are: what no widget shows is otherwise forgotten."""
    state = st.session_state
    for name in [*names("case"), *rows.keys()]:
        if name in state:
            state[name] = state[name]


def convert(name: str, way: Callable[[str], str]) -> None:
    """Put what stands in an input of the case through a function of texts."""
    text = st.session_state.get(name)
    if text:
        st.session_state[name] = way(text)


def saved() -> None:
    """The inputs on the screen can be had again: they were opened from a file, or saved as one."""
    now = screen()
    st.session_state[_SAVED], st.session_state[_SAVED_ACKNOWLEDGED] = now.digest, now.acknowledged


def is_saved() -> bool:
    """Whether nothing is lost when another case takes the place of the inputs."""
    return _is_saved(screen())


def is_saved_whole() -> bool:
    """Whether nothing at all is lost, acknowledgements included."""
    now = screen()
    return _is_saved(now) and now.acknowledged == st.session_state.get(_SAVED_ACKNOWLEDGED, ())


def _is_saved(now: Screen) -> bool:
    return now.digest in (st.session_state.get(_SAVED), empty(treatment()).digest)


def doubt(sentences: tuple[str, ...]) -> None:
    """Say why the case on the screen is in doubt, until another one is put in its place."""
    st.session_state[_DOUBTS] = sentences


def doubts() -> tuple[str, ...]:
    """Why the case on the screen is in doubt."""
    return tuple(st.session_state.get(_DOUBTS, ()))


def hold(new: Screen) -> None:
    """Keep the case of a file until it is known whether it may replace the inputs."""
    st.session_state[_HELD] = new


def held() -> Screen | None:
    """The case of a file that waits."""
    found: Screen | None = st.session_state.get(_HELD)
    return found


def release() -> None:
    """Forget the case that waits, and let another one be chosen."""
    st.session_state.pop(_HELD, None)
    _close_upload()


def loads() -> int:
    """How often a case was put on the screen: widgets that start anew with each case carry it in their key."""
    return int(st.session_state.get(_LOADS, 0))


def latest() -> Latest:
    """What stands on the screen, also for what is done beside the runs of the session."""
    found: Latest = st.session_state.setdefault(_LATEST, Latest())
    return found


def note_latest() -> str:
    """Take what stands on the screen for the latest; its digest."""
    latest().digest = screen().digest
    return latest().digest


def case_number() -> int:
    """Which case stands on the screen: another one with every case that is opened, cleared or taken over."""
    return int(st.session_state.get(_CASE, 0))


def outcome() -> Outcome | None:
    """The last calculation of this session, whether or not it still belongs to what is on the screen."""
    found: Outcome | None = st.session_state.get(_OUTCOME)
    return found


def keep(new: Outcome) -> None:
    """Keep the outcome of a calculation: one assignment, so that an interrupted run leaves the old or the new one."""
    st.session_state[_OUTCOME] = new


def _discard() -> None:
    """Forget the last calculation: what was acknowledged is no input, and changes it all the same."""
    st.session_state.pop(_OUTCOME, None)


def acknowledge(entries: Iterable[Mapping[str, Any]]) -> None:
    """Add acknowledgements to the case on the screen."""
    now = screen()
    latest = {entry.get("finding"): entry for entry in (*now.acknowledged, *entries)}
    st.session_state[_ACKNOWLEDGED], st.session_state[_ACKNOWLEDGED_FOR] = tuple(latest.values()), now.case.get("label")
    _discard()


def withdraw() -> None:
    """Take all acknowledgements of the case back, and with them the result they stood under."""
    st.session_state[_ACKNOWLEDGED] = ()
    _discard()


def carried() -> Mapping[str, Any]:
    """The parts of the case that no single input holds."""
    found: Mapping[str, Any] = st.session_state.get(_CARRIED, {})
    return found


def carry(name: str, value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Put a part of the case that no single input holds; an empty one is taken away."""
    carried = {**st.session_state.get(_CARRIED, {}), name: value}
    st.session_state[_CARRIED] = {each: part for each, part in carried.items() if each != name or part}
    note_latest()


def refuse_file(sentences: tuple[str, ...], *, of: Treatment | None = None) -> None:
    """Say why a file was not opened, until a case is put on the screen or its inputs change.

    ``of`` is the treatment of its case, where that has a page of its own.
    """
    st.session_state[_REFUSED_FILE] = sentences
    st.session_state[_OF_OTHER] = of
    st.session_state.pop(_HELD, None)
    _close_upload()


def _close_upload() -> None:
    st.session_state[_UPLOADS] = int(st.session_state.get(_UPLOADS, 0)) + 1


def forget_refusal() -> None:
    """Stop saying why a file was not opened."""
    st.session_state.pop(_REFUSED_FILE, None)
    st.session_state.pop(_OF_OTHER, None)


def opened() -> tuple[int, int]:
    """Changes with every file that was opened, refused or let go."""
    return loads(), int(st.session_state.get(_UPLOADS, 0))


def refused_for() -> Treatment | None:
    """The treatment the last file is one of, where that is why it was not opened."""
    found: Treatment | None = st.session_state.get(_OF_OTHER)
    return found


def refused_file() -> tuple[str, ...]:
    """Why the last file was not opened."""
    return tuple(st.session_state.get(_REFUSED_FILE, ()))
