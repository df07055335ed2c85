"""Texts of a person or of a file in labels, which Streamlit reads as markup: made to show as they are."""

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:@&\"'=^])")
_BREAK = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
_JOINTS = re.compile(r"(?<=[:@])|(?<=[wW])(?=\.)|(?<=[<>~!=-])(?=[<>=-])")
"""Where short names of icons, addresses and arrows are recognized."""
_LONGEST = 120


def as_label(text: str) -> str:
    """A text that a label shows as it is: no picture, link, color or formula comes of it.

    Every sign that Markdown or a directive of Streamlit reads is escaped. Icons, addresses and arrows are looked for
    once more in what the escapes leave: at their joints stands a sign without width, so that none is found. Line breaks
    become spaces, and a long text is cut, because a label has one line.
    """
    line = _BREAK.sub(" ", text).strip()
    shown = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
    return _MARKUP.sub(r"\\\1", _JOINTS.sub("\N{WORD JOINER}", shown))
