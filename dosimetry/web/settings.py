"""The settings of the form as flags for `streamlit run`, for where no settings file lies beside the script.

Their one home is `.streamlit/config.toml`: beside the package in a checkout, packed into it in a wheel.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent


def path() -> Path:
    """The settings file, found where the reference tables are found."""
    checkout = PACKAGE.parent / ".streamlit" / "config.toml"
    return (
        checkout
        if (PACKAGE.parent / "pyproject.toml").is_file() and checkout.is_file()
        else PACKAGE / "_streamlit.toml"
    )


def flags(*, port: int, headless: bool) -> list[str]:
    """The flags, with the port to listen on and whether to open no browser."""
    with path().open("rb") as file:
        settings = dict(_flat("", tomllib.load(file)))
    settings |= {"server.port": port, "server.headless": headless}
    return [f"--{name}={_text(value)}" for name, value in settings.items()]


def _flat(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
