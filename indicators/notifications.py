"""Who is told of which step: a table, and the two questions asked of it.

A page asks before the press who would be told (`audience_of`, `opening_audience`); the action tells the same
people afterwards, in its own transaction (`tell_step`, `tell_collection`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.urls import reverse

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Level, OfficeKind, Permission
from county_portal.accounts.selectors import list_counties_alive_on
from county_portal.common import clock
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.notices.actions import Message, is_quiet, notify, notify_each
from county_portal.notices.selectors import list_mailed
from indicators.enums import EDITABLE, SubmissionAction
from indicators.models import Collection, ReviewStep, Submission


class Side(StrEnum):
    """Who is concerned with a submission."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


# Which people of an office a matter of theirs is for: those who fill or hand in, review, collect.
CONCERNED: Mapping[Side, frozenset[Permission]] = {
    Side.COUNTY: frozenset({Permission.FILL, Permission.SUBMIT}),
    Side.CITY: frozenset({Permission.REVIEW}),
    Side.PROVINCE: frozenset({Permission.COLLECT}),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom a step concerns, and the words; {county} {office} {collection} {until} are filled in."""

    sides: tuple[Side, ...]
    title: str
    page: str = "indicators:submission"


# Acts on a submission that are no step of the workflow.
EXTEND, OPEN_LATE, CLOSE_LATE, COMMENT = "extend", "open_late", "close_late", "comment"

_BOTH = (Side.COUNTY, Side.CITY)
# Nobody is told of his own act; the province receives by the batch and finds it in its inbox.
TELLINGS: Mapping[str, Telling] = {
    SubmissionAction.SUBMIT: Telling(
        (Side.CITY,), "{county}提交了填报表，请受理", "indicators:review"
    ),
    SubmissionAction.RECALL: Telling((Side.CITY,), "{county}撤回了填报表"),
    SubmissionAction.ACCEPT: Telling((Side.COUNTY,), "{office}已受理{county}填报表，不能再撤回"),
    SubmissionAction.APPROVE: Telling((Side.COUNTY,), "{county}填报表已通过{office}审核"),
    SubmissionAction.RETURN: Telling(
        (Side.COUNTY,), "{county}填报表被{office}退回，请于{until}前改正后重新提交"
    ),
    SubmissionAction.RECEIVE: Telling(
        (Side.COUNTY,), f"{{county}}填报表已由{words().province_office}接收"
    ),
    SubmissionAction.SEND_BACK: Telling(
        _BOTH, f"{{county}}填报表被{words().province_office}退回，请于{{until}}前改正后重新提交"
    ),
    SubmissionAction.REOPEN: Telling(
        _BOTH, f"{{county}}填报表由{words().province_office}重新开放，请于{{until}}前改正后重新提交"
    ),
    EXTEND: Telling(_BOTH, "{county}的填报期限延至{until}"),
    OPEN_LATE: Telling(_BOTH, "{county}可以补报，开放至{until}"),
    CLOSE_LATE: Telling(_BOTH, "{county}的补报已提前结束"),
    COMMENT: Telling(_BOTH, "{county}填报表有新批注"),
}


@dataclass(frozen=True, slots=True)
class OfficeAudience:
    """So many people of an office, and how many of them a mail would reach."""

    office: str
    people: int
    mailed: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would be told."""

    offices: Sequence[OfficeAudience]

    @property
    def words(self) -> str:
        """For a page, before the press: whom, how many, and whether a mail goes out."""
        told = [row for row in self.offices if row.people]
        if not told:
            return "没有人会收到通知（对方单位没有在用的账号，或本次办理无需告知）。"
        names = "、".join(f"{row.office}{row.people}人" for row in told)
        mailed = sum(row.mailed for row in told)
        mail = f"其中{mailed}人另收到次日邮件摘要" if mailed else "不发邮件"
        return f"{names}（站内通知，{mail}）"


def audience_of(submission: Submission, act: str, actor: User | None = None) -> Audience:
    """Who would be told of this act; two queries."""
    telling = TELLINGS.get(act)
    return _counted(_recipients(submission, telling.sides, actor) if telling else [])


def audience_of_each(submissions: Sequence[Submission], act: str, actor: User) -> str:
    """Whom a bulk act would tell, in numbers, for a page on which many are chosen; two queries."""
    sides = TELLINGS[act].sides
    offices: dict[Side, set[int] | None] = {
        Side.COUNTY: {row.office_id for row in submissions},
        Side.CITY: {row.reviewing_office_id for row in submissions},
    }
    people = people_concerned({side: offices[side] for side in sides})
    return summed_words([person for person in people if person.pk != actor.pk])


def tell_step(step: ReviewStep) -> None:
    """Tell of a step of the workflow, within its transaction."""
    _tell(step.submission, step.action, step.actor, f"step:{step.pk}", step.comment)


def tell_act(submission: Submission, act: str, actor: User, *, key: str, body: str = "") -> None:
    """Tell of another act on a submission; `key` names the act itself, e.g. `late:<pk>`."""
    _tell(submission, act, actor, key, body)


def _tell(submission: Submission, act: str, actor: User, key: str, body: str) -> None:
    telling = TELLINGS.get(act)
    if telling is None or is_quiet():
        return
    message = Message(
        key=key,
        kind=str(act),
        title=_worded(submission, telling.title),
        body=body,
        path=reverse(telling.page, args=[submission.public_id]),
    )
    notify(_recipients(submission, telling.sides, actor), message)


def _worded(submission: Submission, title: str) -> str:
    return title.format(
        county=submission.region.full_name,
        office=submission.reviewing_office.short_name if "{office}" in title else "",
        until=chinese_date(submission.due_on) if "{until}" in title else "",
    )


def _recipients(submission: Submission, sides: Iterable[Side], actor: User | None) -> list[User]:
    offices = {
        Side.COUNTY: submission.office_id,
        Side.CITY: submission.reviewing_office_id,
    }
    people = people_concerned({side: {offices[side]} for side in sides})
    return [person for person in people if actor is None or person.pk != actor.pk]


def people_concerned(offices: Mapping[Side, set[int] | None]) -> list[User]:
    """The people of these offices (of all, for None) whom matters of that side are for; one query."""
    roles = {side: _roles(CONCERNED[side]) for side in offices}
    people = User.objects.filter(
        is_active=True, role__in={role for held in roles.values() for role in held}
    )
    wanted = {office for ids in offices.values() if ids for office in ids}
    if None not in offices.values():
        people = people.filter(office__in=wanted)
    return [
        person
        for person in people.select_related("office").order_by("office__order", "office", "pk")
        if any(
            person.role in roles[side] and (ids is None or person.office_id in ids)
            for side, ids in offices.items()
        )
    ]


def _roles(permissions: frozenset[Permission]) -> set[str]:
    return {str(role) for role, held in ROLE_PERMISSIONS.items() if held & permissions}


def _counted(people: Sequence[User]) -> Audience:
    mailed = list_mailed(people) if settings.EMAIL_CONFIGURED else set()
    offices: dict[int, list[User]] = {}
    for person in people:
        offices.setdefault(person.office_id, []).append(person)
    return Audience(
        [
            OfficeAudience(
                _name(members[0].office), len(members), sum(m.pk in mailed for m in members)
            )
            for members in offices.values()
        ]
    )


def _name(office: Office) -> str:
    return office.short_name if office.level == Level.PROVINCE else office.name


# --- collections ---------------------------------------------------------------------------------

OPENED, CLOSED, REOPENED = "open_collection", "close_collection", "reopen_collection"
POSTPONED = "postpone_collection"
_COLLECTION_WORDS = {
    OPENED: "{title}已开放填报，请于{county_due}前提交",
    CLOSED: "{title}已截止，未提交的填报表不能再填报",
    REOPENED: "{title}已重新开放填报",
    POSTPONED: "{title}填报期限延长",
}


def opening_audience(collection: Collection) -> str:
    """Whom opening would tell, in numbers: 167 names would tell the reader nothing."""
    regions = list(list_counties_alive_on(date(collection.data_year, 12, 31)))
    bureaus = Office.objects.filter(
        level=Level.COUNTY, kind=OfficeKind.BUREAU, region__in=regions
    ).values_list("pk", flat=True)
    cities = {region.reviewing_office_id for region in regions if region.reviewing_office_id}
    return summed_words(people_concerned({Side.COUNTY: set(bureaus), Side.CITY: cities}))


def collection_audience(collection: Collection, act: str) -> str:
    """Whom closing, opening again or postponing would tell."""
    return summed_words([person for person, _ in _collection_recipients(collection, act)])


def summed_words(people: Sequence[User]) -> str:
    """For a page, before the press: how many people of how many offices would be told."""
    offices = _counted(people).offices
    if not people:
        return "没有人会收到通知。"
    mailed = sum(row.mailed for row in offices)
    mail = f"其中{mailed}人另收到次日邮件摘要" if mailed else "不发邮件"
    return f"{len(offices)}个单位共{len(people)}人（站内通知，{mail}）"


def tell_collection(collection: Collection, act: str, body: str = "") -> None:
    """Tell every county concerned and its reviewing office; three queries however many."""
    if is_quiet():
        return
    title = _COLLECTION_WORDS[act].format(
        title=collection.title, county_due=chinese_date(collection.county_due_on)
    )
    # It may be closed and opened again any number of times, and is told each time.
    key = f"{act}:{collection.public_id}:{clock.now():%Y%m%d%H%M%S%f}"
    notify_each(
        (person, Message(key, act, title, body, path))
        for person, path in _collection_recipients(collection, act)
    )


def _collection_recipients(collection: Collection, act: str) -> list[tuple[User, str]]:
    """Counties with the way to their own sheet; on closing only those that have not handed in."""
    submissions = collection.submissions.all()
    if act == CLOSED:
        submissions = submissions.filter(state__in=EDITABLE)
    own = {}
    cities: set[int] = set()
    for office, city, public_id in submissions.values_list(
        "office", "reviewing_office", "public_id"
    ):
        own[office] = reverse("indicators:submission", args=[public_id])
        cities.add(city)
    people = people_concerned({Side.COUNTY: set(own), Side.CITY: cities})
    listing = reverse("indicators:submissions")
    return [(person, own.get(person.office_id, listing)) for person in people]
