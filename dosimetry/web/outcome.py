"""One calculation: what it was made from and what came out, in one object that never changes."""

from dataclasses import dataclass

from dosimetry import planning
from dosimetry.case_reader import checked
from dosimetry.chart_data import DoseChart, dose_charts
from dosimetry.plan_record import Plan
from dosimetry.report.contents import document
from dosimetry.report.document import Document
from dosimetry.web.screen import Screen, plain_from_screen, problems_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The plan of the inputs with this digest; without a plan the inputs were refused.

    ``report`` and ``charts`` are there once nothing waits for an acknowledgement.
    """

    digest: str
    plan: Plan | None = None
    report: Document | None = None
    charts: tuple[DoseChart, ...] = ()


def calculated(screen: Screen) -> Outcome:
    """The outcome of the inputs on the screen."""
    if problems_of(screen):
        return Outcome(digest=screen.digest)
    plan = planning.plan(checked(plain_from_screen(screen)[0])[0])
    if plan.unacknowledged:
        return Outcome(digest=screen.digest, plan=plan)
    return Outcome(digest=screen.digest, plan=plan, report=document(plan), charts=dose_charts(plan))
