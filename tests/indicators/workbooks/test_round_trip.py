"""A workbook taken away and brought back: nothing changes by itself, and what was typed arrives."""

import io

import openpyxl
import pytest

from county_portal.audit.models import Event
from county_portal.common.errors import Invalid, NotAllowed, Stale
from indicators.actions.collecting import close_collection
from indicators.actions.workbooks import apply_upload, discard_upload, make_copy
from indicators.enums import FillMode
from indicators.models import WorkbookUpload
from indicators.rules import CellInput
from indicators.workbook.template import FILLING, IDENTITY, Column
from tests.factories.sheets import ANSWERS, add_item, fill, fill_whole, fresh, submission_of
from tests.indicators.workbooks.books import (
    confirm,
    digest,
    download,
    edited,
    opened,
    preview,
    row_of,
    saved,
    send,
    typed_into,
)

# Typing that a spreadsheet would like to change: trailing noughts, commas, more digits than it holds.
AWKWARD = ANSWERS | {
    "01": CellInput("0.50", note="=1+1"),
    "03": CellInput("３５%", note="含_x0041_字样\n第二行"),
    "04": CellInput("1,234"),
    "06": CellInput("0050", mode=FillMode.FORECAST),
    "12": CellInput("123456789012.123456"),
    "13": CellInput("", "0.1", "123456789012.654321"),
    "16": CellInput(mode=FillMode.NOT_APPLICABLE, note="-"),
}


@pytest.mark.parametrize("answers", [{}, ANSWERS, AWKWARD], ids=["empty", "whole", "awkward"])
@pytest.mark.parametrize("resaved", [False, True])
def test_an_untouched_copy_changes_nothing(submission, people, answers, resaved):
    fill(people.filler, submission, answers)
    before = digest(submission)
    content = download(people.filler, submission)

    upload = send(people.filler, submission, saved(opened(content)) if resaved else content)
    applied = confirm(people.filler, upload)

    assert upload.problems == []
    assert set(applied.upload.outcome.values()) == {"same"}
    assert len(applied.upload.outcome) == 17
    assert digest(submission) == before


def test_what_is_typed_in_excel_equals_what_is_typed_on_the_web(submission, people, collection):
    other = submission_of(collection, "130102")
    fill_whole(people.changan_lead, other)

    content = typed_into(download(people.filler, submission), ANSWERS)
    upload = send(people.filler, submission, content)
    applied = confirm(people.filler, upload)

    assert [each for each in upload.problems if each["blocks"]] == []
    assert applied.written == 17
    assert digest(submission) == digest(other)


def test_numbers_arrive_as_numbers(submission, people):
    fill_whole(people.filler, submission)
    sheet = opened(download(people.filler, submission))[FILLING]

    assert sheet.cell(row_of("01"), Column.TEXT).value == 7351.2
    assert sheet.cell(row_of("11"), Column.DENOMINATOR).value == 403
    assert sheet.cell(row_of("06"), Column.MODE).value == "预测数"
    assert sheet.cell(row_of("14"), Column.TEXT).value is None
    assert sheet.cell(row_of("02"), Column.NUMERATOR_LABEL).value == "地方财政科技支出（万元）"


def test_only_what_may_be_filled_is_unlocked(submission, people):
    book = opened(download(people.filler, submission))
    sheet = book[FILLING]

    open_cells = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }
    assert sheet.protection.sheet
    assert book.security.lockStructure
    assert book[IDENTITY].sheet_state == "veryHidden"
    expected = set()
    for row in range(5, 22):
        rate = sheet.cell(row, Column.NUMERATOR_LABEL).value
        columns = "L" if row == row_of("17") else "FGIKL" if rate else "FGL"
        expected |= {f"{letter}{row}" for letter in columns}
    assert open_cells == expected
    assert sheet.freeze_panes == "D5"
    rules = {rule.type for rule in sheet.data_validations.dataValidation}
    assert rules == {"list", "whole", "decimal"}


def test_the_same_copy_is_the_same_bytes(submission, people):
    fill_whole(people.filler, submission)
    from indicators.selectors import get_submission
    from indicators.selectors.workbooks import template_of
    from indicators.workbook.write import write_workbook

    copy = make_copy(actor=people.filler, submission_id=submission.public_id)
    row = get_submission(people.filler, submission.public_id)
    again = write_workbook(template_of(row, copy.copy.public_id, copy.copy.made_at))

    assert again == copy.content


def test_named_items_are_listed_for_reading(submission, people):
    add_item(people.filler, submission, "河北省众创空间", approval_number="=冀科〔2019〕1号")
    rows = list(opened(download(people.filler, submission))["佐证清单"].iter_rows(values_only=True))

    assert rows[-1][2] == "河北省众创空间"
    assert rows[-1][4] == "=冀科〔2019〕1号"


def test_a_cleared_line_is_blank_afterwards(submission, people):
    fill_whole(people.filler, submission)

    content = typed_into(download(people.filler, submission), {"04": CellInput()})
    confirm(people.filler, send(people.filler, submission, content))

    value = submission.values.get(indicator__code="04")
    assert (value.text, value.number, value.absence) == ("", None, "")


def test_web_and_file_changing_different_lines_are_both_kept(submission, people):
    fill_whole(people.filler, submission)
    content = typed_into(download(people.filler, submission), {"04": CellInput("60")})
    fill(people.clerk, submission, {"06": CellInput("400")})

    upload = send(people.filler, submission, content)
    seen = preview(people.filler, upload)
    applied = confirm(people.filler, upload)

    assert [change.code for change in seen.written] == ["04"]
    assert [change.code for change in seen.kept] == ["06"]
    assert seen.conflicts == []
    assert (applied.written, applied.kept) == (1, 1)
    texts = dict(submission.values.values_list("indicator__code", "text"))
    assert (texts["04"], texts["06"]) == ("60", "400")


