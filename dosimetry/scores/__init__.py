"""Clinical scores from laboratory values and tumor counts: context for a report, never a gate."""

from dosimetry.scores.context import Score, evaluate, of

__all__ = ["Score", "evaluate", "of"]
