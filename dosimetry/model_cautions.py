"""What must be said about a prescription by its model: not verified, doubtful for this liver, on the edge of a band."""

from collections.abc import Iterator

import numpy as np

from dosimetry import figures, reference
from dosimetry.activity_bands import SHUNT_REDUCTION, on_an_edge, remaining_part
from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import FindingColumn, remark
from dosimetry.models import MODELS, empirical, resin_bsa

_PATH = "territories[].prescription.model"


def finding_columns(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Remarks about models of the given cases."""
    yield from _unverified(evaluated)
    yield from _body_surface(evaluated)
    yield from _reduced(evaluated)


def _unverified(evaluated: Evaluated) -> Iterator[FindingColumn]:
    chosen = evaluated.columns.territory.word("prescription_model")
    for model in MODELS:
        if not model.is_verified:
            text = f"The numbers of the model '{model.label}' were not read at their source."
            yield remark("unverified_model", "territory", _PATH, chosen.equal(model.key), text)


def _body_surface(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """The method takes the size of the body for that of the liver."""
    columns = evaluated.columns
    chosen = columns.territory.word("prescription_model").equal(resin_bsa.key)
    resected = columns.spread(columns.case.number("prior_resection") == 1, "territory")
    smallest = reference.coefficient("resin_bsa", "smallest_liver_ml")
    small = columns.spread(columns.case.number("whole_liver_volume_ml") < smallest, "territory")
    text = "The body-surface method takes the size of the body for that of the liver, and the liver was resected."
    yield remark("body_surface_after_resection", "territory", _PATH, chosen & resected, text)
    text = (
        "The body-surface method takes the size of the body for that of the liver, and this liver is smaller than "
        f"{figures.trimmed(smallest)} mL."
    )
    yield remark("body_surface_small_liver", "territory", _PATH, chosen & small, text)


def _reduced(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """The shunt reduction, which touches these two models and no other."""
    columns, shunt = evaluated.columns, evaluated.parts.territory_lung_shunt_fraction
    model = columns.territory.word("prescription_model")
    chosen = model.equal(resin_bsa.key) | model.equal(empirical.key)
    if not chosen.any():
        return
    left = remaining_part(shunt)

    def sentence(row: int) -> str:
        """Shunt and reduction of a row."""
        edge = on_an_edge(SHUNT_REDUCTION, shunt[row : row + 1]).any()
        said = " The shunt lies exactly on the edge of a band; the larger reduction is taken." if edge else ""
        taken, of = figures.percent(1.0 - float(left[row])), figures.percent(float(shunt[row]))
        return f"The activity is reduced by {taken} for a lung shunt of {of}, by the method's own rule.{said}"

    yield FindingColumn(
        rule="shunt_reduction",
        kind="caution",
        severity="note",
        level="territory",
        path=_PATH,
        quantity="effective_lung_shunt_fraction",
        rows=np.flatnonzero(chosen & (left < 1)),
        sentence=sentence,
        values=shunt,
    )
