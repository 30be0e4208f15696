"""Who stands in for whom: one's own, one's office's, and all for the administrators."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.deputies import LINES, posts_covering
from county_portal.accounts.models import Deputyship, User
from county_portal.accounts.models.deputyships import DeputyshipQuerySet
from county_portal.accounts.roles import Permission, Role
from county_portal.common import clock

# Posts that stand in for another or are stood in for; the others never have a deputyship.
_POSTS = frozenset(post for line in LINES for post in line)


def is_coverable(person: User) -> bool:
    """Whether the person's post is one that deputies exist for; practising is no post."""
    return person.role in _POSTS and not person.is_practice


def list_deputyships(user: User) -> DeputyshipQuerySet:
    """All for the two administrators of accounts; for everybody else those they have a part in."""
    found = Deputyship.objects.select_related(
        "absent", "deputy", "office", "named_by", "confirmed_by", "ended_by"
    )
    if user.holds(Permission.MANAGE_USERS) or user.holds(Permission.MANAGE_SECURITY):
        return found
    return found.filter(Q(absent=user) | Q(deputy=user))


def get_deputyship(user: User, public_id: UUID, *, lock: bool = False) -> Deputyship:
    """One of those; 404 otherwise."""
    found = list_deputyships(user)
    if lock:
        found = found.select_for_update(of=("self",))
    return get_object_or_404(found, public_id=public_id)


def list_own_deputyships(person: User) -> list[Deputyship]:
    """Those in which the person is covered or covers, newest first, whatever else the person may see."""
    own = Deputyship.objects.filter(Q(absent=person) | Q(deputy=person))
    return list(own.select_related("absent", "deputy", "named_by", "ended_by"))


def list_office_deputyships(user: User) -> list[Deputyship]:
    """Those in effect today in the user's office; one query, none for posts that know no deputies."""
    if not is_coverable(user):
        return []
    found = Deputyship.objects.in_effect(clock.today()).filter(office=user.office_id)
    return list(found.select_related("absent", "deputy"))


def list_possible_deputies(person: User) -> QuerySet[User]:
    """Colleagues of the same office whose post can stand in for the person's, enabled."""
    return (
        User.objects.filter(
            office=person.office_id,
            role__in=posts_covering(Role(person.role)),
            is_active=True,
            is_practice=False,
        )
        .exclude(pk=person.pk)
        .order_by("login")
    )


def find_overlapping(person: User, from_day: date, to_day: date) -> Deputyship | None:
    """The deputyship, not ended, by which the person is covered on any of these days."""
    open_ones = Deputyship.objects.filter(absent=person, ended_at__isnull=True)
    overlapping = open_ones.filter(from_day__lte=to_day, to_day__gte=from_day)
    return overlapping.select_related("deputy").first()


def find_open_of_deputy(deputy: User) -> Deputyship | None:
    """The deputyship in which the person already covers somebody, or is about to."""
    found = Deputyship.objects.open_on(clock.today()).filter(deputy=deputy)
    return found.select_related("absent").first()


def pair_deputies(people: Iterable[User]) -> list[tuple[User, User]]:
    """For those of the people who are covered today: the person, and who stands in; one query."""
    ids = [person.pk for person in people]
    running = Deputyship.objects.in_effect(clock.today()).filter(absent__in=ids)
    return [(row.absent, row.deputy) for row in running.select_related("absent", "deputy")]
