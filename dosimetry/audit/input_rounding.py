"""How far a computed value moves within the rounding of the inputs of its own row.

A department computes with what it measured and writes it down rounded. Recomputed from what is written, a right record
may come out different; such a difference may be no slip, though one may fit it as well.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dosimetry import reference
from dosimetry.arrays import FloatArray, IntArray
from dosimetry.audit import names
from dosimetry.audit.last_digits import last_digits
from dosimetry.audit.names import MEASURED, Output
from dosimetry.audit.replanning import Recomputed
from dosimetry.columns import Columns
from dosimetry.compartments import compartments
from dosimetry.evaluation import Results, evaluate
from dosimetry.what_if.scenarios import with_level, with_numbers

_COARSEST, _COARSEST_FRACTION = 0.1, 0.01
"""Numbers and spreadsheets lose the zeros they were written with: a ratio of 3 was 3.0, a fraction of 0.1 was 10 %."""
_SMALL = 10.0


def reaches(
    done: Recomputed, frame: pd.DataFrame, lesions: pd.DataFrame | None, outputs: list[Output]
) -> dict[str, FloatArray]:
    """The most that each quantity of a row moves when its inputs move by half of their last printed digits.

    The effects of the inputs are added, as if all were rounded in the direction that hurts most.

    Parameters
    ----------
    done : Recomputed
        What `recompute` made of ``frame`` and ``lesions``.
    frame, lesions : DataFrame
        The cells as they were written.
    outputs : list of Output
        The quantities that are asked for.

    Returns
    -------
    dict
        One column for each quantity, in its unit, with a value in every row of the frame.
    """
    found = {each.column: np.zeros(done.rows) for each in outputs}
    for level, name, half in _halves(done, frame, lesions):
        table = done.evaluated.columns.level(level)
        moved = [
            _evaluated(done, with_level(done.evaluated.columns, level, with_numbers(table, {name: values})))
            for values in (table.number(name) + half, _lowered(name, table.number(name), half))
        ]
        for each in outputs:
            right = done.column(each)
            effects = [np.abs(_column(done, results, each) - right) for results in moved]
            found[each.column] += np.max(np.where(np.isfinite(effects), effects, 0.0), axis=0)
    return found


def _evaluated(done: Recomputed, columns: Columns) -> Results:
    constants = done.evaluated.constants
    with np.errstate(all="ignore"):
        return evaluate(columns, constants, compartments(columns, constants))


def _lowered(name: str, values: FloatArray, half: FloatArray) -> FloatArray:
    """Values less half a digit; not below zero where the rule of the input ends there, as a vial age does not."""
    return np.maximum(values - half, 0.0) if reference.field(name).lower == 0 else values - half


def _column(done: Recomputed, results: Results, output: Output) -> FloatArray:
    return done.spread(results.level(output.quantity.level)[output.quantity.name], output)


def _halves(
    done: Recomputed, frame: pd.DataFrame, lesions: pd.DataFrame | None
) -> Iterator[tuple[str, str, FloatArray]]:
    """Every measured input that stands in the table: its level, its name, and half of its last digit in each row."""
    for name in MEASURED:
        level = names.input_named(name).level
        source = lesions if level == "lesion" and lesions is not None else frame
        if name not in source.columns or name not in done.evaluated.columns.level(level).numbers:
            continue
        digits = last_digits(source, name)[_source_rows(done, level, lesions)]
        half = 0.5 * _not_coarser(digits, done.evaluated.columns.level(level).number(name), name)
        if half.any():
            yield level, name, half


def _source_rows(done: Recomputed, level: str, lesions: pd.DataFrame | None) -> IntArray:
    """The row of the table that each case, territory or lesion of the chosen ones was read from."""
    read, chosen = done.reading.columns, done.chosen
    if level == "territory":
        return chosen.territories
    if level == "case":
        return np.asarray(np.unique(read.territory_case, return_index=True)[1][chosen.cases], dtype=np.int64)
    return chosen.lesions if lesions is not None else read.lesion_territory[chosen.lesions]


def _not_coarser(digits: FloatArray, values: FloatArray, name: str) -> FloatArray:
    """Digits no coarser than people write such a number; none where it was assumed."""
    if name == "lung_mass_kg":
        digits = np.where(values == reference.coefficient("audit_input_rounding", "assumed_lung_mass_kg"), 0.0, digits)
    if name.endswith("_fraction"):
        return np.minimum(digits, _COARSEST_FRACTION)
    return np.where(np.abs(values) < _SMALL, np.minimum(digits, _COARSEST), digits)
