"""``compare``: differences of record and physics, a grade for each row, and the slips it is consistent with."""

from typing import Any

import numpy as np
import pandas as pd

from dosimetry import reference, units
from dosimetry.arrays import AnyArray, BoolArray, FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.candidates import SEPARATOR, Asked, candidates, room_for
from dosimetry.audit.input_rounding import reaches
from dosimetry.audit.last_digits import last_digits
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID, DIFFERENCE, GRADE, RECORDED, SLIPS, SLIPS_OF, VALID, Output
from dosimetry.audit.replanning import recompute
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.text_columns import text_column
from dosimetry.comparison import compare as stands_to

AGREES, DIFFERS, FAR, NOT_RECORDED, REFUSED = "agrees", "differs", "far", "not recorded", "refused"
GRADES = (AGREES, DIFFERS, FAR, NOT_RECORDED, REFUSED)


def far_difference() -> float:
    """The relative difference from which a row is far off: the one at which a delivery counts as an event."""
    return float(units.fraction_from_percent(reference.coefficient("delivery_criterion", "difference_percent")))


def _is_far(difference: FloatArray) -> BoolArray:
    return stands_to(np.abs(difference), ">=", far_difference())


def far_by(compared: pd.DataFrame, name: str) -> BoolArray:
    """Which rows of a compared frame are graded far by the difference of this very quantity."""
    difference = compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)
    return np.asarray((compared[GRADE] == FAR).to_numpy(dtype=np.bool_) & _is_far(difference))


