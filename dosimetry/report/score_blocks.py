"""The clinical scores of a case as a table: context, of any treatment, never a gate."""

from collections.abc import Iterator, Sequence

from dosimetry.limits.words import in_sentence
from dosimetry.report.document import Block, Column, Heading, Paragraph, Table
from dosimetry.scores import Score

CONTEXT = (
    "Context from published scores. Only Child-Pugh enters a limit, which stands among the findings; no other score "
    "allows or forbids a treatment here. Cohorts outside the ones they were made from have not confirmed all of them."
)


def scores(found: Sequence[Score]) -> Iterator[Block]:
    """Every score whose inputs are there, with its source; then those that lack inputs, and which."""
    known = [score for score in found if score.value is not None]
    if known:
        yield Heading("Clinical scores")
        yield Paragraph(CONTEXT)
        rows = tuple((score.label, score.text, f"{score.source}: {score.locator}{_mark(score)}") for score in known)
        yield Table((Column("Score"), Column("Value"), Column("Source")), rows, (3, 3, 8))
        yield from _notes(known)
        lacking = [score for score in found if score.value is None]
        if lacking:
            yield Paragraph(f"Not computed: {'; '.join(_lacks(score) for score in lacking)}. Nothing is inferred.")


def _notes(known: Sequence[Score]) -> Iterator[Paragraph]:
    """What a value counts, said once for all scores that count alike."""
    for note in dict.fromkeys(score.note for score in known if score.note):
        yield Paragraph(f"{', '.join(score.label for score in known if score.note == note)}: {note}.")


def _lacks(score: Score) -> str:
    if score.note:
        return f"{score.label}, {score.note}"
    return f"{score.label} without {', '.join(map(in_sentence, score.missing))}"


def _mark(score: Score) -> str:
    return "" if score.verified else " (not verified)"
