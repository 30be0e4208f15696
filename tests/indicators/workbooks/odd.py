"""Hostile and odd workbooks, made by code: each with the code of the sentence it must meet.

A maker takes the bytes of an honest copy (every line answered) and gives the bytes that come back.
"""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from openpyxl.styles import Protection

from tests.files import samples
from tests.indicators.workbooks import xml
from tests.indicators.workbooks.books import edited, nobody, opened, saved

FILLING, IDENTITY = "填报", "_portal"


@dataclass(frozen=True)
class Odd:
    """An odd workbook; `kept` says whether the file must be kept although nothing is written."""

    make: Callable[[bytes], bytes]
    code: str
    name: str = "填报.xlsx"
    cell: str = ""
    blocks: bool = True


NOT_TAKEN: dict[str, Odd] = {}
REFUSED: dict[str, Odd] = {}
PROBLEMS: dict[str, Odd] = {}
FINE: dict[str, Odd] = {}


def sheet(change):
    """A maker: the sheet 填报 after `change(sheet)`."""
    return lambda content: edited(content, lambda book: change(book[FILLING]))


def book(change):
    """A maker: the book after `change(book)`."""
    return lambda content: edited(content, change)


def put(reference, value, number_format=None):
    """A maker: one cell filled."""

    def change(target):
        target[reference].value = value
        if number_format:
            target[reference].number_format = number_format

    return sheet(change)


def text(reference, value):
    """A maker: one cell filled with a text, whatever it looks like."""

    def change(target):
        target[reference].value = value
        target[reference].data_type = "s"

    return sheet(change)


def identity(row, value):
    """A maker: the hidden sheet says something else."""

    def change(opened_book):
        opened_book[IDENTITY].cell(row, 2).value = value

    return book(change)


# Files that are no workbook the portal takes.


def as_csv(encoding):
    def make(content):
        out = io.StringIO()
        rows = opened(content)[FILLING].iter_rows(values_only=True)
        csv.writer(out).writerows(rows)
        return out.getvalue().encode(encoding)

    return make


