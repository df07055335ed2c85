"""The formulas of the library in symbols: the activity by each model, then every line of a worksheet."""

from collections.abc import Iterator
from functools import cache

from dosimetry.case import Prescription
from dosimetry.case_reader import checked
from dosimetry.expression import Expression, Symbol
from dosimetry.models import MODELS
from dosimetry.planning import plan
from dosimetry.report.worksheet import ADMINISTERED, worksheets
from dosimetry.strict_json import plain_from_text
from dosimetry.web import examples
from dosimetry.web.fields import field
from dosimetry.web.html_blocks import equation_html

SYMBOLS = (
    "A activity, K energy per activity, LSF lung shunt fraction, R residual fraction, V volume, "
    "\N{GREEK SMALL LETTER RHO} density, m and M mass, r tumor-to-normal ratio, U uptake-weighted mass, E energy, "
    "D mean dose, BSA body surface, f the part that the shunt leaves. P perfused, N normal, L lungs, T tumor, W whole."
)
_EXAMPLE = "resin-two-lesions"
_TARGETS = ("lesion:A", "normal_perfused")
_LESIONS = ("A", "B")


Formula = tuple[str, tuple[Expression, ...]]
"""What an equation gives, and its sides."""


@cache
def formulas_html() -> str:
    """All of them, as the Reference page shows them."""
    parts = (
        f"<h4>{title}</h4>{''.join(equation_html(*formula) for formula in formulas)}"
        for title, formulas in formula_groups()
    )
    return f'<div class="formulas">{"".join(parts)}</div>'


@cache
def formula_groups() -> tuple[tuple[str, tuple[Formula, ...]], ...]:
    """All of them, made once from the models and from the worksheet of an example."""
    made = plan(checked(plain_from_text(examples.paths()[_EXAMPLE].read_bytes()))[0])
    steps = (step for sheet in worksheets(made) for step in sheet.steps if step.title != ADMINISTERED)
    lines = tuple((step.title, (step.result, step.equation)) for step in steps)
    return ("Activity by model", tuple(_activities())), ("Masses and doses", lines)


def _activities() -> Iterator[Formula]:
    for model in MODELS:
        for prescription in _prescriptions(model.key, model.inputs):
            equation = model.equation(prescription, _LESIONS)
            if equation is not None:
                title = ", ".join(filter(None, (model.label, prescription.target, _reading(prescription))))
                yield title, (Symbol("A"), equation)


def _prescriptions(key: str, inputs: tuple[str, ...]) -> Iterator[Prescription]:
    """A prescription of each kind that a model knows."""
    if "prescription_target" in inputs:
        yield from (Prescription(model=key, target=target) for target in _TARGETS)
    elif "resin_reading" in inputs:
        yield Prescription(model=key, reading="lobe")
        yield Prescription(model=key, reading="share")
    else:
        yield Prescription(model=key)


def _reading(prescription: Prescription) -> str:
    return field("resin_reading").choices[prescription.reading] if prescription.reading else ""
