"""Ink and dash of every compartment: the same in each chart of a report and of the form."""

from collections.abc import Sequence
from typing import NamedTuple

from dosimetry.compartment_names import LUNGS, NORMAL_PERFUSED, PERFUSED, WHOLE_LIVER, WHOLE_NORMAL
from dosimetry.report.svg import DASHES, INKS

_OF_EVERY_CHART = (PERFUSED, NORMAL_PERFUSED, LUNGS, WHOLE_NORMAL, WHOLE_LIVER)


class Pen(NamedTuple):
    """How a line is drawn; ``dash`` as lengths on and off, empty for a line that is whole."""

    ink: str
    dash: str


_PENS = tuple(map(Pen, INKS, DASHES))
_FIXED = dict(zip(_OF_EVERY_CHART, _PENS[1:], strict=False))
_OF_LESIONS = (_PENS[0], *_PENS[len(_FIXED) + 1 :])


def pens(compartments: Sequence[str]) -> list[Pen]:
    """One for each compartment: lesions, in their order, take those that no other compartment has."""
    lesions = [name for name in compartments if name not in _FIXED]
    return [_FIXED.get(name) or _of_lesion(lesions.index(name)) for name in compartments]


def _of_lesion(place: int) -> Pen:
    """Where lesions outnumber their inks, these come again with another dash."""
    turn, ink = divmod(place, len(_OF_LESIONS))
    dashes = len(DASHES)
    return Pen(_OF_LESIONS[ink].ink, DASHES[(DASHES.index(_OF_LESIONS[ink].dash) + turn) % dashes])
