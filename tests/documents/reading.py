"""What a PDF says and where, in millimetres from the page's upper left corner."""

import re
from dataclasses import dataclass

import pypdfium2
import pytest

from county_portal.documents.pdf import pdf_available

needs_pango = pytest.mark.skipif(not pdf_available(), reason="this machine has no pango")

_MM = 25.4 / 72
HALF_LINE = 4.0  # closer than this is the same line


@dataclass(frozen=True)
class Glyph:
    """A character, its em box and the box of its ink."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    ink: tuple[float, float, float, float]


@dataclass(frozen=True)
class PageText:
    """One page: its size, its characters, and the boxes of its lines and fills."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    shapes: tuple[tuple[float, float, float, float], ...]

    def rows(self) -> list[list[Glyph]]:
        """Characters by line, each line from left to right."""
        lines: list[list[Glyph]] = []
        middle = float("-inf")
        for glyph in sorted(self.glyphs, key=lambda glyph: glyph.top + glyph.bottom):
            if (glyph.top + glyph.bottom) / 2 - middle > HALF_LINE:
                middle = (glyph.top + glyph.bottom) / 2
                lines.append([])
            lines[-1].append(glyph)
        return [sorted(line, key=lambda glyph: glyph.left) for line in lines]

    def find(self, text: str) -> tuple[float, float, float, float]:
        """The box of the first occurrence of `text` in the order it was set."""
        found = self._glyphs_of(text)
        return (
            min(glyph.left for glyph in found),
            min(glyph.top for glyph in found),
            max(glyph.right for glyph in found),
            max(glyph.bottom for glyph in found),
        )

    def ink(self, text: str) -> tuple[float, float, float, float]:
        """The box of what is black (or red) of the first occurrence of `text`."""
        lefts, tops, rights, bottoms = zip(
            *(glyph.ink for glyph in self._glyphs_of(text)), strict=True
        )
        return min(lefts), min(tops), max(rights), max(bottoms)

    @property
    def words(self) -> str:
        """All characters in the order they were set."""
        return "".join(glyph.char for glyph in self.glyphs)

    def _glyphs_of(self, text: str) -> tuple[Glyph, ...]:
        start = self.words.index(text)
        return self.glyphs[start : start + len(text)]


def pages(content: bytes) -> list[PageText]:
    """Every page with its characters."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [_page(page) for page in document]
    finally:
        document.close()


def text(content: bytes) -> str:
    """All text without blanks and line ends: where lines break is not what is asked."""
    document = pypdfium2.PdfDocument(content)
    try:
        whole = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return re.sub(r"[\s\ufffe]", "", whole)


def _page(page: pypdfium2.PdfPage) -> PageText:
    width, height = page.get_size()
    layer = page.get_textpage()
    glyphs = []
    for index in range(layer.count_chars()):
        char = layer.get_text_range(index, 1)
        if char.strip():
            boxes = [
                (left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM)
                for left, bottom, right, top in (
                    layer.get_charbox(index, loose=True),
                    layer.get_charbox(index, loose=False),
                )
            ]
            glyphs.append(Glyph(char, *boxes[0], boxes[1]))
    shapes = []
    for shape in page.get_objects():
        if shape.type != pypdfium2.raw.FPDF_PAGEOBJ_TEXT:
            left, bottom, right, top = shape.get_bounds()
            shapes.append((left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM))
    return PageText(width * _MM, height * _MM, tuple(glyphs), tuple(shapes))
