"""Audit: recompute recorded treatments by the core that plans a case, and show where record and physics part.

>>> import pandas as pd
>>> from dosimetry import audit
>>> frame = pd.DataFrame(
...     {
...         "device": "glass",
...         "convention": "eanm",
...         "lung_shunt_fraction": 0.04,
...         "perfused_volume_ml": 650.0,
...         "prescription_model": "single_compartment",
...         "target_dose_gy": 110.0,
...         "recorded_administered_activity_gbq": [1.54, 41.74],
...     }
... )
>>> replanned = audit.replan(frame)
>>> replanned["administered_activity_gbq"].round(6).tolist()
[1.544464, 1.544464]
>>> audit.compare(replanned)[["grade", "slips"]].values.tolist()
[['agrees', ''], ['far', 'mci_for_gbq']]
"""

from dosimetry.audit.comparing import GRADES, compare, far_difference
from dosimetry.audit.describing import describe
from dosimetry.audit.mapping import TableMapping, read_mapping
from dosimetry.audit.replanning import replan, replan_lesions
from dosimetry.audit.slips import labels as slip_labels
from dosimetry.audit.summarizing import summary
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tace_replanning import replan_tace

__all__ = [
    "GRADES",
    "TableError",
    "TableMapping",
    "compare",
    "describe",
    "far_difference",
    "read_mapping",
    "replan",
    "replan_lesions",
    "replan_tace",
    "slip_labels",
    "summary",
]
