"""代办: named by whoever will be away, or by two administrators for somebody who fell ill; ended by those concerned."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction

from county_portal.accounts.deputies import DeputyshipStanding, lent_permissions
from county_portal.accounts.models import Deputyship, User
from county_portal.accounts.roles import Permission, Role
from county_portal.accounts.selectors import (
    find_open_of_deputy,
    find_overlapping,
    get_deputyship,
    get_user,
    is_coverable,
    list_possible_deputies,
)
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.common.wording import read_words
from county_portal.notices.actions import DEPUTYSHIP, Message, notify

MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class DeputyInput:
    """Who stands in from when until when (both days included), and why."""

    deputy: UUID
    from_day: date
    to_day: date
    reason: str


@transaction.atomic
def name_deputy(*, actor: User, data: DeputyInput) -> Deputyship:
    """Name who stands in for oneself; it holds from its first day without anybody's further word.

    Raises Invalid for days out of order, past or too many, a blank reason, somebody unfit or already taken.
    """
    absent = _locked_person(actor)
    found = _made(absent, absent, data)
    found.confirmed_by, found.confirmed_at = absent, found.named_at
    return _kept(absent, found, "name_deputy")


@transaction.atomic
def propose_deputy(*, actor: User, absent_id: UUID, data: DeputyInput) -> Deputyship:
    """At the written request of an office name who stands in for somebody who cannot do so himself.

    It gives nothing until the security administrator confirms it. Raises Invalid like `name_deputy`.
    """
    if not actor.holds(Permission.MANAGE_USERS):
        raise NotAllowed
    absent = _locked_person(get_user(actor, absent_id))
    return _kept(actor, _made(actor, absent, data), "propose_deputy")


@transaction.atomic
def confirm_deputy(*, actor: User, deputyship_id: UUID) -> Deputyship:
    """Let a proposed deputyship hold. Raises Stale for one that is no longer waiting."""
    if not actor.holds(Permission.MANAGE_SECURITY):
        raise NotAllowed
    found = get_deputyship(actor, deputyship_id, lock=True)
    _require(found, DeputyshipStanding.PENDING)
    found.confirmed_by, found.confirmed_at = actor, clock.now()
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    record(actor, _entry("confirm_deputy", found))
    _tell(found, "confirmed", f"代办已确认：{_words(found)}")
    return found


@transaction.atomic
def end_deputy(*, actor: User, deputyship_id: UUID) -> Deputyship:
    """End it before its day: the absent person, the deputy or the security administrator; a proposal also its author.

    What the deputy did stays done. Raises Stale for one that is over.
    """
    found = get_deputyship(actor, deputyship_id, lock=True)
    if not may_end(actor, found):
        raise NotAllowed
    open_ones = (DeputyshipStanding.PENDING, DeputyshipStanding.AHEAD, DeputyshipStanding.RUNNING)
    _require(found, *open_ones, DeputyshipStanding.LAPSED)
    found.ended_by, found.ended_at = actor, clock.now()
    found.save(update_fields=["ended_by", "ended_at"])
    User.objects.filter(pk=found.deputy_id, deputyship=found).update(deputyship=None)
    record(actor, _entry("end_deputy", found))
    _tell(found, "ended", f"代办已结束：{_words(found)}")
    return found


def may_end(user: User, deputyship: Deputyship) -> bool:
    """Whether the deputyship is this person's to end."""
    is_own_proposal = (
        deputyship.confirmed_at is None
        and deputyship.named_by_id == user.pk
        and user.holds(Permission.MANAGE_USERS)
    )
    return (
        user.pk in {deputyship.absent_id, deputyship.deputy_id}
        or user.holds(Permission.MANAGE_SECURITY)
        or is_own_proposal
    )


def _locked_person(person: User) -> User:
    """The locked account: two namings for one person wait for each other."""
    absent = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not is_coverable(absent) or not absent.is_active:
        raise Invalid(
            "post_not_covered",
            f"{absent.get_role_display()}岗位不能由他人代办。确需有人办理的，请账号管理员按规定设置人员。",
        )
    return absent


