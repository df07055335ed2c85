"""The names of the files that are downloaded."""

import re

_KEPT = 40
_NEITHER_LETTER_NOR_DIGIT = re.compile("[^A-Za-z0-9]+")


def file_stem(label: str, digest: str) -> str:
    """The label of a case as a part of a file name on any computer, and a piece of the hash of its inputs."""
    words = _NEITHER_LETTER_NOR_DIGIT.sub("-", label)[:_KEPT].strip("-")
    return f"{words or 'case'}-{digest[:8]}"
