"""Where each input stands on its page: the order of the boxes, and what is to be opened to see one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dosimetry.columns import flat_names
from dosimetry.problems import PLACE, Problem
from dosimetry.web import sections, tace_inputs, territory_boxes
from dosimetry.web.problem_text import LESION, TERRITORY
from dosimetry.web.sections import Fold
from dosimetry.web.territory_boxes import Layout
from dosimetry.web.treatments import TACE, TARE, Treatment

_FIRST = ("label",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The inputs of the case that are always there, those in folds, and those of territories and lesions."""

    case: tuple[str, ...]
    folds: tuple[Fold, ...]
    layout: Layout


_PAGES: Mapping[str, _Page] = MappingProxyType(
    {
        TARE.key: _Page(
            case=(*_FIRST, *sections.CHOICES, *(name for card in sections.CARDS for name in card.names)),
            folds=sections.FOLDS,
            layout=territory_boxes.LAYOUT,
        ),
        TACE.key: _Page(
            case=(
                *_FIRST,
                *tace_inputs.CHOICES,
                *tace_inputs.PATIENT.names,
                *tace_inputs.DRUG,
                *tace_inputs.DOSE,
                *tace_inputs.CARRIER,
                *tace_inputs.PARTITION,
            ),
            folds=tace_inputs.FOLDS,
            layout=tace_inputs.LAYOUT,
        ),
    }
)


def in_page_order(problems: Iterable[Problem], treatment: Treatment) -> list[Problem]:
    """Problems as their boxes follow on the page: the case, then each territory with its lesions."""
    page = _PAGES[treatment.key]
    folded = (name for fold in page.folds for name in _names(fold))
    layout = page.layout
    places = {
        name: place for place, name in enumerate((*page.case, *folded, *layout.territory.all, *layout.lesion.all))
    }

    def place(problem: Problem) -> tuple[int, int, int]:
        """Territory, lesion and box; what has no box of its own comes last among its like."""
        territory, lesion = (part.search(problem.path) for part in (TERRITORY, LESION))
        box = places.get(_name(problem.path, treatment), len(places))
        return (int(territory.group(1)) if territory else -1, int(lesion.group(1)) if lesion else -1, box)

    return sorted(problems, key=place)


def fold_of(path: str, treatment: Treatment) -> int | None:
    """The fold that holds the box of a path, by its number on the page."""
    name = _name(path, treatment)
    return next((number for number, fold in enumerate(_PAGES[treatment.key].folds) if name in _names(fold)), None)


def where_of(path: str, treatment: Treatment) -> str:
    """What is to be opened to see the box of a path; empty where it is always there."""
    page, fold = _PAGES[treatment.key], fold_of(path, treatment)
    if fold is not None:
        return page.folds[fold].title
    name = _name(path, treatment)
    return territory_boxes.ALL_INPUTS if name in (*page.layout.territory.more, *page.layout.lesion.more) else ""


def _name(path: str, treatment: Treatment) -> str:
    """The flat name of the input of a path; empty for what is no single input."""
    return flat_names(treatment.root).get(PLACE.sub("[]", path), "")


def _names(fold: Fold) -> tuple[str, ...]:
    return tuple(name for group in fold.groups for name in group.names)
