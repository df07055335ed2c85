"""The plan on the Plan page beside the same case under other prescriptions, another convention, or the kept plan."""

import streamlit as st

from dosimetry import planning
from dosimetry.case import Case
from dosimetry.case_file import plain_from_case
from dosimetry.plan_record import Plan, Proposal
from dosimetry.problems import CaseError
from dosimetry.report.what_if_blocks import target_in_words
from dosimetry.web import comparing, guard, session, undo
from dosimetry.web.day_case import link_to_plan
from dosimetry.web.fields import field
from dosimetry.web.labels import as_label
from dosimetry.web.live import outcome_of
from dosimetry.web.problem_text import sentence
from dosimetry.web.screen import screen_from_plain
from dosimetry.what_if.alternatives import alternative, without_records

TITLES = ("On the Plan page", "Alternative")
_AS_PLANNED = "as planned"
_START = (
    "Nothing to compare yet: the Plan page shows no result. Here it is laid beside the same case under other "
    "prescriptions, another convention, or a plan that was kept."
)
_RECORDS = "Both sides as planned: what was ordered, delivered and checked belongs to one plan and is left out here."
_CHOOSE = (
    "Choose another prescription or convention. The inputs on the Plan page stay as they are. For another dose or "
    "target press Keep to compare on the Plan page, and change it there."
)


def compare_page() -> None:
    """What to compare with, both side by side, and the pair as files."""
    st.header("Compare", anchor=False)
    outcome = outcome_of(session.screen())
    if not outcome.is_shown:
        st.text(_START)
        link_to_plan()
        return
    plan = outcome.plan
    with st.container(key="quiet_compared"):
        st.text(f"{plan.label}, input {plan.input_sha256[:12]}, against:")
    kept = comparing.kept_beside(plan)
    with_kept = kept is not None and st.toggle(
        f"The kept plan {as_label(comparing.in_words(kept))}",
        key=f"compare_kept_{kept.input_sha256[:8]}",
        persist_state="session",
    )
    if kept is not None and with_kept:
        comparing.pair(kept, plan, titles=comparing.TITLES, key="kept")
        return
    other = _alternative(plan)
    if other is not None:
        _beside(plan, other)


def _beside(plan: Plan, other: Case) -> None:
    """The plan and the alternative, both as planned, or why that is no case."""
    bare = without_records(plan.case)
    try:
        planned = planning.plan(without_records(other))
    except CaseError as error:
        screen = session.screen()
        st.error("This alternative is no case:")
        st.text("\n".join(sentence(problem, screen) for problem in error.problems))
        return
    if bare != plan.case:
        st.text(_RECORDS)
    stands = plan if bare == plan.case else planning.plan(bare)
    comparing.pair(stands, planned, titles=TITLES, key="alternative")
    st.button("Put the alternative on the Plan page", key="adopt", on_click=guard.callback(_adopt), args=(other,))


def _alternative(plan: Plan) -> Case | None:
    """The case of what is chosen; without a choice the page says so."""
    chosen: dict[int, Proposal] = {}
    places = st.columns(len(plan.territories) + 1)
    for row, (place, territory) in enumerate(zip(places, plan.territories, strict=False)):
        words = [_AS_PLANNED, *map(target_in_words, territory.proposals)]
        with place:
            pick = st.selectbox(
                f"Prescription of {as_label(territory.name)}",
                range(len(words)),
                format_func=words.__getitem__,
                key=f"compare_{row}_{plan.input_sha256[:8]}",
            )
        if pick:
            chosen[row] = territory.proposals[pick - 1]
    names = [each.convention for each in plan.other_conventions if each.convention != plan.case.convention]
    with places[-1]:
        constants = field("convention").choices
        picked = st.selectbox(
            "Convention",
            [_AS_PLANNED, *names],
            format_func=lambda name: constants.get(name, name),
            key="compare_convention",
        )
    convention = None if picked == _AS_PLANNED else picked
    if not chosen and convention is None:
        st.text(_CHOOSE)
        return None
    return alternative(plan.case, chosen, convention)


def _adopt(other: Case) -> None:
    """The inputs of the alternative in place of those on the Plan page; undo brings those back."""
    undo.note_apart()
    doubts = session.doubts()
    session.put(screen_from_plain(plain_from_case(other)), is_saved=False)
    session.doubt(doubts)
