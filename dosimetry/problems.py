"""What is wrong with a case: one sentence a problem, all of them at once."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PLACE = re.compile(r"\[(\d+)\]")
"""The place of an item in a list, within a path."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: where, and a sentence with name, rule, value and the likely slip."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def repeated(values: Iterable[str | None]) -> list[str]:
    """Names that stand more than once, each told once."""
    return [value for value, count in Counter(values).items() if value is not None and count > 1]


def refuse(found: Iterable["Problem"]) -> None:
    """A `CaseError` with every problem once, where there is any."""
    each = tuple(dict.fromkeys(found))
    if each:
        raise CaseError(each)


class CaseError(ValueError):
    """A case breaks rules. ``problems`` holds all of them; the text of the error lists them, one a line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
