"""A number of tumors that holds the lesions of its case, whatever the treatment."""

from collections.abc import Iterator
from typing import Any

from dosimetry.problems import Problem


def tumor_count_holds_its_lesions(case: Any) -> Iterator[Problem]:
    """Refuse fewer tumors than lesions; parts of one tumor in several territories bear one name and count once.

    Parameters
    ----------
    case : Case or TaceCase
        Fields may still be missing.
    """
    count = case.staging.tumor_count if case.staging else None
    named = {lesion.name for territory in case.territories for lesion in territory.lesions}
    if count is not None and count < len(named):
        text = f"tumor_count must hold the lesions of the case, {len(named)}; got {count:g}. It is that of all tumors."
        yield Problem("staging.tumor_count", text)
