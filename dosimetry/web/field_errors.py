"""What keeps an input from being part of a case, shown at its box: what is wrong in words, what lacks by its frame.

By style and not by another element: a box that another element joins would be drawn anew, and typing in it interrupted.
The words wait until the box is left: half of a number is no mistake yet.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import streamlit as st

from dosimetry.columns import flat_names
from dosimetry.plan_record import Finding
from dosimetry.problems import PLACE, Problem
from dosimetry.web import earlier_rows, rows
from dosimetry.web.day_inputs import on_plan
from dosimetry.web.page_order import fold_of
from dosimetry.web.problem_text import EARLIER_ROW, LESION, TERRITORY, message_of
from dosimetry.web.screen import Screen
from dosimetry.web.sections import FOLD

Keys = Callable[[str], Iterable[str]]
_WRONG, _LACKS = "light-dark(#b3261e, #ff8f85)", "light-dark(#8a5a00, #ffc46b)"
_LINE = (
    ".st-key-{key} :is([data-testid=stTextInputRootElement], .react-aria-ComboBox > [role=group])"
    " {{ border: 1px {line} {color} !important; }}"
)
_MARK = (
    '.st-key-{key}::after {{ content: "{text}"; display: block; color: {color};'
    " font-size: 0.8125rem; line-height: 1.3; }}"
    ".st-key-{key}:focus-within::after {{ display: none; }}"
    " [data-testid=stHorizontalBlock]:has(.st-key-{key}) {{ align-items: start !important; }}"
    " [data-testid=stHorizontalBlock]:has(.st-key-{key}) > .stColumn {{ margin-top: 0 !important; }}"
)
_NEITHER_LETTER_NOR_DIGIT = re.compile("[^A-Za-z0-9]")


def field_errors(problems: Iterable[Problem], screen: Screen, keys: Keys) -> None:
    """Mark the boxes that the problems are about; ``keys`` gives those of a path."""
    said: dict[str, list[str]] = {}
    lacks: dict[str, None] = {}
    for problem in problems:
        boxes = tuple(keys(problem.path))
        for key in (*boxes, *_closed(problem.path, screen)):
            if is_empty(boxes):
                lacks[key] = None
            else:
                said.setdefault(key, []).append(message_of(problem, screen))
    marks = [_LINE.format(key=key, line="dashed", color=_LACKS) for key in lacks if key not in said]
    _draw([*marks, *(_mark(key, " ".join(dict.fromkeys(texts)), _WRONG) for key, texts in said.items())])


def field_questions(findings: Iterable[Finding], screen: Screen) -> None:
    """Mark the boxes of the page whose values wait for an acknowledgement; a computed value has no box."""
    said: dict[str, list[str]] = {}
    for finding in findings:
        path = finding.id.partition("@")[2]
        for key in (*keys_on_plan(path, screen), *_closed(path, screen)):
            said.setdefault(key, []).append(finding.message)
    _draw([_mark(key, " ".join(dict.fromkeys(texts)), _LACKS) for key, texts in said.items()])


def _draw(marks: Sequence[str]) -> None:
    if marks:
        st.html(f"<style>{' '.join(marks)}</style>")


def is_empty(boxes: Iterable[str]) -> bool:
    """Whether nothing stands in any of these boxes; of none there is nothing to say."""
    found = tuple(boxes)
    return bool(found) and not any(str(st.session_state.get(key) or "").strip() for key in found)


def _closed(path: str, screen: Screen) -> Iterator[str]:
    """The fold that holds the box of a path, as long as it is closed and draws none."""
    fold = fold_of(path, screen.treatment)
    if fold is not None:
        yield f"{FOLD}{fold}:not(:has(input))"


def _mark(key: str, text: str, color: str) -> str:
    return (_LINE + _MARK).format(key=key, text=_quoted(text), line="solid", color=color)


def keys_on_plan(path: str, screen: Screen) -> Iterator[str]:
    """The key of the box of a path; of a list the names that stand twice; none for what has no box of its own."""
    name = flat_names(screen.treatment.root).get(PLACE.sub("[]", path))
    if name is None:
        yield from _repeated_names(path)
        return
    earlier = EARLIER_ROW.search(path)
    if earlier:
        yield rows.key(name, earlier_rows.filled_numbers()[int(earlier.group(1))])
        return
    territory, lesion = TERRITORY.search(path), LESION.search(path)
    if not territory:
        yield name
        return
    filled = on_plan()[int(territory.group(1))]
    yield rows.key(name, filled.lesions[int(lesion.group(1))].number if lesion else filled.number)


def _repeated_names(path: str) -> Iterator[str]:
    """The boxes of names that stand more than once among the territories, or among the lesions of one."""
    territory, is_of_lesions = TERRITORY.search(path), path.endswith(".lesions")
    if path != "territories" and not (territory and is_of_lesions):
        return
    named = on_plan()[int(territory.group(1))].lesions if territory else on_plan()
    counts = Counter(each.name for each in named)
    for each in named:
        if each.name and counts[each.name] > 1:
            yield rows.key("lesion_name" if is_of_lesions else "territory_name", each.number)


def _quoted(text: str) -> str:
    """A text inside quotation marks of a style: every character but letters and digits as its code."""
    return _NEITHER_LETTER_NOR_DIGIT.sub(lambda found: f"\\{ord(found.group()):06x}", text)
