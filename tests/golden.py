"""The golden tables: how a row becomes a case or a formula's arguments, and what the library makes of it.

A cell is text exactly as its source prints it. Of cases with several territories the cells of a territory stand apart
by ``|``, of several lesions in a territory by ``;``.
"""

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import golden_tace
import numpy as np
from cases import planned

from dosimetry import decay, reference, spheres, units
from dosimetry.activity_bands import remaining_part
from dosimetry.arrays import floats
from dosimetry.columns import level_of_input
from dosimetry.delivery import criterion
from dosimetry.plan_file import plain_from_plan
from dosimetry.treatment_day import residual

FOLDER = Path(__file__).parent / "golden"
EXPECT = "expect_"
REMARKS = ("case_id", "slack", "slack_reason", "origin", "disputed", "source_id", "locator", "note")
BETWEEN = {"case": (), "territory": ("|",), "lesion": ("|", ";")}
ANSWERS = {"yes": True, "no": False}
PRINTED_UNITS = {
    "administered_activity_mbq": ("administered_activity_gbq", lambda gbq: 1000 * gbq),
    "administered_activity_mci": ("administered_activity_gbq", units.mci_from_gbq),
    "lung_shunt_percent": ("lung_shunt_fraction", units.percent_from_fraction),
    "tumor_involvement_percent": ("tumor_involvement_fraction", units.percent_from_fraction),
}
"""Quantities that a source prints in another unit than the plan: the plan's name, and the conversion."""


@dataclass(frozen=True)
class Golden:
    """One number of one row: what is printed, and how near the library has to come."""

    table: str
    row: dict[str, str]
    quantity: str

    @property
    def printed(self) -> str:
        return self.row[EXPECT + self.quantity]

    @property
    def disputed(self) -> bool:
        return self.row["disputed"] == "yes"

    def __str__(self) -> str:
        return f"{self.table}-{self.row['case_id']}-{self.quantity}"


def rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def tables() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


def every_number(*, disputed: bool) -> list[Golden]:
    """Each printed number of each row, one by one."""
    found = [
        Golden(table, row, name.removeprefix(EXPECT))
        for table in tables()
        for row in rows(table)
        for name in row
        if name.startswith(EXPECT) and row[name]
    ]
    return [golden for golden in found if golden.disputed is disputed]


def inputs(row: dict[str, str]) -> dict[str, str]:
    """The given inputs of a row by flat name."""
    return {name: text for name, text in row.items() if text and name not in REMARKS and not name.startswith(EXPECT)}


def half_last_digit(printed: str) -> Decimal:
    """'1.46' -> 0.005; '150' -> 0.5."""
    return Decimal(5).scaleb(Decimal(printed).as_tuple().exponent - 1)


def misses(golden: Golden) -> list[str]:
    """The printed numbers that the library does not come near enough to, in words."""
    computed = flat(result(golden))
    printed = re.split(r"[|;]", golden.printed)
    assert len(computed) == len(printed), f"{golden}: {len(printed)} numbers printed, {len(computed)} computed"
    pairs = [(text, value) for text, value in zip(printed, computed, strict=True) if text]
    return [
        f"{golden}: printed {text}, computed {value!r}" for text, value in pairs if not is_near(golden, text, value)
    ]


def is_near(golden: Golden, printed: str, computed: float | None) -> bool:
    tolerance = Decimal(golden.row["slack"] or half_last_digit(printed))
    return computed is not None and abs(Decimal(computed) - Decimal(printed)) <= tolerance


def flat(values: Any) -> list[Any]:
    return [one for value in values for one in flat(value)] if isinstance(values, list) else [values]


def result(golden: Golden) -> Any:
    """What the library gives for a quantity of a row."""
    if golden.table in FORMULAS:
        return float(FORMULAS[golden.table](inputs(golden.row))[golden.quantity]())
    name, convert = PRINTED_UNITS.get(golden.quantity, (golden.quantity, lambda value: value))
    return converted(of_plan(plain_from_plan(planned(case(golden.row))), name), convert)


def converted(value: Any, convert: Callable[[float], Any]) -> Any:
    if isinstance(value, list):
        return [converted(one, convert) for one in value]
    return None if value is None else float(convert(value))


def of_plan(plan: dict[str, Any], name: str) -> Any:
    """A quantity of a plan: one value a territory or a lesion where these have it, else the value of the case."""
    territories = plan["territories"]
    if name in territories[0]:
        return [one[name] for one in territories]
    lesions = [one["lesions"] for one in territories]
    if any(name in lesion for inside in lesions for lesion in inside):
        return [[lesion[name] for lesion in inside] for inside in lesions]
    return plan[name]


