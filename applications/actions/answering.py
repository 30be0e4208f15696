"""The county answers each thing a return asks for."""

from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry
from applications.models import Request
from applications.selectors.applications import get_application
from applications.selectors.guidance import GUIDED
from applications.selectors.requests import get_request, last_return
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale


@transaction.atomic
def answer_request(*, actor: User, request_id: UUID, answer: str) -> Request:
    """Answer one request of the last return, or word the answer anew while the materials are the county's.

    Raises Stale for a request of an earlier return or one handed in again since, Invalid for no words.
    """
    seen = get_request(actor, request_id)
    application = get_application(actor, seen.step.application.public_id, lock=True)
    request = get_request(actor, request_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    packet = last_return(application)
    if application.state not in GUIDED or packet is None or packet.step.pk != request.step_id:
        raise Stale(
            "request_closed",
            "这项退回要求已随材料重新报送，不能再答复。请刷新页面查看最新的退回要求。",
        )
    words = answer.strip()
    if not words:
        raise Invalid("answer_required", "请写明答复：改了什么，或为什么不改。", "answer")
    request.answer, request.answered_by, request.answered_at = words, actor, clock.now()
    request.save(update_fields=["answer", "answered_by", "answered_at"])
    detail = {
        "request": str(request.public_id),
        "section": request.section,
        "row": request.row,
        "answer": words,
    }
    record(actor, application_entry("answer_request", application, detail))
    return request
