"""What keeps the inputs from being a case: what is to be mended, and what is still to be entered."""

from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st

from dosimetry.problems import Problem
from dosimetry.web.field_errors import Keys, field_errors, is_empty, keys_on_plan
from dosimetry.web.html_blocks import listed
from dosimetry.web.page_order import in_page_order
from dosimetry.web.problem_text import sentence
from dosimetry.web.screen import Screen

_FIRST_TERRITORY = "A territory is missing: its name, its perfused volume and what it is prescribed by."


def open_points(problems: Iterable[Problem], screen: Screen, keys: Keys | None = None) -> None:
    """Both lists, and marks at the boxes; ``keys`` gives the boxes of a path on a page other than Plan and TACE."""
    keys = keys or partial(keys_on_plan, screen=screen)
    found = in_page_order(problems, screen.treatment)
    lacks = [problem for problem in found if _is_to_enter(problem, screen, keys)]
    wrong = _lines([problem for problem in found if problem not in lacks], screen)
    if wrong:
        what = "one problem" if len(wrong) == 1 else f"{len(wrong)} problems"
        st.error(f"No result: {what} to mend.")
        st.html(listed(wrong))
    if lacks:
        st.text("Still to enter:")
        st.html(listed(_lines(lacks, screen)))
    field_errors(found, screen, keys)


def _is_to_enter(problem: Problem, screen: Screen, keys: Keys) -> bool:
    """Whether nothing was typed or chosen yet where the problem lies."""
    return is_empty(keys(problem.path)) or _is_of_no_territory(problem, screen)


def _is_of_no_territory(problem: Problem, screen: Screen) -> bool:
    return problem.path == "territories" and not screen.territories


def _lines(problems: Sequence[Problem], screen: Screen) -> list[str]:
    texts = (_FIRST_TERRITORY if _is_of_no_territory(each, screen) else sentence(each, screen) for each in problems)
    return list(dict.fromkeys(texts))
