"""Where the carrier goes, by estimate, and what was seen of it afterwards, as tables of the report."""

from collections.abc import Iterator
from types import MappingProxyType

from dosimetry import figures, reference
from dosimetry.compartment_names import LUNGS
from dosimetry.report.document import Block, Column, Facts, Heading, Paragraph, Table
from dosimetry.tace.allocation import volume_step_on_file
from dosimetry.tace.plan_record import CarrierAllocation, TaceLesionPlan, TacePlan

HEADLINE = (
    "Estimated allocation of administered drug carrier - not a measured tissue dose; no response threshold is "
    "established."
)
_TITLES = MappingProxyType({"low": "Low", "mid": "Middle", "high": "High"})
_BAND = (
    "Low, middle and high share of the tumor. At the low end the ratio is low, the normal liver and the part of the "
    "lungs are large; at the high end the other way. Loaded drug is mostly not free drug: in human tissue around beads "
    "free drug was lower by orders of magnitude. How selectively the catheter stands matters more than the ratio."
)
_OBSERVED = (
    "Where the part in tumor was observed, the ratio is worked back from it with the normal liver of each end: it is "
    "no preset, it runs the other way, and the part of the liver's carrier that lies in tumor stays as observed."
)


def allocation(plan: TacePlan) -> Iterator[Block]:
    """The estimate at its low, middle and high end; nothing where it was not asked for."""
    if not plan.allocation:
        return
    yield Heading("Estimated allocation of the carrier")
    yield Paragraph(HEADLINE)
    observed = [territory.observed_tumor_fraction is not None for territory in plan.case.territories]
    yield Paragraph(f"{_BAND} {_OBSERVED}" if any(observed) else _BAND)
    yield Facts(tuple(_facts(plan)))
    figure_columns = tuple(
        Column(_TITLES[end.end], unit, is_figure=True) for unit in ("mg", "mg/mL") for end in plan.allocation
    )
    yield Table((Column("Territory"), Column("Where"), *figure_columns), tuple(_rows(plan)), (4, 5, 0, 0, 0, 0, 0, 0))
    yield from _released(plan)


def _facts(plan: TacePlan) -> Iterator[tuple[str, str]]:
    administered = "Injected" if plan.delivered_mg is not None else "Planned"
    yield administered, figures.with_unit(figures.significant(plan.administered_mg, 4), "mg")
    asked = plan.case.partition
    observed = [territory.observed_tumor_fraction for territory in plan.case.territories]
    if asked is not None and asked.preset is not None and None in observed:
        row = next(row for row in reference.table("tace_carrier_presets") if row.preset == asked.preset)
        yield (
            "Carrier ratio",
            (
                f"{row.label}: {row.ratio:g} \N{PLUS-MINUS SIGN} {row.standard_deviation:g} "
                f"({reference.citation(row.source_id)}, {row.locator})"
            ),
        )
    for row, territory in enumerate(plan.territories):
        ends = [figures.significant(end.territories[row].ratio, 3) for end in plan.allocation]
        seen = observed[row]
        source = "" if seen is None else f" (worked back from the observed {figures.percent(seen)} in tumor)"
        yield f"Ratio in {territory.name}, low, middle, high", ", ".join(ends) + source
        normal = [figures.significant(end.territories[row].normal_volume_ml, 3) for end in plan.allocation]
        yield f"Normal liver in {territory.name}, low, middle, high", figures.with_unit(", ".join(normal), "mL")
    yield "Perfused volumes varied by", _volume_step(plan)
    yield (
        "Part of the tumor, low, middle, high",
        ", ".join(figures.percent(end.tumor_share, 3) for end in plan.allocation),
    )
    yield (
        "Part of the lungs, low, middle, high",
        ", ".join(figures.percent(end.lung_fraction, 3) for end in plan.allocation),
    )


