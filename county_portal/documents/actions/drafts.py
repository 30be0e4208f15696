"""The life of a draft: begun, worded, checked by another person, signed, issued under its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.actions.issuing import Issue, issue_paper, require_unchanged
from county_portal.documents.enums import DraftAction, DraftState
from county_portal.documents.kinds import document_kind
from county_portal.documents.models import Draft, DraftStep, Paper
from county_portal.documents.notifications import tell_delivery, tell_draft
from county_portal.documents.selectors.composing import compose_document
from county_portal.documents.selectors.drafts import (
    content_refusal,
    get_draft,
    may_edit,
    person_refusal,
    sources_of,
)
from county_portal.documents.selectors.registers import get_register, register_refusal
from county_portal.documents.workflow import DRAFT_WORKFLOW

_START, _SAVE, _RENEW = "start", "save", "renew"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the drafter writes; tables and the data behind them are not worded."""

    title: str
    addressees: str
    text: str
    attachments: Sequence[tuple[str, str]] = ()
    remark: str = ""
    copied_to: str = ""
    dated_on: date | None = None
    recipients: Sequence[Office] = ()


@transaction.atomic
def save_draft(*, actor: User, draft_id: UUID, revision: int, wording: Wording) -> Draft:
    """Keep what the drafter wrote, unless somebody else's words would be lost by it.

    Raises Stale `draft_changed` if the draft is no longer as it was when the page was opened.
    """
    draft = get_draft(actor, draft_id, lock=True)
    _require_editable(actor, draft)
    if draft.revision != revision:
        raise Stale(
            "draft_changed",
            "文稿在您打开本页之后已被改动（可能来自另一个窗口），本次内容没有保存。"
            "请对照下方现已保存的内容，确认后再次保存。",
        )
    before = _worded(draft)
    draft.title, draft.text = wording.title, wording.text
    draft.addressees = wording.addressees
    draft.attachments = [{"title": title, "text": text} for title, text in wording.attachments]
    draft.remark, draft.copied_to = wording.remark, wording.copied_to
    draft.dated_on = wording.dated_on
    draft.revision += 1
    draft.save()
    draft.recipients.set(wording.recipients)
    after = _worded(draft)
    changed = sorted(name for name in after if after[name] != before[name])
    _note(actor, _SAVE, draft, {"fields": changed, "recipients": len(wording.recipients)})
    return draft


def _worded(draft: Draft) -> dict[str, object]:
    names = ("title", "addressees", "text", "attachments", "remark", "copied_to", "dated_on")
    return {name: getattr(draft, name) for name in names}


def _require_editable(actor: User, draft: Draft) -> None:
    if not actor.holds(Permission.DRAFT_DOCUMENT):
        raise NotAllowed
    if draft.state != DraftState.DRAFT:
        raise Stale(
            "draft_not_editable",
            f"文稿“{draft}”{draft.get_state_display()}，不能修改。需要修改的，请核稿人或签发人退回。",
        )
    if not may_edit(actor, draft):
        raise Invalid(
            "drafter_only",
            f"文稿“{draft}”由{draft.drafted_by.display_name}起草，只能由拟稿人修改；"
            "您的意见请告知拟稿人，或在核稿时退回并写明。",
        )


@dataclass(frozen=True, slots=True)
class Move:
    """A step somebody takes, on which revision, with which words."""

    action: DraftAction
    revision: int | None = None
    comment: str = ""


@transaction.atomic
def move_draft(*, actor: User, draft_id: UUID, move: Move) -> Draft:
    """Take one step of the workflow table, on the locked row; issuing gives the number.

    Raises NotAllowed, Stale (state, revision or data moved on) or Invalid (person, comment, content).
    """
    draft = get_draft(actor, draft_id, lock=True)
    comment = move.comment.strip()
    row = DRAFT_WORKFLOW.find(move.action, draft.state, actor.permissions, comment)
    refusal = person_refusal(actor, draft, move.action)
    if refusal:
        raise refusal
    if move.revision is not None and move.revision != draft.revision:
        raise Stale("draft_changed", f"文稿“{draft}”在您查看之后有改动，请刷新页面核对后再办理。")
    before = draft.state
    _prepare(actor, draft, move.action)
    draft.state, draft.state_since = row.target, clock.now()
    draft.save()
    step = DraftStep.objects.create(
        draft=draft,
        action=move.action,
        label=row.label,
        actor=actor,
        comment=comment,
        at=clock.now(),
    )
    _note(actor, move.action, draft, {"state": [before, draft.state], "comment": comment})
    tell_draft(step)
    return draft


def _prepare(actor: User, draft: Draft, action: DraftAction) -> None:
    """Whether the content allows the step, and whom it enters."""
    if action in {DraftAction.SEND, DraftAction.CHECK}:
        _require_content(draft)
    if action == DraftAction.CHECK:
        draft.checked_by = actor
    elif action == DraftAction.GIVE_BACK:
        draft.checked_by = None
    elif action == DraftAction.ISSUE:
        # Under the register's lock: it may not be switched off in between.
        draft.register = get_register(actor, draft.register.public_id, lock=True)
        _require_content(draft)
        draft.paper, draft.signed_by = _issue(actor, draft), actor


def _require_content(draft: Draft) -> None:
    kind = document_kind(draft.kind)
    refusal = content_refusal(draft) or register_refusal(draft.office_id, draft.register, kind)
    if refusal:
        raise refusal
    require_unchanged(sources_of(draft))


def _issue(actor: User, draft: Draft) -> Paper:
    today = clock.today()
    if draft.dated_on and (draft.dated_on > today or draft.dated_on.year != today.year):
        raise Invalid(
            "date_not_allowed",
            f"成文日期{draft.dated_on:%Y-%m-%d}不在今年或晚于今天，编号会与年份、次序不符。"
            "请退回拟稿人改为今年内、不晚于今天的日期，或留空按签发日期成文。",
        )
    recipients = list(draft.recipients.all())
    paper = issue_paper(
        actor=actor,
        issue=Issue(
            kind=draft.kind,
            register=draft.register,
            document=compose_document(draft, day=today, signer=_signer(actor)),
            sources=sources_of(draft),
            recipients=recipients,
            replaces=draft.replaces,
            replace_reason=draft.replace_reason,
        ),
    )
    tell_delivery(paper, recipients)
    return paper


def _signer(actor: User) -> str:
    """The name a report upward prints; the register says for whom it was signed."""
    return f"{actor.display_name}（代签）" if actor.acts_for else actor.display_name


def _note(actor: User, act: str, draft: Draft, detail: dict[str, object]) -> None:
    about = {"kind": draft.kind, "title": str(draft), **detail}
    record(actor, Entry(f"{act}_draft", "draft", str(draft.public_id), about))
