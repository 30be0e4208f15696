"""A draft's pages: begun, worded, looked at, and moved one step on."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.documents.actions.beginning import recompose_draft, start_draft
from county_portal.documents.actions.drafts import Move, move_draft, save_draft
from county_portal.documents.enums import DraftAction
from county_portal.documents.forms import CommentForm, DraftForm, GiveBackForm, StartForm, show
from county_portal.documents.kinds import document_kinds
from county_portal.documents.selectors.composing import propose, read_tables, title_lines
from county_portal.documents.selectors.drafts import (
    OPEN,
    content_refusal,
    get_draft,
    kind_label,
    list_handovers,
    list_steps,
    may_edit,
    moves_of,
    person_refusal,
    read_bases,
    sources_of,
    turns_of,
    warnings_of,
)
from county_portal.documents.selectors.previews import (
    facsimile_of,
    preview_pdf,
    sealed_document,
    worded_as,
)
from county_portal.documents.selectors.recipients import reach_of
from county_portal.documents.selectors.registers import find_kind, list_usable
from county_portal.documents.views.shared import ask, crumbs, status_of
from county_portal.documents.views.wording import (
    DRAFT_TONES,
    draft_buttons,
    draft_history,
    draft_steps,
)
from county_portal.documents.workflow import DRAFT_WORKFLOW

if TYPE_CHECKING:
    from county_portal.documents.models import Draft

# Stands in for words not typed yet when only the state is asked about.
_ANY_WORDS = "—"


@page(Permission.DRAFT_DOCUMENT)
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Which kind of document to draft; those composed from data begin on the data's own pages."""
    kinds = [
        (kind, list(list_usable(request.user, kind)))
        for kind in document_kinds()
        if kind.compose is None
    ]
    context = {"kinds": kinds, "breadcrumbs": crumbs(("起草公文", None))}
    return render(request, "documents/new.html", context)


