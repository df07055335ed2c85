"""What a protocol of chemoembolization states, in one line each."""

from collections.abc import Iterator

from dosimetry import figures, reference
from dosimetry.report.finding_blocks import verified
from dosimetry.tace.steps import PER
from dosimetry.tace_rows import TaceProtocol

_MILAN = {"within": "for disease within the Milan criteria", "beyond": "for disease beyond the Milan criteria"}


def protocol_lines(row: TaceProtocol) -> tuple[str, ...]:
    """Dose, reductions and bounds of a protocol; its source and whether it was read there; what to know of it."""
    source = f"{reference.citation(row.source_id)}: {row.locator} ({verified(row.verified)})."
    return tuple(filter(None, (f"States {', '.join(_parts(row))}.", source, f"{row.note}." if row.note else "")))


def dose_in_words(row: TaceProtocol) -> str:
    """The dose that a protocol states, or its range, with the unit."""
    dose = f"{row.lower:g}" if row.lower == row.upper else f"{row.lower:g} to {row.upper:g}"
    return figures.with_unit(row.amounts.replace("|", " or ") or dose, PER[row.basis])


def _parts(row: TaceProtocol) -> Iterator[str]:
    yield dose_in_words(row)
    yield "less by bilirubin as on the intravenous label" if row.bilirubin_rule else "no reduction by bilirubin"
    yield "no cap" if row.cap_mg is None else f"at most {figures.with_unit(f'{row.cap_mg:g}', 'mg')}"
    if row.loading_mg_per_ml is not None:
        yield f"loading up to {figures.with_unit(f'{row.loading_mg_per_ml:g}', 'mg/mL')}"
    if row.full_vial_mg is not None:
        yield f"at most {figures.with_unit(f'{row.full_vial_mg:g}', 'mg')} a vial of beads"
    if row.largest_vials is not None:
        yield f"at most {row.largest_vials:g} {'vial' if row.largest_vials == 1 else 'vials'}"
    if row.milan:
        yield _MILAN[row.milan]
