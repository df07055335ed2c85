"""What sources say of preparing and injecting the carrier of a case, with volumes for the beads that are planned."""

from collections.abc import Iterator

from dosimetry import figures, reference
from dosimetry.reference_rows import ANY
from dosimetry.tace.case import TaceCase
from dosimetry.tace.plan_record import PreparationFact
from dosimetry.tace_rows import Preparation


def preparation_facts(case: TaceCase, bead_ml: float | None) -> tuple[PreparationFact, ...]:
    """Every row of ``tace_preparation.csv`` for the technique and product of a case; none without a drug."""
    if case.drug is None:
        return ()
    rows: tuple[Preparation, ...] = reference.table("tace_preparation")
    return tuple(_fact(row, bead_ml) for row in rows if _fits(row, case))


def _fits(row: Preparation, case: TaceCase) -> bool:
    return row.technique == case.technique and row.product in (ANY, case.product)


def _fact(row: Preparation, bead_ml: float | None) -> PreparationFact:
    per = bead_ml if row.per_bead_ml else None
    return PreparationFact(
        item=row.item,
        label=row.label,
        text=" ".join(_stated(row)),
        lower=None if per is None or row.lower is None else row.lower * per,
        upper=None if per is None or row.upper is None else row.upper * per,
        unit="" if per is None else row.unit,
        source=reference.citation(row.source_id),
        locator=row.locator,
        verified=row.verified,
        note=row.note,
    )


def _stated(row: Preparation) -> Iterator[str]:
    if row.lower is not None:
        upper = "" if row.upper in (None, row.lower) else f" to {row.upper:g}"
        yield figures.with_unit(f"{row.lower:g}{upper}", row.unit)
    yield row.text
