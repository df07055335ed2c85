"""The ids of the findings of each row of a table: what a physicist must see, as columns."""

import numpy as np
import pandas as pd

from dosimetry import cautions, limits, model_cautions, unusual
from dosimetry.arrays import AnyArray
from dosimetry.audit.selection import Selection
from dosimetry.audit.text_columns import text_column
from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import FindingColumn
from dosimetry.limits import cautions as limit_cautions
from dosimetry.limits.scope import LimitScope

SEPARATOR = ";"


def finding_ids(evaluated: Evaluated, chosen: Selection, rows: int) -> tuple[pd.Categorical, pd.Categorical]:
    """Ids of stops, and of cautions, of every row, one after the other; refused rows have none."""
    columns = evaluated.columns
    scope = LimitScope(columns, evaluated.results)
    judged = limits.judged(scope)
    texts = {severity: np.full(columns.territory.rows, "", dtype=object) for severity in ("stop", "caution")}
    for found in (
        *limits.finding_columns(judged, evaluated.results),
        *unusual.finding_columns(evaluated),
        *limit_cautions.finding_columns(evaluated, scope, judged),
        *model_cautions.finding_columns(evaluated),
        *cautions.finding_columns(evaluated),
    ):
        if found.severity in texts:
            _append(texts[found.severity], found, evaluated)
    return text_column(rows, chosen.territories, texts["stop"]), text_column(rows, chosen.territories, texts["caution"])


def _append(texts: AnyArray, found: FindingColumn, evaluated: Evaluated) -> None:
    """Add the id of a finding to the texts of the territories it concerns, once each."""
    columns = evaluated.columns
    has = np.zeros(columns.level(found.level).rows, dtype=np.bool_)
    has[found.rows] = True
    if found.level == "case":
        has = has[columns.territory_case]
    elif found.level == "lesion":
        has = columns.per_territory(has.astype(np.float64)) > 0
    texts[has] = np.where(texts[has] == "", "", texts[has] + SEPARATOR) + found.rule
