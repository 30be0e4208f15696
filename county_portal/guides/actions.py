"""试填县: a county of one's own to practise in, with a clerk and a head; thrown away by a press or overnight."""

from dataclasses import dataclass
from uuid import uuid4

from django.db import models, transaction

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import Level, Permission, Role
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import NotAllowed
from indicators.actions.practice import open_practice_sheet

REVIEWERS = "试填市科学技术局"
NAME = "试填县"
_ROLES = (Role.COUNTY_FILLER, Role.COUNTY_LEAD)


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice county: the two people who work in it, and which of them one begins as."""

    filler: User
    lead: User

    def beginning_as(self, person: User) -> User:
        """The one whose post is the person's own."""
        return self.lead if person.role == Role.COUNTY_LEAD else self.filler


def may_practise(user: User) -> bool:
    """Whether the user belongs to a county's bureau, and is not practising already."""
    return not user.is_practice and (user.holds(Permission.FILL) or user.holds(Permission.SUBMIT))


@transaction.atomic
def begin_practice(*, actor: User) -> Practice:
    """Make a practice county for somebody; the one he had before is closed.

    Raises NotAllowed outside a county's bureau, Invalid while there is nothing to fill.
    """
    if not may_practise(actor):
        raise NotAllowed
    _close(User.objects.filter(is_practice=True, login__startswith=f"{_prefix(actor)}."))
    mark = uuid4().hex[:8]
    reviewers = _reviewers()
    region = _make_region(mark, reviewers)
    office = Office.objects.create(
        # One for each person: a name is free again once its office is closed.
        name=f"{NAME}科学技术局（{actor.login}）",
        short_name=f"{NAME}科技局",
        level=Level.COUNTY,
        region=region,
    )
    filler, lead = (
        _make_person(f"{_prefix(actor)}.{mark}.{role}", role, office) for role in _ROLES
    )
    open_practice_sheet(actor=actor, region=region, office=office, reviewers=reviewers)
    record(actor, Entry("begin_practice", "user", str(actor.public_id), {"mark": mark}))
    return Practice(filler, lead)


@transaction.atomic
def close_practice() -> int:
    """Close every practice county, as happens each night; returns how many people that sent home."""
    return _close(User.objects.filter(is_practice=True, is_active=True))


def _close(people: models.QuerySet[User]) -> int:
    """Nobody enters it again; what was handed in stays in the append-only tables, seen by nobody."""
    today = clock.today()
    offices = Office.objects.filter(
        users__in=people.values("pk"), region__is_practice=True, closed_on__isnull=True
    )
    Region.objects.filter(offices__in=offices, valid_to__isnull=True).update(valid_to=today)
    Office.objects.filter(pk__in=list(offices.values_list("pk", flat=True))).update(closed_on=today)
    return people.update(is_active=False)


def _reviewers() -> Office:
    reviewers, _ = Office.objects.get_or_create(
        name=REVIEWERS, defaults={"short_name": REVIEWERS, "level": Level.CITY}
    )
    return reviewers


def _make_region(mark: str, reviewers: Office) -> Region:
    province = Region.objects.filter(level=Level.PROVINCE, valid_to__isnull=True).first()
    return Region.objects.create(
        code=f"9999{mark}",
        name=NAME,
        full_name=NAME,
        level=Level.COUNTY,
        parent=province,
        reviewing_office=reviewers,
        # Ends the day after at the latest, and a region ends after it begins.
        valid_from=clock.today().replace(month=1, day=1, year=clock.today().year - 1),
        is_practice=True,
        search_name=NAME,
        pinyin="",
    )


def _make_person(login: str, role: Role, office: Office) -> User:
    person = User(
        login=login,
        display_name=f"试填{role.label}",
        role=role,
        office=office,
        is_practice=True,
        must_change_password=False,
    )
    person.set_unusable_password()
    person.save()
    return person


def _prefix(actor: User) -> str:
    return f"practice.{actor.pk}"
