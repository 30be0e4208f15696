"""Another drafter for the drafts of one who leaves or is away."""

from dataclasses import dataclass

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from county_portal.documents.models import Draft, DraftHandover
from county_portal.documents.selectors.drafts import list_drafted_by


@dataclass(frozen=True, slots=True)
class HandedOn:
    """How many drafts went to the successor, and how many could not: he had checked them himself."""

    handed: int
    kept: int


@transaction.atomic
def hand_on_drafts(*, actor: User, person: User, successor: User, reason: str) -> HandedOn:
    """Give a person's open drafts to a colleague of the same office who drafts.

    The actor is the drafter himself or an administrator of accounts. A draft the successor checked stays where it is:
    he may not be both. Raises NotAllowed, and Invalid `successor_unfit` for somebody who may not draft there.
    """
    administers = actor.holds(Permission.MANAGE_USERS) or actor.holds(Permission.MANAGE_SECURITY)
    if not administers and actor.pk != person.pk:
        raise NotAllowed
    fits = successor.office_id == person.office_id and successor.pk != person.pk
    if not fits or not successor.holds(Permission.DRAFT_DOCUMENT):
        raise Invalid(
            "successor_unfit",
            f"{successor.display_name}不是本单位能拟稿的人员，请另选接手人。",
            "successor",
        )
    drafts = list(list_drafted_by(person, lock=True))
    for draft in (passing := [each for each in drafts if each.checked_by_id != successor.pk]):
        _pass(draft, actor, successor, reason)
    return HandedOn(len(passing), len(drafts) - len(passing))


def _pass(draft: Draft, actor: User, successor: User, reason: str) -> None:
    person = draft.drafted_by
    DraftHandover.objects.create(
        draft=draft,
        from_person=person,
        to_person=successor,
        by=actor,
        reason=reason,
        at=clock.now(),
    )
    draft.former_drafters = sorted({*draft.former_drafters, person.pk} - {successor.pk})
    draft.drafted_by = successor
    draft.revision += 1
    draft.save(update_fields=["former_drafters", "drafted_by", "revision"])
    detail = {"drafter": [person.login, successor.login], "reason": reason}
    record(actor, Entry("hand_on_draft", "draft", str(draft.public_id), detail))
