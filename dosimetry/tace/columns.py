"""Chemoembolization cases as columns: those of every treatment, the protocol of each case, and earlier drugs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from dosimetry import reference
from dosimetry.arrays import BoolArray, FloatArray, IntArray, floats
from dosimetry.columns import Columns, Table, Words, from_case, words_of
from dosimetry.tace.case import TaceCase
from dosimetry.tace_rows import BeadSize, TaceProduct, TaceProtocol


@dataclass(frozen=True, slots=True)
class Earlier:
    """Earlier anthracyclines of all cases, one row a dose; ``case`` points at the case."""

    drug: Words
    dose_mg_per_m2: FloatArray
    case: IntArray


@dataclass(frozen=True, slots=True)
class TaceColumns:
    """Cases, territories, lesions and earlier anthracyclines."""

    base: Columns
    earlier: Earlier


def from_tace_case(case: TaceCase) -> TaceColumns:
    """The columns of a single case. What is missing or not understood is NaN or -1, never refused here."""
    earlier = case.earlier_anthracycline or ()
    return TaceColumns(
        base=from_case(case),
        earlier=Earlier(
            drug=words_of([entry.drug for entry in earlier]),
            dose_mg_per_m2=np.array([entry.dose_mg_per_m2 for entry in earlier], dtype=np.float64),
            case=np.zeros(len(earlier), dtype=np.int64),
        ),
    )


@cache
def _row(table: str, name: str, key: str | None) -> Any:
    return next((row for row in reference.table(table) if getattr(row, name) == key), None)


def protocol_named(key: str | None) -> TaceProtocol | None:
    """The protocol of a key; ``None`` for one that is not on file."""
    found: TaceProtocol | None = _row("tace_protocols", "protocol", key)
    return found


def product_named(key: str | None) -> TaceProduct | None:
    """The product of a key; ``None`` for one that is not on file."""
    found: TaceProduct | None = _row("tace_products", "product", key)
    return found


def bead_size_named(key: str | None) -> BeadSize | None:
    """The size of beads of a key; ``None`` for one that is not on file."""
    found: BeadSize | None = _row("tace_bead_sizes", "size", key)
    return found


@cache
def protocol_keys() -> tuple[str, ...]:
    """The protocols on file."""
    return tuple(row.protocol for row in reference.table("tace_protocols"))


@cache
def product_keys() -> tuple[str, ...]:
    """The products on file."""
    return tuple(row.product for row in reference.table("tace_products"))


def of_protocol(case: Table, name: str) -> FloatArray:
    """A number of each case's protocol; NaN where there is none."""
    return _taken(case.word("protocol"), [protocol_named(key) for key in case.word("protocol").values], name)


def of_product(case: Table, name: str) -> FloatArray:
    """A number of each case's product; NaN where there is none."""
    return _taken(case.word("tace_product"), [product_named(key) for key in case.word("tace_product").values], name)


def _taken(words: Words, rows: Sequence[Any], name: str) -> FloatArray:
    values = [getattr(row, name, None) for row in rows]
    return floats(np.array([*(np.nan if value is None else value for value in values), np.nan])[words.codes])


def protocol_is(case: Table, name: str, word: str) -> BoolArray:
    """Where a word of each case's protocol, as its basis or drug, is this one."""
    words = case.word("protocol")
    found = [getattr(protocol_named(key), name, None) == word for key in words.values]
    return np.array([*found, False])[words.codes]


def product_is(case: Table, kind: str) -> BoolArray:
    """Where each case's product is of a kind, ``oil`` or ``beads``."""
    words = case.word("tace_product")
    found = [getattr(product_named(key), "kind", None) == kind for key in words.values]
    return np.array([*found, False])[words.codes]
