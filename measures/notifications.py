"""Who is told of what about a measure: the people who report for its units, and those who keep the ledger."""

from collections.abc import Iterable

from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Permission
from county_portal.notices.actions import Message, is_quiet, notify
from measures.models import Measure, StandingStep, Urge

_NAMED = 5  # offices; the rest are counted


def people_of(office_ids: Iterable[int], permission: Permission) -> list[User]:
    """The people of these offices who may do this; one query."""
    roles = [str(role) for role, held in ROLE_PERMISSIONS.items() if permission in held]
    people = User.objects.filter(office__in=set(office_ids), role__in=roles, is_active=True)
    return list(people.select_related("office").order_by("office__order", "pk"))


def reporters_of(measure: Measure) -> list[User]:
    """Who reports for the measure's units today."""
    offices = measure.duties.filter(ended_on__isnull=True).values_list("office", flat=True)
    ids = {pk or measure.ledger.office_id for pk in offices}
    return people_of(ids, Permission.REPORT_MEASURES)


def reached_words(people: Iterable[User]) -> str:
    """For a page, before the press: how many people of which offices."""
    people = list(people)
    if not people:
        return "责任单位还没有联络员账号，不会发出通知"
    offices = list(dict.fromkeys(person.office.short_name for person in people))
    shown = "、".join(offices[:_NAMED]) + (
        f"等{len(offices)}个单位" if len(offices) > _NAMED else ""
    )
    return f"{shown}共{len(people)}人（站内通知）"


def tell_standing(step: StandingStep) -> None:
    """Tell the units how their measure stands now, and why."""
    if is_quiet():
        return
    measure = step.measure
    title = f"“{measure.heading}”状态改为“{step.get_to_state_display()}”"
    _tell(measure, f"standing:{step.pk}", "measure_standing", title, step.comment, step.actor)


def tell_urge(urge: Urge) -> None:
    """Tell the units that they are urged."""
    if is_quiet():
        return
    measure = urge.measure
    title = f"请尽快填报“{measure.heading}”的进展"
    _tell(measure, f"urge-measure:{urge.pk}", "measure_urge", title, urge.words, urge.by)


def _tell(measure: Measure, key: str, kind: str, title: str, body: str, actor: User) -> None:
    path = reverse("measures:measure", args=[measure.public_id])
    people = [person for person in reporters_of(measure) if person.pk != actor.pk]
    notify(people, Message(key, kind, title, body, path))