def case(row: dict[str, str]) -> dict[str, Any]:
    """The case of a row. Its label is the row's id; territories and lesions without a name are numbered."""
    count = row["perfused_volume_ml"].count("|") + 1
    lesions = [len([text for text in cell.split(";") if text]) for cell in cells(row.get("lesion_volume_ml"), count)]
    made: dict[str, Any] = {
        "format": "dosimetry-case",
        "format_version": 1,
        "label": row["case_id"],
        "territories": [
            {"name": f"territory {place}", "lesions": [{"name": f"lesion {one + 1}"} for one in range(held)]}
            for place, held in enumerate(lesions, start=1)
        ],
    }
    for name, text in inputs(row).items():
        put(made, name, text, BETWEEN[level_of_input(name)])
    return made


def cells(text: str | None, count: int) -> list[str]:
    return (text or "|" * (count - 1)).split("|")


def put(made: dict[str, Any], name: str, text: str, between: Iterable[str]) -> None:
    """Put the values of one cell at the path of its field."""
    places = [made]
    *lists, path = reference.field(name).path.split("[].")
    texts = [text]
    for inner, separator in zip(lists, between, strict=True):
        places = [one for place in places for one in place[inner]]
        texts = [one for cell in texts for one in cell.split(separator)]
    *way, last = path.split(".")
    for place, own in zip(places, texts, strict=True):
        if own:
            inside = place
            for step in way:
                inside = inside.setdefault(step, {})
            inside[last] = value_of(own)


def value_of(text: str) -> Any:
    """A number or an answer where the cell holds one, else its text."""
    return float(text) if re.fullmatch(r"-?[0-9.]+", text) else ANSWERS.get(text, text)


def numbers(given: dict[str, str]) -> dict[str, float]:
    return {name: float(text) for name, text in given.items()}


def energy_formula(given: dict[str, str]) -> dict[str, Callable[[], Any]]:
    return {"energy_gy_kg_per_gbq": lambda: decay.energy_gy_kg_per_gbq(**numbers(given))}


def unit_formula(given: dict[str, str]) -> dict[str, Callable[[], Any]]:
    return {
        "activity_gbq": lambda: units.gbq_from_mci(float(given["activity_mci"])),
        "activity_mci": lambda: units.mci_from_gbq(float(given["activity_gbq"])),
    }


def decay_formula(given: dict[str, str]) -> dict[str, Callable[[], Any]]:
    known = numbers(given)

    def remaining() -> Any:
        return decay.remaining_fraction(elapsed_h=known["elapsed_h"], half_life_h=known["half_life_h"])

    return {
        "remaining_fraction": remaining,
        "decayed_percent": lambda: units.percent_from_fraction(1 - remaining()),
        "activity_gbq": lambda: known["activity_start_gbq"] * remaining(),
        "elapsed_h": lambda: decay.elapsed_h(**known),
    }


def reduction_formula(given: dict[str, str]) -> dict[str, Callable[[], Any]]:
    """No part is left where the method gives no activity: it is refused there."""
    shunt = floats([float(given["lung_shunt_fraction"])])
    return {"part_left": lambda: np.nan_to_num(remaining_part(shunt), nan=0.0)[0]}


def delivery_formula(given: dict[str, str]) -> dict[str, Callable[[], Any]]:
    known = numbers(given)

    def of_assayed() -> Any:
        """Fraction delivered, by rates before and after at one instant without background, as the reports have it."""
        left = residual.residual_from_rates(
            net_before=known["rate_before"], net_after=known["rate_after"], hours_between=0, half_life_h=64.1
        )
        return residual.delivered_activity_gbq(vial_gbq=1.0, residual_fraction=left)

    def delivered() -> Any:
        return known["delivered"] if "delivered" in known else known["assayed_mci"] * of_assayed()

    def difference() -> Any:
        return residual.difference_fraction(delivered=delivered(), intended=known["intended"])

    return {
        "delivered_of_assayed_percent": lambda: units.percent_from_fraction(of_assayed()),
        "delivered_mci": delivered,
        "delivered_percent": lambda: units.percent_from_fraction(1 + difference()),
        "difference_percent": lambda: units.percent_from_fraction(difference()),
        "difference": lambda: difference() * known["intended"],
        "meets_criterion": lambda: criterion.meets(difference()),
    }


def sphere_formula(given: dict[str, str]) -> dict[str, Callable[[], Any]]:
    known = numbers(given)
    return {
        "spheres_million": lambda: spheres.spheres_million(
            activity_gbq=known["activity_gbq"], activity_per_sphere_bq=known["activity_per_sphere_bq"]
        ),
        "activity_per_sphere_bq": lambda: spheres.mean_activity_bq(
            activity_gbq=known["activity_gbq"], spheres_million=known["sphere_count_million"]
        ),
    }


FORMULAS: dict[str, Callable[[dict[str, str]], dict[str, Callable[[], Any]]]] = {
    "energy_per_activity": energy_formula,
    "units": unit_formula,
    "decay": decay_formula,
    "delivery": delivery_formula,
    "spheres": sphere_formula,
    "shunt_reduction": reduction_formula,
    **golden_tace.FORMULAS,
}
"""Tables that are checked against a formula; all others are checked against the plan of a case."""
