"""The command ``dosimetry``: plan, report, verify, audit and more. It reads, calls the library, writes; no arithmetic.

Exit 0; 1 where a verified plan differs; 2 with messages on standard error and nothing on standard output.
"""

import argparse
import datetime
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dosimetry.case_file import case_from_text
from dosimetry.energy_balance import EnergyBalanceError
from dosimetry.number_text import number_from_text
from dosimetry.plan_file import instant_from_text, text_from_plan, verify
from dosimetry.planning import plan
from dosimetry.problems import CaseError
from dosimetry.report import (
    DELIVERY_FORMATS,
    FORMATS,
    ORDER_FORMATS,
    PAGES,
    Formats,
    MissingExtraError,
    render,
    write_report,
)
from dosimetry.schema import TREATMENTS, case_schema
from dosimetry.version import __version__

AGREES, DIFFERS, REFUSED, INTERRUPTED = 0, 1, 2, 130

LAST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return INTERRUPTED
    except CaseError as error:
        return _refuse(f"{options.command}: refused, and nothing was computed.", *map(str, error.problems))
    except (MissingExtraError, EnergyBalanceError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or options.command}: {error.strerror}.")
    except ValueError as error:
        return _refuse(f"{options.command}: {error}")


def _refuse(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dosimetry", description="Radioembolization dosimetry. For trained users; not a medical device."
    )
    parser.add_argument("--version", action="version", version=f"y90-dosimetry {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    planning = commands.add_parser("plan", help="activities, doses and findings of a case, as JSON")
    planning.add_argument("case", metavar="CASE.json", help="a case file; - reads standard input")
    _add_instant(planning)
    planning.set_defaults(run=_plan)

    report = commands.add_parser("report", help="a report of a case")
    report.add_argument("case", metavar="CASE.json", help="a case file; - reads standard input")
    report.add_argument(
        "--output", required=True, metavar="FILE", help=f"the report; its ending decides: {', '.join(FORMATS)}"
    )
    report.add_argument("--page", choices=PAGES, default="a4", help="paper (default: a4)")
    _add_instant(report)
    report.set_defaults(run=_report)

    _add_sheet(commands, "order", "vials, windows and activities to order for the treatment day", ORDER_FORMATS)
    _add_sheet(commands, "deliver", "what was delivered, beside plan and directive", DELIVERY_FORMATS)

    verification = commands.add_parser("verify", help="recompute a stored plan and say what moved and why")
    verification.add_argument("plan", metavar="PLAN.json", help="a plan file; - reads standard input")
    verification.set_defaults(run=_verify)

    schema = commands.add_parser("schema", help="the JSON Schema of the case file")
    schema.add_argument("--treatment", choices=tuple(TREATMENTS), default="tare", help="of which case (default: tare)")
    schema.set_defaults(run=_schema)

    _add_audit(commands)

    app = commands.add_parser("app", help="open the form in a browser")
    app.add_argument("--port", type=_port, default=8501, help="port on this computer (default: 8501)")
    app.add_argument("--headless", action="store_true", help="do not open a browser")
    app.set_defaults(run=_app)
    return parser


def _add_audit(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    audit = commands.add_parser("audit", help="recompute tables of recorded treatments and show where they differ")
    audit.add_argument("tables", nargs="+", metavar="TABLE", type=Path, help="a .csv (UTF-8) or .parquet table")
    what = audit.add_mutually_exclusive_group(required=True)
    what.add_argument("--output", metavar="OUT", type=Path, help="results: .csv, or a .parquet folder")
    what.add_argument("--describe", action="store_true", help="say what would be read and refused, and compute nothing")
    audit.add_argument("--map", metavar="MAP.toml", type=Path, help="headers and units of another department's table")
    audit.add_argument("--tolerance", type=_tolerance, default=0.05, help="difference that agrees (default: 0.05)")
    audit.add_argument("--engine", choices=("local", "dask"), default="local", help="where to compute (default: local)")
    audit.add_argument("--treatment", choices=("tare", "tace"), default="tare", help="of all rows (default: tare)")
    audit.add_argument("--scheduler", metavar="ADDRESS", help="a running dask scheduler, as in tcp://host:8786")
    audit.set_defaults(run=_audit)


def _tolerance(text: str) -> float:
    try:
        value = number_from_text(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"must be in (0, 1), as in 0.05 for five percent; got {text!r}.")
    return value


def _add_sheet(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, formats: Formats
) -> None:
    sheet = commands.add_parser(name, help=text)
    sheet.add_argument("case", metavar="CASE.json", help="a case file; - reads standard input")
    sheet.add_argument("--json", action="store_true", help="JSON on standard output, in place of text")
    endings = ", ".join(formats)
    sheet.add_argument("--output", metavar="FILE", help=f"a file in their place; its ending decides: {endings}")
    sheet.add_argument("--page", choices=PAGES, default="a4", help="paper (default: a4)")
    _add_instant(sheet)
    sheet.set_defaults(run=lambda options: _sheet(options, formats))


def _add_instant(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", type=_instant, metavar="INSTANT", help="when the plan is made, as 2026-01-31T09:30:00Z (default: now)"
    )


def _instant(text: str) -> datetime.datetime:
    try:
        return instant_from_text(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_PORT):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {LAST_PORT}; got {text!r}.")
    return int(text)


def _content(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _plan(options: argparse.Namespace) -> int:
    _write(text_from_plan(plan(case_from_text(_content(options.case)), at=options.at)))
    return AGREES


def _report(options: argparse.Namespace) -> int:
    write_report(plan(case_from_text(_content(options.case)), at=options.at), options.output, page=options.page)
    return AGREES


def _sheet(options: argparse.Namespace, formats: Formats) -> int:
    planned = plan(case_from_text(_content(options.case)), at=options.at)
    if options.output:
        write_report(planned, options.output, page=options.page, formats=formats)
    else:
        _write(render(planned, ".json" if options.json else ".txt", formats=formats).decode())
    return AGREES


def _verify(options: argparse.Namespace) -> int:
    found = verify(_content(options.plan))
    if found.agrees:
        _write("The plan follows from its case: every number agrees.\n")
        return AGREES
    _write("".join(f"{line}\n" for line in (*found.reasons, *found.moved)))
    return DIFFERS


def _schema(options: argparse.Namespace) -> int:
    _write(json.dumps(case_schema(options.treatment), indent=2, ensure_ascii=False) + "\n")
    return AGREES


def _audit(options: argparse.Namespace) -> int:
    if options.treatment == "tace":
        return _audit_tace(options)
    from dosimetry.audit import command

    if options.describe:
        said = command.described(tuple(options.tables), options.map)
        _write(said.lines)
        return DIFFERS if said.has_differences else AGREES
    outcome = command.run(
        tuple(options.tables),
        options.output,
        mapping=options.map,
        tolerance=options.tolerance,
        engine=options.engine,
        scheduler=options.scheduler,
    )
    _write(outcome.lines)
    return DIFFERS if outcome.has_differences else AGREES


def _audit_tace(options: argparse.Namespace) -> int:
    from dosimetry.audit import tace_command

    if options.describe or options.engine != "local":
        raise ValueError("--treatment tace takes neither --describe nor --engine dask.")
    tables = tuple(options.tables)
    outcome = tace_command.run(tables, options.output, mapping=options.map, tolerance=options.tolerance)
    _write(outcome.lines)
    return DIFFERS if outcome.has_differences else AGREES


def _write(text: str) -> None:
    """UTF-8 on every system, so that the same plan has the same bytes."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _app(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("streamlit") is None:
        raise MissingExtraError(
            "the form needs the package streamlit; install it with: python -m pip install 'y90-dosimetry[app,report]'"
        )
    from dosimetry.web.settings import flags

    script = Path(__file__).parent / "web" / "start.py"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        *flags(port=options.port, headless=options.headless),
    ]
    if os.name == "posix":
        os.execv(sys.executable, command)  # become the server, so that signals reach it and it is not left behind
    return subprocess.call(command)
