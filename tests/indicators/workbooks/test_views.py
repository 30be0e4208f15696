"""The pages: a download, an upload, a preview, a confirmation."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.actions.collecting import close_collection
from indicators.models import WorkbookCopy, WorkbookUpload
from indicators.rules import CellInput
from tests.factories.people import signed_in
from tests.factories.sheets import fill, fill_whole
from tests.indicators.browsing import code, questions, text, url
from tests.indicators.workbooks.books import XLSX, digest, download, opened, send, typed_into


def upload_page(client, submission, content, name="填报.xlsx"):
    return client.post(
        url("workbook_upload", submission),
        {"file": SimpleUploadedFile(name, content, XLSX)},
        follow=True,
    )


def test_a_download_is_a_workbook_named_for_its_county(submission, people):
    answer = signed_in(people.filler).get(url("workbook", submission))

    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == XLSX
    assert "no-store" in answer["Cache-Control"]
    assert opened(content)["_portal"]["B2"].value == str(WorkbookCopy.objects.get().public_id)


def test_a_sheet_that_may_not_be_filled_gives_no_workbook(submission, people, collection):
    close_collection(actor=people.manager, collection_id=collection.public_id)

    answer = signed_in(people.filler).get(url("workbook", submission))

    assert (answer.status_code, code(answer)) == (409, "collection_closed")
    assert not WorkbookCopy.objects.exists()


def test_the_way_through(submission, people):
    fill_whole(people.filler, submission)
    client = signed_in(people.filler)
    content = typed_into(
        download(people.filler, submission),
        {"04": CellInput("60"), "06": CellInput("50 家"), "08": CellInput("3")},
    )
    fill(people.clerk, submission, {"04": CellInput("70"), "09": CellInput("2")})
    before = digest(submission)

    page = upload_page(client, submission, content)
    words = text(page)

    assert "G10" in words
    assert "50 家" in words
    assert "请只填写数字，单位不用填写" in words
    assert (
        "只有文件改动的1项将写入；只有系统中改动的1项保留系统中的；两边都改动且不一致的1项须选择"
        in words
    )
    assert "刘填报" in words
    assert "checked" not in page.content.decode()
    upload = WorkbookUpload.objects.get()
    address = reverse("indicators:workbook_preview", args=[upload.public_id])
    assert client.get(f"{address}?all=file").content.decode().count("checked") == 1

    confirm = reverse("indicators:workbook_confirm", args=[upload.public_id])
    seen = page.context["preview"].seen
    unchosen = client.post(confirm, {"seen": seen})
    assert (unchosen.status_code, code(unchosen)) == (422, "choice_missing")
    stale = client.post(confirm, {"seen": "x", "choice-04": "file"})
    assert (stale.status_code, code(stale)) == (409, "workbook_moved_on")
    assert "checked" in stale.content.decode()
    assert digest(submission) == before
    done = client.post(confirm, {"seen": seen, "choice-04": "file"}, follow=True)

    assert "已写入2项；有问题的1项未写入。" in text(done)
    assert "已写入文件的" in text(done)
    again = client.post(confirm, {"seen": seen, "choice-04": "file"})
    assert (again.status_code, code(again)) == (409, "workbook_already_applied")


def test_a_refused_workbook_is_kept_and_may_be_fetched(submission, people):
    client = signed_in(people.filler)
    content = typed_into(download(people.filler, submission), {})
    from tests.indicators.workbooks.books import edited

    strange = edited(content, lambda book: book.remove(book["_portal"]))
    page = upload_page(client, submission, strange)

    assert "这不是从本平台下载的填报工作簿" in text(page)
    upload = WorkbookUpload.objects.get()
    assert upload.state == "refused"
    file = client.get(reverse("indicators:workbook_file", args=[upload.public_id]))
    assert b"".join(file.streaming_content) == strange
    confirm = reverse("indicators:workbook_confirm", args=[upload.public_id])
    assert code(client.post(confirm)) == "workbook_refused"


def test_no_file_and_no_workbook_are_told_on_the_form(submission, people):
    client = signed_in(people.filler)

    without = client.post(url("workbook_upload", submission))
    csv = upload_page(client, submission, "序号,指标".encode(), "填报.csv")

    assert (without.status_code, csv.status_code) == (422, 422)
    assert "请选择要上传的工作簿。" in text(without)
    assert "CSV" in text(csv)
    assert code(csv) == "workbook_is_text"
    assert not WorkbookUpload.objects.exists()


def test_putting_aside(submission, people):
    client = signed_in(people.filler)
    upload = send(people.filler, submission, download(people.filler, submission))

    page = client.post(reverse("indicators:workbook_discard", args=[upload.public_id]), follow=True)

    assert "已放弃，没有写入任何内容" in text(page)
    assert "已放弃" in text(page)


def test_the_head_may_look_but_not_confirm(submission, people):
    content = typed_into(download(people.filler, submission), {"04": CellInput("60")})
    upload = send(people.filler, submission, content)
    client = signed_in(people.lead)

    page = client.get(reverse("indicators:workbook_preview", args=[upload.public_id]))
    confirm = client.post(reverse("indicators:workbook_confirm", args=[upload.public_id]))

    assert page.status_code == 200
    assert "确认写入" not in text(page)
    assert confirm.status_code == 403


@pytest.mark.parametrize("changed", [1, 12])
def test_a_preview_takes_as_many_questions_for_one_line_as_for_twelve(submission, people, changed):
    cells = {f"{number:02d}": CellInput("3") for number in (1, 4, 6, 8, 9, 10, 15, 16, 3, 2, 5, 7)}
    cells = dict(list(cells.items())[:changed])
    upload = send(people.filler, submission, typed_into(download(people.filler, submission), cells))

    assert questions(
        people.filler, reverse("indicators:workbook_preview", args=[upload.public_id])
    ) <= 24  # fmt: skip


def test_the_pages_of_a_sheet_lead_to_excel(submission, people):
    client = signed_in(people.filler)

    for name in ("submission", "fill"):
        page = client.get(url(name, submission)).content.decode()
        assert url("workbook", submission) in page
        assert url("workbook_upload", submission) in page