NOT_TAKEN |= {
    "zero bytes": Odd(lambda content: b"", "file_empty"),
    "truncated": Odd(lambda content: content[: len(content) // 2], "file_damaged"),
    "old xls": Odd(lambda content: samples.OLE, "workbook_old_format", "填报.xls"),
    "wps et": Odd(lambda content: samples.OLE, "workbook_old_format", "填报.et"),
    "xls renamed": Odd(lambda content: samples.OLE, "workbook_old_format"),
    "password": Odd(
        lambda content: samples.OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512),
        "workbook_encrypted",
    ),
    "csv": Odd(as_csv("utf-8-sig"), "workbook_is_text", "填报.csv"),
    "csv in gbk renamed": Odd(as_csv("gb18030"), "workbook_is_text"),
    "html": Odd(
        lambda content: b"<html><table><tr><td>50</td></tr></table></html>",
        "workbook_is_html",
        "填报.xls",
    ),
    "xml spreadsheet 2003": Odd(
        lambda content: b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "workbook_is_html"
    ),
    "pdf renamed": Odd(lambda content: samples.PDF, "file_ending_belies_content"),
    "word renamed": Odd(lambda content: samples.docx(), "file_ending_belies_content"),
    "opendocument": Odd(
        lambda content: samples.zipped({"mimetype": "x", "content.xml": "<x/>"}),
        "file_type_not_accepted",
        "填报.ods",
    ),
    "named xls": Odd(lambda content: content, "file_ending_belies_content", "填报.xls"),
    "macros": Odd(
        lambda content: samples.with_part(content, "xl/vbaProject.bin", b"x"), "file_has_macros"
    ),
    "zip bomb": Odd(lambda content: samples.bomb(), "file_inflates"),
    "lying zip bomb": Odd(lambda content: samples.lying_bomb(), "file_inflates"),
    "encrypted zip": Odd(lambda content: samples.encrypted(), "file_damaged"),
}


# Workbooks that are not this sheet's, or no longer in shape.


def swap_rows(target):
    for column in range(1, 13):
        one, other = target.cell(8, column), target.cell(9, column)
        one.value, other.value = other.value, one.value


def sort_rows(target):
    rows = [[target.cell(row, c).value for c in range(1, 13)] for row in range(5, 22)]
    rows.sort(key=lambda row: str(row[2]))
    for place, row in enumerate(rows, 5):
        for column, value in enumerate(row, 1):
            target.cell(place, column).value = value


def append_row(target):
    target["C22"].value = "合计"


def rename(target):
    target.title = "填报表"


def hide(opened_book):
    opened_book.active = 1
    opened_book[FILLING].sheet_state = "hidden"


def external_link(content):
    return xml.with_parts(content, {"xl/externalLinks/externalLink1.xml": "<externalLink/>"})


def far_cell(content):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return xml.replaced(content, xml.SHEET, "</sheetData>", far)


def entity_bomb(content):
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return xml.with_parts(content, {xml.SHEET: doctype + xml.part(content, xml.SHEET)})


def many_strings(content):
    extra = "".join(f"<si><t>{number:x}</t></si>" for number in range(450_000)) + "</sst>"
    return xml.replaced(xml.shared_strings(content), xml.STRINGS, "</sst>", extra)


def strange(content):
    return samples.xlsx()


def without_parts(content):
    return xml.with_parts(content, {"xl/_rels/workbook.xml.rels": None})


REFUSED |= {
    "no workbook of ours": Odd(strange, "workbook_not_ours"),
    "identity deleted": Odd(book(lambda b: b.remove(b[IDENTITY])), "workbook_not_ours"),
    "identity overwritten": Odd(identity(1, "something else"), "workbook_not_ours"),
    "identity emptied": Odd(identity(2, None), "workbook_not_ours"),
    "another county": Odd(identity(3, "130102"), "workbook_other_county"),
    "another year": Odd(identity(5, "2019"), "workbook_other_year"),
    "older template": Odd(identity(6, "0" * 64), "workbook_older_template"),
    "unknown copy": Odd(identity(2, str(nobody())), "workbook_copy_unknown"),
    "nonsense copy": Odd(identity(2, "第一份"), "workbook_copy_unknown"),
    "sheet renamed": Odd(sheet(rename), "workbook_sheet_missing"),
    "sheet deleted": Odd(book(lambda b: b.remove(b[FILLING])), "workbook_sheet_missing"),
    "sheet hidden": Odd(book(hide), "workbook_sheet_hidden"),
    "heading renamed": Odd(put("G4", "本年数"), "workbook_header_changed"),
    "heading emptied": Odd(put("L4", None), "workbook_columns_moved"),
    "column inserted": Odd(sheet(lambda s: s.insert_cols(7)), "workbook_columns_moved"),
    "column deleted": Odd(sheet(lambda s: s.delete_cols(5)), "workbook_columns_moved"),
    "column added": Odd(put("M5", "备注"), "workbook_columns_added"),
    "row inserted": Odd(sheet(lambda s: s.insert_rows(9)), "workbook_rows_inserted"),
    "row deleted": Odd(sheet(lambda s: s.delete_rows(9)), "workbook_rows_deleted"),
    "rows above deleted": Odd(sheet(lambda s: s.delete_rows(1)), "workbook_header_changed"),
    "rows swapped": Odd(sheet(swap_rows), "workbook_rows_moved"),
    "rows sorted": Odd(sheet(sort_rows), "workbook_rows_moved"),
    "row added below": Odd(sheet(append_row), "workbook_rows_inserted"),
    "name changed": Odd(put("C8", "高企数"), "workbook_rows_changed"),
    "external link": Odd(external_link, "workbook_external_links"),
    "20 000 rows": Odd(xml.many_rows, "workbook_too_large"),
    "a cell in the last corner": Odd(far_cell, "workbook_too_large"),
    "too many shared strings": Odd(many_strings, "workbook_too_large"),
    "broken sheet": Odd(
        lambda content: xml.with_parts(content, {xml.SHEET: "<worksheet><sheetData>"}),
        "workbook_unreadable",
    ),
    "entities": Odd(entity_bomb, "workbook_unreadable"),
    "no relations": Odd(without_parts, "workbook_unreadable"),
    "nonsense reference": Odd(
        lambda content: xml.replaced(content, xml.SHEET, 'r="G8"', 'r="8G"', 1),
        "workbook_unreadable",
    ),
}  # fmt: skip


# Cells that cannot be taken as they are. 04 stands in row 8: 高新技术企业数量, a whole number.


def merged(target):
    target["G8"].value = 60
    target.merge_cells("G8:G9")


def hidden_row(target):
    target["G8"].value = 60
    target.row_dimensions[8].hidden = True


def flat_row(content):
    flat = xml.replaced(content, xml.SHEET, r'<row r="8"', '<row r="8" ht="0" customHeight="1"')
    return xml.cell(flat, "G8", "<v>60</v>")


def hidden_column(target):
    target["L8"].value = "口径有变"
    target.column_dimensions["L"].hidden = True


def cached(content):
    return xml.cell(content, "G8", "<f>25*2+10</f><v>60</v>")


def division(content):
    return xml.cell(content, "G8", "<v>#DIV/0!</v>", ' t="e"')


def not_available(content):
    return xml.cell(content, "G8", "<f>VLOOKUP(1,A1:B2,2)</f><v>#N/A</v>", ' t="e"')


PROBLEMS |= {
    "formula": Odd(put("G8", "=25*2+10"), "cell_formula", cell="G8"),
    "formula with its value": Odd(cached, "cell_formula", cell="G8"),
    "formula in a note": Odd(put("L8", "=A1"), "cell_formula", cell="L8"),
    "merged": Odd(sheet(merged), "cell_merged", cell="G8"),
    "full-width digits": Odd(text("G8", "６０"), "number_as_text", cell="G8", blocks=False),
    "number kept as text": Odd(text("G8", "60"), "number_as_text", cell="G8", blocks=False),
    "full-width comma": Odd(text("G8", "1，234"), "number_as_text", cell="G8", blocks=False),
    "with its unit": Odd(text("G8", "60 家"), "number_not_a_number", cell="G8"),
    "about": Odd(text("G8", "约60"), "number_not_a_number", cell="G8"),
    "wrong commas": Odd(text("G8", "1,23"), "number_commas", cell="G8"),
    "hidden row": Odd(sheet(hidden_row), "cell_hidden", cell="G8"),
    "row of no height": Odd(flat_row, "cell_hidden", cell="G8"),
    "hidden column": Odd(sheet(hidden_column), "cell_hidden", cell="L8"),
    "division by nought": Odd(division, "cell_error_value", cell="G8"),
    "lookup that failed": Odd(not_available, "cell_error_value", cell="G8"),
    "date": Odd(put("G8", date(2024, 3, 1), "yyyy-mm-dd"), "cell_date", cell="G8"),
    "number shown as a date": Odd(put("G8", 60, "yyyy/m/d"), "cell_date", cell="G8"),
    "boolean": Odd(put("G8", True), "cell_boolean", cell="G8"),
    "scientific text": Odd(text("G5", "1.2E+05"), "number_scientific", cell="G5"),
    "more digits than a double": Odd(
        lambda content: xml.cell(content, "G5", "<v>123456789012.123456</v>"),
        "number_beyond_precision",
        cell="G5",
    ),
    "a third": Odd(put("G7", 0.3333333333), "number_too_many_decimals", cell="G7"),
    "shown as per cent": Odd(put("G7", 0.0032, "0.00%"), "number_percent_format", cell="G7"),
    "shown as per cent by a format of one's own": Odd(
        put("G7", 0.0032, "0.000%;[Red]-0.000%"), "number_percent_format", cell="G7"
    ),
    "negative": Odd(put("G8", -3), "number_negative", cell="G8"),
    "not whole": Odd(put("G8", 60.5), "number_not_an_integer", cell="G8"),
    "too large": Odd(put("G5", 10**13), "number_too_large", cell="G5"),
    "per cent sign where the unit is none": Odd(
        text("G8", "60%"), "number_percent_sign", cell="G8"
    ),
    "unknown mode": Odd(put("F8", "估计数"), "mode_unknown", cell="F8"),
    "absent with a figure": Odd(put("F8", "缺报"), "absent_with_figure", cell="F8"),
    "denominator taken away": Odd(put("K9", None), "rate_part_missing", cell="K9"),
    "denominator of nought": Odd(put("K9", 0), "denominator_zero", cell="K9"),
    "figure nobody asked for": Odd(put("I8", 60), "cell_not_asked", cell="I8"),
    "figure beside words": Odd(put("G21", 4), "cell_not_asked", cell="G21"),
    "unit changed": Odd(put("D5", "亿元"), "cell_not_open", cell="D5"),
    "direction override in a note": Odd(
        text("L8", "口径\u202e有变"), "text_control_character", cell="L8"
    ),
    "endless note": Odd(text("L8", "长" * 2001), "text_too_long", cell="L8"),
}


# Odd, but what was filled in is clear.


def wps(content):
    app = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/'
        'officeDocument/2006/extended-properties"><Application>WPS 表格</Application>'
        "<AppVersion>12.0000</AppVersion></Properties>"
    )
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer"/></Properties>'
    )
    written = xml.shared_strings(xml.numbers_with_point(content))
    written = xml.with_parts(written, {xml.APP: app, "docProps/custom.xml": custom})
    return xml.replaced(written, xml.SHEET, "<sheetData>", "<sheetData><!-- et -->")


