"""What a workbook is built of, read within bounds before any value is: parts, sheets, cells with their traps.

Calamine gives values, but neither formulas nor what is hidden, merged or shown as per cent; and it lays a
sheet out as a full rectangle, so that one cell in the last corner would take all memory. Whatever passes here
is small.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, fromstring
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries
from openpyxl.utils.exceptions import CellCoordinatesException

from county_portal.common.errors import Invalid

MAX_ROWS, MAX_COLUMNS = 300, 60
MAX_PART = 8 * 1024 * 1024
MAX_FILE = 5 * 1024 * 1024
MAX_SHEETS = 30
MAX_MERGED = 2000
_CHUNK = 64 * 1024
_PERCENT_FORMATS = {9, 10}
_READ_WHOLE = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
)
_BROKEN = (
    KeyError,
    ValueError,
    ParseError,
    DefusedXmlException,
    CellCoordinatesException,
    zipfile.BadZipFile,
    zlib.error,
)
Place = tuple[int, int]


class Unreadable(Exception):
    """The file is no workbook that can be read."""


@dataclass(slots=True)
class SheetParts:
    """A sheet beside its values: row and column numbers count from 1."""

    formulas: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)
    filled: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[str, tuple[int, int, int, int]]] = field(default_factory=list)

    def is_hidden(self, place: Place) -> bool:
        """Whether nobody sees the cell."""
        row, column = place
        return row in self.hidden_rows or any(
            first <= column <= last for first, last in self.hidden_columns
        )

    def merged_over(self, place: Place) -> str:
        """The merged range that covers the cell; blank for none."""
        row, column = place
        for reference, (left, top, right, bottom) in self.merged:
            if left <= column <= right and top <= row <= bottom:
                return reference
        return ""


class Package:
    """An opened file whose parts are known to be small."""

    def __init__(self, content: bytes) -> None:
        """Raises Unreadable, or Invalid for what is too large or leads elsewhere."""
        self.content = content
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise Unreadable(str(error)) from error
        self._sizes = {each.filename: each.file_size for each in self._archive.infolist()}
        if len(content) > MAX_FILE or any(
            self._sizes.get(name, 0) > MAX_PART for name in _READ_WHOLE
        ):
            _refuse_as_large()
        if any(name.lower().startswith("xl/externallinks/") for name in self._sizes):
            raise Invalid(
                "workbook_external_links",
                "工作簿含有指向其他文件的链接，取值不可靠。请在“数据—编辑链接”中断开链接，改为数值后重新上传。",
                "file",
            )
        self.sheets = self._list_sheets()
        self._percent_styles = self._read_percent_styles()

    def _list_sheets(self) -> Mapping[str, tuple[str, str]]:
        """Sheet name -> where it lies, and whether it is visible."""
        targets = {
            each.get("Id"): each.get("Target", "")
            for each in self._tree("xl/_rels/workbook.xml.rels").iter()
        }
        sheets = {}
        for each in self._tree("xl/workbook.xml").iter():
            if _local(each.tag) == "sheet":
                relation = next((v for k, v in each.items() if _local(k) == "id"), None)
                path = posixpath.normpath(posixpath.join("xl", targets.get(relation, "")))
                sheets[each.get("name", "")] = (path.lstrip("/"), each.get("state", "visible"))
        if len(sheets) > MAX_SHEETS:
            _refuse_as_large()
        return sheets

    def scan(self, name: str) -> SheetParts:
        """Read a sheet's cells once, in a stream. Raises Invalid for one larger than any of ours can be."""
        path, _ = self.sheets[name]
        if self._sizes.get(path, 0) > MAX_PART:
            _refuse_as_large()
        reader = _SheetReader(self._percent_styles)
        parser = DefusedXMLParser(target=reader, forbid_dtd=True)
        try:
            with self._archive.open(path) as part:
                while chunk := part.read(_CHUNK):
                    parser.feed(chunk)
            parser.close()
        except _BROKEN as error:
            raise Unreadable(str(error)) from error
        return reader.parts

    def _tree(self, path: str) -> Element:
        try:
            tree: Element = fromstring(self._archive.read(path), forbid_dtd=True)
        except _BROKEN as error:
            raise Unreadable(str(error)) from error
        return tree

    def _read_percent_styles(self) -> frozenset[int]:
        """Which cell styles show a number as per cent; a file without styles has none."""
        if "xl/styles.xml" not in self._sizes:
            return frozenset()
        tree = self._tree("xl/styles.xml")
        formats = set(_PERCENT_FORMATS)
        styles: list[int] = []
        for each in tree.iter():
            if _local(each.tag) == "numFmt" and "%" in each.get("formatCode", ""):
                formats.add(_number(each.get("numFmtId")))
            elif _local(each.tag) == "cellXfs":
                styles = [_number(style.get("numFmtId")) for style in each]
        return frozenset(place for place, number in enumerate(styles) if number in formats)


