"""Workbooks changed below what any library would write: parts of the zip, replaced as text."""

import io
import re
import zipfile

from tests.indicators.workbooks.books import opened

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
APP = "docProps/app.xml"


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def with_parts(content, changed):
    """The same file with these parts replaced or added; None takes one away."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in changed:
                target.writestr(name, source.read(name))
        for name, text in changed.items():
            if text is not None:
                target.writestr(name, text)
    return out.getvalue()


def replaced(content, name, pattern, by, count=0):
    """A part with a pattern replaced; it must occur."""
    text = part(content, name)
    found, times = re.subn(pattern, by, text, count=count)
    assert times, f"{pattern} is not in {name}"
    return with_parts(content, {name: found})


def cell(content, reference, inner, attributes=""):
    """One cell of the sheet 填报, written by hand; its style stays."""
    return replaced(
        content,
        SHEET,
        rf'<c r="{reference}"([^>]*?)( t="\w+")?\s*(/>|>.*?</c>)',
        rf'<c r="{reference}"\1{attributes}>{inner}</c>',
        count=1,
    )


_INLINE = re.compile(r'<c([^>]*?) t="inlineStr"\s*>\s*<is>(.*?)</is>\s*</c>', re.DOTALL)
_WORDS = re.compile(r"<t[^>]*>(.*?)</t>", re.DOTALL)


def shared_strings(content, times=1):
    """Every text in the table of shared strings, as Excel writes it; the table may hold each twice over."""
    texts, changed = [], {}

    def share(match):
        texts.append(match[2])
        return f'<c{match[1]} t="s"><v>{len(texts) * times - 1}</v></c>'

    for name in sheets(content):
        changed[name] = _INLINE.sub(share, part(content, name))
    items = "".join(f"<si>{text}</si>" * times for text in texts)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    changed[STRINGS] = f'<sst xmlns="{main}">{items}</sst>'
    relation = (
        '<Relationship Id="rIdS" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    rels = "xl/_rels/workbook.xml.rels"
    known = re.sub(r"<Relationship [^>]*sharedStrings[^>]*/>", "", part(content, rels))
    changed[rels] = known.replace("</Relationships>", relation)
    kind = (
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    types = re.sub(r"<Override [^>]*sharedStrings[^>]*/>", "", part(content, TYPES))
    changed[TYPES] = types.replace("</Types>", kind)
    return with_parts(content, changed)


def text_results(content):
    """Every text as the result of a formula that is gone: t="str"."""

    def result(match):
        return f'<c{match[1]} t="str"><v>{_WORDS.search(match[2])[1]}</v></c>'

    return with_parts(
        content, {name: _INLINE.sub(result, part(content, name)) for name in sheets(content)}
    )


def sheets(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]


def numbers_with_point(content):
    """50 as 50.0, as some programs write it; for a copy whose texts are inline."""
    return replaced(content, SHEET, r"<v>(\d+)</v>", r"<v>\1.0</v>")


def serial_numbers_as_numbers(content):
    """Column A retyped: 01 becomes 1."""
    book = opened(content)
    for row in range(5, 22):
        book["填报"].cell(row, 1).value = row - 4
        book["填报"].cell(row, 1).number_format = "General"
    from tests.indicators.workbooks.books import saved

    return saved(book)


def without_references(content):
    """Rows and cells that do not say where they are: their order says it."""
    text = part(content, SHEET)
    rows = re.findall(r"<row.*?</row>", text, re.DOTALL)
    assert all(f'r="{place}"' in row for place, row in enumerate(rows, 1))
    data = []
    for row in rows:
        cells = {}
        for found in re.finditer(r'<c r="([A-L])\d+"(.*?)(/>|</c>)', row, re.DOTALL):
            cells[found[1]] = f"<c{found[2]}{found[3]}"
        data.append(
            "<row>" + "".join(cells.get(letter, "<c/>") for letter in "ABCDEFGHIJKL") + "</row>"
        )
    body = re.sub(
        r"<sheetData>.*</sheetData>",
        lambda _: f"<sheetData>{''.join(data)}</sheetData>",
        text,
        flags=re.DOTALL,
    )
    return with_parts(content, {SHEET: body})


def many_rows(content, count=20_000):
    """Rows of numbers below the table."""
    rows = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{letter}{number}"><v>{number}</v></c>' for letter in "ABCDEFGHIJKL")
        + "</row>"
        for number in range(22, 22 + count)
    )
    return replaced(content, SHEET, "</sheetData>", rows + "</sheetData>")
