"""Public US event reports recomputed: how much was missing, whether 20 % is reached, and which reports contradict themselves."""

from pathlib import Path

import numpy as np
import pandas as pd

from dosimetry.audit import far_difference, half_digit
from dosimetry.comparison import compare

events = pd.read_csv(Path(__file__).with_name("us-events.csv"))
prescribed, delivered = events["prescribed"].to_numpy(), events["delivered"].to_numpy()
reported = events["reported_low_percent"].to_numpy()
low = (1 - delivered / prescribed) * 100
counts = compare(np.abs(delivered - prescribed) / prescribed, ">=", far_difference())
# The printed figures stand for everything that rounds to them.
least = (1 - (delivered + half_digit(delivered)) / (prescribed - half_digit(prescribed))) * 100
most = (1 - (delivered - half_digit(delivered)) / (prescribed + half_digit(prescribed))) * 100
contradicts = (reported + half_digit(reported) < least) | (reported - half_digit(reported) > most)

for row, event in events.iterrows():
    figures = f"{event['delivered']:g} of {event['prescribed']:g} {event['unit'] if event['unit'] == event['unit'] else ''}"
    said = "" if np.isnan(reported[row]) else f", reported {reported[row]:g} %"
    print(f"{event['event']}: {figures.strip()} is {low[row]:.2f} % low{said}; 20 % {'reached' if counts[row] else 'not reached'}")
    if contradicts[row]:
        implied = delivered[row] / (1 - reported[row] / 100)
        print(f"    contradicts itself: {reported[row]:g} % follows from {implied:.4g}, not from {prescribed[row]:g}")

for number, parts in events.groupby("event"):
    if len(parts) > 1:
        print(f"{number}: {len(parts)} parts together {parts['delivered'].sum() / parts['prescribed'].sum():.1%} delivered")