class _SheetReader:
    """Takes the parser's events; keeps only what concerns cells within bounds."""

    def __init__(self, percent_styles: frozenset[int]) -> None:
        self.parts = SheetParts()
        self._percent_styles = percent_styles
        self._place: Place = (0, 0)
        self._cell: Mapping[str, str] = {}
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A start tag."""
        match _local(tag):
            case "row":
                self._start_row(attributes)
            case "c":
                self._start_cell(attributes)
            case "f":
                self._note_content()
                self.parts.formulas.add(self._place)
            case "v" | "is":
                self._note_content()
                self._text = []
            case "col":
                self._column(attributes)
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        """Text between tags."""
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """An end tag."""
        if _local(tag) not in {"v", "is"} or self._text is None:
            return
        text, self._text = "".join(self._text), None
        if self._cell.get("t") == "e":
            self.parts.errors[self._place] = text.strip()
        is_number = self._cell.get("t", "n") == "n"
        if is_number and _number(self._cell.get("s")) in self._percent_styles:
            self.parts.percents.add(self._place)

    def close(self) -> None:
        """Nothing is left to do."""

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        row = _number(attributes.get("r")) or self._place[0] + 1
        self._place = (row, 0)
        if row <= MAX_ROWS and (_is_set(attributes, "hidden") or _is_nothing(attributes.get("ht"))):
            self.parts.hidden_rows.add(row)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        row, column = self._place
        reference = attributes.get("r")
        if reference:
            letters, row = coordinate_from_string(reference)
            column = column_index_from_string(letters)
        else:
            column += 1
        self._place, self._cell = (row, column), attributes

    def _note_content(self) -> None:
        row, column = self._place
        if row > MAX_ROWS or column > MAX_COLUMNS:
            _refuse_as_large()
        self.parts.filled.add(self._place)

    def _column(self, attributes: Mapping[str, str]) -> None:
        if _is_set(attributes, "hidden") or _is_nothing(attributes.get("width")):
            first, last = _number(attributes.get("min")), _number(attributes.get("max"))
            self.parts.hidden_columns.append((first, last))

    def _merge(self, reference: str) -> None:
        if len(self.parts.merged) >= MAX_MERGED:
            _refuse_as_large()
        self.parts.merged.append((reference, range_boundaries(reference)))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _number(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else 0


def _is_set(attributes: Mapping[str, str], name: str) -> bool:
    return attributes.get(name, "0") in {"1", "true"}


def _is_nothing(size: str | None) -> bool:
    return size is not None and not size.strip("0.")


def _refuse_as_large() -> NoReturn:
    raise Invalid(
        "workbook_too_large",
        f"工作簿的内容远多于下载的模板（最多{MAX_ROWS}行、{MAX_COLUMNS}列），未予读取。"
        "请重新下载模板，只在黄色单元格内填写后上传。",
        "file",
    )
