"""The round red seal of an office, drawn as paths: 42 mm, a star, the name on the arc, words below.

Glyphs are outlines of the project's own font, so that the seal embeds none and prints as sharp as the printer is.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from county_portal.documents.fonts import FONT_FOLDER

DIAMETER_MM = 42
_POINTS = 72 / 25.4
SIZE = DIAMETER_MM * _POINTS
_RADIUS = SIZE / 2
_RIM = 1.2 * _POINTS
_STAR_RADIUS = 6.8 * _POINTS
_RED = "0.78 0 0.04"
_NAME_BASELINE = _RADIUS - 7.6 * _POINTS  # feet of the name's characters, from the centre
_NAME_HEIGHT = 5.4 * _POINTS
_WIDEST_NAME = math.radians(262)  # beyond this the arc meets the words below
_ROOMY_STEP = math.radians(30)
_WORDS_HEIGHT = 3.4 * _POINTS
_WORDS_WIDTH = 19 * _POINTS
_WORDS_BASELINE = -16.6 * _POINTS
_STAR_POINTS = 5
_FOOT = 0.12  # of an em, below its baseline
_FONTS = ("CountyBiaoSong-Regular.ttf", "CountySong-Regular.ttf")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A character and where its outline goes."""

    char: str
    matrix: Transform


@lru_cache(maxsize=64)
def draw_seal(name: str, words: str = "") -> bytes:
    """Content operators of the seal in a box of SIZE by SIZE points, its origin below left."""
    parts = [
        f"q 1 0 0 1 {_RADIUS:.2f} {_RADIUS:.2f} cm",
        f"{_RED} RG {_RED} rg {_RIM:.2f} w",
        _circle(_RADIUS - _RIM / 2),
        "S",
        _star(),
        "f",
    ]
    for placed in (*_name(name), *_words(words)):
        parts.append(_outline(placed))
        parts.append("f")
    parts.append("Q")
    return "\n".join(part for part in parts if part).encode("ascii")


def _circle(radius: float) -> str:
    handle = radius * 0.5522847498
    return (
        f"{radius:.2f} 0 m "
        f"{radius:.2f} {handle:.2f} {handle:.2f} {radius:.2f} 0 {radius:.2f} c "
        f"{-handle:.2f} {radius:.2f} {-radius:.2f} {handle:.2f} {-radius:.2f} 0 c "
        f"{-radius:.2f} {-handle:.2f} {-handle:.2f} {-radius:.2f} 0 {-radius:.2f} c "
        f"{handle:.2f} {-radius:.2f} {radius:.2f} {-handle:.2f} {radius:.2f} 0 c h"
    )


def _star() -> str:
    inner = _STAR_RADIUS * math.sin(math.radians(18)) / math.cos(math.radians(36))
    corners = []
    for index in range(2 * _STAR_POINTS):
        angle = math.pi / 2 + index * math.pi / _STAR_POINTS
        radius = inner if index % 2 else _STAR_RADIUS
        corners.append(f"{radius * math.cos(angle):.2f} {radius * math.sin(angle):.2f}")
    return f"{corners[0]} m " + " ".join(f"{corner} l" for corner in corners[1:]) + " h"


def _name(name: str) -> list[_Placed]:
    """Characters on the upper arc, their feet to the centre; a long name is condensed."""
    chars = [char for char in name if not char.isspace()]
    if not chars:
        return []
    step = min(_ROOMY_STEP, _WIDEST_NAME / len(chars))
    # The room of one character at the middle of its height; outlines fill nearly all of their em.
    width = min(_NAME_HEIGHT, (_NAME_BASELINE + _NAME_HEIGHT / 3) * step * 0.94)
    first = math.pi / 2 + step * (len(chars) - 1) / 2
    placed = []
    for index, char in enumerate(chars):
        angle = first - index * step
        matrix = Transform().rotate(angle - math.pi / 2).translate(0, _NAME_BASELINE)
        placed.append(_Placed(char, _sized(matrix, char, width, _NAME_HEIGHT)))
    return placed


def _words(words: str) -> list[_Placed]:
    """Words below the star on a straight line."""
    width = min(_WORDS_HEIGHT, _WORDS_WIDTH / max(len(words), 1))
    left = -width * (len(words) - 1) / 2
    return [
        _Placed(
            char,
            _sized(
                Transform().translate(left + index * width, _WORDS_BASELINE),
                char,
                width,
                _WORDS_HEIGHT,
            ),
        )
        for index, char in enumerate(words)
    ]


def _sized(matrix: Transform, char: str, width: float, height: float) -> Transform:
    """Centre a glyph on the place and give it its size; the foot of an em lies below its baseline."""
    font, name = _found(char)
    em = font["head"].unitsPerEm
    advance = font.getGlyphSet()[name].width
    return matrix.scale(width / em, height / em).translate(-advance / 2, em * _FOOT)


@lru_cache(maxsize=1)
def _fonts() -> tuple[TTFont, ...]:
    return tuple(TTFont(FONT_FOLDER / name, lazy=True) for name in _FONTS)


def _found(char: str) -> tuple[TTFont, str]:
    """The first font that has the character, and the glyph's name there; a box where none has it."""
    for font in _fonts():
        name = font.getBestCmap().get(ord(char))
        if name is not None:
            return font, str(name)
    return _fonts()[0], ".notdef"


class _Path(BasePen):  # type: ignore[misc]  # fontTools ships no types
    """Writes outlines as PDF path operators, through a matrix."""

    def __init__(self, glyphs: object, matrix: Transform) -> None:
        super().__init__(glyphs)
        self.matrix = matrix
        self.operators: list[str] = []

    def _write(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = [
            f"{value:.2f}" for point in points for value in self.matrix.transformPoint(point)
        ]
        self.operators.append(" ".join([*numbers, operator]))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 -- fontTools' name
        self._write("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 -- fontTools' name
        self._write("l", pt)

    def _curveToOne(  # noqa: N802 -- fontTools' name
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._write("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802 -- fontTools' name
        self.operators.append("h")


def _outline(placed: _Placed) -> str:
    font, name = _found(placed.char)
    glyphs = font.getGlyphSet()
    pen = _Path(glyphs, placed.matrix)
    glyphs[name].draw(pen)
    return "\n".join(pen.operators)
