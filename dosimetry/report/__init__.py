"""Reports of a plan: PDF, HTML, text, CSV and the plan itself. One document tree, one renderer a format."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dosimetry.ordering.sheet import order_sheet
from dosimetry.plan_file import text_from_plan
from dosimetry.plan_record import Plan
from dosimetry.planning import AnyPlan
from dosimetry.problems import CaseError, Problem
from dosimetry.report import contents, csv_report, tace_contents, text_report
from dosimetry.report.document import Document
from dosimetry.report.order_csv import order_csv
from dosimetry.report.order_document import delivery_document, order_document
from dosimetry.tace.plan_record import TacePlan
from dosimetry.treatment_day.day_file import text_from_delivery, text_from_order, with_delivery

PAGES = ("a4", "letter")
_PACKAGES = {".pdf": "typst", ".html": "jinja2"}
"""What a format needs of the extra ``report``."""


class AcknowledgementNeededError(ValueError):
    """A report waits until findings are acknowledged; the message lists their ids."""


class MissingExtraError(RuntimeError):
    """A package that this format needs is not installed; the message has the command that installs it."""


def _pdf(of: Document, page: str) -> bytes:
    from dosimetry.report import pdf_report

    return pdf_report.render(of, page)


def _html(of: Document, page: str) -> bytes:
    from dosimetry.report import html_report

    return html_report.render(of, page)


Formats = Mapping[str, Callable[[Any, str], bytes]]


def _document(plan: AnyPlan) -> Document:
    return tace_contents.document(plan) if isinstance(plan, TacePlan) else contents.document(plan)


def _of_spheres(plan: AnyPlan) -> Plan:
    """A plan of microspheres, which alone are ordered by the hour and assayed."""
    if isinstance(plan, TacePlan):
        raise CaseError([Problem("treatment", "orders and deliveries are those of radioembolization (tare).")])
    return plan


def _order(plan: AnyPlan) -> Document:
    return order_document(_of_spheres(plan), order_sheet(_of_spheres(plan)))


def _drawn(document_of: Callable[[Any], Document]) -> Formats:
    """The formats that draw a document."""
    return {
        ".pdf": lambda plan, page: _pdf(document_of(plan), page),
        ".html": lambda plan, page: _html(document_of(plan), page),
        ".txt": lambda plan, page: text_report.render(document_of(plan)),
    }


DRAWN = _drawn(lambda made: made)
"""Formats of a document that is no report of a plan."""
FORMATS: Formats = {
    **_drawn(_document),
    ".csv": lambda plan, page: csv_report.render(plan),
    ".json": lambda plan, page: text_from_plan(plan).encode(),
}
ORDER_FORMATS: Formats = {
    **_drawn(_order),
    ".csv": lambda plan, page: order_csv(order_sheet(_of_spheres(plan))),
    ".json": lambda plan, page: text_from_order(_of_spheres(plan)).encode(),
}
"""Formats of the order sheet."""
DELIVERY_FORMATS: Formats = {
    **_drawn(lambda plan: delivery_document(with_delivery(_of_spheres(plan)))),
    ".json": lambda plan, page: text_from_delivery(_of_spheres(plan)).encode(),
}
"""Formats of the as-treated sheet."""


def render(plan: AnyPlan, ending: str, *, page: str = "a4", formats: Formats = FORMATS) -> bytes:
    """A report of a plan.

    Parameters
    ----------
    plan : Plan or TacePlan
    ending : str
        ``.pdf``, ``.html``, ``.txt``, ``.csv`` or ``.json``.
    page : str
        ``a4`` or ``letter``; matters for PDF and print.
    formats : mapping
        Of the whole report, or ``ORDER_FORMATS`` or ``DELIVERY_FORMATS``.

    Raises
    ------
    AcknowledgementNeededError
        While a finding must still be acknowledged; JSON is given all the same.
    MissingExtraError
        When a package for this format is not installed.
    ValueError
        For an unknown ending or page, or a character that the report's fonts cannot print.
    """
    if ending not in formats:
        raise ValueError(f"the ending must be one of {', '.join(formats)}; got {ending!r}.")
    if page not in PAGES:
        raise ValueError(f"page must be one of {', '.join(PAGES)}; got {page!r}.")
    if formats is not FORMATS and isinstance(plan, TacePlan):
        raise ValueError("this sheet is one of radioembolization; the case is a chemoembolization.")
    if ending != ".json" and plan.unacknowledged:
        ids = "\n".join(f"  {finding.id} (value {finding.value}): {finding.message}" for finding in plan.unacknowledged)
        raise AcknowledgementNeededError(
            "a report needs these findings acknowledged in the case, as in "
            f'"acknowledged": [{{"finding": ID, "value": VALUE, "by": INITIALS, "reason": TEXT}}]:\n{ids}'
        )
    return _made(ending, lambda: formats[ending](plan, page))


def refusal(ending: str, text: str) -> str | None:
    """Why a format cannot be had of a report with this text, asked before it is made; ``None`` where it can be.

    Parameters
    ----------
    ending : str
        Of `FORMATS`.
    text : str
        Everything in the report that a person typed: a case file holds it all.
    """
    package = _PACKAGES.get(ending)
    if package and find_spec(package) is None:
        return _to_install(ending, package)
    if ending != ".pdf":
        return None
    from dosimetry.report import pdf_report

    return pdf_report.refusal(text)


def render_document(document: Document, ending: str, *, page: str = "a4") -> bytes:
    """A document that is no report of a plan, such as a comparison, as PDF, HTML or text. Raises as `render`."""
    if ending not in DRAWN:
        raise ValueError(f"the ending must be one of {', '.join(DRAWN)}; got {ending!r}.")
    return _made(ending, lambda: DRAWN[ending](document, page))


def _made(ending: str, make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except ModuleNotFoundError as error:
        if error.name is None or error.name not in _PACKAGES.values():
            raise
        raise MissingExtraError(_to_install(ending, error.name)) from None


def _to_install(ending: str, package: str) -> str:
    return f"{ending} needs the package {package}; install it with: python -m pip install 'y90-dosimetry[report]'"


def write_report(plan: AnyPlan, path: str | Path, *, page: str = "a4", formats: Formats = FORMATS) -> None:
    """Write a report; the format follows from the ending of the path. Raises as `render`, and ``OSError``."""
    path = Path(path)
    path.write_bytes(render(plan, path.suffix.lower(), page=page, formats=formats))
