"""One calculation: what it was made from and what came out, in one object that never changes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dosimetry import planning
from dosimetry.chart_data import dose_charts
from dosimetry.plan_record import Plan
from dosimetry.problems import CaseError, Problem
from dosimetry.report.worksheet import worksheets
from dosimetry.web.dose_chart import Chart
from dosimetry.web.findings_view import FindingGroups, finding_groups
from dosimetry.web.result_sections import Section, activity_equations, budget_drawing, dose_table, sections
from dosimetry.web.screen import Screen, case_of


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is drawn of a plan, made once with it."""

    activities: tuple[str, ...]
    doses: str
    budget: str
    charts: tuple[Chart, ...]
    findings: FindingGroups
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The plan of the inputs with this digest, of any treatment; or the problems that keep them from being a case.

    ``view_of`` makes what its page draws of the plan, when it is first looked at: other pages have no use for it.
    """

    digest: str
    problems: tuple[Problem, ...] = ()
    plan: Any = None
    view_of: Callable[[Any], Any]

    @property
    def is_shown(self) -> bool:
        """Whether there is a plan in which nothing waits for an acknowledgement."""
        return self.plan is not None and not self.plan.unacknowledged

    @cached_property
    def view(self) -> Any:
        """What is drawn of the plan."""
        return self.view_of(self.plan)


@dataclass(slots=True)
class Latest:
    """What stood on the screen when the last run began or drew a file: a file that is made meanwhile looks at it."""

    digest: str = ""


def calculated(screen: Screen, view_of: Callable[[Any], Any] | None = None) -> Outcome:
    """The outcome of the inputs on the screen; ``view_of`` makes what is drawn of a plan of another treatment."""
    view_of = view_of or _view
    try:
        case = case_of(screen)
    except CaseError as error:
        return Outcome(digest=screen.digest, problems=error.problems, view_of=view_of)
    return Outcome(digest=screen.digest, plan=planning.plan(case), view_of=view_of)


def _view(plan: Plan) -> View:
    sheets = worksheets(plan)
    return View(
        activities=activity_equations(plan, sheets),
        doses=dose_table(plan, sheets),
        budget=budget_drawing(plan),
        charts=tuple(Chart(data=data) for data in dose_charts(plan)),
        findings=finding_groups(plan),
        sections=sections(plan, sheets),
    )
