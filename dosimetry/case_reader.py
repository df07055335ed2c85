"""The door: plain values in, a case with its columns and masses out, or every problem at once, each with its path.

Structure and types are read along the records of the case; words and numbers are then checked by the rules. A case
made in Python passes through the same door as a file.
"""

from typing import Any

from dosimetry import case_rules, checks, reference
from dosimetry.case import Case
from dosimetry.columns import Columns, from_case
from dosimetry.compartments import Compartments, compartments
from dosimetry.conventions import Constants, convention_names, resolve
from dosimetry.models import MODELS
from dosimetry.problems import CaseError, refuse
from dosimetry.record_reader import RecordReader
from dosimetry.treatment_day import rules as treatment_rules
from dosimetry.treatment_day.earlier_doses import with_earlier_doses

_DEVICES = ("device", "second_check.device", "sessions[].device")


def checked(plain: Any) -> tuple[Case, Columns, Constants, Compartments]:
    """The case in plain JSON values with its columns, constants and masses, checked against every rule.

    Raises
    ------
    CaseError
        All problems: of structure first, then of words, then of numbers.
    TypeError
        For a value that neither JSON nor the number tower of Python's standard library knows.
    """
    reader = RecordReader(Case, tabled_choices)
    case = reader.record(plain, Case, "", "")
    if not isinstance(case, Case):
        raise CaseError(reader.problems)
    columns = from_case(case)
    constants = resolve(columns)
    parts = compartments(columns, constants)
    found = [*reader.problems, *case_rules.problems(case), *checks.problems(columns, constants, parts)]
    found += treatment_rules.problems(case, constants, is_read=not found)
    refuse(found)
    return case, with_earlier_doses(case, columns, parts), constants, parts


def tabled_choices(pattern: str) -> tuple[str, ...]:
    """The allowed words of a field whose list is a table: devices, conventions, models."""
    if pattern in _DEVICES:
        return tuple(row.device for row in reference.devices())
    if pattern == "convention":
        return convention_names()
    if pattern == "territories[].prescription.model":
        return tuple(model.key for model in MODELS)
    return ()
