"""What the province does to a pilot's term: extend, suspend, resume, withdraw (S0 三(二)).

Each is an event with its reason; the database lets state and end change only to what the newest event says.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.enums import AcceptanceState, ChangeState, PilotAct
from applications.models import Acceptance, Pilot, PilotEvent
from applications.pilot_notifications import tell_event
from applications.rules.terms import LEADS_TO, TERM_ACTS
from applications.selectors.changes import OPEN
from applications.selectors.pilots import get_pilot, standing_townships
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.text import chinese_date
from county_portal.documents.numbers import standard_year
from county_portal.files.actions import keep_upload
from county_portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class TermInput:
    """An act as entered; `until` of an extension; `seen` is `Pilot.stand` as the page showed it, None unseen."""

    act: PilotAct
    reason: str
    document_number: str = ""
    until: date | None = None
    seen: str | None = None


@transaction.atomic
def change_term(*, actor: User, pilot_id: UUID, data: TermInput) -> Pilot:
    """Do one of the acts. A county that withdraws takes its townships with it.

    Raises Stale (another state than seen, an act not open from it, an acceptance under way) or Invalid.
    """
    pilot = get_pilot(actor, pilot_id, lock=True)
    if not actor.holds(Permission.RUN_PILOTS):
        raise NotAllowed
    _require_open(pilot, data)
    _require_words(data)
    if data.act == PilotAct.EXTEND:
        _require_later(pilot, data.until)
    if data.act == PilotAct.WITHDRAW:
        _withdraw_townships(actor, pilot, data)
        _drop_requests(actor, pilot)
    return note_event(actor, pilot, data)


def note_event(actor: User, pilot: Pilot, data: TermInput) -> Pilot:
    """Write the event, then what follows from it for the pilot; the caller has authorised and locked."""
    now = clock.now()
    event = PilotEvent.objects.create(
        pilot=pilot,
        act=data.act,
        on=clock.today(),
        until=data.until,
        reason=data.reason.strip(),
        document_number=_number(data),
        actor=actor,
        at=now,
    )
    detail: dict[str, object] = {"reason": event.reason, "number": event.document_number}
    if data.act == PilotAct.EXTEND and data.until:
        detail["until"] = [pilot.ends_on.isoformat(), data.until.isoformat()]
        pilot.ends_on = data.until
    else:
        detail["state"] = [pilot.state, str(LEADS_TO[data.act])]
        pilot.state, pilot.state_since = LEADS_TO[data.act], now
    pilot.save()
    record(actor, pilot_entry(f"{data.act}_pilot", pilot, detail))
    tell_event(event)
    return pilot


def pilot_entry(act: str, pilot: Pilot, detail: dict[str, object]) -> Entry:
    """An audit entry about a pilot."""
    return Entry(act, "pilot", str(pilot.public_id), detail, pilot.region.code)


def kept(actor: User, file: UploadedFile | StoredFile | None) -> StoredFile | None:
    """A file somebody attached, or one kept already."""
    if file is None or isinstance(file, StoredFile):
        return file
    return keep_upload(actor=actor, upload=file)


def _require_open(pilot: Pilot, data: TermInput) -> None:
    name, label = pilot.region.full_name, data.act.label
    if data.seen is not None and data.seen != pilot.stand:
        raise Stale(
            "stale_state", f"{name}试点在您查看之后有变化，本次{label}未执行。请刷新页面后再办理。"
        )
    if pilot.state not in TERM_ACTS.get(data.act, ()):
        raise Stale(
            "act_not_open",
            f"{name}试点现为“{pilot.get_state_display()}”，不能办理“{label}”。请刷新页面查看最新状态。",
        )
    under_way = Acceptance.objects.filter(pilot=pilot).exclude(
        state__in=[AcceptanceState.DRAFT, AcceptanceState.DECIDED]
    )
    if data.act in {PilotAct.WITHDRAW, PilotAct.SUSPEND} and under_way.exists():
        raise Stale(
            "acceptance_under_way",
            f"{name}的总结验收正在办理，不能办理“{label}”。请先作出验收结论，或退回验收材料由县级撤回后再办理。",
        )


def _require_words(data: TermInput) -> None:
    if not data.reason.strip():
        raise Invalid(
            "reason_required", f"“{data.act.label}”须写明原因，请填写后再办理。", "reason"
        )
    if data.act != PilotAct.RESUME and not _number(data):
        raise Invalid(
            "number_required",
            f"“{data.act.label}”须有依据文号，请填写后再办理。",
            "document_number",
        )


def _require_later(pilot: Pilot, until: date | None) -> None:
    if until is None or until <= pilot.ends_on:
        ends = chinese_date(pilot.ends_on)
        raise Invalid(
            "end_not_later", f"延期须晚于现定的建设期结束日期（{ends}），请另选日期。", "until"
        )


def _number(data: TermInput) -> str:
    return event_number(data.document_number)


def event_number(typed: str) -> str:
    """A document number as it is kept: no blanks, the year in its brackets."""
    return standard_year("".join(typed.split()))


def _withdraw_townships(actor: User, pilot: Pilot, data: TermInput) -> None:
    """S4: 试点乡镇在试点县内选择; without the county there is nothing they belong to."""
    reason = f"所属试点县{pilot.region.full_name}退出试点：{data.reason.strip()}"
    for township in standing_townships(pilot):
        locked = get_pilot(actor, township.public_id, lock=True)
        _drop_requests(actor, locked)
        note_event(actor, locked, TermInput(PilotAct.WITHDRAW, reason, data.document_number))


def _drop_requests(actor: User, pilot: Pilot) -> None:
    """Requests nobody will decide any more end with the pilot."""
    open_changes = pilot.changes.filter(state__in=OPEN)
    open_changes.update(
        state=ChangeState.REFUSED,
        province_comment="试点已退出，申请随之终止。",
        province_by=actor,
        province_at=clock.now(),
    )
