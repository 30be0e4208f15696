"""Colours of boards in one place: for tiles, for the drawing that is downloaded, and for charts.

Steps differ in lightness, so that they survive a grey print and colour blindness; a sign stands beside each.
"""

from collections.abc import Mapping, Sequence

# Shade -> background, ink. The first three are the tiles' own (static/css/portal.css), by place in the scheme.
SHADES: Mapping[str, tuple[str, str]] = {
    "a": ("#0b4da2", "#ffffff"),
    "b": ("#8fbdea", "#0c2d57"),
    "c": ("#f5d49b", "#4f3300"),
    "d": ("#c97b3d", "#1d0f00"),
    "e": ("#7a4a6e", "#ffffff"),
    "q1": ("#08306b", "#ffffff"),
    "q2": ("#2f74b5", "#ffffff"),
    "q3": ("#7fb3d9", "#0c2d57"),
    "q4": ("#c2dbee", "#12304f"),
    "q5": ("#eef4fa", "#24405c"),
    "success": ("#17693b", "#ffffff"),
    "danger": ("#b3201b", "#ffffff"),
    "warning": ("#855100", "#ffffff"),
    "pale": ("#fff2d9", "#855100"),
    "neutral": ("#4d5866", "#ffffff"),
    "info": ("#0b4da2", "#ffffff"),
    "none": ("#e3e7ec", "#3a4653"),
}
_BY_PLACE = ("a", "b", "c", "d", "e")
FIFTHS = ("q1", "q2", "q3", "q4", "q5")


def class_shade(name: str, classes: Sequence[str]) -> str:
    """The shade of a class by its place in the scheme, best first; whatever the scheme calls it."""
    if name not in classes:
        return "none"
    return _BY_PLACE[min(classes.index(name), len(_BY_PLACE) - 1)]


def class_colour(name: str, classes: Sequence[str]) -> str:
    """The same as a colour."""
    return SHADES[class_shade(name, classes)][0]
