"""Rules on counts: one way of measuring, complete, and positive after background."""

from collections.abc import Iterator

import numpy as np

from dosimetry import reference
from dosimetry.arrays import BoolArray
from dosimetry.compartments import net_planar_counts
from dosimetry.ranges import outside
from dosimetry.rules import Broken, Checked, range_says, says, where

PLANAR = tuple(f"planar_{organ}_{view}_counts" for organ in ("lung", "liver") for view in ("anterior", "posterior"))
BACKGROUND = (
    *(f"planar_background_{view}_counts" for view in ("anterior", "posterior")),
    *(f"planar_{organ}_pixels" for organ in ("lung", "liver", "background")),
)
TOMOGRAPHIC = ("tomographic_lung_counts", "tomographic_liver_counts")
SHUNT_COUNTS = frozenset((*PLANAR, *BACKGROUND, *TOMOGRAPHIC))
RATIO_COUNTS = ("ratio_lesion_counts", "ratio_lesion_volume_ml", "ratio_normal_counts", "ratio_normal_volume_ml")


def shunt_counts(checked: Checked) -> Iterator[Broken]:
    """Counts from one way of measuring, complete, and positive after background."""
    columns = checked.columns
    if SHUNT_COUNTS.isdisjoint(columns.case.numbers):
        return
    given = {name: ~np.isnan(columns.case.number(name)) for name in ("lung_shunt_fraction", *SHUNT_COUNTS)}
    background, tomographic = _any(given, BACKGROUND), _any(given, TOMOGRAPHIC)
    planar = _any(given, PLANAR) | background
    ways = given["lung_shunt_fraction"].astype(int) + planar + tomographic
    text = (
        "give lung_shunt_fraction or one set of counts (planar or tomographic), not several; "
        "a second measurement belongs in lung.other_shunt_fraction."
    )
    yield where("lung_shunt_fraction", "case", ways > 1, says(text))
    method = columns.case.word("shunt_method")
    for counted, other, kind in ((planar, "spect_ct", "planar"), (tomographic, "planar", "tomographic")):
        text = f"shunt_method is {other!r}, but the counts are {kind}."
        yield where("shunt_method", "case", counted & method.equal(other), says(text))
    for group, started in ((PLANAR, planar), (TOMOGRAPHIC, tomographic), (BACKGROUND, background)):
        for name in group:
            yield where(name, "case", started & ~given[name], says(f"{name} is missing; the other counts need it."))
    for organ, smallest in (("lung", ">= 0"), ("liver", "> 0")):
        for view in ("anterior", "posterior"):
            net, name = net_planar_counts(columns, organ, view), f"planar_{organ}_{view}_counts"
            bad = (net < 0) | ((net == 0) & (smallest == "> 0"))
            yield where(name, "case", bad, says(f"{name} less background is {{}}; it must be {smallest}.", net))


def _any(given: dict[str, BoolArray], names: tuple[str, ...]) -> BoolArray:
    return np.asarray(np.logical_or.reduce([given[name] for name in names]), dtype=np.bool_)


def shunt_known(checked: Checked) -> Iterator[Broken]:
    """A shunt for every territory. Counts that do not make one are refused by the rule for counts."""
    counted = np.zeros(checked.columns.case.rows, dtype=np.bool_)
    for name in SHUNT_COUNTS.intersection(checked.columns.case.numbers):
        counted |= ~np.isnan(checked.columns.case.number(name))
    unknown = np.isnan(checked.parts.territory_lung_shunt_fraction) & ~counted[checked.columns.territory_case]
    in_case = checked.columns.per_case(unknown.astype(np.float64)) > 0
    text = "lung_shunt_fraction is missing; type it, or give counts. Type 0 only if it was measured as none."
    yield where("lung_shunt_fraction", "case", in_case, says(text))


def counted_values(checked: Checked) -> Iterator[Broken]:
    """Shunt and ratio from counts obey the rules of the typed ones."""
    case, lesion = checked.columns.case, checked.columns.lesion
    if not SHUNT_COUNTS.isdisjoint(case.numbers):
        rule, shunt = reference.field("lung_shunt_fraction"), checked.parts.lung_shunt_fraction
        bad = outside(rule, shunt) & np.isnan(case.number(rule.name))
        tomographic = ~np.isnan(case.number(TOMOGRAPHIC[0]))
        for name, rows in ((TOMOGRAPHIC[0], bad & tomographic), (PLANAR[0], bad & ~tomographic)):
            yield where(name, "case", rows, range_says(rule, shunt, before="from counts, "))
    if RATIO_COUNTS[0] in lesion.numbers:
        rule, ratio = reference.field("tumor_normal_ratio"), checked.parts.tumor_normal_ratio
        bad = outside(rule, ratio) & np.isnan(lesion.number(rule.name))
        yield where(RATIO_COUNTS[0], "lesion", bad, range_says(rule, ratio, before="from counts, "))


def ratio_counts(checked: Checked) -> Iterator[Broken]:
    """A ratio, or the counts that make one."""
    given = checked.columns.lesion.number
    both = ~np.isnan(given("tumor_normal_ratio")) & ~np.isnan(given(RATIO_COUNTS[0]))
    yield where("tumor_normal_ratio", "lesion", both, says("give tumor_normal_ratio or tumor_normal_counts, not both."))
