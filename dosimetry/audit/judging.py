"""The rules of a case held against the rows of a table: every rule a row breaks, and which rows are left."""

from collections.abc import Iterable

import numpy as np

from dosimetry import checks, prescription_rules
from dosimetry.arrays import AnyArray, BoolArray
from dosimetry.audit.marks import Marks
from dosimetry.audit.reading import Reading
from dosimetry.audit.selection import Selection, select
from dosimetry.columns import Columns
from dosimetry.compartments import compartments
from dosimetry.conventions import resolve
from dosimetry.evaluation import Evaluated, evaluate
from dosimetry.models import lung_limit
from dosimetry.rules import Broken, Checked

_LUNG_LIMIT = f"model {lung_limit.key!r} counts the other territories of its case, and a row of them is refused."


def judge(reading: Reading) -> tuple[Marks, Checked]:
    """Marks of the reading and of every rule; with the constants and masses the rules looked at.

    A row that breaks a rule by itself is taken out before the rules of its case are asked of the other rows, so that
    one slip does not refuse the whole case. Whether an activity can be reached is asked last, of the rows
    that are left.
    """
    columns, marks = reading.columns, reading.marks.followed()
    checked = _checked(columns)
    found = _broken(checked)
    _add(marks, columns, [each for each in found if each.level != "case"], reading.marks)
    own = marks.bad
    of_cases = [each for each in found if each.level == "case"]
    torn = _any_of_case(columns, own) & _any_of_case(columns, ~own)
    whole = ~torn[columns.territory_case]
    _add(marks, columns, of_cases, reading.marks, rows=whole | own)
    left = ~whole & ~own
    if left.any():
        rest = select(columns, left)
        again = [each for each in _broken(_checked(rest.columns)) if each.level == "case"]
        _add_selected(marks, rest, again)
    model = columns.territory.word("prescription_model").equal(lung_limit.key)
    if model.any():
        _refuse_unreachable(columns, marks, model)
    return marks, checked


def settle(columns: Columns, marks: Marks, checked: Checked) -> tuple[Selection, Evaluated]:
    """The rows without a mark with everything computed from them."""
    chosen = select(columns, ~marks.bad)
    if chosen.columns is not columns:
        checked = _checked(chosen.columns)
    results = evaluate(chosen.columns, checked.constants, checked.parts)
    return chosen, Evaluated(chosen.columns, checked.constants, checked.parts, results)


def _refuse_unreachable(columns: Columns, marks: Marks, is_lung_limit: BoolArray) -> None:
    """Mark lung limits whose case is not complete, and those that the other territories leave no room for."""
    incomplete = _any_of_case(columns, marks.bad)[columns.territory_case]
    marks.add("prescription_model", is_lung_limit & incomplete & ~marks.bad, lambda row: _LUNG_LIMIT)
    rest = select(columns, ~marks.bad)
    with np.errstate(all="ignore"):
        found = [each for each in prescription_rules.reachable(_checked(rest.columns)) if len(each.rows)]
    _add_selected(marks, rest, found)


def _checked(columns: Columns) -> Checked:
    constants = resolve(columns)
    return Checked(columns, constants, compartments(columns, constants))


def _broken(checked: Checked) -> list[Broken]:
    """Every rule broken but the reach of an activity, which is asked of rows that break no other."""
    with np.errstate(all="ignore"):
        return [each for rule in checks.RULES for each in rule(checked) if len(each.rows)]


def _any_of_case(columns: Columns, rows: BoolArray) -> BoolArray:
    """Cases that have any of some territories."""
    found = np.zeros(columns.case.rows, dtype=np.bool_)
    found[columns.territory_case[rows]] = True
    return found


def _add(
    marks: Marks, columns: Columns, found: Iterable[Broken], read: Marks, *, rows: BoolArray | None = None
) -> None:
    """Mark the rows of broken rules; what was refused when it was read is not also said to be missing."""
    for each in found:
        territory, places = _territories(columns, each)
        told = ~read.of(each.name)[territory]
        if rows is not None:
            told &= rows[territory]
        marks.add(each.name, territory[told], each.sentence, places[told])


def _add_selected(marks: Marks, chosen: Selection, found: Iterable[Broken]) -> None:
    for each in found:
        territory, places = _territories(chosen.columns, each)
        marks.add(each.name, chosen.territories[territory], each.sentence, places)


def _territories(columns: Columns, broken: Broken) -> tuple[AnyArray, AnyArray]:
    """The territories a broken rule concerns, and for each of them the row its sentence is asked for."""
    if broken.level == "territory":
        return broken.rows, broken.rows
    if broken.level == "lesion":
        return columns.lesion_territory[broken.rows], broken.rows
    is_bad = np.zeros(columns.case.rows, dtype=np.bool_)
    is_bad[broken.rows] = True
    territory = np.flatnonzero(is_bad[columns.territory_case])
    return territory, columns.territory_case[territory]
