"""Drawings as SVG of our own: a few shapes, every text escaped, the same text for the same numbers."""

from collections.abc import Iterable
from html import escape

FONT = "Libertinus Serif, Georgia, serif"
INKS = ("#0d6ac7", "#ba430a", "#1b7a3d", "#9749b1", "#826700", "#0e767a", "#ce1a57", "#6b6b6b")
"""Colors that stand out from white paper and from a dark page; the dashes of a line tell them apart without color."""
DASHES = ("", "7 3", "2 2", "9 3 2 3", "12 5", "4 2 1 2", "1 3", "6 2 2 2 2 2")
Place = tuple[float, float]


def drawing(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """A picture of this size, with a title that is read aloud; lines and words take the color of the text around."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="img" aria-label="{escape(title, quote=True)}" '
        f'font-family="{FONT}" font-size="11">{"".join(parts)}</svg>'
    )


def styled(picture: str, style: str) -> str:
    """A picture whose letters, paper and ink are those of a style, in the language of CSS."""
    return picture.replace("<svg ", f'<svg style="{escape(style, quote=True)}" ', 1)


def line(start: Place, end: Place, *, ink: str = "currentColor", width: float = 1, dash: str = "") -> str:
    """A straight line."""
    return (
        f'<line x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}" y2="{_n(end[1])}" '
        f'stroke="{ink}" stroke-width="{_n(width)}"{_dash(dash)}/>'
    )


def curve(points: Iterable[Place], *, ink: str, dash: str = "", width: float = 1.6) -> str:
    """A line through points."""
    shown = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'<polyline points="{shown}" fill="none" stroke="{ink}" stroke-width="{_n(width)}"{_dash(dash)}/>'


def bar(corner: Place, width: float, height: float, *, ink: str, opacity: float = 1) -> str:
    """A filled rectangle, from its upper left corner."""
    return (
        f'<rect x="{_n(corner[0])}" y="{_n(corner[1])}" width="{_n(width)}" height="{_n(height)}" '
        f'fill="{ink}" fill-opacity="{_n(opacity)}"/>'
    )


def dot(center: Place, radius: float, *, ink: str, opacity: float = 1) -> str:
    """A filled circle."""
    return (
        f'<circle cx="{_n(center[0])}" cy="{_n(center[1])}" r="{_n(radius)}" '
        f'fill="{ink}" fill-opacity="{_n(opacity)}"/>'
    )


def triangle(center: Place, *, up: bool, ink: str, filled: bool) -> str:
    """A mark that points up or down; an empty one is for what was not read at its source."""
    (x, y), tip = center, -4.5 if up else 4.5
    points = " ".join(f"{_n(px)},{_n(py)}" for px, py in ((x - 4.5, y - tip), (x + 4.5, y - tip), (x, y + tip)))
    fill = ink if filled else "none"
    return f'<polygon points="{points}" fill="{fill}" stroke="{ink}" stroke-width="1.2"/>'


def words(place: Place, text: str, *, anchor: str = "start", size: float = 11, ink: str = "currentColor") -> str:
    """A text; ``anchor`` says which end of it stands at the place."""
    return (
        f'<text x="{_n(place[0])}" y="{_n(place[1])}" text-anchor="{anchor}" font-size="{_n(size)}" '
        f'fill="{ink}">{escape(text)}</text>'
    )


def _dash(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
