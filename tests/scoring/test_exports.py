"""Documents of a list, the files its job makes, and the office's workbook."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from county_portal.accounts.models import Region
from county_portal.documents.actions import files
from county_portal.documents.pdf import PdfUnavailable
from county_portal.files.store import path_of
from county_portal.jobs import runner
from county_portal.jobs.enums import JobState, UnitState
from county_portal.jobs.models import Job
from scoring.enums import ListFileKind
from scoring.exports import make_list_file, results_workbook
from scoring.list_document import ClassRise, RankRise, render_list_pdf
from scoring.selectors.list_documents import list_document
from scoring.selectors.lists import list_files
from tests.documents import reading
from tests.factories.sheets import open_for_all
from tests.scoring.acts import grade, hand_in_all, publish, score
from tests.scoring.canaries import leaked, text_of_workbook
from tests.scoring.test_actions_publishing import rename


@pytest.fixture
def last_year(people, version, scheme):
    collection = open_for_all(people.manager, version, years_ago=2)
    hand_in_all(people, collection, strong=["130102"])
    score(people.expert, collection)
    return publish(people, grade(people, collection, scheme), number=9)


def test_document_names_every_class_and_no_score(run, published):
    document = list_document(published)

    assert [(group.name, [row.name for row in group.counties]) for group in document.classes] == [
        ("A", []),
        ("B", ["霸州市"]),
        ("C", ["长安区", "井陉县", "辛集市"]),
    ]
    assert document.letterhead.number == published.paper.number
    assert document.consent.document_number == "冀科领纪〔2026〕1号"
    assert document.verification.digest == published.paper.content_sha256
    assert document.correction is None
    assert leaked(repr(document), run) == set()


def test_document_tells_rises_and_never_falls(people, last_year, reviewed, scheme):
    score(people.expert, reviewed)

    document = list_document(publish(people, grade(people, reviewed, scheme)))

    (rise,) = document.rises
    assert isinstance(rise, ClassRise)
    assert (rise.county.name, rise.from_class, rise.to_class) == ("霸州市", "C", "B")
    assert document.rank_rises == (RankRise(rise.county, 1),)
    assert "长安区" not in {row.county.name for row in (*document.rises, *document.rank_rises)}


def test_correction_names_what_it_replaces(people, published):
    corrected = publish(people, published.run, number=2, reason="名称有误。")

    correction = list_document(corrected).correction

    assert (correction.version, correction.reason, correction.replaces_number) == (
        2,
        "名称有误。",
        published.document_number,
    )


@pytest.fixture
def graded_late(people, province, reviewed, scheme):
    """A list on which 长安区 stands as 新区."""

    def grade_as(code):
        old = province.counties["changan"]
        new = rename(old, reviewed, "新区", code=code)
        return old, publish(people, grade(people, reviewed, scheme)), new

    return grade_as


def end_in_the_data_year(code, successor, published):
    Region.objects.filter(code=code, valid_to__isnull=True).exclude(pk=successor.pk).update(
        valid_to=date(published.collection.data_year, 6, 1), successor=successor
    )


def change_year(region, published):
    Region.objects.filter(pk=region.pk).update(valid_to=date(published.collection.data_year, 6, 1))


@pytest.mark.parametrize(
    "new_code, merged, sentence",
    [
        ("", [], "石家庄市长安区改设为石家庄市新区，升降情况与其上一年度结果比较。"),
        (
            "",
            ["130181"],
            "石家庄市长安区、辛集市合并调整为石家庄市新区，升降情况与原石家庄市长安区上一年度结果比较。",
        ),
        ("130190", ["130181"], "石家庄市长安区、辛集市合并设立石家庄市新区，视为首次参评。"),
    ],
)
def test_document_tells_what_became_of_counties(people, graded_late, new_code, merged, sentence):
    old, published, new = graded_late(new_code)
    change_year(old, published)
    for code in merged:
        end_in_the_data_year(code, new, published)

    assert list_document(published).region_changes == (sentence,)


def test_document_does_not_repeat_what_happened_in_other_years(people, province, reviewed, scheme):
    rename(province.counties["changan"], reviewed, "新区")
    published = publish(people, grade(people, reviewed, scheme))
    Region.objects.filter(pk=province.counties["changan"].pk).update(
        valid_to=date(published.collection.data_year - 1, 6, 1)
    )

    assert list_document(published).region_changes == ()


def test_document_takes_the_same_queries_whatever_the_number_of_counties(
    published, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        list_document(published)


def test_workbook_of_the_list_holds_no_score(run, published):
    made = make_list_file(published, ListFileKind.XLSX)

    text = text_of_workbook(path_of(made.file.sha256).read_bytes())
    year = published.collection.data_year
    assert made.file.name == f"{year}年度县域科技创新能力监测评价名单.xlsx"
    assert "霸州市" in text
    assert leaked(text, run) == set()


def test_file_is_made_once(published):
    first = make_list_file(published, ListFileKind.XLSX)

    assert make_list_file(published, ListFileKind.XLSX) == first


def test_file_of_a_correction_says_its_version(people, published):
    corrected = publish(people, published.run, number=2, reason="名称有误。")

    assert make_list_file(corrected, ListFileKind.XLSX).file.name.endswith("名单（第2版）.xlsx")


@reading.needs_pango
def test_pdf_holds_no_score(run, published):
    text = reading.text(render_list_pdf(list_document(published)).content)

    assert "霸州市" in text
    assert leaked(text, run) == set()


@reading.needs_pango
def test_jobs_make_the_papers_files_and_the_workbook(published):
    job = Job.objects.get(kind="scoring.list_files")

    runner.work(job.pk)
    runner.work(job.pk)
    runner.work(Job.objects.get(kind="documents.files").pk)

    job.refresh_from_db()
    assert (job.state, job.digest) == (JobState.DONE, published.digest)
    assert set(list_files(published)) == {"pdf", "docx", "xlsx"}


def test_job_on_a_machine_without_pdf_makes_the_others_and_says_why(published, monkeypatch):
    """Pango may be missing on a server; only the renderer is replaced, as the machine would."""

    def no_pango(document):
        raise PdfUnavailable

    monkeypatch.setattr(files, "render_official", no_pango)
    job = Job.objects.get(kind="documents.files")

    runner.work(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert PdfUnavailable().sentence in job.error
    assert dict(job.units.values_list("key", "state")) == {
        "pdf": UnitState.FAILED,
        "docx": UnitState.DONE,
    }
    assert set(list_files(published)) == {"docx"}


def test_results_workbook_holds_every_score(run):
    book = openpyxl.load_workbook(io.BytesIO(results_workbook(run)))
    rows = list(book.active.values)

    (first,) = [row for row in rows if row[1] == "131081"]
    result = run.results.get(region__code="131081")
    assert (first[0], first[3], Decimal(str(first[4])), first[5]) == (
        1,
        "霸州市",
        result.total,
        "B",
    )
    assert len(first) == 6 + 17 + 1
    assert any("未经公布不得对外提供" in str(cell) for row in rows[:5] for cell in row)


def test_canaries_are_found_where_scores_are(run):
    """The net itself: the office's own workbook is full of what must not leave it."""
    assert len(leaked(text_of_workbook(results_workbook(run)), run)) > 10


def test_results_workbook_is_the_same_twice(run):
    assert results_workbook(run) == results_workbook(run)
