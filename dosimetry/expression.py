"""Equations as trees: written once with symbols, then again with the numbers put in, then drawn by any renderer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dosimetry.figures import MINUS

TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A quantity, as in ``D`` with subscript ``N``."""

    name: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is printed, with its unit."""

    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added."""

    terms: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first term less all others."""

    terms: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied."""

    factors: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Fraction:
    """One expression over another."""

    over: "Expression"
    under: "Expression"


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    inside: "Expression"


@dataclass(frozen=True, slots=True)
class Power:
    """An expression raised to a number."""

    base: "Expression"
    exponent: Figure


Expression = Symbol | Figure | Sum | Difference | Product | Fraction | Root | Power


# Symbols that models and worksheet share.
ENERGY, SHUNT, TARGET_DOSE = Symbol("K"), Symbol("LSF"), Symbol("D", "target")
PERFUSED_MASS, UPTAKE_MASS, LUNG_MASS = Symbol("M"), Symbol("U"), Symbol("m", "L")
PERFUSED_VOLUME, WHOLE_VOLUME = Symbol("V", "P"), Symbol("V", "W")
BODY_SURFACE = Symbol("BSA")
ONE = Figure("1")


def ratio_of(number: int) -> Symbol:
    """The tumor-to-normal ratio of a lesion, numbered within its territory from 1."""
    return Symbol("r", str(number))


def total(terms: list[Expression]) -> Expression:
    """A sum, or its only term."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def less(first: Expression, *others: Expression) -> Expression:
    """The first expression less the others, or itself where there are none."""
    return Difference((first, *others)) if others else first


def times(*factors: Expression) -> Expression:
    """A product."""
    return Product(factors)


def substituted(expression: Expression, numbers: Mapping[Symbol, Figure]) -> Expression:
    """The same equation with each symbol replaced by its number."""
    match expression:
        case Symbol():
            return numbers[expression]
        case Sum(terms):
            return Sum(tuple(substituted(term, numbers) for term in terms))
        case Difference(terms):
            return Difference(tuple(substituted(term, numbers) for term in terms))
        case Product(factors):
            return Product(tuple(substituted(factor, numbers) for factor in factors))
        case Fraction(over, under):
            return Fraction(substituted(over, numbers), substituted(under, numbers))
        case Root(inside):
            return Root(substituted(inside, numbers))
        case Power(base, exponent):
            return Power(substituted(base, numbers), exponent)
    return expression


def linear(expression: Expression) -> str:
    """The equation on one line, with the brackets that a line needs."""
    match expression:
        case Symbol(name, sub):
            return f"{name}_{sub}" if sub else name
        case Figure(text, _):
            return text
        case Sum(terms):
            return " + ".join(linear(term) for term in terms)
        case Difference(terms):
            return f" {MINUS} ".join(_bracketed(term, Sum | Difference) for term in terms)
        case Product(factors):
            return f" {TIMES} ".join(_bracketed(factor, Sum | Difference | Fraction) for factor in factors)
        case Fraction(over, under):
            over_text = _bracketed(over, Sum | Difference | Fraction)
            return f"{over_text} / {_bracketed(under, Sum | Difference | Product | Fraction)}"
        case Root(inside):
            return f"\N{SQUARE ROOT}({linear(inside)})"
        case Power(base, exponent):
            return f"{linear(base)}^{exponent.text}"


def _bracketed(expression: Expression, needs: Any) -> str:
    text = linear(expression)
    return f"({text})" if isinstance(expression, needs) else text


def tree(expression: Expression) -> list[Any]:
    """The equation as nested lists, for a renderer in another language."""
    match expression:
        case Symbol(name, sub):
            return ["symbol", name, sub]
        case Figure(text, _):
            return ["figure", text]
        case Sum(terms):
            return ["sum", [_inner(term, ()) for term in terms]]
        case Difference(terms):
            return ["difference", [_inner(term, (Sum, Difference)) for term in terms]]
        case Product(factors):
            return ["product", [_inner(factor, (Sum, Difference)) for factor in factors]]
        case Fraction(over, under):
            return ["fraction", tree(over), tree(under)]
        case Root(inside):
            return ["root", tree(inside)]
        case Power(base, exponent):
            return ["power", tree(base), exponent.text]


def _inner(expression: Expression, needs: tuple[type[Any], ...]) -> list[Any]:
    inner = tree(expression)
    return ["brackets", inner] if isinstance(expression, needs) else inner
