"""Reports of a plan: PDF, HTML, text, CSV and the plan itself. One document tree, one renderer a format."""

from collections.abc import Callable
from pathlib import Path

from dosimetry.plan_file import text_from_plan
from dosimetry.plan_record import Plan
from dosimetry.report import csv_report, text_report
from dosimetry.report.contents import document

PAGES = ("a4", "letter")


class AcknowledgementNeededError(ValueError):
    """A report waits until findings are acknowledged; the message lists their ids."""


class MissingExtraError(RuntimeError):
    """A package that this format needs is not installed; the message has the command that installs it."""


def _pdf(plan: Plan, page: str) -> bytes:
    from dosimetry.report import pdf_report

    return pdf_report.render(document(plan), page)


def _html(plan: Plan, page: str) -> bytes:
    from dosimetry.report import html_report

    return html_report.render(document(plan), page)


FORMATS: dict[str, Callable[[Plan, str], bytes]] = {
    ".pdf": _pdf,
    ".html": _html,
    ".txt": lambda plan, page: text_report.render(document(plan)),
    ".csv": lambda plan, page: csv_report.render(plan),
    ".json": lambda plan, page: text_from_plan(plan).encode(),
}


def render(plan: Plan, ending: str, *, page: str = "a4") -> bytes:
    """A report of a plan.

    Parameters
    ----------
    plan : Plan
    ending : str
        ``.pdf``, ``.html``, ``.txt``, ``.csv`` or ``.json``.
    page : str
        ``a4`` or ``letter``; matters for PDF and print.

    Raises
    ------
    AcknowledgementNeededError
        While a finding must still be acknowledged; JSON is given all the same.
    MissingExtraError
        When a package for this format is not installed.
    ValueError
        For an unknown ending or page, or a character that the report's fonts cannot print.
    """
    if ending not in FORMATS:
        raise ValueError(f"the ending must be one of {', '.join(FORMATS)}; got {ending!r}.")
    if page not in PAGES:
        raise ValueError(f"page must be one of {', '.join(PAGES)}; got {page!r}.")
    if ending != ".json" and plan.unacknowledged:
        ids = "\n".join(f"  {finding.id} (value {finding.value}): {finding.message}" for finding in plan.unacknowledged)
        raise AcknowledgementNeededError(
            "a report needs these findings acknowledged in the case, as in "
            f'"acknowledged": [{{"finding": ID, "value": VALUE, "by": INITIALS, "reason": TEXT}}]:\n{ids}'
        )
    try:
        return FORMATS[ending](plan, page)
    except ModuleNotFoundError as error:
        if error.name not in ("typst", "jinja2"):
            raise
        message = (
            f"{ending} needs the package {error.name}; install it with: python -m pip install 'y90-dosimetry[report]'"
        )
        raise MissingExtraError(message) from None


def write_report(plan: Plan, path: str | Path, *, page: str = "a4") -> None:
    """Write a report; the format follows from the ending of the path. Raises as `render`, and ``OSError``."""
    path = Path(path)
    path.write_bytes(render(plan, path.suffix.lower(), page=page))
