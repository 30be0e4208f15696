"""What becomes of an issued document: voided, replaced, or lapsed because the data it speaks of changed."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.enums import PaperStatus
from county_portal.documents.models import Paper
from county_portal.documents.notifications import tell_standing
from county_portal.documents.selectors.issued import void_refusal
from county_portal.documents.selectors.papers import get_paper


@transaction.atomic
def void_paper(*, actor: User, paper_id: UUID, reason: str) -> Paper:
    """Declare an issued document void (已撤销); its number stays used.

    Raises Invalid for one that stands and falls with data of another page: voided alone it would leave those in force.
    """
    paper = get_paper(actor, paper_id, lock=True)
    if not actor.holds(Permission.SIGN_DOCUMENT):
        raise NotAllowed
    if not reason.strip():
        raise Invalid("reason_required", "请写明撤销原因，核验时将对外显示。", "reason")
    _require_valid(paper)
    if refusal := void_refusal(paper):
        raise refusal
    return _settle(actor, paper, PaperStatus.VOID, reason.strip())


def replace_paper(*, actor: User, paper: Paper, by: Paper, reason: str) -> Paper:
    """Note that `by` corrects `paper` (已更正). Part of issuing `by`; the caller has authorised it."""
    paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    _require_valid(paper)
    paper.replaced_by = by
    return _settle(actor, paper, PaperStatus.REPLACED, reason)


def lapse_papers(*, actor: User, kind: str, keys: Iterable[str], reason: str) -> int:
    """Mark the valid documents that speak of changed data as lapsed (已失效); returns how many.

    Called in the transaction of the change, after the changed row was locked. One query where none is bound.
    """
    papers = list(
        Paper.objects.select_for_update(of=("self",))
        .filter(
            pk__in=Paper.objects.filter(bindings__kind=kind, bindings__key__in=list(keys)).values(
                "pk"
            ),
            status=PaperStatus.VALID,
        )
        .order_by("pk")
    )
    for paper in papers:
        _settle(actor, paper, PaperStatus.LAPSED, reason)
    return len(papers)


def _require_valid(paper: Paper) -> None:
    if not paper.is_valid:
        raise Stale(
            "paper_not_valid",
            f"“{paper.number}”{paper.get_status_display()}，不能再次办理。请刷新页面查看其现状。",
        )


def _settle(actor: User, paper: Paper, status: PaperStatus, reason: str) -> Paper:
    paper.status, paper.status_reason, paper.status_at = status, reason, clock.now()
    paper.save(update_fields=["status", "status_reason", "status_at", "replaced_by"])
    detail = {"number": paper.number, "status": str(status), "reason": reason}
    record(actor, Entry("settle_paper", "paper", str(paper.public_id), detail))
    tell_standing(paper, actor)
    return paper