def _volume_step(plan: TacePlan) -> str:
    """By how much, and who says so."""
    typed = plan.case.partition.volume_step if plan.case.partition else None
    if typed is not None:
        return f"{figures.percent(typed)}, typed"
    row = volume_step_on_file()
    mark = "" if row.verified else " (not verified)"
    return f"{row.step:g} %, {reference.citation(row.source_id)}: {row.locator}{mark}"


def _rows(plan: TacePlan) -> Iterator[tuple[str, ...]]:
    for row, territory in enumerate(plan.territories):
        parts = [end.territories[row] for end in plan.allocation]
        for place, lesion in enumerate(territory.lesions):
            amounts = [part.lesions[place].allocated_mg for part in parts]
            densities = [part.lesions[place].allocated_mg_per_ml for part in parts]
            yield _row(territory.name if place == 0 else "", f"lesion {lesion.name}", amounts, densities)
        first = "" if territory.lesions else territory.name
        yield _row(first, "normal liver", [part.normal_mg for part in parts], [part.normal_mg_per_ml for part in parts])
    yield _row("Session", LUNGS, [end.lung_mg for end in plan.allocation], [None] * len(plan.allocation))


def _row(territory: str, where: str, amounts: list[float | None], densities: list[float | None]) -> tuple[str, ...]:
    shown = [figures.significant(value, 3) for value in (*amounts, *densities)]
    return territory, where, *shown


def _released(plan: TacePlan) -> Iterator[Block]:
    drug = plan.case.drug
    if plan.released_fraction is None or drug is None:
        return
    rows = reference.table("tace_released_fractions")
    row = next(row for row in rows if (row.product, row.drug) == (plan.case.product, drug.name))
    spread = (
        "" if row.standard_deviation is None else f" \N{PLUS-MINUS SIGN} {figures.percent(row.standard_deviation, 3)}"
    )
    yield Heading("Released from the beads in vitro", 2)
    yield Facts(
        (
            ("Part released", f"{figures.percent(row.fraction, 3)}{spread}, {row.condition}"),
            ("Source", f"{reference.citation(row.source_id)}, {row.locator}"),
            *(
                (f"Lesion {name}, low, middle, high", figures.with_unit(text, "mg"))
                for name, text in _released_texts(plan)
            ),
        )
    )


def _released_texts(plan: TacePlan) -> Iterator[tuple[str, str]]:
    for row, territory in enumerate(plan.territories):
        for place, lesion in enumerate(territory.lesions):
            found = [end.territories[row].lesions[place].released_in_vitro_mg for end in plan.allocation]
            yield lesion.name, ", ".join(figures.significant(value, 3) for value in found)


def observed(plan: TacePlan) -> Iterator[Block]:
    """What was seen of the oil in each lesion, beside what the estimate said."""
    seen = [
        (territory.name, row, place, lesion)
        for row, territory in enumerate(plan.territories)
        for place, lesion in enumerate(territory.lesions)
        if lesion.observed_oil_ml is not None or lesion.coverage_class is not None
    ]
    if not seen:
        return
    yield Heading("Oil seen in the tumors")
    columns = (
        Column("Territory"),
        Column("Lesion"),
        Column("Seen", "mL", is_figure=True),
        Column("Of its volume", is_figure=True),
        Column("Estimated, low, middle, high", "mL", is_figure=True),
        Column("Coverage"),
    )
    rows = tuple(_observed_row(plan, *entry) for entry in seen)
    yield Table(columns, rows, (3, 3, 0, 0, 4, 0))


def _observed_row(plan: TacePlan, territory: str, row: int, place: int, lesion: TaceLesionPlan) -> tuple[str, ...]:
    estimated = [_oil(end, row, place) for end in plan.allocation]
    return (
        territory,
        lesion.name,
        figures.significant(lesion.observed_oil_ml, 3),
        figures.percent(lesion.observed_oil_fraction, 3),
        ", ".join(estimated) or figures.MISSING,
        lesion.coverage_class or figures.MISSING,
    )


def _oil(end: CarrierAllocation, row: int, place: int) -> str:
    return figures.significant(end.territories[row].lesions[place].oil_ml, 3)
