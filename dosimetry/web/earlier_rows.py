"""Earlier doses as rows of inputs, kept like those of territories and lesions."""

from collections.abc import Iterable

import streamlit as st

from dosimetry.web import rows as all_rows
from dosimetry.web.screen import Row

_NUMBERS = "earlier_rows"
KEPT = (_NUMBERS,)
"""What belongs to the case on the screen."""


def numbers() -> tuple[int, ...]:
    """The numbers of the rows in their order."""
    found: tuple[int, ...] = st.session_state.get(_NUMBERS, ())
    return found


def filled_numbers() -> tuple[int, ...]:
    """The numbers of the rows in which something stands."""
    held = st.session_state.to_dict()
    return tuple(number for number in numbers() if all_rows.typed(number, held))


def rows() -> tuple[Row, ...]:
    """What stands in the rows, without those in which nothing stands."""
    held = st.session_state.to_dict() if numbers() else {}
    return tuple(filter(None, (all_rows.typed(number, held) for number in numbers())))


def put(new: Iterable[Row]) -> None:
    """Put rows in place of those that stood there."""
    all_rows.forget(numbers())
    st.session_state[_NUMBERS] = tuple(all_rows.filled(row) for row in new)


def add() -> None:
    """Put an empty row below the others."""
    st.session_state[_NUMBERS] = (*numbers(), all_rows.filled({}))


def remove(number: int) -> None:
    """Forget a row and what stands in it."""
    all_rows.forget((number,))
    st.session_state[_NUMBERS] = tuple(each for each in numbers() if each != number)
