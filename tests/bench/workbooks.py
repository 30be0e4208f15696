"""Workbooks of every county against floors measured in the same run.

Import: keep, check, read, merge, preview's digest, confirm and record, county by county, each in its own
transaction as on the web; against calamine's bare read of the same files plus one SQL upsert of all values.
Export: the copy with its row and its entry in the record; against openpyxl writing the same cells and nothing
else. Everything happens in a transaction that is rolled back.
"""

import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import override_settings
from python_calamine import CalamineWorkbook

from county_portal.common import clock
from county_portal.demo.cast import Cast, read_cast
from indicators.actions.collecting import CollectionInput, create_collection, open_collection
from indicators.actions.filling import CellEdit, save_cells
from indicators.actions.workbooks import apply_upload, make_copy, receive_upload
from indicators.models import Collection, Submission
from indicators.rules import CellInput, read_cell
from indicators.selectors import get_submission, list_indicators, spec_of
from indicators.selectors.workbooks import merge_upload
from indicators.workbook.merge import conflicts_digest
from indicators.workbook.template import FILLING, FIRST_ROW, Column
from tests.factories.sheets import ANSWERS

FREE_YEAR = 2045
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPSERT = """
INSERT INTO indicators_value
    (submission_id, indicator_id, text, number, absence, note, status, updated_by_id, updated_at)
SELECT s, i, t, n, '', '', 'self', %(user)s, now()
FROM unnest(%(submissions)s::bigint[], %(indicators)s::bigint[], %(texts)s::text[], %(numbers)s::numeric[])
    AS typed (s, i, t, n)
ON CONFLICT (submission_id, indicator_id) DO UPDATE
SET text = excluded.text, number = excluded.number, absence = '', numerator = NULL, denominator = NULL,
    updated_at = excluded.updated_at
"""


@dataclass(frozen=True)
class Measured:
    """Seconds of each way."""

    counties: int
    exported: float
    export_floor: float
    imported: float
    import_floor: float
    written: int

    @property
    def words(self) -> dict[str, str]:
        """Lines to print."""
        return {
            "workbooks": str(self.counties),
            "export": f"{self.exported:.2f} s, bare openpyxl {self.export_floor:.2f} s, "
            f"ratio {self.exported / self.export_floor:.2f}",
            "import": f"{self.imported:.2f} s ({self.imported / self.counties * 1000:.0f} ms each, "
            f"{self.written} lines written), bare read and one upsert {self.import_floor:.2f} s, "
            f"ratio {self.imported / self.import_floor:.2f} (aimed at: ≤ 25)",
        }


def bench() -> dict[str, str]:
    """Measure both ways over all counties; figures in words."""
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(FILES_DIR=folder),
        transaction.atomic(),
    ):
        measured = _measure()
        transaction.set_rollback(True)
    return measured.words


def _measure() -> Measured:
    cast = read_cast()
    submissions = _open(cast)
    _fill(cast, submissions)
    copies: list[bytes] = []

    def export() -> None:
        for row in submissions:
            made = make_copy(actor=cast.filler(row), submission_id=row.public_id)
            copies.append(made.content)

    exported = _timed(export)
    cells = [_cells(content) for content in copies]
    export_floor = _timed(lambda: [_bare(each) for each in cells])
    files = [_changed(content) for content in copies]
    # The floor first: it writes the same values, which the import then finds on the web's side.
    written: list[int] = []
    with transaction.atomic():
        import_floor = _timed(lambda: _floor(files, submissions))
        transaction.set_rollback(True)
    imported = _timed(lambda: written.extend(_import(cast, submissions, files)))
    return Measured(len(submissions), exported, export_floor, imported, import_floor, sum(written))


def _timed(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _open(cast: Cast) -> list[Submission]:
    newest = Collection.objects.order_by("-data_year").select_related("version")[0]
    today = clock.today()
    drawn_up = create_collection(
        actor=cast.manager,
        data=CollectionInput(
            version=newest.version,
            title="测量",
            data_year=FREE_YEAR,
            evaluation_year=FREE_YEAR + 1,
            opens_on=today,
            county_due_on=today + timedelta(days=9),
            city_due_on=today + timedelta(days=9),
        ),
    )
    opened = open_collection(actor=cast.manager, collection_id=drawn_up.public_id)
    return list(opened.submissions.select_related("collection__version", "region", "office"))


def _fill(cast: Cast, submissions: list[Submission]) -> None:
    specs = {row.code: spec_of(row) for row in list_indicators(submissions[0].collection.version)}
    blank = CellInput().fingerprint
    edits = [
        CellEdit(code, blank, read_cell(specs[code], typed)[0]) for code, typed in ANSWERS.items()
    ]
    for row in submissions:
        save_cells(actor=cast.filler(row), submission_id=row.public_id, edits=edits)


def _cells(content: bytes) -> list[tuple[str, list[tuple[Any, ...]]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in book]


def _bare(sheets: list[tuple[str, list[tuple[Any, ...]]]]) -> bytes:
    book = openpyxl.Workbook()
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _changed(content: bytes) -> bytes:
    """Every line that is a plain number, one more."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[FILLING]
    for row in range(FIRST_ROW, sheet.max_row + 1):
        cell = sheet.cell(row, Column.TEXT)
        if isinstance(cell.value, int):
            cell.value += 1
        else:
            sheet.cell(row, Column.NOTE).value = "据年报数填报。"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _floor(files: list[bytes], submissions: list[Submission]) -> None:
    indicators = list(list_indicators(submissions[0].collection.version))
    keys: list[tuple[int, int]] = []
    texts: list[str] = []
    for content, row in zip(files, submissions, strict=True):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_name(FILLING).to_python(skip_empty_area=False)
        for place, indicator in enumerate(indicators):
            keys.append((row.pk, indicator.pk))
            texts.append(str(rows[FIRST_ROW - 1 + place][Column.TEXT - 1]))
    numbers = [Decimal(text) if text.replace(".", "").isdigit() else None for text in texts]
    with connection.cursor() as cursor:
        cursor.execute(
            UPSERT,
            {
                "user": submissions[0].collection.created_by_id,
                "submissions": [row for row, _ in keys],
                "indicators": [indicator for _, indicator in keys],
                "texts": texts,
                "numbers": numbers,
            },
        )


def _import(cast: Cast, submissions: list[Submission], files: list[bytes]) -> list[int]:
    written = []
    for content, row in zip(files, submissions, strict=True):
        clerk = cast.filler(row)
        upload = receive_upload(
            actor=clerk,
            submission_id=row.public_id,
            upload=SimpleUploadedFile("填报.xlsx", content, XLSX),
        )
        seen = conflicts_digest(
            merge_upload(upload, get_submission(clerk, row.public_id, is_bare=True))
        )
        applied = apply_upload(actor=clerk, upload_id=upload.public_id, seen=seen, choices={})
        written.append(applied.written)
    return written
