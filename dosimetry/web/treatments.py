"""The treatments the form plans: the records of a case of each, and the door it goes through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dosimetry import case_reader
from dosimetry.case import Case
from dosimetry.tace import door
from dosimetry.tace.case import TaceCase


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Treatment:
    """What differs between the pages of two treatments.

    ``head`` stands in every case file, ``territory_head`` in every territory of one. ``asked`` names inputs that only
    say whether a part of the case is there at all, with that part.
    """

    key: str
    words: str
    address: str
    root: Any
    checked: Callable[[Any], Any]
    choices: Callable[[str], tuple[str, ...]]
    head: Mapping[str, Any]
    territory_head: Mapping[str, Any]
    asked: Mapping[str, str]


_FORMAT = {"format": "dosimetry-case", "format_version": 1}
TARE = Treatment(
    key="tare",
    words="a radioembolization; the Plan page plans it",
    address="./",
    root=Case,
    checked=lambda plain: case_reader.checked(plain)[0],
    choices=case_reader.tabled_choices,
    head=MappingProxyType(_FORMAT),
    territory_head=MappingProxyType({"prescription": {}}),
    asked=MappingProxyType({}),
)
TACE = Treatment(
    key="tace",
    words="a chemoembolization; the TACE page plans it",
    address="tace",
    root=TaceCase,
    checked=lambda plain: door.checked(plain)[0],
    choices=door.tabled_choices,
    head=MappingProxyType({**_FORMAT, "treatment": "tace"}),
    territory_head=MappingProxyType({}),
    asked=MappingProxyType({"partition_asked": "partition"}),
)
TREATMENTS: Mapping[str, Treatment] = MappingProxyType({each.key: each for each in (TARE, TACE)})


def treatment_of(plain: Any) -> Treatment:
    """The treatment of a case in plain values; radioembolization where it states none."""
    stated = plain.get("treatment") if isinstance(plain, dict) else None
    return TREATMENTS.get(stated, TARE) if isinstance(stated, str) else TARE
