"""The page on which a case of a radioembolization is entered and its plan is shown."""

from dosimetry.web import day_parts, session
from dosimetry.web.also import also
from dosimetry.web.limit_switches import limit_switches
from dosimetry.web.live_page import Drawn, live_page
from dosimetry.web.results import details, in_short, summary
from dosimetry.web.sections import cards, choices, folds
from dosimetry.web.territory_boxes import territory_boxes


def plan_page() -> None:
    """Inputs, and what belongs to these inputs and to no others."""
    live_page(Drawn(inputs=_inputs, in_short=in_short, summary=summary, details=details))


def _inputs() -> None:
    choices()
    cards()
    folds()
    limit_switches(session.screen())
    territory_boxes()
    day_parts.follow()
    also(session.screen())
