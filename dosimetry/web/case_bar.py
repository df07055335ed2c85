"""The label of the case, and opening, clearing and saving it."""

import json

import streamlit as st

from dosimetry.case_file import input_sha256
from dosimetry.problems import CaseError
from dosimetry.web import comparing, examples, guard, paste_box, session, undo
from dosimetry.web.also import unfinished
from dosimetry.web.fields import widget
from dosimetry.web.file_names import file_stem
from dosimetry.web.problem_text import sentence
from dosimetry.web.screen import Screen, case_of, empty, plain_from_screen, screen_from_file


def case_bar() -> None:
    """Label, open, save, new, undo; below it why a file was not opened."""
    label, buttons = st.columns((3, 2), vertical_alignment="bottom")
    with label:
        widget("label")
    with buttons.container(horizontal=True):
        # A new key with every case that is opened closes the two pop-overs.
        with st.popover("Open", width="stretch", key=f"open_{session.loads()}"):
            _open()
        # Opening it draws the page, so that the file is made of what the tables hold now.
        with st.popover("Save", width="stretch", key=f"save_{session.loads()}", on_change="rerun") as saving:
            if saving.open:
                _save()
        with st.popover("New", width="stretch", key=f"clear_{session.loads()}"):
            st.text("Everything on this page is cleared.")
            st.button(
                "Clear everything",
                key="new",
                on_click=guard.callback(_clear),
                type="primary",
            )
        st.button("Undo", key="undo", on_click=guard.callback(undo.undo), disabled=not undo.can(), width="stretch")
    doubts = session.doubts()
    if doubts:
        st.warning("Mend this case before its numbers are used.")
        st.text("\n".join(doubts))
    refused = session.refused_file()
    if refused:
        st.error("The file was not opened.")
        for line in refused:
            st.text(line)
        other = session.refused_for()
        if other is not None:
            # A tab of its own: the inputs live in this one.
            st.html(f'<a href="{other.address}" target="_blank">Open that page in another tab</a>')


def _hash_of(screen: Screen) -> str:
    """The hash by which results and reports name the inputs; of an unfinished case that of its texts."""
    try:
        return input_sha256(case_of(screen))
    except CaseError:
        return screen.digest


def _clear() -> None:
    """Nothing of the case is left, no kept plan and no pasted cells either: the next may be another patient."""
    session.put(empty(session.treatment()))
    comparing.forget()
    paste_box.forget()


def _open() -> None:
    st.file_uploader(
        "Case file or plan file",
        type=["json"],
        # A new key after every file: the server does not hold on to what was opened.
        key=_upload_key(),
        on_change=guard.callback(_open_upload),
        help="The inputs on the page are replaced. The file stays in the memory of this session.",
    )
    st.selectbox("Example", list(examples.paths(session.treatment())), index=None, key="example", placeholder="Choose")
    st.button("Open the example", key="open_example", on_click=guard.callback(_open_example))
    held = session.held()
    if held is not None:
        st.text("The inputs on the page were not saved. Opening replaces them.")
        with st.container(horizontal=True):
            st.button(
                "Replace the inputs", key="replace", on_click=guard.callback(session.put), args=(held,), type="primary"
            )
            st.button("Keep the inputs", key="keep", on_click=guard.callback(session.release))


def _upload_key() -> str:
    loads, refusals = session.opened()
    return f"case_file_{loads}_{refusals}"


def _open_upload() -> None:
    uploaded = st.session_state.get(_upload_key())
    if uploaded is not None:
        _open_content(uploaded.getvalue())


def _open_example() -> None:
    chosen = examples.paths(session.treatment()).get(st.session_state.get("example") or "")
    if chosen:
        _open_content(chosen.read_bytes())
        st.session_state["example"] = None


def _open_content(content: bytes) -> None:
    """Put a case on the screen; one that would replace what was not saved waits for a word."""
    try:
        found = screen_from_file(content)
    except CaseError as error:
        session.refuse_file(tuple(str(problem) for problem in error.problems))
    except Exception as error:  # noqa: BLE001 - whatever a file brings, the browser gets an id and no traceback
        session.refuse_file((guard.sentence_for(error),))
    else:
        if found.treatment is not session.treatment():
            session.refuse_file((f"It is the case of {found.treatment.words}.",), of=found.treatment)
            return
        (session.put if session.is_saved() else session.hold)(found)


def _save() -> None:
    screen = session.screen()
    plain, unreadable = plain_from_screen(screen)
    if unreadable:
        st.text("\n".join(["What cannot be read cannot be saved.", *(sentence(each, screen) for each in unreadable)]))
        return
    st.text("\n".join(["The inputs as a file, to open again here. It holds no results.", *unfinished()]))
    st.download_button(
        "Save the case",
        data=json.dumps(plain, indent=2, ensure_ascii=False) + "\n",
        file_name=f"{file_stem(plain.get('label', ''), _hash_of(screen))}-case.json",
        mime="application/json",
        key="save",
        on_click=guard.callback(session.saved),
        type="primary",
    )
