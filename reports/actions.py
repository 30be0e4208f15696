"""Making report cards: a batch is a job with one unit per county."""

import tempfile
import zipfile
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.errors import NotAllowed
from county_portal.documents.pdf import PdfUnavailable, pdf_available
from county_portal.files.actions import keep_blob, keep_generated
from county_portal.files.models import StoredFile
from county_portal.files.store import path_of, put_file
from county_portal.jobs.actions import Order, start_job
from county_portal.jobs.models import Job
from reports.card import card_digest, render_report_card
from reports.enums import REPORT_CARDS_JOB
from reports.models import CardFile
from reports.selectors.cards import build_card
from reports.selectors.files import list_files_of
from scoring.models import PublishedList
from scoring.selectors.lists import get_published

_STAMP = (1980, 1, 1, 0, 0, 0)


def start_batch(*, actor: User, list_id: UUID) -> tuple[Job, bool]:
    """Start the batch for a published list, or return the one that runs.

    Raises PdfUnavailable where this machine cannot make PDF, NotAllowed for other roles.
    """
    if not actor.holds(Permission.REPORT_CARDS):
        raise NotAllowed
    if not pdf_available():
        raise PdfUnavailable
    published = get_published(list_id)
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
    """Render a county's card unless the same content was rendered before; says whether it was."""
    card = build_card(published, region)
    digest = card_digest(card)
    existing = CardFile.objects.filter(
        published_list=published, region=region, digest=digest
    ).first()
    if existing:
        return existing, False
    rendered = render_report_card(card)
    file = keep_generated(
        content=rendered.content,
        name=f"{region.code}{region.name}{card.data_year}年度得分说明书.pdf",
        content_type="application/pdf",
    )
    made = CardFile.objects.create(
        published_list=published,
        region=region,
        digest=digest,
        file=file,
        pages=rendered.page_count,
        rendered_at=clock.now(),
    )
    return made, True


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
