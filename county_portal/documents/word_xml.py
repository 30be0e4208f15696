"""Pieces of a Word text: paragraphs, runs, tables, frames. Text from people is text, whatever it holds."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from county_portal.documents.tables import POINTS, SetCell, SetTable

Element = BaseOxmlElement

CHARACTER = Decimal("315.8")  # twips: a 28th of the text block
LINE = 579  # twips: a 22nd of the text block

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NOT_A_CHARACTER = 0xFFFE


def twips(millimetres: str | int | Decimal) -> int:
    """Millimetres in the unit of Word, twentieths of a point."""
    return _whole(Decimal(millimetres) * 1440 / Decimal("25.4"))


def characters(count: int | Decimal | str) -> int:
    """The width of so many characters of the text, in twips."""
    return _whole(Decimal(count) * CHARACTER)


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


def table(block: SetTable, width: int) -> Element:
    """A table as wide as `width` (twips), its header repeated on every page, no row torn."""
    widths = _column_widths(block, width)
    properties = w(
        "tblPr",
        w("tblStyle", val="OfficialTable"),
        w("tblW", w=width, type="dxa"),
        w("tblLayout", type="fixed"),
    )
    grid = w("tblGrid", *(w("gridCol", w=each) for each in widths))
    head = w("tr", w("trPr", w("cantSplit"), w("tblHeader")))
    for column, each in zip(block.columns, widths, strict=True):
        head.append(_cell(each, _table_text(block, "TableHead", column.heading)))
    return w("tbl", properties, grid, head, *(_row(block, row, widths) for row in block.rows))


def _row(block: SetTable, cells: Sequence[SetCell], widths: Sequence[int]) -> Element:
    made = w("tr", w("trPr", w("cantSplit")))
    for cell, width in zip(cells, widths, strict=True):
        aligned = () if cell.align == "left" else (w("jc", val=cell.align),)
        made.append(_cell(width, _table_text(block, "TableText", cell.text, *aligned)))
    return made


def _table_text(block: SetTable, style: str, text: str, *aligned: Element) -> Element:
    if block.points == POINTS:
        return text_paragraph(style, text, *aligned)
    size = _whole(block.points * 2)
    leading = w("spacing", line=_whole(block.leading * 20), lineRule="exact")
    small = run(text, w("sz", val=size), w("szCs", val=size))
    return paragraph(style, small, properties=(leading, *aligned))


def _cell(width: int, *content: Element) -> Element:
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("vAlign", val="center")), *content)


def _column_widths(block: SetTable, width: int) -> list[int]:
    """Shares of the whole width; the last column takes what rounding leaves."""
    shares = [_whole(column.percent * width / 100) for column in block.columns[:-1]]
    return [*shares, width - sum(shares)]


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
