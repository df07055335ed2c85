"""Suspicious values: possible, but so often a slip that a person must confirm them."""

from collections.abc import Callable, Iterator

import numpy as np

from dosimetry import figures, reference, units
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.columns import Columns, level_of_input
from dosimetry.comparison import compare
from dosimetry.conventions import documented_densities
from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import FindingColumn, to_acknowledge
from dosimetry.ranges import outside, unusual, unusual_sentence
from dosimetry.reference_rows import ANY, IntentShare, UnusualInterval


def finding_columns(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Every suspicious value of the given cases."""
    yield from _unusual_values(evaluated)
    yield from _unusual_densities(evaluated)
    yield from _computed_activity(evaluated)
    yield from _reused_ratios(evaluated)
    yield from _intent_and_volume(evaluated)


def _unusual_values(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Typed values, and shunts and ratios from counts, inside an interval that needs an acknowledgement."""
    columns, parts = evaluated.columns, evaluated.parts
    counted = {"lung_shunt_fraction": parts.lung_shunt_fraction, "tumor_normal_ratio": parts.tumor_normal_ratio}
    for interval in reference.unusual_intervals():
        level = level_of_input(interval.name)
        values = counted.get(interval.name, columns.level(level).numbers.get(interval.name))
        if values is None:
            continue
        rows = unusual(interval, values)
        if rows.any():
            rows &= _device_rows(interval, columns, level)
            yield to_acknowledge(interval.name, level, rows, values, _unusual_sentence(interval, values))


def _unusual_sentence(interval: UnusualInterval, values: FloatArray) -> Callable[[int], str]:
    return lambda row: unusual_sentence(interval, float(values[row]))


def _device_rows(interval: UnusualInterval, columns: Columns, level: str) -> BoolArray:
    fits = np.ones(columns.case.rows, dtype=np.bool_)
    if interval.device != ANY:
        fits = columns.case.word("device").equal(interval.device)
    return columns.spread(fits, level)


def _unusual_densities(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Typed densities other than those documented for the convention or nuclide."""
    columns = evaluated.columns
    for name in ("tissue_density_g_per_ml", "territory_density_g_per_ml", "lesion_density_g_per_ml"):
        level = level_of_input(name)
        values = columns.level(level).numbers.get(name)
        if values is not None:
            odd = ~np.isnan(values) & ~_documented(columns, level, values)
            yield to_acknowledge(name, level, odd, values, _density_sentence(name, values))


def _density_sentence(name: str, values: FloatArray) -> Callable[[int], str]:
    label = reference.field(name).label
    return lambda row: f"{label} is {values[row]:g} g/mL, not a documented value for this nuclide."


def _documented(columns: Columns, level: str, values: FloatArray) -> BoolArray:
    """Where a density is one that the convention or nuclide of its case documents."""
    device, convention = columns.case.word("device"), columns.case.word("convention")
    documented = np.zeros(len(values), dtype=np.bool_)
    for device_name in device.values:
        nuclide = reference.device_named(device_name).nuclide
        for name in (None, *convention.values):
            of_case = device.equal(device_name) & (convention.equal(name) if name else ~convention.given)
            rows = columns.spread(of_case, level)
            for density in documented_densities(name, nuclide):
                documented |= rows & (values == density)
    return documented


def _computed_activity(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Computed activities that would be refused or suspicious as typed ones; typed ones have their own rules."""
    rule = reference.field("prescribed_activity_gbq")
    activity = evaluated.results.territory["administered_activity_gbq"]
    computed = np.isnan(evaluated.columns.territory.number("prescribed_activity_gbq"))
    odd = outside(rule, activity)
    for interval in reference.unusual_intervals():
        if interval.name == rule.name:
            odd |= unusual(interval, activity) & _device_rows(interval, evaluated.columns, "territory")
    odd &= computed
    if not odd.any():
        return
    yield FindingColumn(
        rule="unusual_administered_activity_gbq",
        kind="caution",
        severity="caution",
        level="territory",
        path="territories[].administered_activity_gbq",
        quantity="administered_activity_gbq",
        rows=odd.nonzero()[0],
        sentence=lambda row: (
            f"The computed activity of {figures.in_unit(float(activity[row]), 'GBq')} is outside the usual range "
            "of this device. Check volume, dose and device."
        ),
        values=activity,
    )


def _reused_ratios(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Ratios that also stand in an earlier territory of the same case."""
    columns, ratio = evaluated.columns, evaluated.parts.tumor_normal_ratio
    several = np.bincount(columns.territory_case, minlength=columns.case.rows) > 1
    rows = (columns.spread(several, "lesion") & ~np.isnan(ratio)).nonzero()[0]
    if len(rows) < 2:
        return
    # Equal ratios of a case become neighbors; each is compared with the territory of the first of them.
    case, territory = columns.territory_case[columns.lesion_territory], columns.lesion_territory
    rows = rows[np.lexsort((ratio[rows], case[rows]))]
    is_first = np.ones(len(rows), dtype=np.bool_)
    is_first[1:] = (np.diff(ratio[rows]) != 0) | (np.diff(case[rows]) != 0)
    first = rows[np.maximum.accumulate(np.where(is_first, np.arange(len(rows)), 0))]
    reused = np.zeros(len(ratio), dtype=np.bool_)
    reused[rows] = territory[rows] != territory[first]
    if not reused.any():
        return

    def sentence(row: int) -> str:
        """The ratio of a row and what to ask about it."""
        value = figures.trimmed(float(ratio[row]))
        return (
            f"The tumor-to-normal ratio {value} also stands in another territory. "
            "Each territory has its own normal tissue: was it measured here?"
        )

    yield to_acknowledge("tumor_normal_ratio", "lesion", reused, ratio, sentence, rule="reused_ratio")


def _intent_and_volume(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """An intent that does not go with the part of the liver that is treated: one slip of it can lose every limit."""
    for row in reference.table("intent_shares"):
        level = "territory" if row.of == "territory" else "case"
        rows, share = _share(evaluated, row)
        if not rows.any():
            continue
        lower, upper = (
            None if end is None else units.bound_in_library_unit(end, "%") for end in (row.lower, row.upper)
        )
        odd = np.zeros_like(rows)
        odd |= compare(share, "<", lower) if lower is not None else False
        odd |= compare(share, ">", upper) if upper is not None else False
        label = " or ".join(reference.choices("intent")[intent] for intent in row.intent.split("|"))
        name = "territory_intent" if level == "territory" else "intent"
        rule = "intents_together" if row.of == "together" else "intent_and_volume"
        yield to_acknowledge(name, level, rows & odd, share, _share_sentence(label, share, row.hint), rule=rule)


def _share(evaluated: Evaluated, row: IntentShare) -> tuple[BoolArray, FloatArray]:
    """The rows to which a share of the liver applies, and how much of it they treat."""
    columns, results = evaluated.columns, evaluated.results
    if row.of == "case":
        return columns.case.word("intent").equal(row.intent), results.case["treated_fraction"]
    of_intent = columns.of_intent(row.intent.split("|"))
    share = results.territory["liver_share_fraction"]
    if row.of == "territory":
        return of_intent, share
    several = columns.per_case(of_intent.astype(np.float64)) > 1
    return several, columns.per_case(np.where(of_intent, share, 0.0))


def _share_sentence(label: str, share: FloatArray, hint: str) -> Callable[[int], str]:
    return lambda row: f"{figures.percent(float(share[row]), 3)} of the liver is treated by {label}. {hint}"