@page(Permission.DRAFT_DOCUMENT, methods="GET POST", objects={"kind": "document_kind"})
def start(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """Begin a draft of a kind; `?subject=` names the data of a composing kind."""
    spec = find_kind(kind)
    subject = request.GET.get("subject", "")
    registers = list(list_usable(request.user, spec))
    form = StartForm(request.POST or None, registers=registers)
    if request.method == "POST" and form.is_valid():
        try:
            draft = start_draft(
                actor=request.user, kind=kind, register=form.chosen, subject=subject
            )
        except Invalid as refusal:
            show(form, refusal)
        else:
            messages.success(request, "文稿已建立，请修改完善后送核稿。")
            return redirect("documents:edit", draft.public_id)
    context = {
        "kind": spec,
        "form": form,
        "registers": registers,
        "proposed": propose(request.user, spec, subject),
        "breadcrumbs": crumbs(("起草公文", reverse("documents:new")), (spec.label, None)),
    }
    return render(request, "documents/start.html", context, status=status_of(form))


@page(
    Permission.DRAFT_DOCUMENT,
    Permission.CHECK_DOCUMENT,
    Permission.SIGN_DOCUMENT,
    objects={"public_id": "draft"},
)
def detail(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The draft as it will look, what it rests on, how far it is, and the steps one may take."""
    draft = get_draft(request.user, public_id)
    steps = list_steps(draft)
    is_editable = may_edit(request.user, draft)
    document, refusal = facsimile_of(draft)
    if draft.paper:
        document = sealed_document(draft.paper)
    context = {
        "draft": draft,
        "kind_label": kind_label(draft.kind),
        "tone": DRAFT_TONES[draft.state],  # type: ignore[index]  # a text choice compares as its text
        "document": document,
        "refusal": refusal or (content_refusal(draft) if is_editable else None),
        "warnings": warnings_of(draft) if draft.state in OPEN else [],
        "bases": read_bases(sources_of(draft)),
        "may_recompose": is_editable and bool(draft.subject),
        "turn": turns_of(request.user).words(draft),
        "recipients": list(draft.recipients.all()),
        "steps": draft_steps(draft, steps[0] if steps else None),
        "history": draft_history(draft, steps, list_handovers(draft)),
        "buttons": draft_buttons(draft, moves_of(request.user, draft), may_edit=is_editable),
        "breadcrumbs": crumbs((_name(draft), None)),
    }
    return render(request, "documents/draft.html", context)


def _name(draft: "Draft") -> str:
    return str(draft) or f"（未拟标题的{kind_label(draft.kind)}）"


def _about(draft: "Draft") -> tuple[str, str]:
    return _name(draft), reverse("documents:draft", args=[draft.public_id])


@page(Permission.DRAFT_DOCUMENT, methods="GET POST", objects={"public_id": "draft"})
def edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Word the draft: save, or look at it without saving."""
    draft = get_draft(request.user, public_id)
    form = DraftForm(
        request.POST or None, user=request.user, draft=draft, reach=reach_of(request.user)
    )
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, draft, form)
    if request.POST.get("act") == "preview":
        return _edit_page(request, draft, form, is_preview=True)
    revision = form.cleaned_data["revision"]
    try:
        save_draft(actor=request.user, draft_id=public_id, revision=revision, wording=form.wording)
    except Stale as refusal:
        draft = get_draft(request.user, public_id)
        # What was typed stays; saving again, after a look at what is kept now, is a choice.
        data = request.POST.copy()
        data["revision"] = str(draft.revision)
        form.data = data
        return _edit_page(request, draft, form, refusal=refusal)
    messages.success(request, "文稿已保存。")
    if request.POST.get("act") == "stay":
        return redirect("documents:edit", public_id)
    return redirect("documents:draft", public_id)


def _edit_page(
    request: AuthenticatedRequest,
    draft: "Draft",
    form: DraftForm,
    *,
    is_preview: bool = False,
    refusal: Refused | None = None,
) -> HttpResponse:
    shown = worded_as(draft, form.wording) if is_preview else draft
    document, fault = facsimile_of(shown) if is_preview else (None, None)
    context: dict[str, Any] = {
        "draft": draft,
        "kind_label": kind_label(draft.kind),
        "may_edit": may_edit(request.user, draft),
        "form": form,
        "document": document,
        "fault": fault,
        "title_lines": title_lines(shown.title, draft.register.issuer),
        "warnings": warnings_of(shown) if is_preview else [],
        "is_preview": is_preview,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "tables": list(read_tables(draft.tables).items()),
        "breadcrumbs": crumbs(_about(draft), ("修改", None)),
    }
    status = refusal.status if refusal else status_of(form)
    return render(request, "documents/edit.html", context, status=status)


@page(
    Permission.DRAFT_DOCUMENT,
    Permission.CHECK_DOCUMENT,
    Permission.SIGN_DOCUMENT,
    objects={"public_id": "draft"},
)
def preview(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The draft set as PDF: without number, code and seal, and saying so."""
    draft = get_draft(request.user, public_id)
    response = HttpResponse(preview_pdf(draft), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="draft.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@page(Permission.DRAFT_DOCUMENT, methods="GET POST", objects={"public_id": "draft"})
def recompose(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Word the draft again from its data as they are now."""
    draft = get_draft(request.user, public_id)
    form = CommentForm(request.POST or None, initial={"revision": draft.revision})
    del form.fields["comment"]
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        recompose_draft(
            actor=request.user,
            draft_id=public_id,
            revision=draft.revision if revision is None else revision,
        )
        messages.success(request, "文稿已按最新数据重新生成，请核对后送核稿。")
        return redirect("documents:draft", public_id)
    return ask(
        request,
        label="按最新数据重新生成",
        about=_about(draft),
        title="按最新数据重新生成本文稿？",
        consequences=["标题、正文、表格、附件和发送单位按最新数据重新生成，您在其中的改动不保留。"],
        form=form,
    )


@page(Permission.DRAFT_DOCUMENT, methods="GET POST", objects={"public_id": "draft"})
def send(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Hand the draft to whoever checks it."""
    return _move(request, public_id, DraftAction.SEND)


@page(Permission.CHECK_DOCUMENT, methods="GET POST", objects={"public_id": "draft"})
def check(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Pass the draft on to be signed."""
    return _move(request, public_id, DraftAction.CHECK)


@page(
    Permission.CHECK_DOCUMENT,
    Permission.SIGN_DOCUMENT,
    methods="GET POST",
    objects={"public_id": "draft"},
)
def give_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Return the draft to its drafter, with the reason."""
    return _move(request, public_id, DraftAction.GIVE_BACK)


@page(Permission.SIGN_DOCUMENT, methods="GET POST", objects={"public_id": "draft"})
def issue(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Sign: the number is given and the document goes out."""
    return _move(request, public_id, DraftAction.ISSUE)


@page(Permission.DRAFT_DOCUMENT, methods="GET POST", objects={"public_id": "draft"})
def discard(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give the draft up, with the reason."""
    return _move(request, public_id, DraftAction.DISCARD)


def _move(request: AuthenticatedRequest, public_id: UUID, action: DraftAction) -> HttpResponse:
    draft = get_draft(request.user, public_id)
    back = action in {DraftAction.GIVE_BACK, DraftAction.DISCARD}
    initial = {"revision": draft.revision}
    form = (GiveBackForm if back else CommentForm)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        move = Move(action, form.cleaned_data["revision"], form.cleaned_data["comment"])
        moved = move_draft(actor=request.user, draft_id=public_id, move=move)
        messages.success(request, _DONE[action].format(number=moved.paper and moved.paper.number))
        if moved.paper:
            return redirect("documents:paper", moved.paper.public_id)
        return redirect("documents:draft", public_id)
    row = DRAFT_WORKFLOW.find(action, draft.state, request.user.permissions, _ANY_WORDS)
    refusal = person_refusal(request.user, draft, action)
    if refusal:
        raise refusal
    return ask(
        request,
        label=row.label,
        about=_about(draft),
        title=f"{row.label}：{_name(draft)}",
        consequences=_consequences(draft, action),
        form=form,
        final=action in {DraftAction.ISSUE, DraftAction.DISCARD},
        tone="danger" if action == DraftAction.DISCARD else "",
    )


_DONE = {
    DraftAction.SEND: "文稿已送核稿。",
    DraftAction.CHECK: "核稿通过，已送签发。",
    DraftAction.GIVE_BACK: "文稿已退回拟稿人修改。",
    DraftAction.ISSUE: "已签发，编号为{number}，文件正在生成。",
    DraftAction.DISCARD: "文稿已作废，留存备查。",
}


def _consequences(draft: "Draft", action: DraftAction) -> list[str]:
    drafter = draft.drafted_by.display_name
    match action:
        case DraftAction.SEND:
            return ["送核稿后不能修改；核稿人可以退回。"]
        case DraftAction.CHECK:
            return ["文稿送签发人；签发时编号。"]
        case DraftAction.GIVE_BACK:
            return [f"文稿退回{drafter}修改，修改后重新送核稿。"]
        case DraftAction.DISCARD:
            return ["文稿作废并留存备查，不占用编号。"]
    return _issue_consequences(draft)


def _issue_consequences(draft: "Draft") -> list[str]:
    recipients = list(draft.recipients.all())
    sentences = [
        f"在登记簿“{draft.register.prefix}”中取下一个序号编号，同时生成核验码；编号给出后不收回、不重用。",
        "签发后内容不能修改或删除；有错的只能更正或撤销，并写明原因。",
        f"发送到{len(recipients)}个单位的收文。" if recipients else "不在平台内发送。",
    ]
    if draft.replaces:
        sentences.append(f"{draft.replaces.number}同时标明“已更正”：{draft.replace_reason}")
    return sentences
