"""Moves of an application through the workflow table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from applications.actions.records import application_entry, lapse_letters
from applications.enums import GIVING_BACK, ApplicationAction, Section
from applications.models import (
    Application,
    ApplicationSnapshot,
    ApplicationStep,
    CityOpinion,
    Request,
)
from applications.notifications import tell_step
from applications.rules.completeness import stops_finishing
from applications.rules.materials import canonical_materials, digest_of
from applications.selectors.applications import get_application, why_not_applying
from applications.selectors.letters import valid_letter
from applications.selectors.materials import list_gaps, read_materials
from applications.selectors.requests import last_return
from applications.workflow import APPLICATION_WORKFLOW
from county_portal.accounts.hands import ensure_written_by_others
from county_portal.accounts.models import User
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.common.steps import correction_day, ensure_seen
from county_portal.common.text import chinese_date


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing a return asks for: of a section, or of one row of the table."""

    section: str
    wanted: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A step somebody takes: which, seen at which revision, with which words; what a return asks by when."""

    action: ApplicationAction
    revision: int | None = None
    comment: str = ""
    wanted: Sequence[Wanted] = ()
    due_on: date | None = None


@transaction.atomic
def move_application(*, actor: User, application_id: UUID, move: Move) -> Application:
    """Take one step of the workflow table, on the locked row.

    Raises NotAllowed, Stale (state, revision or deadline) or Invalid (comment, completeness).
    """
    application = get_application(actor, application_id, lock=True)
    comment = move.comment.strip()
    row = APPLICATION_WORKFLOW.find(move.action, application.state, actor.permissions, comment)
    ensure_seen("申报材料", seen=move.revision, revision=application.revision)
    prepare = _PREPARE.get(move.action)
    if prepare:
        prepare(actor, application, move)
    before = application.state
    application.state, application.state_since = row.target, clock.now()
    application.save()
    step = ApplicationStep.objects.create(
        application=application,
        action=move.action,
        from_state=before,
        to_state=row.target,
        label=row.label,
        actor=actor,
        comment=comment,
        revision=application.revision,
        at=clock.now(),
    )
    _keep_requests(step, move)
    if move.action in _KEPT:
        _keep_snapshot(step)
    detail = {
        "state": [before, row.target],
        "comment": comment,
        "digest": application.content_digest,
    }
    record(actor, application_entry(f"{move.action}_application", application, detail))
    tell_step(step)
    return application


# Steps at which the materials are kept as they were.
_KEPT = {ApplicationAction.SUBMIT, ApplicationAction.ADMIT}


def _finish(actor: User, application: Application, move: Move) -> None:
    """Complete, so that the county government considers a whole."""
    _require_time(application)
    _require_answers(application)
    materials = read_materials(application)
    gaps = [gap for gap in list_gaps(application, materials) if stops_finishing(gap)]
    if gaps:
        raise Invalid(
            "application_incomplete",
            f"还有{len(gaps)}处未填完，不能定稿：{gaps[0].sentence}",
            gaps[0].section,
        )
    application.content_digest = digest_of(materials)


def _require_time(application: Application) -> None:
    refusal = why_not_applying(application)
    if refusal:
        raise refusal


def _require_answers(application: Application) -> None:
    """Whoever reads it again is told of each thing that was asked what became of it."""
    packet = last_return(application)
    unanswered = packet.unanswered if packet else []
    if unanswered:
        raise Invalid(
            "requests_unanswered",
            f"退回要求还有{len(unanswered)}项没有答复，请逐项写明后再办理：{unanswered[0].wanted}",
            "requests",
        )


# What whoever hands in does; all else that is done to an application in the county is writing it.
_HANDING_IN = (
    *("approve_county", f"{ApplicationAction.APPROVE_COUNTY}_application"),
    f"{ApplicationAction.SUBMIT}_application",
    f"{ApplicationAction.RECALL}_application",
    "settle_guidance",
)


def _refuse_own(actor: User, application: Application, move: Move) -> None:
    refusal = NotAllowed(
        "own_application",
        f"{application.region.full_name}的申报材料由您本人参与编制，编制和报送须由两人办理，"
        "请由本单位其他负责人登记县政府审议并报送。",
    )
    key = str(application.public_id)
    ensure_written_by_others(actor, "application", key, besides=_HANDING_IN, refusal=refusal)


def _take_back(actor: User, application: Application, move: Move) -> None:
    """Only while it could be handed in again."""
    _require_time(application)


def _submit(actor: User, application: Application, move: Move) -> None:
    """What goes to the city is what the county government approved (S0 三(一)), to the byte."""
    _refuse_own(actor, application, move)
    _require_time(application)
    _require_answers(application)
    approval = getattr(application, "county_approval", None)
    if approval is None or approval.content_digest != digest_of(read_materials(application)):
        raise Stale(
            "approval_outdated",
            "县政府审议通过的内容与现在的申报材料不一致，不能报送。请重新定稿并登记县政府审议情况。",
        )
    application.content_digest = approval.content_digest
    application.submitted_at, application.submitted_by = clock.now(), actor
    application.correction_due_on = None


def _give_back(actor: User, application: Application, move: Move) -> None:
    """The county has until a day; what was issued on the materials no longer holds."""
    due_on = correction_day(move.due_on)
    if not move.wanted or not all(each.wanted.strip() for each in move.wanted):
        raise Invalid("wanted_required", "请至少选择一处需要改正的内容，并逐处写明要求。", "wanted")
    if not all(each.section in Section.values for each in move.wanted):
        raise Invalid(
            "section_unknown", "退回要求所指的部分不存在，请刷新页面后重新选择。", "wanted"
        )
    application.correction_due_on = due_on
    label = "退回修改" if move.action == ApplicationAction.RETURN else "退回补正"
    lapse_letters(actor, application, f"{application.region.full_name}申报材料已{label}。")


def _leave_out(actor: User, application: Application, move: Move) -> None:
    letter = valid_letter(application)
    if letter:
        raise Stale(
            "letter_stands",
            f"推荐函“{letter.number}”已推荐{application.region.name}，须先撤销该函，再办理不予推荐。",
        )
    # Whom the city leaves out has no place; should it reconsider, it places it again.
    CityOpinion.objects.filter(application=application).update(place=None)


def _require_letter(actor: User, application: Application, move: Move) -> None:
    if valid_letter(application) is None:
        raise Stale(
            "letter_missing",
            f"{application.region.full_name}还没有有效的推荐函，不能通过形式审查。请推荐单位出具推荐函后再办理。",
        )
    region = application.region
    if region.ended_on:
        raise Stale(
            "region_ended",
            f"{region.full_name}已于{chinese_date(region.ended_on)}撤销，不能通过形式审查。"
            "请写明情况，作出不通过的结论。",
        )


Prepare = Callable[[User, Application, Move], None]
_PREPARE: Mapping[ApplicationAction, Prepare] = {
    ApplicationAction.FINISH: _finish,
    ApplicationAction.RESUME: _take_back,
    ApplicationAction.RECALL: _take_back,
    ApplicationAction.APPROVE_COUNTY: _refuse_own,
    ApplicationAction.SUBMIT: _submit,
    ApplicationAction.RETURN: _give_back,
    ApplicationAction.SEND_BACK: _give_back,
    ApplicationAction.LEAVE_OUT: _leave_out,
    ApplicationAction.ADMIT: _require_letter,
}


def _keep_requests(step: ApplicationStep, move: Move) -> None:
    if move.action not in GIVING_BACK:
        return
    Request.objects.bulk_create(
        Request(step=step, section=each.section, row=each.row, wanted=each.wanted.strip())
        for each in move.wanted
    )


def _keep_snapshot(step: ApplicationStep) -> None:
    application = step.application
    materials = read_materials(application)
    ApplicationSnapshot.objects.create(
        application=application,
        step=step,
        number=application.snapshots.count() + 1,
        content=canonical_materials(materials),
        digest=digest_of(materials),
    )
