"""``replan``: every row of a table recomputed by the column function that plans a single case."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import energy_balance
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.audit import names
from dosimetry.audit.judging import judge, settle
from dosimetry.audit.lesion_reading import LESIONS
from dosimetry.audit.marks import Marks
from dosimetry.audit.reading import Reading, read
from dosimetry.audit.refusing import Errors, check_options, refuse, with_results
from dosimetry.audit.row_findings import finding_ids
from dosimetry.audit.selection import Selection
from dosimetry.audit.table_checks import check_frame
from dosimetry.audit.text_columns import text_column
from dosimetry.evaluation import Evaluated

_INCOMPLETE = "A row of this case is refused: the numbers of the session are left out."


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A table recomputed: what was read, the marks of its rows, and the numbers of the rows that are left."""

    reading: Reading
    marks: Marks
    chosen: Selection
    evaluated: Evaluated
    incomplete: BoolArray
    """Cases of ``chosen`` of which a row was refused."""

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return self.reading.columns.territory.rows

    def column(self, output: names.Output) -> FloatArray:
        """A computed quantity in every row of the table; NaN where it does not exist or the row is refused."""
        return self.spread(self.evaluated.results.level(output.quantity.level)[output.quantity.name], output)

    def spread(self, values: FloatArray, output: names.Output) -> FloatArray:
        """Values of the chosen cases, territories or lesions in every row of the table."""
        columns, level, rows = self.chosen.columns, output.quantity.level, self.chosen.territories
        if level == "case":
            values = values[columns.territory_case]
        elif level == "lesion":
            rows = rows[columns.lesion_territory]
        if len(rows) == self.rows and level != "lesion" and values.flags.writeable:
            return values
        spread = np.full(self.rows, np.nan)
        spread[rows] = values
        return spread


def recompute(frame: pd.DataFrame, lesions: pd.DataFrame | None = None) -> Recomputed:
    """Read, check and compute every row of a table, and confirm the energy balance of all of them."""
    reading = read(frame, lesions)
    marks, checked = judge(reading)
    chosen, evaluated = settle(reading.columns, marks, checked)
    energy_balance.check(chosen.columns, evaluated.parts, evaluated.results)
    lost = np.zeros(reading.columns.case.rows, dtype=np.bool_)
    lost[reading.columns.territory_case[marks.bad]] = True
    incomplete = lost[chosen.cases]
    if incomplete.any():
        evaluated = _without_sessions(evaluated, incomplete)
    return Recomputed(reading, marks, chosen, evaluated, incomplete)


def _without_sessions(evaluated: Evaluated, incomplete: BoolArray) -> Evaluated:
    """The same without the numbers that need every territory of a case."""
    of_case = {name: np.where(incomplete, np.nan, values) for name, values in evaluated.results.case.items()}
    return replace(evaluated, results=replace(evaluated.results, case=of_case))


def replan(
    frame: pd.DataFrame,
    lesions: pd.DataFrame | None = None,
    errors: Errors = "raise",
    *,
    findings: bool = False,
) -> pd.DataFrame:
    """Activities and doses of every row, as `dosimetry.plan` computes them.

    Parameters
    ----------
    frame : DataFrame
        One row a territory. Its columns are the flat names of ``input_rules.csv``; rows with the same ``case_id``
        are one case, and without that column each row is a case of its own. One pooled tumor may stand in the
        lesion columns; its name is ``lesion_name`` or else ``tumor``. ``recorded_<quantity>`` columns hold what
        was recorded. Other columns are carried along.
    lesions : DataFrame, optional
        One row a lesion, keyed by ``case_id`` and ``territory_name``, in place of the lesion columns.
    errors : {'raise', 'mark'}
        Whether rows that break a rule are an error, or are kept with ``is_valid`` false and without numbers.
    findings : bool
        Whether to add ``stops`` and ``cautions``, the ids of the findings of each row. They take time.

    Returns
    -------
    DataFrame
        The rows in their order with ``is_valid``, ``problems`` (every broken rule), ``remarks`` and the computed
        quantities.

    Raises
    ------
    TableError
        For columns that are refused or an index that is not unique.
    CaseError
        With ``errors='raise'``: the rows that break rules, each with all its rules.
    """
    check_options(errors, findings=findings)
    done = recompute(frame, lesions)
    refuse(frame, done.marks, errors)
    made: dict[str, Any] = {names.REMARKS: _remarks(done)}
    for output in names.shown_outputs(frame.columns, lesions=lesions is None and _has_lesions(frame)):
        made[output.column] = done.column(output)
    if findings:
        made[names.STOPS], made[names.CAUTIONS] = finding_ids(done.evaluated, done.chosen, done.rows)
    return with_results(frame, done.marks, made)


def replan_lesions(frame: pd.DataFrame, lesions: pd.DataFrame, errors: Errors = "raise") -> pd.DataFrame:
    """Mass and dose of every lesion of a second frame, in its order; the arguments are those of `replan`.

    A lesion whose territory is refused has ``is_valid`` false and no numbers. Raises as `replan`.
    """
    check_options(errors)
    check_frame(lesions, LESIONS)
    done = recompute(frame, lesions)
    refuse(frame, done.marks, errors)
    made: dict[str, Any] = {names.VALID: ~done.marks.bad[done.reading.columns.lesion_territory]}
    for output in names.outputs():
        if output.quantity.level == "lesion":
            values = np.full(len(lesions), np.nan)
            values[done.chosen.lesions] = done.evaluated.results.lesion[output.quantity.name]
            made[output.column] = values
    return pd.concat([lesions, pd.DataFrame(made, index=lesions.index)], axis=1)


def _has_lesions(frame: pd.DataFrame) -> bool:
    return bool(names.inputs_of("lesion", frame.columns))


def _remarks(done: Recomputed) -> pd.Categorical:
    """What is said of rows beside their problems: of their day, and of the rest of their case."""
    incomplete = done.chosen.territories[done.incomplete[done.chosen.columns.territory_case]]
    undated, said = done.reading.undated
    if not len(undated):
        return text_column(done.rows, incomplete, [_INCOMPLETE] * len(incomplete))
    texts = np.full(done.rows, "", dtype=object)
    texts[undated] = said
    both = np.where(texts[incomplete] == "", "", texts[incomplete] + " ")
    texts[incomplete] = both + _INCOMPLETE
    rows = np.flatnonzero(texts != "")
    return text_column(done.rows, rows, texts[rows])
