"""Pieces of a Word text: paragraphs, runs, tables, frames. Text from people is text, whatever it holds."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from county_portal.documents.blocks import Table

Element = BaseOxmlElement

CHARACTER = Decimal("315.8")  # twips: a 28th of the text block
LINE = 579  # twips: a 22nd of the text block

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NOT_A_CHARACTER = 0xFFFE


def twips(millimetres: str | int | Decimal) -> int:
    """Millimetres in the unit of Word, twentieths of a point."""
    exact = Decimal(millimetres) * 1440 / Decimal("25.4")
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def characters(count: int | Decimal | str) -> int:
    """The width of so many characters of the text, in twips."""
    return int((Decimal(count) * CHARACTER).quantize(Decimal(1), ROUND_HALF_UP))


def w(tag: str, *children: Element, **attributes: str | int) -> Element:
    """An element of the w namespace; children stand in the order the schema wants them."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def run(text: str, *properties: Element, font: str = "") -> Element:
    """A run, in its style's Chinese font or another. The hint has Word set “ ” — … in that font."""
    fonts = w("rFonts", hint="eastAsia", **({"eastAsia": font} if font else {}))
    words = w("t")
    words.text = plain(text)
    words.set(qn("xml:space"), "preserve")
    return w("r", w("rPr", fonts, *properties), words)


def line_break() -> Element:
    """A new line within the paragraph."""
    return w("r", w("br"))


def tab() -> Element:
    """To the next tab stop."""
    return w("r", w("tab"))


def plain(text: str) -> str:
    """The text as XML can hold it; blanks and line ends run together, as they do in the PDF."""
    return _BLANKS.sub(
        " ", "".join(char if _has_a_place(char) else "�" for char in _BLANKS.sub(" ", text))
    )


def _has_a_place(char: str) -> bool:
    return (
        unicodedata.category(char) not in {"Cc", "Cs"}
        and ord(char) & _NOT_A_CHARACTER != _NOT_A_CHARACTER
    )


def paragraph(style: str, *content: Element, properties: Iterable[Element] = ()) -> Element:
    """A paragraph; `properties` differ from its style's."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


def text_paragraph(style: str, text: str, *properties: Element) -> Element:
    """A paragraph of one run."""
    return paragraph(style, run(text), properties=properties)


def rule(side: str, kind: str, size: int, *, space: int = 0, color: str = "auto") -> Element:
    """A border along one side of a paragraph; `size` in eighths of a point, `space` in points."""
    return w("pBdr", w(side, val=kind, sz=size, space=space, color=color))


def keep_with_next(element: Element) -> None:
    """The paragraph, or the last row of the table, stays on the page of what follows."""
    rows = element.findall(qn("w:tr"))
    target = rows[-1] if rows else element
    for properties in target.iter(qn("w:pPr")):
        if properties.find(qn("w:keepNext")) is None:
            properties.insert(1, w("keepNext"))  # behind pStyle


def table(block: Table, width: int) -> Element:
    """A table as wide as `width` (twips), its header repeated on every page, no row torn."""
    widths = _column_widths(block, width)
    properties = w(
        "tblPr",
        w("tblStyle", val="OfficialTable"),
        w("tblW", w=sum(widths), type="dxa"),
        w("jc", val="center"),
        w("tblLayout", type="fixed"),
    )
    grid = w("tblGrid", *(w("gridCol", w=each) for each in widths))
    head = w(
        "tr",
        w("trPr", w("cantSplit"), w("tblHeader")),
        *(
            _cell(text_paragraph("TableHead", column.heading), each)
            for column, each in zip(block.columns, widths, strict=True)
        ),
    )
    return w("tbl", properties, grid, head, *(_row(block, row, widths) for row in block.rows))


def _row(block: Table, cells: Sequence[str], widths: Sequence[int]) -> Element:
    made = w("tr", w("trPr", w("cantSplit")))
    for column, text, width in zip(block.columns, cells, widths, strict=True):
        aligned = () if column.align == "left" else (w("jc", val=column.align),)
        made.append(_cell(text_paragraph("TableText", text, *aligned), width))
    return made


def _cell(content: Element, width: int) -> Element:
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("vAlign", val="center")), content)


def _column_widths(block: Table, width: int) -> list[int]:
    """Shares of the whole width; the last column takes what rounding leaves."""
    shares = [column.width * width // max(1, block.width) for column in block.columns]
    return [*shares[:-1], width - sum(shares[:-1])]
