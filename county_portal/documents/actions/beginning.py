"""How drafts begin: blank, composed from data, composed again, or as the correction of an issued document."""

from uuid import UUID

from django.db import transaction

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import Entry, record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.documents.enums import DraftState, PaperStatus
from county_portal.documents.kinds import Composed, DocumentKind, document_kind
from county_portal.documents.models import Draft, Register
from county_portal.documents.selectors.composing import propose
from county_portal.documents.selectors.drafts import (
    find_correction,
    find_open,
    get_draft,
    may_edit,
    sources_of,
)
from county_portal.documents.selectors.papers import get_paper
from county_portal.documents.selectors.registers import get_register, register_refusal
from county_portal.documents.wording import fill_template


@transaction.atomic
def start_draft(*, actor: User, kind: str, register: UUID, subject: str = "") -> Draft:
    """Begin a document of a kind in one of the office's registers (by public id).

    A composing kind is asked to word `subject`; one that is written freely begins with its example text.
    Raises Invalid for a register that does not serve, Stale `draft_under_way` for a second draft of a subject.
    """
    _require_drafter(actor)
    spec = _kind(kind)
    # Locked, so that two people do not begin the same letter at once.
    book = get_register(actor, register, lock=True)
    _require_register(actor, book, spec)
    _require_first(actor, kind, subject)
    composed = _compose(actor, spec, subject, book)
    draft = Draft(kind=kind, subject=subject, register=book)
    return _begin(actor, draft, composed)


@transaction.atomic
def start_correction(*, actor: User, paper_id: UUID, reason: str) -> Draft:
    """Begin the document that is to replace an issued one, with its words and data."""
    _require_drafter(actor)
    paper = get_paper(actor, paper_id, lock=True)
    if not paper.is_valid:
        raise Stale(
            "paper_not_valid",
            f"“{paper.number}”{paper.get_status_display()}，不能更正。请刷新页面查看其现状。",
        )
    if not reason.strip():
        raise Invalid("reason_required", "请写明更正原因，核验时将对外显示。", "reason")
    under_way = find_correction(paper)
    if under_way:
        raise Stale(
            "correction_under_way",
            f"“{paper.number}”已有更正文稿“{under_way}”在办，请继续办理该文稿，或将其作废后再起草。",
        )
    former: Draft | None = getattr(paper, "draft", None)
    if former is None:
        raise Invalid(
            "paper_without_draft",
            f"“{paper.number}”不是由文稿签发的，不能在这里更正，请在生成它的页面办理更正。",
        )
    _require_register(actor, former.register, _kind(paper.kind))
    draft = Draft(
        kind=paper.kind,
        subject=former.subject,
        register=former.register,
        replaces=paper,
        replace_reason=reason.strip(),
        remark=former.remark,
        copied_to=former.copied_to,
    )
    return _begin(actor, draft, _copied(former))


@transaction.atomic
def start_anew(*, actor: User, paper_id: UUID) -> Draft:
    """Begin the document that takes a lapsed one's place, from the same data as they are now."""
    paper = get_paper(actor, paper_id, lock=True)
    former: Draft | None = getattr(paper, "draft", None)
    if paper.status != PaperStatus.LAPSED or former is None or not former.subject:
        raise Stale(
            "paper_not_lapsed",
            f"“{paper.number}”{paper.get_status_display()}，不需要或不能在这里重新办理。请刷新页面查看其现状。",
        )
    return start_draft(
        actor=actor,
        kind=former.kind,
        register=former.register.public_id,
        subject=former.subject,
    )


@transaction.atomic
def recompose_draft(*, actor: User, draft_id: UUID, revision: int) -> Draft:
    """Word a draft again from its data as they are now; title, text, tables and attachments are replaced."""
    draft = get_draft(actor, draft_id, lock=True)
    _require_drafter(actor)
    if not may_edit(actor, draft) or not draft.subject:
        raise Stale(
            "draft_not_editable",
            f"文稿“{draft}”现在不能重新生成：须由拟稿人在起草环节办理。请刷新页面查看最新状态。",
        )
    if draft.revision != revision:
        raise Stale("draft_changed", f"文稿“{draft}”在您查看之后有改动，请刷新页面核对后再办理。")
    composed = _compose(actor, _kind(draft.kind), draft.subject, draft.register)
    _fill(draft, composed)
    draft.revision += 1
    draft.save()
    draft.recipients.set(composed.recipients)
    _note(actor, "recompose_draft", draft)
    return draft


def _require_drafter(actor: User) -> None:
    if not actor.holds(Permission.DRAFT_DOCUMENT):
        raise NotAllowed


def _kind(name: str) -> DocumentKind:
    try:
        return document_kind(name)
    except KeyError as error:
        raise Invalid(
            "kind_unknown", f"没有“{name}”这一文种，请返回公文页面重新选择。", "kind"
        ) from error


def _require_register(actor: User, register: Register, kind: DocumentKind) -> None:
    refusal = register_refusal(actor.office_id, register, kind)
    if refusal:
        raise refusal


def _require_first(actor: User, kind: str, subject: str) -> None:
    under_way = find_open(actor.office_id, kind, subject)
    if under_way:
        raise Stale(
            "draft_under_way",
            f"同一事项已有文稿“{under_way}”在办（{under_way.get_state_display()}），"
            "请继续办理该文稿，或将其作废后再起草。",
        )


def _compose(actor: User, kind: DocumentKind, subject: str, register: Register) -> Composed:
    proposed = propose(actor, kind, subject)
    if proposed:
        return proposed
    fields = {"office": register.issuer, "year": str(clock.today().year)}
    return Composed("", "", fill_template(kind.template, fields), {}, (), ())


def _copied(former: Draft) -> Composed:
    return Composed(
        former.title,
        former.addressees,
        former.text,
        former.tables,
        tuple(former.attachments),
        sources_of(former),
        tuple(former.recipients.all()),
    )


def _begin(actor: User, draft: Draft, composed: Composed) -> Draft:
    now = clock.now()
    draft.office, draft.drafted_by = actor.office, actor
    draft.state, draft.state_since, draft.drafted_at = DraftState.DRAFT, now, now
    _fill(draft, composed)
    draft.save()
    draft.recipients.set(composed.recipients)
    _note(actor, "start_draft", draft)
    return draft


def _fill(draft: Draft, composed: Composed) -> None:
    draft.title, draft.addressees = composed.title, composed.addressees
    draft.text, draft.tables = composed.text, dict(composed.tables)
    draft.attachments = [dict(each) for each in composed.attachments]
    draft.bound = [
        {"kind": each.kind, "key": each.key, "label": each.label, "sha256": each.sha256}
        for each in composed.sources
    ]


def _note(actor: User, act: str, draft: Draft) -> None:
    detail: dict[str, object] = {
        "kind": draft.kind,
        "title": str(draft),
        "register": draft.register.prefix,
        "bound": [row["sha256"] for row in draft.bound],
    }
    if draft.replaces:
        detail |= {"replaces": draft.replaces.number, "reason": draft.replace_reason}
    record(actor, Entry(act, "draft", str(draft.public_id), detail))
