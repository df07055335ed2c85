"""Lines of a worksheet: each result with its equation and the numbers put in."""

from collections.abc import Mapping

from dosimetry import figures
from dosimetry.expression import Expression, Figure, Symbol, substituted
from dosimetry.report.document import Step

DIGITS = 6
"""Significant digits of every number in an equation."""


class Lines:
    """Collects steps; each step's result is known to the later ones."""

    def __init__(self, known: Mapping[Symbol, Figure]) -> None:
        self.known = dict(known)
        self.steps: list[Step] = []

    def know(self, symbol: Symbol, value: float | None, unit: str = "") -> None:
        """A number that no line before it gives, without trailing zeros, as it was typed."""
        self.known[symbol] = Figure(figures.MISSING if value is None else figures.trimmed(value, DIGITS), unit)

    def step(self, title: str, result: Symbol, equation: Expression, value: float | None, unit: str) -> None:
        """Add a line, unless its result is not known or only repeats one number."""
        if value is not None:
            self.known[result] = figure(value, unit)
            self.steps.append(Step(title, result, equation, substituted(equation, self.known), self.known[result]))


def figure(value: float | None, unit: str = "") -> Figure:
    """A computed number as the worksheet prints it."""
    return Figure(figures.significant(value, DIGITS), unit)
