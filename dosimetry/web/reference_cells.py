"""What the cells of the Reference page show of a row: words for ids and choices, bounds as one text with their unit."""

from collections.abc import Callable, Iterator
from typing import Any

from dosimetry import figures, reference
from dosimetry.limits.words import bound_in_words
from dosimetry.reference_rows import ANY, Band, ConventionValue, InputRule, Limit, UnusualInterval
from dosimetry.report.document import Column
from dosimetry.report.finding_blocks import verified
from dosimetry.report.inputs import shown as shown_input
from dosimetry.report.inputs import tabled_words
from dosimetry.web import reference_words

Cell = Callable[[Any], str]
Columns = tuple[tuple[Column, Cell], ...]
ALL = "all"
_DIGITS = 8


def of(name: str) -> Cell:
    """A text of the row as it stands."""
    return lambda row: str(getattr(row, name))


def number(name: str, unit: str = "") -> Cell:
    """A number of the row with its unit, without zeros that say nothing; a dash for none."""
    return lambda row: figure(getattr(row, name), unit)


def figure(value: float | None, unit: str = "") -> str:
    """A number with a unit beside it, if one is given."""
    if value is None:
        return figures.MISSING
    text = figures.trimmed(value, _DIGITS)
    return figures.with_unit(text, unit) if unit else text


def typed(value: float | None, unit: str) -> str:
    """A bound of an input as it is typed: what the library has as a fraction is a percentage there."""
    return figures.percent(value, _DIGITS) if unit == "%" and value is not None else figure(value, unit)


def interval(lower: str, upper: str, *, closed: str = "both") -> str:
    """Bounds as one text: ``from`` and ``to`` where the end belongs to it, else ``above`` and ``below``."""
    if lower == upper and lower:
        return lower
    below = "to below" if lower else "below"
    parts = (
        f"{'from' if closed in ('lower', 'both') else 'above'} {lower}" if lower else "",
        f"{'to' if closed in ('upper', 'both') else below} {upper}" if upper else "",
    )
    return " ".join(filter(None, parts))


def between(lower: str, upper: str, unit: str = "") -> Cell:
    """The interval between two columns of a row, both ends in it."""
    return lambda row: span(getattr(row, lower), getattr(row, upper), unit)


def span(lower: float | None, upper: float | None, unit: str = "", closed: str = "both") -> str:
    """An interval with its unit behind its last figure; a dash where it has no end."""
    shown = interval("" if lower is None else figure(lower), "" if upper is None else figure(upper), closed=closed)
    return (figures.with_unit(shown, unit) if unit else shown) if shown else figures.MISSING


def device(row: Any) -> str:
    """The device of a row, or all."""
    return ALL if row.device == ANY else str(row.device)


def choice(name: str, of_field: str = "") -> Cell:
    """The choices of a field that a row is for, in words."""

    def shown(row: Any) -> str:
        """All, or the choices."""
        words = [word for word in getattr(row, name).split("|") if word]
        if not words:
            return figures.MISSING
        return ALL if words == [ANY] else ", ".join(word_of(of_field or name, word) for word in words)

    return shown


def word_of(name: str, word: str) -> str:
    """A choice of a field in words."""
    return shown_input(name, word) if tabled_words(name) else reference.choices(name).get(word, word)


def for_whom(row: Limit) -> str:
    """Device, disease and intent that a limit was published for; all where it names none."""
    named = (device(row), choice("disease")(row), choice("intent")(row))
    return "; ".join(each for each in named if each != ALL) or ALL


def kind_and_bound(row: Limit) -> str:
    """A limit, goal or target with its bound; whether it was read at its source stands beside it."""
    return bound_in_words(row).removesuffix(", unverified")


def quantity(row: Any) -> str:
    """What a row is about, by its label."""
    return reference_words.quantity(row.quantity)


def unit_of_constant(row: ConventionValue) -> str:
    """The unit of a constant of a convention."""
    return reference_words.unit(row.quantity)


def allowed(rule: InputRule) -> str:
    """The range of an input as it is typed, or its choices."""
    if rule.choices:
        return ", ".join(reference.choices(rule.name).values())
    closed = {(False, False): "both", (False, True): "lower", (True, False): "upper", (True, True): ""}
    is_percent = rule.entered_as == "%"
    lower, upper = (
        "" if bound is None else typed(bound, "%" if is_percent else "") for bound in (rule.lower, rule.upper)
    )
    shown = interval(lower, upper, closed=closed[rule.lower_open, rule.upper_open])
    return figures.with_unit(shown, rule.unit) if shown and rule.unit else shown


def unusual(row: UnusualInterval) -> str:
    """The open interval in which a value needs an acknowledgement, as it is typed."""
    rule = reference.field(row.name)
    unit = rule.entered_as or rule.unit
    lower, upper = typed(row.lower, unit), typed(row.upper, unit)
    if row.lower is None:
        return f"below {upper}"
    return f"above {lower}" if row.upper is None else f"between {lower} and {upper}"


def input_label(row: Any) -> str:
    """The input a row is about."""
    return reference.field(row.name).label


def part_of_band(row: Band) -> str:
    """What a rule looks up."""
    return reference_words.quantity(row.part)


def band(row: Band) -> str:
    """The interval of a band in the unit its quantity is typed in."""
    unit = reference_words.unit(row.part)
    ends = (None if end is None else typed(end, "%") if unit == "%" else figure(end) for end in (row.lower, row.upper))
    shown = interval(*("" if end is None else end for end in ends), closed=row.closed)
    return figures.with_unit(shown, unit) if unit and unit != "%" else shown


def source(row: Any) -> str:
    """The citation, the place in it, and the kind of evidence."""
    return f"{reference.citation(row.source_id)}: {row.locator} ({row.evidence})"


def columns(*own: tuple[str, Cell] | tuple[str, Cell, str], note: str = "note") -> Columns:
    """Columns by title, cell and unit; behind them whether a row was read at its source, which one, and its note."""

    def all_of_them() -> Iterator[tuple[Column, Cell]]:
        """The own ones first."""
        for title, cell, *unit in own:
            yield Column(title, unit[0] if unit else "", bool(unit)), cell
        yield Column("Read at source"), lambda row: verified(row.verified)
        yield Column("Source"), source
        if note:
            yield Column("Note"), of(note)

    return tuple(all_of_them())
