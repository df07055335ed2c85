"""One test for every combination of values. Thousands of tests of pytest's own cost more time than what they test."""

from collections.abc import Callable, Iterable
from itertools import product


def each(**values: Iterable) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Run a test with every combination of named values; all that fail are told at once, by their values."""

    def decorated(test: Callable[..., None]) -> Callable[[], None]:
        def run() -> None:
            failed, tried = {}, 0
            for combination in product(*values.values()):
                tried += 1
                try:
                    test(**dict(zip(values, combination, strict=True)))
                except Exception as error:  # noqa: BLE001 - whatever goes wrong at one value, the others are tried
                    failed[", ".join(map(shown, combination))] = f"{type(error).__name__}: {error}"
            assert failed == {}
            assert tried, "there was nothing to try"

        run.__name__, run.__qualname__, run.__doc__ = test.__name__, test.__qualname__, test.__doc__
        run.__module__ = test.__module__
        return run

    return decorated


def shown(value: object) -> str:
    """What a value is known by: a field by its path, a golden row by its id, a rule by its name."""
    if isinstance(value, tuple):
        return " ".join(map(shown, value))
    if isinstance(value, dict):
        return str(value.get("case_id", value))
    return str(getattr(value, "path", None) or getattr(value, "name", value))
