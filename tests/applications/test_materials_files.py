"""The materials as files: one document with everything, rendered once for each content, for whoever may see it."""

import io
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from docx import Document

from applications.actions.basics import BasicInput, save_basics
from applications.actions.exporting import keep_materials, start_materials
from applications.enums import ApplicationState, MaterialsKind
from applications.models import MaterialsFile, TableRow
from applications.selectors.documents import document_digest, read_document
from county_portal.common import clock
from county_portal.files.store import path_of
from county_portal.jobs import runner
from tests.applications.pages import get, post, text
from tests.factories.pilots import apply_to, begin, write_everything


@pytest.fixture
def application(call, people):
    made = begin(people.filler, call)
    write_everything(made, people.filler)
    return made


def content(made):
    return path_of(made.file.sha256).read_bytes()


def pdf_words(application):
    made, _ = keep_materials(application, MaterialsKind.PDF)
    pages = pypdfium2.PdfDocument(content(made))
    said = [page.get_textpage().get_text_range() for page in pages]
    return "".join("".join(words.split()) for words in said), len(pages)


def test_the_document_holds_all_of_it_and_numbers_its_pages(application):
    words, pages = pdf_words(application)

    document = read_document(application)
    assert "廊坊市霸州市" in words
    assert "全社会R&D经费支出占地区GDP比重（%）*" in words
    assert "每万名就业人员中研发人员（人年）★" in words
    assert "表中加注*的5项指标为指定考核指标，除此之外，再自选10项指标" in words
    assert "地区生产总值（GDP）" in words
    assert "1,000,000" in words
    assert "七、保障措施" in words
    assert "建立培育库" in words
    assert document_digest(document)[:16] in words
    assert f"第1页，共{pages}页" in words
    assert document.digest in words
    assert "未定稿" in words


def test_it_is_rendered_once_for_each_content(application, people):
    first, is_new = keep_materials(application, MaterialsKind.PDF)
    again, is_new_again = keep_materials(application, MaterialsKind.PDF)
    assert (is_new, is_new_again, first.pk) == (True, False, again.pk)

    save_basics(
        actor=people.filler,
        application_id=application.public_id,
        revision=None,
        lines={"gdp": BasicInput("2000000", 2_000_000)},
    )
    application.refresh_from_db()
    changed, _ = keep_materials(application, MaterialsKind.PDF)

    assert changed.digest != first.digest
    assert changed.file.sha256 != first.file.sha256


def test_the_same_content_gives_the_same_digest_later(application, monkeypatch):
    before = document_digest(read_document(application))
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert document_digest(read_document(application)) == before


def test_word_says_the_same(application):
    made, _ = keep_materials(application, MaterialsKind.WORD)
    word = Document(io.BytesIO(content(made)))

    words = "".join(paragraph.text for paragraph in word.paragraphs)
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert "一、区域概况" in words
    assert ["11", "高新技术企业数量（家）★", "10", "11", "12", "13"] in cells
    year = application.round.year
    schedule = next(row for row in cells if row[0] == "建立培育库")
    assert schedule[1:] == ["■"] * 4 + [""] * 8
    steps = next(row for row in cells if "抓创新企业培育" in row and f"{year}年1月1日" in row)
    assert steps[-1] == "科技局、发改局"


def test_own_rows_and_reasons_are_numbered_and_printed_as_on_the_page(application):
    own = [
        TableRow.objects.create(
            application=application,
            order=order,
            own_name=f"特色指标{order}",
            own_unit="亿元",
            own_definition="年末数",
            reason="项目投产。",
        )
        for order in (31, 32)
    ]
    own[0].delete()
    TableRow.objects.filter(application=application, order=11).update(reason="新增认定。")

    shown, _ = pdf_words(application)
    word = Document(io.BytesIO(content(keep_materials(application, MaterialsKind.WORD)[0])))

    printed = "".join(paragraph.text for paragraph in word.paragraphs)
    for words in ("第11行目标说明：新增认定。", "第31-2行目标说明：项目投产。"):
        assert words in printed
        assert words in shown
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert any(row[0] == "31-2" for row in cells)


def test_the_zip_holds_documents_attachments_and_an_index(call, province):
    application = apply_to(call, province.bureaus["bazhou"], ApplicationState.READY)

    made, _ = keep_materials(application, MaterialsKind.ZIP)

    archive = zipfile.ZipFile(io.BytesIO(content(made)))
    names = archive.namelist()
    assert [name[:3] for name in names if not name.startswith("附件/")] == ["01-", "02-", "00-"]
    attached = [name for name in names if name.startswith("附件/")]
    assert [name.split("/")[1][:2] for name in attached] == ["01", "02", "03", "04"]
    assert attached[0].endswith("的请示.pdf")
    index = archive.read("00-目录.txt").decode("utf-8-sig")
    assert all(name in index for name in attached)
    assert "指标体系表第29行" in index
    # Finished: no longer a draft.
    assert read_document(application).front.standing == ""


def test_a_job_makes_them_and_whoever_sees_the_application_fetches_them(
    application, people, django_capture_on_commit_callbacks
):
    assert "尚未生成" in text(get(people.reviewer, "materials", application))
    assert get(people.reviewer, "materials_file", application, "pdf").status_code == 302

    assert post(people.reviewer, "materials_make", application).status_code == 302
    job, is_new = start_materials(actor=people.filler, application_id=application.public_id)
    assert not is_new
    assert "hx-get" in get(people.filler, "materials_progress", application).content.decode()
    runner.work(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result_file) == ("done", None)
    assert MaterialsFile.objects.count() == 3
    for kind in MaterialsKind:
        answer = get(people.reviewer, "materials_file", application, kind)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
    assert "尚未生成" not in text(get(people.manager, "materials", application))


def test_who_may_not(application, people):
    for name in ("materials", "materials_progress"):
        assert get(people.changan_lead, name, application).status_code == 404
    assert get(people.changan_lead, "materials_file", application, "pdf").status_code == 404
    assert post(people.changan_lead, "materials_make", application).status_code == 404
    assert get(people.filler, "materials_file", application, "exe").status_code == 404


def test_hardly_anything_filled_is_a_document_too(call, people):
    empty = begin(people.filler, call)

    words, _ = pdf_words(empty)

    assert "尚未登记" in words
    assert "尚未填写" in words
