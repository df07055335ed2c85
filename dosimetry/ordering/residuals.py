"""What is expected to stay in the vial: as the order states it, else as the territory does."""

from dataclasses import replace

from dosimetry.case import Case
from dosimetry.treatment_day.case import TerritoryOrder


def expected_residual(case: Case, each: TerritoryOrder) -> float | None:
    """The expected residual of one ordered territory; ``None`` where neither order nor territory states one. [1]"""
    if each.residual_fraction is not None:
        return each.residual_fraction
    return next(territory.residual_fraction for territory in case.territories if territory.name == each.territory)


def as_ordered(case: Case) -> Case:
    """The case with the residuals that its order expects."""
    stated = {each.territory: expected_residual(case, each) for each in (case.order.territories if case.order else ())}
    territories = (
        replace(territory, residual_fraction=stated.get(territory.name, territory.residual_fraction))
        for territory in case.territories
    )
    return replace(case, territories=tuple(territories))
