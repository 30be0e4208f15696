"""An office's documents: the list of drafts and issued ones, one issued document, what becomes of it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.components import Chip
from county_portal.common.errors import Invalid, Refused
from county_portal.documents.actions.beginning import start_anew, start_correction
from county_portal.documents.actions.issuing import files_subject
from county_portal.documents.actions.standing import void_paper
from county_portal.documents.codes import shown_code
from county_portal.documents.enums import PAPER_FILES_JOB, DraftState, PaperFileKind, PaperStatus
from county_portal.documents.forms import PaperFilterForm, ReasonForm, show
from county_portal.documents.selectors.drafts import (
    OPEN,
    count_states,
    find_correction,
    find_open,
    is_staff,
    kind_label,
    list_handovers,
    list_open_drafts,
    list_steps,
    turns_of,
)
from county_portal.documents.selectors.issued import (
    bases_of,
    count_standings,
    draft_of,
    files_of,
    filter_issued,
    get_file,
    get_issued,
    later_of,
    list_issued,
    origin_of,
    predecessor_of,
    void_refusal,
)
from county_portal.documents.selectors.previews import sealed_document
from county_portal.documents.selectors.received import list_deliveries
from county_portal.documents.views.shared import ask, crumbs
from county_portal.documents.views.wording import (
    DRAFT_TONES,
    PAPER_TONES,
    draft_history,
    tabs,
)
from county_portal.files.responses import serve
from county_portal.jobs.following import REFRESH_SECONDS, JobView, job_view
from county_portal.jobs.selectors import latest_job, may_start

if TYPE_CHECKING:
    from county_portal.documents.models import Draft, Paper

PAGE_SIZE = 50


@page(Permission.VIEW_DOCUMENTS)
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Drafts under way, or issued documents by standing; a county is led to what it received."""
    user = request.user
    if not is_staff(user):
        return redirect("documents:received")
    shown = request.GET.get("show", "")
    form = PaperFilterForm(request.GET or None)
    is_issued = shown == "issued" or shown in PaperStatus.values
    context: dict[str, Any] = {
        "tabs": tabs("home"),
        "chips": _chips(request, shown),
        "is_issued": is_issued,
        "shown": shown,
        "text": form.wanted.text,
        "breadcrumbs": [("公文", None)],
    }
    if is_issued:
        status = shown if shown in PaperStatus.values else ""
        rows = Paginator(
            filter_issued(list_issued(user), form.wanted.narrowed(status)), PAGE_SIZE
        ).get_page(request.GET.get("page"))
        papers = [(row, kind_label(row.kind), PAPER_TONES[PaperStatus(row.status)]) for row in rows]
        return render(request, "documents/home.html", {**context, "page": rows, "papers": papers})
    state = shown if shown in DraftState.values else ""
    rows_ = Paginator(list_open_drafts(user, state), PAGE_SIZE).get_page(request.GET.get("page"))
    turns = turns_of(user)
    drafts = [
        (row, kind_label(row.kind), DRAFT_TONES[DraftState(row.state)], turns.words(row))
        for row in rows_
    ]
    return render(request, "documents/home.html", {**context, "page": rows_, "drafts": drafts})


def _chips(request: AuthenticatedRequest, shown: str) -> list[Chip]:
    states, standings = count_states(request.user), count_standings(request.user)
    home_url = reverse("documents:home")
    waiting, total = sum(states.get(state, 0) for state in OPEN), sum(standings.values())
    chips = [
        Chip("在办文稿", home_url, waiting, current=not shown),
        *(_chip(state.label, str(state), states, shown) for state in OPEN),
        Chip("已签发公文", f"{home_url}?show=issued", total, current=shown == "issued"),
        *(_chip(status.label, str(status), standings, shown) for status in PaperStatus),
        _chip("作废文稿", str(DraftState.DISCARDED), states, shown),
    ]
    return [chip for chip in chips if chip.count or chip.current or "=" not in chip.url]


def _chip(label: str, value: str, counts: dict[str, int], shown: str) -> Chip:
    url = f"{reverse('documents:home')}?show={value}"
    return Chip(label, url, counts.get(value, 0), current=shown == value)


