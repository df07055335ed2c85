"""What must be said about a prescription by its model: numbers not read at their source, and what the model adds."""

from collections.abc import Iterator

from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import MODEL_PATH, FindingColumn, remark
from dosimetry.models import MODELS


def finding_columns(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Remarks about models of the given cases."""
    chosen = evaluated.columns.territory.word("prescription_model")
    for model in MODELS:
        rows = chosen.equal(model.key)
        if rows.any():
            if not model.is_verified:
                text = f"The numbers of the model '{model.label}' were not read at their source."
                yield remark("unverified_model", "territory", MODEL_PATH, rows, text)
            yield from model.remarks(evaluated.columns, evaluated.parts, rows)
