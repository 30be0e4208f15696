"""Some counties of the demonstration fill in Excel: copies leave, come back, one in conflict with the web."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from county_portal.accounts.models import User
from county_portal.documents.workbook import XLSX
from indicators.actions.filling import CellEdit, save_cells
from indicators.actions.workbooks import FILE, apply_upload, make_copy, receive_upload
from indicators.enums import FillMode
from indicators.models import Submission
from indicators.rules import CellFigure, CellInput
from indicators.selectors import get_submission
from indicators.selectors.workbooks import preview_upload
from indicators.workbook.template import FILLING, FIRST_ROW, Column

_NOTE = "据年报数填报。"
# So many lines of each workbook are noted.
_NOTED = 3


@dataclass(frozen=True, slots=True)
class WorkbookCounts:
    """How many went out, came back, and were merged where both sides had changed a line."""

    exported: int = 0
    imported: int = 0
    conflicts: int = 0


def play_workbooks(
    parts: Sequence[tuple[User, Submission]], *, with_conflict: bool = True
) -> WorkbookCounts:
    """Export, fill and import a workbook of each; in the first a colleague changes the same line on the web.

    The clerk adds a note to lines that have a figure and leaves the figures alone, so that nothing
    computed from the demonstration changes.
    """
    imported = conflicts = 0
    for place, (clerk, submission) in enumerate(parts):
        made = make_copy(actor=clerk, submission_id=submission.public_id)
        noted, content = _noted(made.content)
        if with_conflict and place == 0 and noted:
            _change_on_the_web(clerk, submission, noted[0], made.copy.base)
        upload = receive_upload(
            actor=clerk,
            submission_id=submission.public_id,
            upload=SimpleUploadedFile(made.name, content, XLSX),
        )
        preview = preview_upload(upload, get_submission(clerk, submission.public_id))
        choices = {change.code: FILE for change in preview.conflicts}
        apply_upload(actor=clerk, upload_id=upload.public_id, seen=preview.seen, choices=choices)
        imported += 1
        conflicts += len(choices)
        submission.refresh_from_db(fields=["revision"])
    return WorkbookCounts(len(parts), imported, conflicts)


def _noted(content: bytes) -> tuple[list[str], bytes]:
    """The workbook with a note on its first three lines that have a figure and none; their codes."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet, codes = book[FILLING], list[str]()
    for row in range(FIRST_ROW, sheet.max_row + 1):
        figure, note = sheet.cell(row, Column.TEXT), sheet.cell(row, Column.NOTE)
        if (
            isinstance(figure.value, int | Decimal | float)
            and not note.value
            and len(codes) < _NOTED
        ):
            note.value = _NOTE
            codes.append(str(sheet.cell(row, Column.CODE).value))
    out = io.BytesIO()
    book.save(out)
    return codes, out.getvalue()


def _change_on_the_web(
    clerk: User, submission: Submission, code: str, base: dict[str, dict[str, str]]
) -> None:
    """A colleague writes another note on the same line meanwhile."""
    before = CellInput(**base[code])
    value = submission.values.get(indicator__code=code)
    figure = CellFigure(
        text=value.text,
        number=value.number,
        numerator=value.numerator,
        denominator=value.denominator,
        note="待与统计局核对。",
        is_forecast=before.mode == FillMode.FORECAST,
    )
    save_cells(
        actor=clerk,
        submission_id=submission.public_id,
        edits=[CellEdit(code, before.fingerprint, figure)],
    )