@pytest.mark.parametrize("choice, kept", [("file", "60"), ("server", "70")])
def test_a_conflict_is_settled_by_choice(submission, people, choice, kept):
    fill_whole(people.filler, submission)
    content = typed_into(download(people.filler, submission), {"04": CellInput("60")})
    fill(people.clerk, submission, {"04": CellInput("70")})
    upload = send(people.filler, submission, content)
    before = digest(submission)

    with pytest.raises(Invalid) as refused:
        confirm(people.filler, upload)
    assert refused.value.code == "choice_missing"
    assert digest(submission) == before
    confirm(people.filler, upload, {"04": choice})

    assert submission.values.get(indicator__code="04").text == kept
    assert WorkbookUpload.objects.get().outcome["04"] == choice


def test_the_same_change_on_both_sides_is_no_conflict(submission, people):
    fill_whole(people.filler, submission)
    content = typed_into(download(people.filler, submission), {"04": CellInput("60")})
    fill(people.clerk, submission, {"04": CellInput("60")})

    upload = send(people.filler, submission, content)

    assert preview(people.filler, upload).changes == []


def test_a_conflict_that_came_after_the_preview_writes_nothing(submission, people):
    fill_whole(people.filler, submission)
    content = typed_into(
        download(people.filler, submission), {"04": CellInput("60"), "06": CellInput("7")}
    )
    upload = send(people.filler, submission, content)
    seen = preview(people.filler, upload).seen
    fill(people.clerk, submission, {"04": CellInput("70")})
    before = digest(submission)

    with pytest.raises(Stale) as refused:
        apply_upload(actor=people.filler, upload_id=upload.public_id, seen=seen, choices={})

    assert refused.value.code == "workbook_moved_on"
    assert digest(submission) == before
    assert WorkbookUpload.objects.get().state == "preview"


def test_lines_with_problems_are_left_out_and_the_rest_is_written(submission, people):
    fill_whole(people.filler, submission)
    content = typed_into(
        download(people.filler, submission), {"04": CellInput("50 家"), "06": CellInput("7")}
    )
    upload = send(people.filler, submission, content)

    applied = confirm(people.filler, upload)

    [problem] = upload.problems
    assert (problem["cell"], problem["code"]) == ("G8", "number_not_a_number")
    assert problem["found"] == "50 家"
    assert (applied.written, applied.left_out) == (1, 1)
    assert submission.values.get(indicator__code="04").text == "50"


def test_a_second_confirmation_is_told_so(submission, people):
    upload = send(people.filler, submission, download(people.filler, submission))
    confirm(people.filler, upload)

    with pytest.raises(Stale) as refused:
        confirm(people.filler, upload)

    assert refused.value.code == "workbook_already_applied"


def test_what_is_discarded_cannot_be_confirmed(submission, people):
    upload = send(people.filler, submission, download(people.filler, submission))
    discard_upload(actor=people.filler, upload_id=upload.public_id)

    with pytest.raises(Stale) as refused:
        confirm(people.filler, upload)

    assert refused.value.code == "workbook_discarded"
    assert WorkbookUpload.objects.get().state == "discarded"


def test_closing_meanwhile_writes_nothing(submission, people, collection):
    fill_whole(people.filler, submission)
    content = typed_into(download(people.filler, submission), {"04": CellInput("60")})
    upload = send(people.filler, submission, content)
    close_collection(actor=people.manager, collection_id=collection.public_id)
    before = digest(submission)

    for act in (lambda: confirm(people.filler, upload), lambda: send(people.filler, submission, content),
                lambda: download(people.filler, submission)):  # fmt: skip
        with pytest.raises(Stale) as refused:
            act()
        assert refused.value.code == "collection_closed"
    assert digest(submission) == before


def test_who_may_not_fill_may_neither_download_nor_upload(submission, people):
    content = download(people.filler, submission)

    for act in (lambda: download(people.reviewer, submission),
                lambda: send(people.reviewer, submission, content)):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()


def test_each_act_is_on_record(submission, people):
    fill_whole(people.filler, submission)
    content = typed_into(download(people.filler, submission), {"04": CellInput("60")})
    upload = send(people.filler, submission, content)
    confirm(people.filler, upload)

    acts = Event.objects.filter(act__endswith="_workbook").order_by("serial")
    assert [event.act for event in acts] == [
        "download_workbook", "upload_workbook", "apply_workbook"]  # fmt: skip
    assert acts[2].detail["outcome"]["04"] == "file"
    assert acts[1].detail["file"] == upload.file.sha256


def test_an_equal_number_keeps_the_way_it_was_typed(submission, people):
    fill_whole(people.filler, submission)  # 01 is typed 7,351.20

    def change(book):
        book[FILLING].cell(row_of("01"), Column.TEXT).value = "7351.2"
        book[FILLING].cell(row_of("01"), Column.NOTE).value = "决算数"

    content = edited(download(people.filler, submission), change)
    confirm(people.filler, send(people.filler, submission, content))

    value = submission.values.get(indicator__code="01")
    assert (value.text, value.note) == ("7,351.20", "决算数")


def test_the_copy_of_a_colleague_may_be_sent_back(submission, people):
    fill_whole(people.filler, submission)
    content = typed_into(download(people.clerk, submission), {"04": CellInput("60")})

    confirm(people.filler, send(people.filler, submission, content))

    assert submission.values.get(indicator__code="04").text == "60"
    assert fresh(submission).revision == 2
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0] == FILLING
