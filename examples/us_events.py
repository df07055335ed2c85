"""Public US event reports recomputed: what was missing, whether 20 % is reached, which contradict themselves."""

from pathlib import Path

import numpy as np
import pandas as pd

from dosimetry.audit import far_difference
from dosimetry.comparison import compare

events = pd.read_csv(Path(__file__).with_name("us-events.csv"), dtype=str, keep_default_na=False)
figures = events[["prescribed", "delivered", "reported_low_percent"]].apply(pd.to_numeric)
# A printed figure stands for everything that rounds to it: half a unit of its last digit to both sides.
room = events[figures.columns].map(lambda text: 0.5 * 10.0 ** -len(text.partition(".")[2]))
(prescribed, delivered, reported), (of_prescribed, of_delivered, of_reported) = figures.to_numpy().T, room.to_numpy().T
low = (1 - delivered / prescribed) * 100
least = (1 - (delivered + of_delivered) / (prescribed - of_prescribed)) * 100
most = (1 - (delivered - of_delivered) / (prescribed + of_prescribed)) * 100
counts = compare(np.abs(delivered - prescribed) / prescribed, ">=", far_difference())
off = np.abs(low - reported) > of_reported
impossible = (reported + of_reported < least) | (reported - of_reported > most)

for row, event in events.iterrows():
    printed = f"{event['delivered']} of {event['prescribed']} {event['unit']}".strip()
    reached = "20 % reached" if counts[row] else "20 % not reached"
    print(f"{event['event']}: {printed}: {abs(low[row]):.2f} % too {'little' if low[row] > 0 else 'much'}, {reached}")
    if off[row]:
        from_what = f"follows from {delivered[row] / (1 - reported[row] / 100):.4g}, not from {prescribed[row]:g}"
        verdict = "contradicts its own figures" if impossible[row] else "is possible only within their rounding"
        print(f"    reported {reported[row]:g} % {verdict}: it {from_what}")

for number, parts in figures.groupby(events["event"]):
    if len(parts) > 1:
        together = parts["delivered"].sum() / parts["prescribed"].sum()
        print(f"{number}: {len(parts)} parts, together {together:.1%} delivered")
