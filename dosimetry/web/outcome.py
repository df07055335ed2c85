"""One calculation: what it was made from and what came out, in one object that never changes."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files of one plan on one paper; where one could not be made, the sentence that says why."""

    plan: Plan
    page: str
    contents: Mapping[str, bytes | str]


def calculated(screen: Screen) -> Outcome:
    """The outcome of the inputs on the screen."""
    if problems_of(screen):
        return Outcome(digest=screen.digest)
    plan = planning.plan(checked(plain_from_screen(screen)[0])[0])
    if plan.unacknowledged:
        return Outcome(digest=screen.digest, plan=plan)
    return Outcome(digest=screen.digest, plan=plan, report=document(plan), charts=dose_charts(plan))
