"""How well a color is seen on another one, by the formula of WCAG 2.2."""

LINES, WORDS = 3.0, 4.5
"""What lines and words need at least."""
_PARTS = (0.2126, 0.7152, 0.0722)


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """From 1 for equal colors to 21 for black on white."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def color(text: str) -> tuple[int, int, int]:
    """Red, green and blue of a color such as ``#0b57a4``."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _luminance(rgb: tuple[int, int, int]) -> float:
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in rgb))
    return sum(weight * part for weight, part in zip(_PARTS, linear, strict=True))
