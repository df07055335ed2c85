"""Every number of a plan against a second arithmetic that shares no line with the library."""

from typing import Any

import pytest
from by_hand import fifty_digits, rework
from cases import EXAMPLES, example, numbers, planned
from effort import examples
from hypothesis import given, settings
from strategies import cases

RELATIVE = 1e-12
NO_NUMBER_OF_THE_CASE = {"format", "format_version", "constants", "name"}


def differences(stated: Any, reworked: Any, path: str = "") -> list[str]:
    """Every number of the plan that is not the reworked one, and every one that was not reworked."""
    if isinstance(stated, dict):
        names = [name for name in stated if name not in NO_NUMBER_OF_THE_CASE]
        return [line for name in names for line in differences(stated[name], reworked[name], f"{path}.{name}")]
    if isinstance(stated, list):
        pairs = zip(stated, reworked, strict=True)
        return [line for place, pair in enumerate(pairs) for line in differences(*pair, f"{path}[{place}]")]
    same = stated is reworked if None in (stated, reworked) else is_close(stated, reworked)
    return [] if same else [f"{path}: {stated!r}, by hand {reworked!r}"]


def is_close(stated: float, reworked: Any) -> bool:
    exact = type(reworked)(stated)
    return abs(exact - reworked) <= type(reworked)(RELATIVE) * abs(reworked)


@settings(max_examples=examples(400))
@given(cases(all_models=True))
def test_every_number_of_a_random_plan_agrees_with_fifty_digits(case):
    assert differences(numbers(planned(case)), fifty_digits(case)) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_agree_with_fifty_digits_and_with_plain_floats(path):
    case = example(path.stem)
    assert differences(numbers(planned(case)), fifty_digits(case)) == []
    assert differences(numbers(planned(case)), rework(case, float)) == []


def test_the_arithmetic_by_hand_imports_nothing_of_the_library():
    import by_hand

    modules = {getattr(value, "__module__", "") or "" for value in vars(by_hand).values()}
    assert not [name for name in modules if name.startswith(("dosimetry", "numpy"))]