def date_1904(content):
    return xml.replaced(
        content, "xl/workbook.xml", r"<workbookPr ?/?>", '<workbookPr date1904="1"/>'
    )


def huge_dimension(content):
    return xml.replaced(
        content, xml.SHEET, r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"'
    )


def formatted_far_down(target):
    for row in range(22, 5022):
        target.cell(row, 3).number_format = "0.00"


def unprotected(target):
    target.protection.disable()
    for row in target.iter_rows():
        for each in row:
            each.protection = Protection(locked=False)


def hidden_without_change(target):
    target.row_dimensions[8].hidden = True
    target.column_dimensions["E"].hidden = True


def coloured(target):
    target["A1"].value = "我县的填报表"
    target["E8"].value = 12345


def stored_zip(content):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in reversed(source.namelist()):
            target.writestr(name, source.read(name))
    return out.getvalue()


FINE |= {
    name: Odd(make, "")
    for name, make in {
        "as downloaded": lambda content: content,
        "saved by another program": lambda content: saved(opened(content)),
        "saved twice": lambda content: saved(opened(saved(opened(content)))),
        "wps": wps,
        "shared strings": xml.shared_strings,
        "texts as results": xml.text_results,
        "50 as 50.0": xml.numbers_with_point,
        "no styles": lambda content: xml.with_parts(content, {xml.STYLES: None}),
        "shared strings twice": lambda content: xml.shared_strings(content, 2),
        "dates from 1904": date_1904,
        "huge dimension": huge_dimension,
        "serial numbers as numbers": xml.serial_numbers_as_numbers,
        "places left unsaid": xml.without_references,
        "formatted far down": sheet(formatted_far_down),
        "protection taken off": sheet(unprotected),
        "hidden, but unchanged": sheet(hidden_without_change),
        "title and last year changed": sheet(coloured),
        "parts stored in another order": stored_zip,
        "other sheets changed": book(lambda b: b["说明"].cell(10, 3, "=1/0")),
        "a sheet of one's own": book(lambda b: b.create_sheet("草稿").append([1, 2, "=A1"])),
    }.items()
}

__all__ = ["FINE", "NOT_TAKEN", "PROBLEMS", "REFUSED", "Odd"]
