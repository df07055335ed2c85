"""Cautions of chemoembolization: reductions that were made or not, protocols and ratios that do not fit the case."""

from collections.abc import Callable, Iterator

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.bands import banded, bands
from dosimetry.child_pugh_caution import differing_child_pugh
from dosimetry.finding_columns import FindingColumn, remark, valued
from dosimetry.liver_volume_caution import unusual_for_body_size
from dosimetry.plan_record import Severity
from dosimetry.reference import coefficient
from dosimetry.rules import DIGITS_OF_AMOUNTS, says
from dosimetry.scores.context import not_hcc
from dosimetry.tace import input_cautions
from dosimetry.tace.columns import of_protocol, product_is, protocol_is
from dosimetry.tace.dosing import LABEL_RULES
from dosimetry.tace.evaluation import TaceResults


def finding_columns(results: TaceResults) -> Iterator[FindingColumn]:
    """Every caution and every not-checked remark of the given cases."""
    for rule in RULES:
        yield from rule(results)


def _case_valued(
    rule: str,
    path: str,
    rows: BoolArray,
    values: FloatArray,
    text: str,
    *others: FloatArray,
    severity: Severity = "caution",
) -> FindingColumn:
    """A finding of cases with its value and other numbers in its text."""
    sentence = says(text, values, *others, fewest=DIGITS_OF_AMOUNTS)
    return valued(rule, path, rows, values, sentence, severity=severity)


def _label_reduction(results: TaceResults) -> Iterator[FindingColumn]:
    """Protocols without a bilirubin rule, where the label of the drug would reduce the dose."""
    case = results.columns.base.case
    bilirubin = case.number("bilirubin_mg_dl")
    for drug, rule in LABEL_RULES:
        part = banded(rule, "bilirubin_mg_dl", bilirubin)
        rows = case.word("drug_name").equal(drug) & protocol_is(case, "bilirubin_rule", "") & (part < 1)
        text = (
            "The protocol states no reduction by bilirubin; at {} mg/dL the intravenous label of "
            f"{drug} leaves {{}} of the dose."
        )
        yield _case_valued("label_reduction", "drug.protocol", rows, bilirubin, text, part)


def _unread_labels(results: TaceResults) -> Iterator[FindingColumn]:
    """What the label of a drug reduces the dose by and this program does not ask for, or does not know."""
    drug = results.columns.base.case.word("drug_name")
    rows = drug.equal("epirubicin")
    yield remark("ast_not_checked", "case", "drug.name", rows, _by_ast())
    for name in drug.values:
        if name not in dict(LABEL_RULES):
            text = (
                f"Reductions by the label of {reference.choices('drug_name').get(name, name)}, as for liver, kidneys "
                "or blood counts: not checked, for none is on file."
            )
            yield remark("label_not_on_file", "case", "drug.name", drug.equal(name), text, kind="not_checked")


def _by_ast() -> str:
    """The reductions by AST, from their bands on file."""
    reduced = [band for band in bands("epirubicin_label_ast", "ast_times_upper_limit") if (band.value or 0) < 1]
    parts = ", and ".join(f"{band.label} leaves {band.value:g} of the dose" for band in reduced)
    return (
        "The intravenous label of epirubicin reduces the dose by AST as well as by bilirubin: an AST of "
        f"{parts}. AST is not asked for and was not checked."
    )


def _excluded(results: TaceResults) -> Iterator[FindingColumn]:
    """No dose by the protocol, because of the bilirubin."""
    case, steps = results.columns.base.case, results.dosing
    bilirubin = case.number("bilirubin_mg_dl")
    rows = ~np.isnan(steps.base_mg) & np.isnan(steps.bilirubin_part) & ~np.isnan(bilirubin)
    text = "At a bilirubin of {} mg/dL the rule of the protocol gives no dose."
    yield _case_valued("no_dose_at_this_bilirubin", "drug.protocol", rows, bilirubin, text, severity="stop")


