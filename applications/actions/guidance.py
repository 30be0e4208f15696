"""指导意见 on a section while it is being written: written by the city, settled by either side."""

from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry
from applications.enums import Section
from applications.models import Guidance
from applications.notifications import tell_guidance
from applications.selectors.applications import get_application
from applications.selectors.guidance import GUIDED, SETTLING, get_guidance
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale


@transaction.atomic
def write_guidance(*, actor: User, application_id: UUID, section: str, text: str) -> Guidance:
    """Remark on a section; the county is told.

    Raises Stale once the materials were handed in: they are returned then, with what is wanted.
    """
    application = get_application(actor, application_id, lock=True)
    if not actor.holds(Permission.RECOMMEND):
        raise NotAllowed
    if application.state not in GUIDED:
        raise Stale(
            "guidance_closed",
            f"{application.region.full_name}申报材料现为“{application.get_state_display()}”，不再提指导意见。"
            "需要县级修改的，请在审核页退回并逐项写明要求。",
        )
    if section not in Section.values:
        raise Invalid("section_unknown", "请选择意见所针对的部分。", "section")
    if not text.strip():
        raise Invalid("text_required", "请写明指导意见。", "text")
    remark = Guidance.objects.create(
        application=application,
        section=section,
        text=text.strip(),
        author=actor,
        written_at=clock.now(),
    )
    detail = {"section": section, "text": remark.text, "guidance": str(remark.public_id)}
    record(actor, application_entry("write_guidance", application, detail))
    tell_guidance(remark)
    return remark


@transaction.atomic
def settle_guidance(*, actor: User, guidance_id: UUID) -> Guidance:
    """Call a remark settled. Raises Stale if somebody already did."""
    remark = get_guidance(actor, guidance_id, lock=True)
    if not actor.holds_any(*SETTLING):
        raise NotAllowed
    if remark.settled_at is not None:
        raise Stale("guidance_settled", "这条指导意见已经办结，无需重复办理。请刷新页面查看。")
    remark.settled_by, remark.settled_at = actor, clock.now()
    remark.save(update_fields=["settled_by", "settled_at"])
    detail = {"guidance": str(remark.public_id)}
    record(actor, application_entry("settle_guidance", remark.application, detail))
    return remark
