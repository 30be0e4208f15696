"""Objections (异议) to a list on public notice: raised by anybody, recorded by staff, answered before publication."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from applications.actions.deciding import list_entry
from applications.enums import ListState
from applications.models import Decision, Objection, PilotList
from applications.selectors.deciding import get_objection, get_pilot_list
from applications.selectors.notice import lock_open_notice
from applications.selectors.panels import list_managers
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.files.actions import keep_scan
from county_portal.notices.actions import Message, notify


@dataclass(frozen=True, slots=True)
class ObjectionInput:
    """An objection as entered; `region_code` names the county concerned, if any."""

    raised_by: str
    contact: str
    text: str
    region_code: str = ""
    file: UploadedFile | None = None


@transaction.atomic
def raise_objection(*, list_id: UUID, objection: ObjectionInput) -> Objection:
    """Take an objection from anybody, while the notice runs. Raises Stale before and after, 404 without a notice."""
    pilots = lock_open_notice(list_id)
    return _keep(None, pilots, objection, clock.today())


@transaction.atomic
def record_objection(
    *, actor: User, list_id: UUID, objection: ObjectionInput, received_on: date
) -> Objection:
    """Enter one that came by letter or telephone, within the days of the notice."""
    pilots = get_pilot_list(actor, list_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    _require_notice(pilots)
    first, last = pilots.notice_from, pilots.notice_until
    if received_on > clock.today() or not (first and last and first <= received_on <= last):
        raise Invalid(
            "received_outside_notice",
            "收到日期须在公示期内且不晚于今天；公示期满后的来信按信访办理，不在此登记。",
            "received_on",
        )
    return _keep(actor, pilots, objection, received_on)


def _keep(
    actor: User | None, pilots: PilotList, objection: ObjectionInput, received_on: date
) -> Objection:
    for value, label, field in (
        (objection.raised_by, "姓名或单位名称", "raised_by"),
        (objection.contact, "联系方式", "contact"),
        (objection.text, "异议内容", "text"),
    ):
        if not value.strip():
            raise Invalid("objection_incomplete", f"请填写{label}。", field)
    decision = _decision_on(pilots, objection.region_code)
    file = None
    if objection.file is not None:
        file = keep_scan(actor=actor, scan=objection.file, matter="异议证明材料")
    row = Objection.objects.create(
        pilot_list=pilots,
        application=decision.application if decision else None,
        raised_by=objection.raised_by.strip(),
        contact=objection.contact.strip(),
        text=objection.text.strip(),
        file=file,
        received_on=received_on,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    # Who objects is no matter of the record, which is read by more people than the objection.
    detail = {"objection": str(row.public_id), "county": objection.region_code}
    record(actor, list_entry("raise_objection", pilots, detail))
    notify(
        [person for person in list_managers() if actor is None or person.pk != actor.pk],
        Message(
            key=f"objection:{row.pk}",
            kind="pilot_objection",
            title=f"“{pilots.round.title}”公示名单收到异议，请处理",
            body="",
            path=reverse("applications:objection", args=[row.public_id]),
        ),
    )
    return row


def _decision_on(pilots: PilotList, code: str) -> Decision | None:
    if not code:
        return None
    rows = pilots.decisions.select_related("application")
    found = rows.filter(application__region__code=code).first()
    if found is None:
        raise Invalid(
            "region_not_listed", "所选县（市、区）不在本名单中，请重新选择。", "region_code"
        )
    return found


@transaction.atomic
def answer_objection(*, actor: User, objection_id: UUID, answer: str) -> Objection:
    """Settle one in words; the first answer stands."""
    row = get_objection(actor, objection_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    if row.answered_at is not None:
        raise Stale(
            "objection_answered", "该异议已经办结，本次填写未保存。请刷新页面查看处理意见。"
        )
    if not answer.strip():
        raise Invalid("answer_required", "请填写处理意见，写明核查情况和结论。", "answer")
    row.answer, row.answered_by, row.answered_at = answer.strip(), actor, clock.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    detail = {"objection": str(row.public_id), "answer": answer.strip()}
    record(actor, list_entry("answer_objection", row.pilot_list, detail))
    return row


def _require_notice(pilots: PilotList) -> None:
    if pilots.state != ListState.NOTICE:
        raise Stale(
            "not_on_notice",
            f"“{pilots}”现为“{pilots.get_state_display()}”，不在公示期，不能登记异议。",
        )