def _steps(results: TaceResults) -> Iterator[FindingColumn]:
    """A dose that was capped, or that lost something to its vials."""
    steps, beads = results.dosing, product_is(results.columns.base.case, "beads")
    text = "The dose of {1} mg was cut to the cap of {0} mg."
    yield _case_valued("capped", "drug.cap_mg", steps.reduced_mg > steps.cap_mg, steps.cap_mg, text, steps.reduced_mg)
    typed, own = results.columns.base.case.number("dose_cap_mg"), of_protocol(results.columns.base.case, "cap_mg")
    text = "The cap typed for this institution, {0} mg, is above that of the protocol; {1} mg hold."
    yield _case_valued("cap_above_protocol", "drug.cap_mg", typed > own, typed, text, own, severity="note")
    full, dose, lost = steps.full_vial_mg, steps.capped_mg, steps.capped_mg - steps.protocol_mg
    text = "The dose of {1} mg is less than one vial of {0} mg: rounded down, nothing is left of it."
    none = ~beads & (dose > 0) & (steps.protocol_mg == 0)
    yield _case_valued("less_than_one_vial", "drug.vial_mg", none, full, text, dose, severity="stop")
    text = "Rounding {1} mg down to whole vials of {2} mg leaves out {0} mg."
    yield _case_valued("rounded_down", "drug.vial_mg", ~beads & ~none & (lost > 0), lost, text, dose, full)
    text = "The beads that the protocol allows do not hold {1} mg: {0} mg are left out. One vial of them holds {2} mg."
    yield _case_valued("beyond_beads", "drug.protocol", beads & (lost > 0), lost, text, dose, full)


def _prescribed(results: TaceResults) -> Iterator[FindingColumn]:
    """A typed dose beside the computed one, and beads of more vials than its protocol states."""
    steps, case = results.dosing, results.columns.base.case
    typed, most = case.number("prescribed_mg"), of_protocol(case, "largest_vials")
    over = typed > steps.protocol_mg
    text = "{} mg are prescribed, above the {} mg that the protocol leads to."
    yield _case_valued("above_protocol", "drug.prescribed_mg", over, typed, text, steps.protocol_mg, severity="stop")
    under = typed < steps.protocol_mg
    text = "{} mg are prescribed, below the {} mg that the protocol leads to."
    yield _case_valued("below_protocol", "drug.prescribed_mg", under, typed, text, steps.protocol_mg)
    over_cap = typed > steps.cap_mg
    text = "{} mg are prescribed, above the cap of {} mg."
    yield _case_valued("above_cap", "drug.prescribed_mg", over_cap, typed, text, steps.cap_mg, severity="stop")
    text = "The prescribed {1} mg take {0} vials of beads; the protocol states at most {2}."
    many = steps.vials > most
    yield _case_valued("more_vials_than_protocol", "drug.prescribed_mg", many, steps.vials, text, typed, most)


def _milan(results: TaceResults) -> Iterator[FindingColumn]:
    """Protocols for disease within, or beyond, the Milan criteria."""
    case, inside = results.columns.base.case, results.scores["within_milan"]
    elsewhere = not_hcc(case)
    for word, fits in (("within", inside == 1), ("beyond", inside == 0)):
        of_word = protocol_is(case, "milan", word)
        what = f"The protocol is one for hepatocellular carcinoma {word} the Milan criteria"
        text = f"{what}; the tumors are not."
        yield remark("other_extent", "case", "drug.protocol", of_word & ~fits & ~np.isnan(inside), text)
        yield remark("other_disease", "case", "drug.protocol", of_word & elsewhere, f"{what}; the disease is another.")
        text = (
            f"{what}; whether the tumors are was not checked: "
            "tumors, their largest diameter or vascular invasion are missing."
        )
        unknown = of_word & np.isnan(inside) & ~elsewhere
        yield remark("extent_unknown", "case", "drug.protocol", unknown, text, kind="not_checked")


