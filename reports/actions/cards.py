"""Making report cards: a batch is a job with one unit per county, each card an issued paper."""

import tempfile
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.common.errors import NotAllowed, Stale
from county_portal.documents.actions.files import Made, keep_paper_file
from county_portal.documents.actions.issuing import keep_paper
from county_portal.documents.actions.standing import replace_paper
from county_portal.documents.codes import new_code
from county_portal.documents.content import sha256_of
from county_portal.documents.enums import PaperFileKind
from county_portal.documents.models import Paper
from county_portal.documents.pdf import PdfUnavailable, RenderedPdf, pdf_available
from county_portal.documents.selectors.papers import verification_of
from county_portal.files.actions import keep_blob
from county_portal.files.models import StoredFile
from county_portal.files.store import path_of, put_file
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.models import Job
from reports.card import card_content, card_digest, render_report_card
from reports.card_facts import ReportCard
from reports.enums import REPORT_CARD_PAPER, REPORT_CARDS_JOB
from reports.models import CardFile
from reports.selectors.cards import build_card
from reports.selectors.files import (
    count_papers,
    find_card_file,
    list_files_of,
    lock_valid_papers,
)
from scoring.actions.issuing import sources_of
from scoring.models import ListRow, PublishedList
from scoring.selectors.lists import get_published, replaced_by

_STAMP = (1980, 1, 1, 0, 0, 0)
_RESET = "版式更新，内容未变，以新件为准。"
_CHANGED = "说明书引用的往年名单等内容有更正，以新件为准。"


def start_batch(*, actor: User, list_id: UUID) -> tuple[Job, bool]:
    """Start the batch for a published list, or return the one that runs.

    Raises PdfUnavailable where this machine cannot make PDF, NotAllowed for other roles.
    """
    if not actor.holds(Permission.REPORT_CARDS):
        raise NotAllowed
    if not pdf_available():
        raise PdfUnavailable
    published = get_published(list_id)
    if replaced_by(published):
        raise _list_corrected(published)
    codes = list(published.rows.order_by("code").values_list("code", flat=True))
    return start_job(
        actor=actor,
        order=Order(
            REPORT_CARDS_JOB,
            f"生成{published.collection.data_year}年度得分说明书",
            cards_subject(published),
            codes,
            {"list": published.pk},
        ),
    )


def cards_subject(published: PublishedList) -> str:
    """What the batch of a list is about, in the ledger of jobs."""
    return f"list:{published.pk}"


@transaction.atomic
def make_card(published: PublishedList, region: Region) -> tuple[CardFile, bool]:
    """Issue and render a county's card unless the same content holds already; says whether it was.

    Raises Stale `list_corrected` where the list no longer holds and the card was never made from it.
    """
    # Two workers at one county: the second finds what the first made.
    row = published.rows.select_for_update(of=("self",)).get(region=region)
    card = build_card(published, region)
    digest = card_digest(card)
    existing = find_card_file(published, region, digest)
    if existing and existing.paper and existing.paper.is_valid:
        return existing, False
    if replaced_by(published):
        if existing:
            return existing, False
        raise _list_corrected(published)
    paper = _drafted(published, row, card)
    rendered = render_report_card(replace(card, verification=verification_of(paper)))
    # Only now the locks others wait for: rendering takes seconds.
    _require_in_force(published)
    earlier = lock_valid_papers(published, region)
    keep_paper(actor=_publisher(published), paper=paper, sources=sources_of(published))
    made = _keep(CardFile(published_list=published, region=region, digest=digest), paper, rendered)
    _replace(earlier, published, paper)
    return made, True


def _drafted(published: PublishedList, row: ListRow, card: ReportCard) -> Paper:
    """The card as a paper that is not sealed yet, its code already known, for the card prints it."""
    earlier = count_papers(published, row.region)
    number = f"{published.document_number}-{row.code}" + (f"-{earlier + 1}" if earlier else "")
    content = card_content(card)
    return Paper(
        kind=REPORT_CARD_PAPER,
        title=card.title,
        issuer=card.provenance.issuer,
        office=_publisher(published).office,
        number=number,
        issued_on=card.provenance.issued_on,
        content=content,
        content_sha256=sha256_of(content),
        code=new_code(),
    )


def _publisher(published: PublishedList) -> User:
    """Whoever published the list, in whose name its cards are issued."""
    publisher = published.published_by
    assert publisher is not None  # noqa: S101 -- a published list has one
    return publisher


def _require_in_force(published: PublishedList) -> None:
    """Raise Stale if the list was corrected while its card was rendered.

    The lock makes publishing a correction wait, which then sees this card among those to lapse.
    """
    PublishedList.objects.select_for_update(of=("self",)).get(pk=published.pk)
    if replaced_by(published):
        raise _list_corrected(published)


def _list_corrected(published: PublishedList) -> Stale:
    return Stale(
        "list_corrected",
        f"{published.document_number}名单已更正，不再据此出具得分说明书，请按更正后的名单生成。",
    )


def _keep(made: CardFile, paper: Paper, rendered: RenderedPdf) -> CardFile:
    """The file, entered under its paper and under its list."""
    region, year = made.region, made.published_list.collection.data_year
    name = f"{region.code}{region.name}{year}年度得分说明书.pdf"
    entered = keep_paper_file(
        paper, Made(PaperFileKind.PDF, rendered.content, rendered.page_count, name=name)
    )
    made.paper, made.file, made.pages = paper, entered.file, entered.pages
    made.rendered_at = entered.made_at
    made.save()
    return made


def _replace(earlier: Sequence[Paper], published: PublishedList, paper: Paper) -> None:
    """Whatever the county was told of this year before is corrected by the new card."""
    for former in earlier:
        same = former.content_sha256 == paper.content_sha256
        reason = published.correction_reason or (_RESET if same else _CHANGED)
        replace_paper(actor=paper.issued_by, paper=former, by=paper, reason=reason)


def zip_cards(published: PublishedList, digests: Collection[str]) -> StoredFile:
    """The cards with these contents in one zip, by region code; the same cards give the same bytes."""
    rows = list(published.rows.order_by("code"))
    files = list_files_of(published, digests)
    with tempfile.NamedTemporaryFile(suffix=".zip") as aside:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_STORED) as archive:
            for row in rows:
                stored = files[row.region_id].file
                info = zipfile.ZipInfo(stored.name, _STAMP)
                info.external_attr = 0o644 << 16
                archive.writestr(info, path_of(stored.sha256).read_bytes())
        aside.flush()
        blob = put_file(Path(aside.name))
    name = f"{published.collection.data_year}年度得分说明书（{len(rows)}县）.zip"
    return keep_blob(blob=blob, name=name, content_type="application/zip")
