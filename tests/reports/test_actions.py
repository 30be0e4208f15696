"""The batch: who may start it and from what, what is rendered and what is not, and the zip."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import Http404

from county_portal.common.errors import NotAllowed, Stale
from county_portal.documents import pdf
from county_portal.documents.codes import shown_code
from county_portal.documents.pdf import PdfUnavailable
from county_portal.files.actions import keep_generated
from county_portal.files.models import StoredFile
from county_portal.files.store import path_of
from county_portal.jobs.enums import JobState
from county_portal.jobs.models import Job
from indicators.rules import CellInput
from reports import card as card_module
from reports.actions.cards import make_card, start_batch, zip_cards
from reports.card import card_content, card_digest
from reports.models import CardFile
from reports.selectors.files import list_files_of
from scoring.models import PublishedList
from tests.documents.reading import needs_pango, text
from tests.factories.sheets import correct, send_back_whole, submission_of
from tests.reports.acts import (
    BAZHOU,
    CHANGAN,
    JINGXING,
    XINJI,
    batch,
    card_of,
    published_from,
    region_of,
)
from tests.scoring.acts import consented, grade

PROJECT_FOLDER = Path(__file__).resolve().parents[2]


def content_of(file):
    return path_of(file.sha256).read_bytes()


def archive(file):
    return zipfile.ZipFile(io.BytesIO(content_of(file)))


@needs_pango
def test_start_batch_orders_one_card_per_county(people, published):
    job, is_new = start_batch(actor=people.manager, list_id=published.public_id)

    assert is_new
    assert job.title == f"生成{published.collection.data_year}年度得分说明书"
    assert [unit.key for unit in job.units.all()] == [CHANGAN, JINGXING, XINJI, BAZHOU]


@needs_pango
def test_start_batch_twice_returns_the_one_running(people, published):
    first, _ = start_batch(actor=people.manager, list_id=published.public_id)

    second, is_new = start_batch(actor=people.manager, list_id=published.public_id)

    assert (second, is_new) == (first, False)


@pytest.mark.parametrize("who", ["lead", "reviewer", "checker", "publisher", "expert", "auditor"])
def test_start_batch_is_the_managers(people, published, who):
    with pytest.raises(NotAllowed):
        start_batch(actor=getattr(people, who), list_id=published.public_id)

    assert not Job.objects.filter(kind="reports.cards").exists()


@needs_pango
def test_start_batch_of_a_list_not_published_is_not_found(people, published):
    drafted = consented(people, published.run, 2, "更正。")

    for public_id in (drafted.public_id, uuid4()):
        with pytest.raises(Http404):
            start_batch(actor=people.manager, list_id=public_id)


def test_start_batch_without_pango_is_refused_with_a_sentence(people, published, monkeypatch):
    """As on a machine without it: a library does not load."""
    pdf.pdf_available.cache_clear()
    monkeypatch.setattr("county_portal.documents.pdf.LIBRARIES", ("libof-another-machine.so.0",))
    try:
        with pytest.raises(PdfUnavailable) as refusal:
            start_batch(actor=people.manager, list_id=published.public_id)
    finally:
        pdf.pdf_available.cache_clear()

    assert (refusal.value.code, refusal.value.status) == ("pdf_unavailable", 503)
    assert "其他功能不受影响" in refusal.value.sentence
    assert not Job.objects.filter(kind="reports.cards").exists()


@needs_pango
def test_make_card_renders_once_per_content(published, settings):
    settings.PORTAL_URL = "https://kjcx.example.gov.cn"
    region = region_of(published, BAZHOU)

    made, is_new = make_card(published, region)
    again, again_is_new = make_card(published, region)

    assert (is_new, again_is_new) == (True, False)
    assert again == made
    assert made.digest == card_digest(card_of(published))
    assert made.file.name == f"{BAZHOU}霸州市{published.collection.data_year}年度得分说明书.pdf"
    assert made.file.content_type == "application/pdf"
    assert StoredFile.objects.filter(name=made.file.name).count() == 1
    said = text(content_of(made.file))
    assert "霸州市" in said
    assert "12000≥10000，得5.00分" in said
    assert f"核验码{shown_code(made.paper.code)}" in said
    assert f"https://kjcx.example.gov.cn/v/{made.paper.code}/" in said
    assert made.paper.content_sha256 in said


@needs_pango
def test_a_card_is_a_paper_of_whoever_published_the_list(people, published):
    region = region_of(published, BAZHOU)
    made, _ = make_card(published, region)

    paper = made.paper
    assert (paper.kind, paper.layout, paper.register) == ("report_card", "", None)
    assert paper.number == f"{published.document_number}-{BAZHOU}"
    assert paper.title == card_of(published).title
    assert (paper.issuer, paper.issued_on) == ("河北省科学技术厅", published.publish_on)
    assert (paper.issued_by, paper.office) == (people.publisher, people.publisher.office)
    assert paper.content == card_content(card_of(published))
    assert [(row.kind, row.key, row.sha256) for row in paper.bindings.order_by("kind")] == [
        ("grading_run", str(published.run.public_id), published.run.digest),
        ("published_list", str(published.public_id), published.digest),
    ]
    (file,) = paper.files.all()
    assert (file.kind, file.file, file.pages) == ("pdf", made.file, made.pages)
    assert file.receipt


@needs_pango
def test_a_changed_card_corrects_the_one_before(published, monkeypatch):
    region = region_of(published, BAZHOU)
    first, _ = make_card(published, region)
    monkeypatch.setattr(card_module, "layout_version", lambda templates, styles: "another")

    second, is_new = make_card(published, region)

    assert is_new
    first.paper.refresh_from_db()
    assert (first.paper.status, first.paper.replaced_by) == ("replaced", second.paper)
    assert first.paper.status_reason == "版式更新，内容未变，以新件为准。"
    assert second.paper.is_valid
    assert second.paper.number == f"{published.document_number}-{BAZHOU}-2"
    assert second.paper.content == first.paper.content


@needs_pango
def test_a_content_that_comes_back_is_issued_again(published, monkeypatch):
    """A paper once corrected never holds again, so its file cannot be handed out as valid."""
    region = region_of(published, BAZHOU)
    first, _ = make_card(published, region)
    with monkeypatch.context() as patch:
        patch.setattr(card_module, "layout_version", lambda templates, styles: "another")
        second, _ = make_card(published, region)

    third, is_new = make_card(published, region)

    assert is_new
    assert (third.digest, third.pk) == (first.digest, max(first.pk, second.pk, third.pk))
    assert third.paper.is_valid
    assert third.paper.number.endswith("-3")
    assert list_files_of(published, {first.digest}) == {region.pk: third}
    second.paper.refresh_from_db()
    assert second.paper.replaced_by == third.paper


@needs_pango
def test_a_corrected_list_gives_no_new_cards(people, published):
    region, other = region_of(published, BAZHOU), region_of(published, XINJI)
    made, _ = make_card(published, region)
    corrected = published_from(people, published.run, 2, "附件排版有误。")

    assert make_card(published, region) == (made, False)
    with pytest.raises(Stale) as refusal:
        make_card(published, other)
    assert refusal.value.code == "list_corrected"
    with pytest.raises(Stale):
        start_batch(actor=people.manager, list_id=published.public_id)

    anew, _ = make_card(corrected, region)
    made.paper.refresh_from_db()
    assert not made.paper.is_valid
    assert anew.paper.is_valid
    assert anew.paper.number == f"{corrected.document_number}-{BAZHOU}"


@needs_pango
def test_make_card_queries(published, django_assert_num_queries):
    """Seven to build, two for the row and the file; the paper with its record and bindings where it is new."""
    regions = [region_of(published, code) for code in (BAZHOU, CHANGAN)]
    make_card(published, regions[0])

    with django_assert_num_queries(26):
        make_card(published, regions[1])
    with django_assert_num_queries(11):
        make_card(published, regions[1])


@needs_pango
def test_a_batch_to_the_end_and_again(people, published):
    job = batch(people, published)

    assert (job.state, job.error) == (JobState.DONE, "")
    assert [unit.result["rendered"] for unit in job.units.all()] == [True] * 4
    year = published.collection.data_year
    assert job.result_file.name == f"{year}年度得分说明书（4县）.zip"
    names = archive(job.result_file).namelist()
    assert names == [
        f"{code}{name}{year}年度得分说明书.pdf"
        for code, name in [
            (CHANGAN, "长安区"),
            (JINGXING, "井陉县"),
            (XINJI, "辛集市"),
            (BAZHOU, "霸州市"),
        ]
    ]
    assert "辛集市" in text(archive(job.result_file).read(names[2]))

    again = batch(people, published)

    assert again.pk != job.pk
    assert [unit.result["rendered"] for unit in again.units.all()] == [False] * 4
    assert again.digest == job.digest == hashlib.sha256(content_of(job.result_file)).hexdigest()
    assert CardFile.objects.count() == 4


@needs_pango
def test_only_what_changed_is_rendered_again(people, scheme, two_years):
    """Correcting last year's list changes one county's past, and only its card of this year."""
    first, second = two_years
    batch(people, second)
    sheet = submission_of(first.collection, XINJI)
    send_back_whole(people.manager, sheet, "更正第1项。")
    correct(people.xinji_lead, people.xinji_reviewer, sheet, i01=CellInput("100"))
    published_from(people, grade(people, first.collection, scheme), 3, "辛集市第1项填报有误。")

    job = batch(people, second)

    rendered = {unit.key: unit.result["rendered"] for unit in job.units.all()}
    assert rendered == {CHANGAN: False, JINGXING: False, XINJI: True, BAZHOU: False}
    newest = CardFile.objects.filter(region__code=XINJI).latest("pk")
    assert archive(job.result_file).read(newest.file.name) == content_of(newest.file)


@needs_pango
def test_the_zip_holds_the_cards_asked_for_and_not_the_newest(published):
    """A content may come back: then the file rendered first is the valid one again."""
    rows = list(published.rows.select_related("region"))
    made = [make_card(published, row.region)[0] for row in rows]
    digests = {card.digest for card in made}
    before = zip_cards(published, digests)
    other = CardFile.objects.create(
        published_list=published,
        region=rows[0].region,
        digest="0" * 64,
        file=keep_generated(
            content=b"%PDF-1.7", name=made[0].file.name, content_type="application/pdf"
        ),
        pages=1,
        rendered_at=made[0].rendered_at.replace(year=2099),
    )

    after = zip_cards(published, digests)

    assert after.sha256 == before.sha256
    assert zip_cards(published, digests - {made[0].digest} | {other.digest}).sha256 != before.sha256
    assert {info.date_time for info in archive(after).infolist()} == {(1980, 1, 1, 0, 0, 0)}


@needs_pango
def test_a_card_has_the_same_bytes_in_another_process_with_other_hashes(tmp_path):
    program = (
        "import django, pickle, sys; django.setup()\n"
        "from reports.card import card_digest, render_report_card\n"
        "from tests.documents.card_samples import report_card\n"
        "card = report_card()\n"
        "print(card_digest(card), render_report_card(card).digest)"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=PROJECT_FOLDER,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }

    assert len(printed) == 1


@needs_pango
def test_a_corrected_list_has_cards_of_its_own(people, published):
    batch(people, published)
    corrected = published_from(people, published.run, 2, "附件排版有误。")

    job = batch(people, corrected)

    assert [unit.result["rendered"] for unit in job.units.all()] == [True] * 4
    assert "更正（第2版）" in text(
        content_of(CardFile.objects.get(published_list=corrected, region__code=BAZHOU).file)
    )
    assert PublishedList.objects.count() == 2
