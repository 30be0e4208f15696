import io
import random
import time
import zipfile

import pytest

from county_portal.common.errors import Invalid
from county_portal.files.rules import content_type_of
from tests.files import samples

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ACCEPTED = [
    ("批复.pdf", samples.PDF, "application/pdf"),
    ("批复.PDF", samples.PDF, "application/pdf"),
    ("图.png", samples.PNG, "image/png"),
    ("图.jpg", samples.JPG, "image/jpeg"),
    ("图.jpeg", samples.JPG, "image/jpeg"),
    ("表.xlsx", samples.xlsx(), XLSX_TYPE),
    ("文.docx", samples.docx(), DOCX_TYPE),
    ("a.exe.pdf", samples.PDF, "application/pdf"),
]
REFUSED = [
    ("空.pdf", b"", "file_empty"),
    ("病毒.pdf", samples.EXE, "file_type_not_accepted"),
    ("图.gif", samples.GIF, "file_type_not_accepted"),
    ("页.pdf", samples.HTML, "file_type_not_accepted"),
    ("图.png", samples.SVG, "file_type_not_accepted"),
    ("旧.doc", samples.OLE, "file_type_not_accepted"),
    ("加密.xlsx", samples.OLE, "file_type_not_accepted"),
    ("文.txt", "纯文本".encode(), "file_type_not_accepted"),
    ("包.xlsx", samples.zipped({"a.txt": "x"}), "file_type_not_accepted"),
    ("表.pdf", samples.xlsx(), "file_ending_belies_content"),
    ("文.xlsx", samples.docx(), "file_ending_belies_content"),
    ("图.pdf", samples.PNG, "file_ending_belies_content"),
    ("pdf", samples.PDF, "file_ending_belies_content"),
    ("批复.pdf.html", samples.PDF, "file_ending_belies_content"),
    ("批复.", samples.PDF, "file_ending_belies_content"),
    # begins like one thing, ends like another: judged by its beginning
    ("双.xlsx", samples.EXE + samples.xlsx(), "file_type_not_accepted"),
    ("双.pdf", samples.HTML + samples.PDF, "file_type_not_accepted"),
    ("双.xlsx", samples.PDF + samples.xlsx(), "file_ending_belies_content"),
    ("宏.xlsx", samples.with_part(samples.xlsx(), "xl/vbaProject.bin", b"x"), "file_has_macros"),
    ("宏.docx", samples.docx({"word/VBAPROJECT.BIN": b"x"}), "file_has_macros"),
    ("炸弹.xlsx", samples.bomb(), "file_inflates"),
    ("炸弹.xlsx", samples.lying_bomb(), "file_inflates"),
    ("炸弹.xlsx", samples.lying_bomb(1), "file_damaged"),
    ("多.xlsx", samples.many_parts(), "file_inflates"),
    ("密.xlsx", samples.encrypted(), "file_damaged"),
    ("断.xlsx", samples.xlsx()[:-40], "file_damaged"),
    ("头.xlsx", b"PK\x03\x04", "file_damaged"),
    ("法.xlsx", samples.zipped({"xl/workbook.xml": "<x/>"}, zipfile.ZIP_LZMA), "file_damaged"),
    ("法.xlsx", samples.zipped({"xl/workbook.xml": "<x/>"}, zipfile.ZIP_BZIP2), "file_damaged"),
]


@pytest.mark.parametrize("name, content, content_type", ACCEPTED)
def test_accepted(name, content, content_type):
    file = io.BytesIO(content)

    assert content_type_of(file, name) == content_type
    assert file.tell() == 0


@pytest.mark.parametrize("name, content, code", REFUSED)
def test_refused(name, content, code):
    started = time.thread_time()  # what it costs, not how busy the machine is

    with pytest.raises(Invalid) as refusal:
        content_type_of(io.BytesIO(content), name)

    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert time.thread_time() - started < 2


def test_a_damaged_workbook_is_refused_never_an_error():
    """600 workbooks, each with a few bytes changed anywhere: deflate streams, offsets, names, sizes."""
    whole, chance = samples.xlsx(), random.Random(20261121)
    refused = 0
    for _ in range(600):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        try:
            content_type_of(io.BytesIO(bytes(content)), "表.xlsx")
        except Invalid:
            refused += 1
    assert refused > 100