def _anthracyclines(results: TaceResults) -> Iterator[FindingColumn]:
    """What the running total is, and where it rests on a factor that was not verified."""
    steps = results.dosing
    some = steps.cumulative_anthracycline_mg_per_m2 > 0
    beads = product_is(results.columns.base.case, "beads")
    text = "The total of anthracyclines counts every dose as if it were given into a vein: it is an upper bound"
    of_beads = f"{text}. After beads, in one series the peak in plasma was {_plasma_peak()} of that after oil."
    for rows, said in ((some & ~beads, f"{text}."), (some & beads, of_beads)):
        yield remark("anthracycline_upper_bound", "case", "earlier_anthracycline", rows, said, severity="note")
    case, earlier = results.columns.base.case, results.columns.earlier
    none = (steps.session_anthracycline_mg_per_m2 > 0) & (np.bincount(earlier.case, minlength=case.rows) == 0)
    text = "No earlier anthracycline is stated; the total is that of this session alone."
    yield remark("no_earlier_anthracycline", "case", "earlier_anthracycline", none, text, severity="note")
    for drug in (row.drug for row in reference.table("tace_anthracyclines") if not row.verified):
        before = np.bincount(earlier.case, weights=earlier.drug.equal(drug), minlength=case.rows) > 0
        rows = case.word("drug_name").equal(drug) | before
        text = f"The factor of {drug} is one of effect and was not verified; no factor of harm to the heart is known."
        yield remark("factor_not_verified", "case", "earlier_anthracycline", rows, text)


def _plasma_peak() -> str:
    """The peak of doxorubicin in plasma after beads as part of that after oil, in one series with a wide spread."""
    beads, oil = (coefficient("plasma_peak", f"after_{carrier}_ng_ml") for carrier in ("beads", "oil"))
    return f"about {figures.percent(beads / oil, 1)}"


def _partition(results: TaceResults) -> Iterator[FindingColumn]:
    """A ratio taken from a mapping study, of another disease, or without a spread."""
    case = results.columns.base.case
    text = (
        "The carrier ratio comes from Tc-99m MAA. It may stand in for beads only, and only from the same catheter "
        "position; oil goes other ways."
    )
    yield remark("ratio_from_mapping", "case", "partition.ratio", case.word("carrier_ratio_source").equal("maa"), text)
    typed, ends = case.number("carrier_ratio"), [case.number(f"carrier_ratio_{end}") for end in ("low", "high")]
    text = "The carrier ratio is typed without a low and a high end: the band does not show how uncertain it is."
    lower, upper = (np.isnan(end) for end in ends)
    yield remark("ratio_without_spread", "case", "partition.ratio", ~np.isnan(typed) & lower & upper, text)
    text = "One end of the carrier ratio is typed; the other stands at the ratio itself: the band shows half its width."
    yield remark("ratio_with_one_end", "case", "partition.ratio", lower != upper, text)
    disease = case.word("disease")
    for preset in reference.table("tace_carrier_presets"):
        fits = disease.any_of(preset.disease.split("|"))
        rows = np.asarray(case.word("carrier_preset").equal(preset.preset) & disease.given & ~fits)
        text = f"The carrier ratio is that of {preset.label}; the disease of this case is another."
        yield remark("preset_of_other_disease", "case", "partition.preset", rows, text)


def _liver(results: TaceResults) -> Iterator[FindingColumn]:
    yield unusual_for_body_size(results.columns.base.case)


def _child_pugh(results: TaceResults) -> Iterator[FindingColumn]:
    yield from differing_child_pugh(results.columns.base.case)


RULES: tuple[Callable[[TaceResults], Iterator[FindingColumn]], ...] = (
    *input_cautions.RULES,
    _excluded,
    _steps,
    _prescribed,
    _label_reduction,
    _unread_labels,
    _milan,
    _anthracyclines,
    _partition,
    _liver,
    _child_pugh,
)
