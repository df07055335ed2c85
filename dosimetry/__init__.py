"""Radioembolization dosimetry: activities and absorbed doses of Y-90 and Ho-166 microspheres.

For trained users; not a medical device. A case goes in, a plan comes out:

>>> from dosimetry import Case, Lung, Prescription, Territory, plan
>>> lobe = Territory(
...     name="right lobe",
...     perfused_volume_ml=650,
...     lesions=(),
...     prescription=Prescription(model="single_compartment", dose_gy=110),
... )
>>> case = Case(label="lobar", device="glass", convention="eanm", lung=Lung(shunt_fraction=0.04), territories=(lobe,))
>>> round(plan(case).territories[0].administered_activity_gbq, 6)
1.544464
"""

from dosimetry.case import (
    Acknowledgement,
    Case,
    Constants,
    Extrahepatic,
    Lesion,
    LimitSwitches,
    Liver,
    Lung,
    Mapping,
    Patient,
    Prescription,
    Prior,
    Sensitivity,
    ShuntCounts,
    Staging,
    SwitchedOff,
    Territory,
    TumorNormalCounts,
)
from dosimetry.case_file import read_case
from dosimetry.energy_balance import EnergyBalanceError
from dosimetry.plan_record import Finding, Plan
from dosimetry.planning import plan
from dosimetry.problems import CaseError, Problem
from dosimetry.report import AcknowledgementNeededError, MissingExtraError, write_report
from dosimetry.tace.case import TaceCase
from dosimetry.tace.plan_record import TacePlan
from dosimetry.version import __version__

__all__ = [
    "Acknowledgement",
    "AcknowledgementNeededError",
    "Case",
    "CaseError",
    "Constants",
    "EnergyBalanceError",
    "Extrahepatic",
    "Finding",
    "Lesion",
    "LimitSwitches",
    "Liver",
    "Lung",
    "Mapping",
    "MissingExtraError",
    "Patient",
    "Plan",
    "Prescription",
    "Prior",
    "Problem",
    "Sensitivity",
    "ShuntCounts",
    "Staging",
    "SwitchedOff",
    "TaceCase",
    "TacePlan",
    "Territory",
    "TumorNormalCounts",
    "__version__",
    "plan",
    "read_case",
    "write_report",
]