@page(
    Permission.DRAFT_DOCUMENT,
    Permission.CHECK_DOCUMENT,
    Permission.SIGN_DOCUMENT,
    objects={"public_id": "paper"},
)
def detail(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One issued document: what it says, whether it holds, its files, its data, who opened it."""
    paper = get_issued(request.user, public_id)
    draft = draft_of(paper)
    job = _job(paper)
    deliveries = list_deliveries(paper)
    context = {
        "paper": paper,
        "draft": draft,
        "kind_label": kind_label(paper.kind),
        "tone": PAPER_TONES[PaperStatus(paper.status)],
        "document": sealed_document(paper),
        "code": shown_code(paper.code),
        "files": _files(paper),
        "job": job,
        "may_retry": _may_retry(request, paper),
        "bases": bases_of(paper),
        "deliveries": deliveries,
        "opened": sum(1 for row in deliveries if row.opened_at),
        "history": draft_history(draft, list_steps(draft), list_handovers(draft)) if draft else [],
        "predecessor": predecessor_of(paper),
        "later": later_of(paper),
        "origin": origin_of(paper),
        "acts": _acts(request, paper, draft),
        "correction": find_correction(paper),
        "refresh_seconds": REFRESH_SECONDS if job and job.running else None,
        "breadcrumbs": crumbs((paper.number, None)),
    }
    return render(request, "documents/paper.html", context)


def _files(paper: "Paper") -> list[tuple[str, Any, str]]:
    made = files_of(paper)
    return [
        (kind.label, made.get(kind), reverse(f"documents:paper_{kind}", args=[paper.public_id]))
        for kind in PaperFileKind
    ]


def _acts(
    request: AuthenticatedRequest, paper: "Paper", draft: "Draft | None"
) -> list[tuple[str, str]]:
    """Label and URL name of what may become of the document by this person's hand."""
    drafts, signs = (
        request.user.holds(Permission.DRAFT_DOCUMENT),
        request.user.holds(Permission.SIGN_DOCUMENT),
    )
    if draft is None:
        return []
    if paper.is_valid:
        acts = [("更正", "documents:paper_correct")] if drafts else []
        return [*acts, *([("撤销", "documents:paper_void")] if signs else [])]
    is_anew = paper.status == PaperStatus.LAPSED and draft.subject and drafts
    under_way = is_anew and find_open(paper.office_id, draft.kind, draft.subject)
    if is_anew and not under_way and later_of(paper) is None:
        return [("重新办理", "documents:paper_anew")]
    return []


def _job(paper: "Paper") -> JobView | None:
    args = [paper.public_id]
    return job_view(
        latest_job(PAPER_FILES_JOB, files_subject(paper)),
        reverse("documents:paper_progress", args=args),
        reverse("documents:paper", args=args),
    )


def _may_retry(request: AuthenticatedRequest, paper: "Paper") -> bool:
    job = latest_job(PAPER_FILES_JOB, files_subject(paper))
    return job is not None and bool(job.error) and may_start(request.user, job)


@page(
    Permission.DRAFT_DOCUMENT,
    Permission.CHECK_DOCUMENT,
    Permission.SIGN_DOCUMENT,
    objects={"public_id": "paper"},
)
def progress(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The progress alone; asks for the whole page when the files are made."""
    job = _job(get_issued(request.user, public_id))
    response = render(request, "documents/_progress.html", {"job": job})
    if job is None or not job.running:
        response["HX-Refresh"] = "true"
    return response


@page(Permission.VIEW_DOCUMENTS, objects={"public_id": "paper"})
def pdf(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The PDF, for the office and for those it was sent to."""
    return _file(request, public_id, PaperFileKind.PDF)


@page(Permission.VIEW_DOCUMENTS, objects={"public_id": "paper"})
def docx(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """The Word file."""
    return _file(request, public_id, PaperFileKind.DOCX)


def _file(request: AuthenticatedRequest, public_id: UUID, kind: PaperFileKind) -> HttpResponseBase:
    made = get_file(request.user, public_id, kind)
    if made is None:
        raise Refused(
            "paper_file_not_made",
            f"本公文的{kind.label}文件正在生成，请稍后刷新页面再下载；公文内容可在网页上查阅。",
        )
    return serve(made.file)


@page(Permission.SIGN_DOCUMENT, methods="GET POST", objects={"public_id": "paper"})
def void(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Declare the document void, with the reason."""
    paper = get_issued(request.user, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        void_paper(actor=request.user, paper_id=public_id, reason=form.cleaned_data["reason"])
        messages.success(request, f"{paper.number}已撤销。")
        return redirect("documents:paper", public_id)
    _require_valid(paper, "撤销")
    if refusal := void_refusal(paper):
        raise refusal
    return ask(
        request,
        label="撤销",
        about=(paper.number, reverse("documents:paper", args=[public_id])),
        title=f"撤销{paper.number}“{paper.title}”？",
        consequences=_void_consequences(len(list_deliveries(paper))),
        form=form,
        final=True,
        tone="danger",
    )


def _void_consequences(offices: int) -> list[str]:
    sentences = ["公文标明“已撤销”，核验时对外显示原因；编号不收回、不重用。"]
    if offices:
        sentences.append(f"收文的{offices}个单位将收到撤销通知。")
    return sentences


@page(Permission.DRAFT_DOCUMENT, methods="GET POST", objects={"public_id": "paper"})
def correct(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin the document that corrects this one."""
    paper = get_issued(request.user, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            draft = start_correction(actor=request.user, paper_id=public_id, reason=reason)
        except Invalid as refusal:
            show(form, refusal)
        else:
            messages.success(request, "更正文稿已建立，内容取自原公文，请修改后送核稿。")
            return redirect("documents:edit", draft.public_id)
    _require_valid(paper, "更正")
    return ask(
        request,
        label="更正",
        about=(paper.number, reverse("documents:paper", args=[public_id])),
        title=f"更正{paper.number}“{paper.title}”？",
        consequences=[
            "以原公文内容建立更正文稿，经核稿、签发后另行编号。",
            "更正文稿签发时，原公文标明“已更正”并写明原因；在此之前原公文仍然有效。",
        ],
        form=form,
    )


@page(Permission.DRAFT_DOCUMENT, methods="GET POST", objects={"public_id": "paper"})
def anew(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin the document that takes a lapsed one's place."""
    paper = get_issued(request.user, public_id)
    if request.method == "POST":
        draft = start_anew(actor=request.user, paper_id=public_id)
        messages.success(request, "文稿已按最新数据建立，请核对后送核稿。")
        return redirect("documents:draft", draft.public_id)
    return ask(
        request,
        label="重新办理",
        about=(paper.number, reverse("documents:paper", args=[public_id])),
        title=f"按最新数据重新办理“{paper.title}”？",
        consequences=[
            "按原公文的文种和事项，用现在的数据建立新文稿；签发后另行编号，原公文仍为已失效。"
        ],
    )


def _require_valid(paper: "Paper", act: str) -> None:
    if not paper.is_valid:
        raise Refused(
            "paper_not_valid",
            f"“{paper.number}”{paper.get_status_display()}，不能{act}。请返回查看其现状。",
        )
