"""Territories that are called left or right and hold more of the liver than that side usually does."""

import re
from collections.abc import Iterator
from dataclasses import replace

from dosimetry import figures, reference, units
from dosimetry.case import Case, Territory
from dosimetry.comparison import compare
from dosimetry.evaluation import Results
from dosimetry.finding_records import remark
from dosimetry.plan_record import Finding
from dosimetry.reference_rows import LobeShare

_WORD = re.compile("[a-z]+")


def of_lobes(case: Case, results: Results) -> Iterator[Finding]:
    """A caution for every territory whose volume does not go with its side, or its name where no side is stated."""
    rows: tuple[LobeShare, ...] = reference.table("lobe_shares")
    shares = results.territory["liver_share_fraction"]
    for row in rows:
        bound = units.bound_in_library_unit(row.upper, "%")
        for place in compare(shares, ">", bound).nonzero()[0]:
            territory, share = case.territories[place], float(shares[place])
            if _is_called(territory, row.side, rows):
                message = f"Called {row.side}, it holds {figures.percent(share, 3)} of the liver. {row.hint}"
                path = f"territories[{place}].perfused_volume_ml"
                record = remark("lobe_and_volume", path, message)
                yield replace(record, territory=territory.name, value=share, bound=bound)


def _is_called(territory: Territory, side: str, rows: tuple[LobeShare, ...]) -> bool:
    """Whether the words of a territory name this side and no other."""
    words = set(_WORD.findall((territory.side or territory.name).lower()))
    return words & {row.side for row in rows} == {side}