def _made(actor: User, absent: User, data: DeputyInput) -> Deputyship:
    _refuse_days(data)
    missing = Invalid("reason_required", "请写明代办原因，例如：出差、休假、住院。", "reason")
    reason = read_words(data.reason, "原因", "reason", most=MAX_REASON, missing=missing)
    deputy = _locked_deputy(absent, data)
    _refuse_overlap(absent, deputy, data)
    return Deputyship(
        absent=absent,
        deputy=deputy,
        office=absent.office,
        absent_role=absent.role,
        deputy_role=deputy.role,
        from_day=data.from_day,
        to_day=data.to_day,
        reason=reason,
        named_by=actor,
        named_at=clock.now(),
    )


def _refuse_days(data: DeputyInput) -> None:
    if data.from_day < clock.today():
        raise Invalid("from_day_past", "开始日期早于今天，请从今天或以后起。", "from_day")
    if data.to_day < data.from_day:
        raise Invalid("days_order", "结束日期早于开始日期，请改正。", "to_day")
    longest = settings.DEPUTY_LONGEST_DAYS
    if (data.to_day - data.from_day).days >= longest:
        raise Invalid(
            "days_too_many",
            f"一次代办最长{longest}天（含首尾两日），请提前结束日期；到期后仍需代办的，再次指定。",
            "to_day",
        )


def _locked_deputy(absent: User, data: DeputyInput) -> User:
    """The colleague, locked: nobody is named for two at once."""
    colleagues = list_possible_deputies(absent).select_for_update(of=("self",))
    deputy = colleagues.filter(public_id=data.deputy).first()
    if deputy is None:
        raise Invalid(
            "deputy_unfit",
            f"代办人须是{absent.office.name}其他岗位上能代{absent.get_role_display()}办理的启用人员，请重新选择。",
            "deputy",
        )
    return deputy


def _refuse_overlap(absent: User, deputy: User, data: DeputyInput) -> None:
    covered = find_overlapping(absent, data.from_day, data.to_day)
    if covered:
        raise Invalid(
            "already_covered",
            f"{absent.display_name}{_days(covered)}已由{covered.deputy.display_name}代办，请先结束该项代办，或改选日期。",
            "from_day",
        )
    taken = find_open_of_deputy(deputy)
    if taken:
        raise Invalid(
            "deputy_taken",
            f"{deputy.display_name}{_days(taken)}代{taken.absent.display_name}办理，一人同时只代一人，请改选他人或等该项代办结束。",
            "deputy",
        )
    away = find_overlapping(deputy, data.from_day, data.to_day)
    if away:
        raise Invalid(
            "deputy_away",
            f"{deputy.display_name}本人{_days(away)}由{away.deputy.display_name}代办，不能再代他人，请改选他人或日期。",
            "deputy",
        )


def _kept(actor: User, found: Deputyship, act: str) -> Deputyship:
    found.save(force_insert=True)
    User.objects.filter(pk=found.deputy_id).update(deputyship=found)
    record(actor, _entry(act, found))
    label = "代办已指定" if found.confirmed_at else "代办待安全管理员确认"
    _tell(found, "named", f"{label}：{_words(found)}")
    return found


def _require(found: Deputyship, *standings: DeputyshipStanding) -> None:
    if found.standing not in standings:
        raise Stale(
            "stale_state",
            f"此项代办现为“{found.standing.label}”，本次操作未执行。请刷新页面查看最新情况。",
        )


def _days(found: Deputyship) -> str:
    return f"{chinese_date(found.from_day)}至{chinese_date(found.to_day)}"


def _words(found: Deputyship) -> str:
    return f"{found.deputy.display_name}代{found.absent.display_name}办理，{_days(found)}"


def _tell(found: Deputyship, what: str, title: str) -> None:
    body = f"原因：{found.reason}" if what == "named" else ""
    key = f"deputyship:{found.public_id}:{what}"
    notify(
        [found.absent, found.deputy],
        Message(key, DEPUTYSHIP, title, body, "/system/deputies/own/"),
    )


def _entry(act: str, found: Deputyship) -> Entry:
    lent = lent_permissions(Role(found.deputy_role), Role(found.absent_role))
    detail = {
        "absent": found.absent.login,
        "deputy": found.deputy.login,
        "days": [found.from_day.isoformat(), found.to_day.isoformat()],
        "reason": found.reason,
        "permissions": sorted(str(each) for each in lent),
    }
    return Entry(act, "deputyship", str(found.public_id), detail)
