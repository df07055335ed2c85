"""The door of chemoembolization: plain values in, a case with its columns out, or every problem at once."""

from typing import Any

from dosimetry.body_surface import FORMULAS
from dosimetry.problems import CaseError, refuse
from dosimetry.record_reader import RecordReader
from dosimetry.reference import table
from dosimetry.tace import rules, word_rules
from dosimetry.tace.case import TaceCase
from dosimetry.tace.columns import TaceColumns, from_tace_case, product_keys, protocol_keys


def checked(plain: Any) -> tuple[TaceCase, TaceColumns]:
    """The case in plain JSON values with its columns, checked against every rule.

    Raises
    ------
    CaseError
        All problems: of structure first, then of words, then of numbers.
    TypeError
        For a value that neither JSON nor the number tower of Python's standard library knows.
    """
    reader = RecordReader(TaceCase, tabled_choices)
    case = reader.record(plain, TaceCase, "", "")
    if not isinstance(case, TaceCase):
        raise CaseError(reader.problems)
    columns = from_tace_case(case)
    found = [*reader.problems, *word_rules.problems(case), *rules.problems(columns)]
    refuse(found)
    return case, columns


def tabled_choices(pattern: str) -> tuple[str, ...]:
    """The allowed words of a field whose list is a table: products, protocols, presets, body-surface formulas."""
    match pattern:
        case "product":
            return product_keys()
        case "bead_size":
            return tuple(row.size for row in table("tace_bead_sizes"))
        case "drug.protocol":
            return protocol_keys()
        case "drug.body_surface_formula":
            return tuple(formula.key for formula in FORMULAS)
        case "partition.preset":
            return tuple(row.preset for row in table("tace_carrier_presets"))
    return ()
