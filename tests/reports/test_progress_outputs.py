"""PDFs, the year's zip and workbook, the summary and what everybody reads."""

import hashlib
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.files.store import path_of
from county_portal.jobs import runner
from county_portal.jobs.enums import JobState
from county_portal.jobs.models import Job
from reports.actions.filling import ReportInput, save_report
from reports.actions.opening import open_reports
from reports.actions.outputs import make_pdf, start_pdf, start_pdfs, start_workbook
from reports.actions.summaries import publish_summary, save_summary
from reports.enums import ProgressState
from reports.progress_document import progress_html
from reports.rules.typed import LineFigure
from reports.selectors.progress_year import (
    document_of,
    list_published_years,
    read_public,
    read_year,
)
from tests.documents.reading import needs_pango
from tests.factories.people import signed_in
from tests.reports.building import YEAR, bring, write_report


def finished(job: Job) -> Job:
    runner.work(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    return job


@pytest.fixture
def received(written, people):
    return bring(written, ProgressState.RECEIVED, people.manager)


@needs_pango
def test_the_same_report_is_rendered_once(written, people):
    report = bring(written, ProgressState.SUBMITTED, people.manager)

    first, is_new = make_pdf(report.pk)
    second, is_newer = make_pdf(report.pk)
    bring_on = bring_further(report, people)
    third, is_newest = make_pdf(bring_on.pk)

    assert (is_new, is_newer, is_newest) == (True, False, True)
    assert first.pk == second.pk != third.pk
    content = path_of(first.file.sha256).read_bytes()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == first.file.sha256


def bring_further(report, people):
    from reports.actions.moving import ReportMove, move_report
    from reports.enums import ProgressAction

    return move_report(
        actor=people.reviewer, report_id=report.public_id, move=ReportMove(ProgressAction.ACCEPT)
    )


def test_what_a_county_typed_is_escaped(opened, people):
    write_report(opened)
    texts = {"measures": "<script>alert(1)</script>=1+1"}
    save_report(actor=people.filler, report_id=opened.public_id, entered=ReportInput(texts=texts))
    report = bring(opened, ProgressState.SUBMITTED, people.manager)

    html = progress_html(document_of(report))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@needs_pango
def test_whoever_sees_a_report_has_its_pdf_made_and_nobody_else_follows(
    received, foreign_pilot, people
):
    job, _ = start_pdf(actor=people.lead, report_id=received.public_id)
    followed = reverse("jobs:detail", args=[job.public_id])
    download = reverse("reports:progress_pdf_file", args=[received.public_id])

    assert signed_in(people.lead).get(download).status_code == 409
    finished(job)

    assert signed_in(people.lead).get(followed).status_code == 200
    assert signed_in(people.changan_lead).get(followed).status_code == 404
    assert signed_in(people.reviewer).get(download).status_code == 200
    assert signed_in(people.changan_lead).get(download).status_code == 404


def test_nothing_is_made_of_what_was_not_handed_in(opened, people):
    with pytest.raises(Stale, match="not_handed_in"):
        start_pdf(actor=people.lead, report_id=opened.public_id)
    with pytest.raises(Stale, match="none_handed_in"):
        start_pdfs(actor=people.manager, year=YEAR)
    with pytest.raises(NotAllowed):
        start_pdfs(actor=people.lead, year=YEAR)


@needs_pango
def test_a_year_in_one_zip_is_the_same_bytes_again(received, foreign_pilot, people):
    open_reports()
    first = finished(start_pdfs(actor=people.manager, year=YEAR)[0])
    again = finished(start_pdfs(actor=people.manager, year=YEAR)[0])

    assert first.pk != again.pk
    assert first.digest == again.digest
    with zipfile.ZipFile(path_of(first.result_file.sha256)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"131081霸州市{YEAR}年度建设进展报告.pdf"]


def test_the_workbook_holds_every_assessed_figure(written, foreign_pilot, people):
    open_reports()
    formula = {5: LineFigure("12", Decimal(12), None, None, "=HYPERLINK(1)")}
    save_report(actor=people.filler, report_id=written.public_id, entered=ReportInput(formula))
    bring(written, ProgressState.RECEIVED, people.manager)

    job = finished(start_workbook(actor=people.manager, year=YEAR)[0])
    book = openpyxl.load_workbook(io.BytesIO(path_of(job.result_file.sha256).read_bytes()))

    assert book.sheetnames == ["汇总", "指标完成率", "逐项明细"]
    overview = list(book["汇总"].iter_rows(min_row=4, values_only=True))
    assert [(row[0], row[4]) for row in overview] == [
        ("石家庄市长安区", "未报"),
        ("廊坊市霸州市", "按期报送"),
    ]
    details = list(book["逐项明细"].iter_rows(min_row=3, values_only=True))
    assert len(details) == 15
    [line] = [row for row in details if row[1] == 5]
    # Baseline 10, this year's target 11, reached 12: twice the way.
    assert (line[6], line[7], line[9], line[10]) == (11, 12, 2, "是")
    cells = [cell for row in book["逐项明细"].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_means_count_each_indicator_once_and_not_beyond_its_target(received):
    [row] = read_year(YEAR)

    # All at 11 of 10 → 11; energy (lower is better, 10 → 9.98) at 11 is a step back and counts 0.
    assert row.content.measured == 13
    assert row.content.reached == 12
    assert row.mean == Decimal(12) / Decimal(13)


def test_one_drafts_and_another_publishes(received, people):
    assert Client().get(reverse("reports:public_progress", args=[YEAR])).status_code == 404
    with pytest.raises(NotAllowed):
        save_summary(actor=people.publisher, year=YEAR, text="总体良好。")
    with pytest.raises(Invalid, match="summary_missing"):
        publish_summary(actor=people.publisher, year=YEAR)
    with pytest.raises(Invalid, match="text_required"):
        save_summary(actor=people.manager, year=YEAR, text="　\n")
    save_summary(actor=people.manager, year=YEAR, text="总体良好。")
    with pytest.raises(NotAllowed):
        publish_summary(actor=people.manager, year=YEAR)
    assert not read_public(YEAR)

    publish_summary(actor=people.publisher, year=YEAR)

    page = Client().get(reverse("reports:public_progress", args=[YEAR])).content.decode()
    assert "总体良好。" in page
    assert "廊坊市霸州市" in page
    # What a county wrote for the province is not for everybody.
    assert "按计划推进，说明如下" not in page
    assert Client().get(reverse("reports:public_progress_years")).status_code == 200
    with pytest.raises(Stale, match="summary_published"):
        save_summary(actor=people.manager, year=YEAR, text="改写。")
    with pytest.raises(Stale, match="nothing_to_publish"):
        publish_summary(actor=people.publisher, year=YEAR)


def test_what_comes_after_publication_is_published_by_an_act_of_its_own(
    received, foreign_pilot, people
):
    open_reports()
    save_summary(actor=people.manager, year=YEAR, text="总体良好。")
    publish_summary(actor=people.publisher, year=YEAR)
    late = write_report(foreign_pilot.reports.get(year=YEAR))
    bring(late, ProgressState.RECEIVED, people.manager)
    assert [pilot.name for pilot in read_public(YEAR)] == ["廊坊市霸州市"]

    publish_summary(actor=people.publisher, year=YEAR)

    assert len(read_public(YEAR)) == 2


def test_the_public_page_of_a_year_is_paged_and_costs_the_same_however_many(
    received, foreign_pilot, people, monkeypatch, django_assert_num_queries
):
    open_reports()
    save_summary(actor=people.manager, year=YEAR, text="总体良好。")
    publish_summary(actor=people.publisher, year=YEAR)
    address = reverse("reports:public_progress", args=[YEAR])
    with django_assert_num_queries(5):
        assert "霸州市" in Client().get(address).content.decode()
    late = write_report(foreign_pilot.reports.get(year=YEAR))
    bring(late, ProgressState.RECEIVED, people.manager)
    publish_summary(actor=people.publisher, year=YEAR)

    with django_assert_num_queries(5):
        both = Client().get(address).content.decode()
    monkeypatch.setattr("reports.views.summaries.PAGE_SIZE", 1)
    pages = [Client().get(f"{address}?page={number}").content.decode() for number in (1, 2, 99)]

    assert [name in both for name in ("长安区", "霸州市")] == [True, True]
    # By region code.
    assert [("长安区" in page, "霸州市" in page) for page in pages] == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_the_pages_of_a_year(received, people):
    manager, publisher = signed_in(people.manager), signed_in(people.publisher)
    address = reverse("reports:progress_year", args=[YEAR])

    assert signed_in(people.lead).get(address).status_code == 403
    assert manager.get(reverse("reports:progress_year", args=[1999])).status_code == 404
    page = manager.get(address)
    assert "应报送建设进展报告的试点1个" in page.context["form"].initial["text"]
    blank = manager.post(reverse("reports:progress_summary", args=[YEAR]), {"text": "  "})
    assert blank.status_code == 422
    saved = manager.post(reverse("reports:progress_summary", args=[YEAR]), {"text": "总体良好。"})
    assert saved.status_code == 302
    old = publisher.post(reverse("reports:progress_publish", args=[YEAR]), {"seen": "2000"})
    assert old.status_code == 409
    seen = {"seen": publisher.get(address).context["mark"]}
    assert publisher.post(reverse("reports:progress_publish", args=[YEAR]), seen).status_code == 302
    assert "补充公布" not in publisher.get(address).content.decode()


def test_what_came_after_the_look_is_not_published(received, foreign_pilot, people):
    save_summary(actor=people.manager, year=YEAR, text="总体良好。")
    mark = (
        signed_in(people.publisher)
        .get(reverse("reports:progress_year", args=[YEAR]))
        .context["mark"]
    )
    open_reports()
    report = write_report(foreign_pilot.reports.get(year=YEAR), Decimal("10.5"))
    bring(report, ProgressState.RECEIVED, people.manager)

    with pytest.raises(Stale, match="content_changed"):
        publish_summary(actor=people.publisher, year=YEAR, seen=mark)

    assert not list_published_years()


def test_the_page_of_a_year_says_who_lags_on_what_and_by_how_much(received, foreign_pilot, people):
    open_reports()
    better = write_report(foreign_pilot.reports.get(year=YEAR), Decimal("10.5"))
    bring(better, ProgressState.RECEIVED, people.manager)
    manager = signed_in(people.manager)
    address = reverse("reports:progress_year", args=[YEAR])

    page = manager.get(address)

    lagging, leading = page.context["rows"]
    assert lagging.row.report == better
    assert len(lagging.shortfalls) == 13
    [energy] = leading.shortfalls
    assert (energy.reading.order, energy.words, energy.gap) == (27, "不及基数", Decimal("1.02"))
    assert "高出1.02" in page.content.decode()
    first = page.context["lagging"][0]
    assert (first.order, first.measured, len(first.shortfalls)) == (27, 2, 2)
    by_code = manager.get(address, {"order": "code"}).context["rows"]
    assert [each.row.report for each in by_code] == [better, received]
    assert (
        "未达到年度目标较多的指标是：万元GDP综合能耗（2个试点）"
        in page.context["form"].initial["text"]
    )
