"""What keeps the inputs from being a case: what is to be mended, and what is still to be entered."""

from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st

from dosimetry.problems import Problem
from dosimetry.web.field_errors import Keys, field_errors, is_empty, keys_on_plan
from dosimetry.web.page_order import in_page_order
from dosimetry.web.problem_text import sentence
from dosimetry.web.screen import Screen


def open_points(problems: Iterable[Problem], screen: Screen, keys: Keys | None = None) -> None:
    """Both lists, and marks at the boxes; ``keys`` gives the boxes of a path on a page other than Plan and TACE."""
    keys = keys or partial(keys_on_plan, screen=screen)
    found = in_page_order(problems, screen.treatment)
    lacks = [problem for problem in found if _is_to_enter(problem, screen, keys)]
    wrong = _lines([problem for problem in found if problem not in lacks], screen)
    if wrong:
        what = "one problem" if len(wrong) == 1 else f"{len(wrong)} problems"
        st.error(f"No result: {what} to mend.")
        for line in wrong:
            st.text(line)
    if lacks:
        with st.container(key="to_enter"):
            st.text("\n".join(["Still to enter:", *_lines(lacks, screen)]))
    field_errors(found, screen, keys)


def _is_to_enter(problem: Problem, screen: Screen, keys: Keys) -> bool:
    """Whether nothing was typed or chosen yet where the problem lies."""
    return is_empty(keys(problem.path)) or (problem.path == "territories" and not screen.territories)


def _lines(problems: Sequence[Problem], screen: Screen) -> list[str]:
    return list(dict.fromkeys(sentence(problem, screen) for problem in problems))
