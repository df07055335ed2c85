"""The page on which a chemoembolization is entered and its plan is shown."""

from dosimetry.web.live_page import Drawn, live_page
from dosimetry.web.sections import choices, folds
from dosimetry.web.tace_inputs import CHOICES, FOLDS, LAYOUT, partition_inputs, tace_inputs, used
from dosimetry.web.tace_results import tace_details, tace_in_short, tace_summary, tace_view
from dosimetry.web.territory_boxes import territory_boxes


def tace_page() -> None:
    """Inputs, and what belongs to these inputs and to no others."""
    live_page(
        Drawn(inputs=_inputs, view_of=tace_view, in_short=tace_in_short, summary=tace_summary, details=tace_details)
    )


def _inputs() -> None:
    choices(used(CHOICES))
    tace_inputs()
    folds(FOLDS)
    territory_boxes(LAYOUT)
    partition_inputs()
