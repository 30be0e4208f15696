"""What the audit record says of an application, and what every change of its materials has in common."""

from collections.abc import Mapping
from uuid import UUID

from applications.enums import APPLICATION_DATA, Section
from applications.models import Application, SectionMark
from applications.selectors.applications import get_application, why_not_editable
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry
from county_portal.common import clock
from county_portal.common.errors import NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.documents.actions.standing import lapse_papers


def application_entry(act: str, application: Application, detail: Mapping[str, object]) -> Entry:
    """An audit entry about an application."""
    return Entry(
        act=act,
        kind="application",
        object_id=str(application.public_id),
        detail=detail,
        region_code=application.region.code,
    )


def lock_for_editing(
    actor: User, application_id: UUID, section: Section, revision: int | None
) -> Application:
    """The locked application, if this person may change its materials now and saw the section as it is.

    `revision` is the section's as the page showed it; None: written without having been read, by a machine.
    Raises Stale `section_changed` where a colleague saved the section meanwhile.
    """
    application = get_application(actor, application_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    refusal = why_not_editable(application, section)
    if refusal:
        raise refusal
    mark = application.marks.filter(section=section).select_related("saved_by").first()
    if revision is not None and mark is not None and mark.revision != revision:
        at = mark.saved_at.astimezone(clock.BEIJING)
        raise Stale(
            "section_changed",
            f"“{section.label}”已由{mark.saved_by.display_name}于{at:%H:%M}保存过新的内容，本次保存未执行。"
            "请与已保存的内容核对后再保存。",
        )
    return application


def count_revision(actor: User, application: Application, section: Section) -> SectionMark:
    """Count one change of a locked application's section."""
    application.revision += 1
    application.save(update_fields=["revision"])
    mark, _ = SectionMark.objects.get_or_create(
        application=application,
        section=section,
        defaults={"saved_by": actor, "saved_at": clock.now()},
    )
    mark.revision += 1
    mark.saved_by, mark.saved_at = actor, clock.now()
    mark.save()
    return mark


def lapse_letters(actor: User, application: Application, reason: str = "") -> int:
    """In the transaction of a change, mark the documents that speak of this application as lapsed."""
    if application.submitted_at is None:
        return 0
    words = reason or f"{application.region.full_name}申报材料于{chinese_date(clock.today())}变更。"
    keys = [str(application.public_id)]
    return lapse_papers(actor=actor, kind=APPLICATION_DATA, keys=keys, reason=words)
