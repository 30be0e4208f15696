"""Which glyphs a PDF draws: walks pages and forms by the operators of their content streams."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pikepdf
from fontTools.ttLib import TTFont

_SHOWS = {"Tj", "TJ", "'", '"'}
_PAIR = re.compile(r"<([0-9a-f]+)>\s+(?:<([0-9a-f]+)>|(\d+))")


@dataclass
class DrawnFont:
    """A font of the PDF and the glyphs drawn with it."""

    name: str
    program: bytes  # empty where it is not embedded
    chars: dict[int, str]  # by code: what a reader copies
    cids: dict[int, int] | None  # by code; None where codes are glyphs
    codes: set[int] = field(default_factory=set)

    @cached_property
    def outlines(self) -> TTFont:
        """The embedded font program."""
        return TTFont(io.BytesIO(self.program))

    @property
    def drawn(self) -> dict[int, str]:
        """The glyphs, each with its character; 0 is .notdef."""
        return {
            (code if self.cids is None else self.cids.get(code, 0)): self.chars[code]
            for code in self.codes
        }

    def has_outline(self, glyph: int) -> bool:
        """Whether the glyph shows anything."""
        name = self.outlines.getGlyphOrder()[glyph]
        return bool(self.outlines["glyf"][name].numberOfContours != 0)


def drawn_fonts(content: bytes) -> list[DrawnFont]:
    """Every font that draws something, with all it draws."""
    found: dict[tuple[int, int], DrawnFont] = {}
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            for font, shown in _shown(page.obj):
                if font.objgen not in found:
                    found[font.objgen] = _read(font)
                pairs = range(0, len(shown), 2)
                found[font.objgen].codes |= {int.from_bytes(shown[at : at + 2]) for at in pairs}
    return list(found.values())


def _shown(holder: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, bytes]]:
    """Each string that is shown, with its font; forms are walked where they are drawn."""
    resources = holder.get("/Resources", pikepdf.Dictionary())
    font: pikepdf.Object = pikepdf.Dictionary()
    for instruction in pikepdf.parse_content_stream(holder):
        name, operands = str(instruction.operator), instruction.operands
        if name == "Tf":
            font = resources.Font[str(operands[0])]
        elif name in _SHOWS:
            for text in _strings(operands[-1]):
                yield font, text
        elif name == "Do":
            form = resources.XObject[str(operands[0])]
            if form.Subtype == "/Form":
                yield from _shown(form)


def _strings(operand: pikepdf.Object) -> Iterator[bytes]:
    for each in operand if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(each, pikepdf.String):
            yield bytes(each)


def _read(font: pikepdf.Object) -> DrawnFont:
    assert font.Subtype == "/Type0"
    (descendant,) = font.DescendantFonts
    assert descendant.CIDToGIDMap == "/Identity"
    program = descendant.FontDescriptor.get("/FontFile2")
    chars = _entries(font.ToUnicode.read_bytes(), "bf")
    cids = None
    if isinstance(font.Encoding, pikepdf.Stream):
        # WeasyPrint's way to tell several missing characters of a font from each other.
        cids = {code: int(cid) for code, cid in _entries(font.Encoding.read_bytes(), "cid").items()}
    else:
        assert font.Encoding == "/Identity-H"
    return DrawnFont(
        str(font.BaseFont).lstrip("/"),
        program.read_bytes() if program is not None else b"",
        {code: bytes.fromhex(char).decode("utf-16-be") for code, char in chars.items()},
        cids,
    )


def _entries(cmap: bytes, kind: str) -> dict[int, str]:
    """The pairs of a character map; ranges, which WeasyPrint does not write, would be missed."""
    words = cmap.decode("ascii")
    assert f"begin{kind}range" not in words
    blocks = re.findall(rf"begin{kind}char(.*?)end{kind}char", words, re.DOTALL)
    return {int(code, 16): a or b for block in blocks for code, a, b in _PAIR.findall(block)}
