"""Issued documents as their office, the offices they were sent to, and verifiers may see them."""

from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.documents.codes import shown_code
from county_portal.documents.models import Paper, PaperFile
from county_portal.documents.official import Verification


def list_papers(user: User) -> QuerySet[Paper]:
    """Documents of one's own office and those sent to it."""
    if not user.holds(Permission.VIEW_DOCUMENTS):
        return Paper.objects.none()
    delivered = Paper.objects.filter(deliveries__office_id=user.office_id).values("pk")
    return Paper.objects.filter(Q(office_id=user.office_id) | Q(pk__in=delivered))


def get_paper(user: User, public_id: UUID, *, lock: bool = False) -> Paper:
    """One of those; to be changed, only one's own office's. 404 otherwise."""
    papers = list_papers(user)
    if lock:
        papers = papers.filter(office_id=user.office_id).select_for_update(of=("self",))
    return get_object_or_404(papers, public_id=public_id)


def find_paper(code: str) -> Paper | None:
    """The document with this code, whoever asks: that is what the code is for."""
    return Paper.objects.select_related("replaced_by").filter(code=code).first()


def verification_of(paper: Paper) -> Verification:
    """What its reader needs to verify a document; without PORTAL_URL there is no address, only the code."""
    url = f"{settings.PORTAL_URL}/v/{paper.code}/" if settings.PORTAL_URL else ""
    return Verification(shown_code(paper.code), url, paper.content_sha256)


def paper_files(paper: Paper) -> dict[str, PaperFile]:
    """The files of a document made so far, by kind."""
    return {row.kind: row for row in paper.files.select_related("file")}
