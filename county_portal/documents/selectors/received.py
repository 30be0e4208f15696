"""收文: what was sent to one's office."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.documents.models import Delivery, Paper
from county_portal.documents.selectors.issued import later_of
from county_portal.documents.selectors.registers import PaperFilter, text_condition


def list_received(user: User) -> QuerySet[Delivery]:
    """Documents sent to the user's office, newest first."""
    if not user.holds(Permission.VIEW_DOCUMENTS):
        return Delivery.objects.none()
    return (
        Delivery.objects.filter(office_id=user.office_id)
        .select_related("paper__office", "opened_by", "office")
        .order_by("-paper__issued_at", "-pk")
    )


def filter_received(rows: QuerySet[Delivery], wanted: PaperFilter) -> QuerySet[Delivery]:
    """Those of a title or number, of a standing, or not opened yet."""
    if wanted.status == "unopened":
        rows = rows.filter(opened_at__isnull=True)
    elif wanted.status:
        rows = rows.filter(paper__status=wanted.status)
    if wanted.text.strip():
        rows = rows.filter(paper__in=Paper.objects.filter(text_condition(wanted.text)))
    return rows


def get_delivery(user: User, paper_id: UUID, *, lock: bool = False) -> Delivery:
    """The office's own copy of a document; 404 for one that was not sent to it."""
    rows = list_received(user)
    if lock:
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows, paper__public_id=paper_id)


def later_received(user: User, paper: Paper) -> Paper | None:
    """What took the place of a document that no longer holds, where it was sent to the office too."""
    later = paper.replaced_by or later_of(paper)
    if later is None or not list_received(user).filter(paper=later).exists():
        return None
    return later


def list_unopened(user: User) -> QuerySet[Delivery]:
    """What nobody of the office has opened yet."""
    return list_received(user).filter(opened_at__isnull=True)


def list_deliveries(paper: Paper) -> list[Delivery]:
    """To whom a document was sent, and who opened it."""
    return list(
        paper.deliveries.select_related("office", "opened_by").order_by(
            "office__level", "office__order", "office__name"
        )
    )
