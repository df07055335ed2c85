"""The summary of the golden tables that the About page shows. Run this file to write it anew."""

import csv
import io
import re
from collections import defaultdict

from cases import ROOT
from golden import Golden, every_number, flat, result

from dosimetry import figures

PLACE = ROOT / "dosimetry" / "web" / "validation.csv"
COLUMNS = ("source_id", "published", "derived", "worst_difference", "disputed")


def pairs(golden: Golden) -> list[tuple[float, float]]:
    """Every printed number of a cell with the computed one."""
    computed = flat(result(golden))
    return [
        (float(text), value) for text, value in zip(re.split(r"[|;]", golden.printed), computed, strict=True) if text
    ]


def difference(printed: float, computed: float) -> float:
    """Relative difference in percent; a printed zero is met or missed by the number itself."""
    return 100 * abs(computed - printed) / (abs(printed) or 1.0)


def text() -> str:
    """The table as CSV, the sources with the most numbers first."""
    counted: dict[str, dict[str, int]] = defaultdict(lambda: {"published": 0, "derived": 0, "disputed": 0})
    worst: dict[str, float] = defaultdict(float)
    for golden in every_number(disputed=False):
        source, found = golden.row["source_id"], pairs(golden)
        counted[source][golden.row["origin"]] += len(found)
        worst[source] = max(worst[source], *(difference(*pair) for pair in found))
    for golden in every_number(disputed=True):
        counted[golden.row["source_id"]]["disputed"] += 1
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    writer.writeheader()
    order = sorted(counted, key=lambda source: (-counted[source]["published"], -counted[source]["derived"], source))
    for source in order:
        shown = figures.significant(worst[source], 2) if worst[source] > 1e-6 else "under 0.000001"
        shown = shown if counted[source]["published"] or counted[source]["derived"] else figures.MISSING
        writer.writerow({"source_id": source, **counted[source], "worst_difference": shown})
    return lines.getvalue()


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8")
