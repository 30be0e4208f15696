"""Doing in a test what a county does with its workbook: download, type, send back, choose, confirm."""

import io
import re
from decimal import Decimal
from uuid import uuid4

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.actions.records import content_digest
from indicators.actions.workbooks import apply_upload, make_copy, receive_upload
from indicators.enums import FillMode
from indicators.selectors import get_submission, read_content
from indicators.selectors.workbooks import preview_upload
from indicators.workbook.template import FILLING, FIRST_ROW, PARTS, Column
from tests.factories.sheets import fresh

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(actor, submission):
    """The bytes of a new copy."""
    return make_copy(actor=actor, submission_id=submission.public_id).content


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(content, change):
    """The same workbook after `change(book)`, saved by another program than wrote it."""
    book = opened(content)
    change(book)
    return saved(book)


def row_of(code):
    """Where an indicator stands: the tests' system counts its codes from 01."""
    return FIRST_ROW + int(code) - 1


def put(cell, text):
    """What a spreadsheet makes of typing: a plain number is one, anything else stays text."""
    if re.fullmatch(r"0|[1-9]\d{0,11}|(0|[1-9]\d*)\.\d*[1-9]", text, re.ASCII):
        cell.value = Decimal(text)
        return
    cell.value = text or None
    if text:
        cell.data_type = "s"


def type_into(sheet, code, typed):
    """Type a whole line as a person would."""
    row = row_of(code)
    is_words = sheet.cell(row, Column.MODE).value == "文字说明"
    for column, part in PARTS.items():
        text = str(getattr(typed, part))
        if column == Column.MODE:
            if not is_words:
                sheet.cell(row, column).value = str(FillMode(text).label)
        else:
            put(sheet.cell(row, column), text)


def typed_into(content, cells):
    """The workbook after typing these lines."""

    def change(book):
        for code, typed in cells.items():
            type_into(book[FILLING], code, typed)

    return edited(content, change)


def send(actor, submission, content, name="填报.xlsx"):
    """Upload it."""
    return receive_upload(
        actor=actor,
        submission_id=submission.public_id,
        upload=SimpleUploadedFile(name, content, XLSX),
    )


def preview(actor, upload):
    return preview_upload(upload, get_submission(actor, upload.submission.public_id))


def confirm(actor, upload, choices=None):
    """Confirm what the preview shows now."""
    return apply_upload(
        actor=actor,
        upload_id=upload.public_id,
        seen=preview(actor, upload).seen,
        choices=choices or {},
    )


def digest(submission):
    """SHA-256 of the submission's canonical content."""
    return content_digest(read_content(fresh(submission)))


def nobody():
    return uuid4()