def compare(replanned: pd.DataFrame, tolerance: float = 0.05, lesions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Record against physics, row by row.

    Parameters
    ----------
    replanned : DataFrame
        From `replan`, with ``recorded_<quantity>`` columns.
    tolerance : float
        Relative difference up to which a record agrees.
    lesions : DataFrame, optional
        The lesions that `replan` had, when they stood in a table of their own.

    Returns
    -------
    DataFrame
        The rows with ``difference_<quantity>`` = (recorded - computed) / computed, ``grade``, ``slips_<quantity>``
        and ``slips``: the keys of all slips the row is consistent with, apart by semicolons.

    Raises
    ------
    TableError
        For a frame that `replan` did not make, or without any record; for one that was compared already. That computed
        columns follow from the columns beside them is checked in the cases of rows that disagree.
    ValueError
        For a tolerance that is no number in (0, 1).
    """
    _check_arguments(replanned, tolerance, lesions)
    outputs = [each for each in names.recorded(replanned.columns) if each.column in replanned.columns]
    if VALID not in replanned.columns or not outputs:
        raise TableError(
            "compare needs the result of replan with at least one column "
            f"{RECORDED}<quantity>, such as {RECORDED}administered_activity_gbq."
        )
    if GRADE in replanned.columns:
        raise TableError("this frame was compared already. Compare the result of replan.")
    if not pd.api.types.is_bool_dtype(replanned[VALID].dtype) or replanned[VALID].isna().any():
        raise TableError(f"the column {VALID} must hold true or false in every row, as replan wrote it.")
    valid = replanned[VALID].to_numpy(dtype=np.bool_)
    differences = {each.column: _difference(replanned, each) for each in outputs}
    asked = {name: _outside(values, tolerance) for name, values in differences.items()}
    made: dict[str, Any] = {f"{DIFFERENCE}{name}": values for name, values in differences.items()}
    made[GRADE] = pd.Categorical.from_codes(_grades(differences, asked, valid), pd.Index(GRADES))
    rows, found = _slips(replanned, lesions, outputs, asked, tolerance)
    made[SLIPS] = text_column(len(replanned), rows, _together(found, len(rows)))
    made |= {f"{SLIPS_OF}{name}": text_column(len(replanned), rows, texts) for name, texts in found.items()}
    return pd.concat([replanned, pd.DataFrame(made, index=replanned.index, copy=False)], axis=1)


def _check_arguments(replanned: Any, tolerance: Any, lesions: Any) -> None:
    """Refuse what is no frame or no number, with a sentence."""
    refuse_no_frame(replanned, "compare needs the result of replan, a DataFrame")
    is_number = isinstance(tolerance, int | float | np.integer | np.floating) and not isinstance(tolerance, bool)
    if not is_number or not 0 < tolerance < 1:
        shown = cells.shown(tolerance) if is_number else f"a value of type {type(tolerance).__name__}"
        raise ValueError(f"tolerance must be in (0, 1); got {shown}. Five percent is 0.05.")
    if lesions is not None:
        refuse_no_frame(lesions, "the table of lesions must be a DataFrame")
        for what, frame in (("the table of lesions", lesions), ("the table", replanned)):
            if CASE_ID not in frame.columns:
                raise TableError(f"{what} has no column {CASE_ID}, by which lesions are joined to their rows.")


def refuse_no_frame(value: Any, needed: str) -> None:
    """Refuse what is no DataFrame. Raises `TableError`."""
    if not isinstance(value, pd.DataFrame):
        raise TableError(f"{needed}; got a value of type {type(value).__name__}.")


def _recorded(frame: pd.DataFrame, output: Output) -> FloatArray:
    """A record as numbers; cells that are none were marked by `replan` and are left out."""
    name = f"{RECORDED}{output.column}"
    return cells.numbers(frame[name], name, Marks(len(frame)))


def _difference(frame: pd.DataFrame, output: Output) -> FloatArray:
    recorded, computed = _recorded(frame, output), frame[output.column].to_numpy(dtype=np.float64)
    return names.relative_difference(recorded, computed)


def _outside(difference: FloatArray, tolerance: float) -> AnyArray:
    return ~np.isnan(difference) & ~stands_to(np.abs(difference), "<=", tolerance)


def _grades(differences: dict[str, FloatArray], asked: dict[str, AnyArray], valid: AnyArray) -> AnyArray:
    """The code of the worst grade of each row."""
    is_far = np.logical_or.reduce([_is_far(each) for each in differences.values()])
    is_off = np.logical_or.reduce(list(asked.values()))
    compared = np.logical_or.reduce([~np.isnan(each) for each in differences.values()])
    codes = np.select(
        [~valid, is_far & is_off, is_off, compared],
        [GRADES.index(REFUSED), GRADES.index(FAR), GRADES.index(DIFFERS), GRADES.index(AGREES)],
        GRADES.index(NOT_RECORDED),
    )
    return np.asarray(codes, dtype=np.int8)


def _of_same_case(ids: "pd.Series[Any]", rows: AnyArray) -> AnyArray:
    """Some rows, and all others of their cases."""
    codes, _ = cells.keys(ids)
    return np.asarray(rows | np.isin(codes, codes[rows & (codes >= 0)]))


def _of_cases(ids: "pd.Series[Any]", cases: "pd.Series[Any]") -> AnyArray:
    """Which ids are among those of some cases."""
    codes, _ = cells.keys(pd.concat([cases, ids], ignore_index=True))
    return np.isin(codes[len(cases) :], codes[: len(cases)])


def _slips(
    frame: pd.DataFrame,
    lesions: pd.DataFrame | None,
    outputs: list[Output],
    asked: dict[str, AnyArray],
    tolerance: float,
) -> tuple[IntArray, dict[str, AnyArray]]:
    """The rows in which slips were looked for, the cases of rows that disagree, and those of every quantity there."""
    off = np.logical_or.reduce(list(asked.values()))
    if not off.any():
        return np.array([], dtype=np.int64), {each.column: np.array([], dtype=object) for each in outputs}
    rows = _of_same_case(frame[CASE_ID], off) if CASE_ID in frame.columns else off
    part = frame.loc[rows]
    own = part[[name for name in part.columns if name not in names.made_columns()]]
    if lesions is not None:
        lesions = lesions[_of_cases(lesions[CASE_ID], part[CASE_ID])]
    done = recompute(own, lesions)
    rounded = reaches(done, own, lesions, outputs)
    questions: list[Asked] = []
    for each in outputs:
        name, recorded = each.column, done.reading.recorded[each.column]
        computed = done.column(each)
        if not np.array_equal(computed, part[name].to_numpy(dtype=np.float64), equal_nan=True):
            raise TableError(
                f"{name} does not follow from the columns beside it. "
                "Compare the unchanged result of replan, with the same lesions."
            )
        half = 0.5 * last_digits(own, f"{RECORDED}{name}")
        # Of a record of zero no slip can be told: it is near everything that is small.
        asked_rows = asked[name][rows] & (recorded != 0)
        questions.append(Asked(each, asked_rows, recorded, computed, half, rounded[name], room_for(tolerance)))
    return np.flatnonzero(rows), candidates(done, questions)


def _together(found: dict[str, AnyArray], rows: int) -> AnyArray:
    """The keys of all quantities of a row, each once."""
    joined = np.full(rows, "", dtype=object)
    any_found = np.logical_or.reduce([texts != "" for texts in found.values()])
    for row in np.flatnonzero(any_found).tolist():
        own = [key for texts in found.values() for key in texts[row].split(SEPARATOR) if key]
        joined[row] = SEPARATOR.join(dict.fromkeys(own))
    return joined
