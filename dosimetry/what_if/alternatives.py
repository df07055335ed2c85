"""The same case with other prescriptions or another convention: a case of its own, to be planned like any other."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from dosimetry.case import Case, Prescription, Reading, Territory
from dosimetry.plan_record import Proposal

_RECORDS = ("order", "delivery", "second_check")
"""What stands first in the places of findings on them."""


def alternative(case: Case, proposals: Mapping[int, Proposal], convention: str | None) -> Case:
    """A case whose territories take proposals, by their row, and whose constants are those of a convention.

    ``None`` keeps the constants. Those typed by the user belong to the convention they were typed beside and are left
    out of another one.
    """
    territories = tuple(
        _with(territory, proposals[row]) if row in proposals else territory
        for row, territory in enumerate(case.territories)
    )
    changed = replace(case, territories=territories)
    return changed if convention is None else replace(changed, convention=convention, constants=None)


def without_records(case: Case) -> Case:
    """The case before anything was ordered, delivered or checked: these belong to the plan they were made for."""
    kept = tuple(each for each in case.acknowledged or () if not each.finding.partition("@")[2].startswith(_RECORDS))
    return replace(case, order=None, delivery=None, second_check=None, acknowledged=kept or None)


def _with(territory: Territory, proposal: Proposal) -> Territory:
    prescription = Prescription(
        model=proposal.model,
        target=proposal.target,
        dose_gy=proposal.dose_gy,
        reading=cast("Reading | None", proposal.reading),
    )
    return replace(territory, prescription=prescription)
