"""Audit: recompute recorded treatments by the core that plans a case, and show where record and physics part.

>>> import pandas as pd
>>> from dosimetry import audit
>>> frame = pd.DataFrame(
...     {
...         "device": "glass", "convention": "eanm", "lung_shunt_fraction": [0.04], "perfused_volume_ml": [650.0],
...         "prescription_model": "single_compartment", "target_dose_gy": [110.0],
...     }
... )
>>> audit.replan(frame)["administered_activity_gbq"].round(6).tolist()
[1.544464]
"""

from dosimetry.audit.replanning import replan, replan_lesions
from dosimetry.audit.table_checks import TableError

__all__ = ["TableError", "replan", "replan_lesions"]
