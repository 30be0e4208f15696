"""Progress reports: the list, one report, what offices decide on it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Level, Permission
from county_portal.common.access import page
from county_portal.common.components import Chip
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.common.province import words
from county_portal.files.responses import serve
from reports.actions.moving import ReportMove, move_report
from reports.enums import GIVING_BACK, ProgressAction, ProgressState
from reports.forms.progress import GiveBackForm, OpinionForm, ReportFilterForm
from reports.rules.progress import lacks_of
from reports.selectors.progress import (
    LATE,
    MISSING,
    available_actions,
    count_reports,
    get_report,
    get_report_file,
    list_reports,
    list_steps,
    list_years,
    may_edit,
    narrow_reports,
    turn_of,
)
from reports.selectors.progress_content import handed_in, past_figures, read_report
from reports.views.outputs import outputs_of
from reports.views.progress_wording import figures_of, history_of, steps_of

if TYPE_CHECKING:
    from county_portal.common.workflow import Transition
    from reports.models import ProgressReport

PAGE_SIZE = 30
# Who has the page of a year.
PROVINCE = (Permission.RUN_PILOTS, Permission.DECIDE_PILOTS)
HOME = "进展报告"


@page(Permission.VIEW_PILOTS)
def progress(request: AuthenticatedRequest) -> HttpResponse:
    """The county's own, the city's pilots', the province's all; the address carries the filters."""
    user = request.user
    years = list_years(user)
    form = ReportFilterForm(request.GET, years=years)
    wanted = form.wanted
    found = narrow_reports(list_reports(user), wanted)
    listed = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": listed,
        "rows": [(row, turn_of(row)) for row in listed],
        "form": form if user.level != Level.COUNTY else None,
        "chips": _chips(request, form),
        "is_narrowed": form.is_narrowed,
        "level": user.level,
        "years": years if any(map(user.holds, PROVINCE)) else [],
    }
    return render(request, "reports/progress/list.html", context)


def _chips(request: AuthenticatedRequest, form: ReportFilterForm) -> list[Chip]:
    wanted = form.wanted
    counts = count_reports(
        narrow_reports(
            list_reports(request.user),
            type(wanted)(wanted.year, "", wanted.text),
        )
    )
    choices = [("", "全部", ""), *((state.value, str(state.label), "") for state in ProgressState)]
    choices += [(MISSING, "逾期未报", "danger"), (LATE, "逾期", "warning")]
    return [
        Chip(
            label,
            form.address(standing=name),
            counts[name],
            wanted.standing == name,
            tone,
        )
        for name, label, tone in choices
    ]


@dataclass(frozen=True, slots=True)
class Decision:
    """A step the reader may take now: its form stands on the page and posts to `url`."""

    label: str
    url: str
    form: forms.Form
    goes_back: bool
    consequence: str


_CONSEQUENCES = {
    ProgressAction.SUBMIT: "报送后由审核单位受理，受理前可以撤回；受理后不能再改，除非退回。",
    ProgressAction.RECALL: "撤回后回到编制中，可以修改后重新报送。",
    ProgressAction.ACCEPT: "受理后县级不能再撤回。",
    ProgressAction.APPROVE: f"审核通过后转{words().province_office}接收。",
    ProgressAction.RETURN: "退回后由县级修改，按改正期限重新报送。",
    ProgressAction.RECEIVE: "接收后各项指标实际值记入试点台账；年度总体情况公布前不对外公开。",
    ProgressAction.SEND_BACK: "退回后由县级修改，重新报送后仍须市级审核。",
}


def _decision(
    report: "ProgressReport", row: "Transition", bound: forms.Form | None = None
) -> Decision:
    action = ProgressAction(row.action)
    kind = GiveBackForm if action in GIVING_BACK else OpinionForm
    fresh = kind(initial={"revision": report.revision}, auto_id=f"{action}_%s")
    if action == ProgressAction.RECALL:
        del fresh.fields["comment"]
    url = reverse(f"reports:progress_{action}", args=[report.public_id])
    form = bound or fresh
    return Decision(row.label, url, form, action in GIVING_BACK, _CONSEQUENCES[action])


@page(Permission.VIEW_PILOTS, objects={"public_id": "progress_report"})
def report(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Everything a report says, where it stands, and what the reader may do."""
    return _page(request, get_report(request.user, public_id))


def _page(
    request: AuthenticatedRequest,
    row: "ProgressReport",
    refusal: Refused | None = None,
    failed: tuple[ProgressAction, forms.Form] | None = None,
) -> HttpResponse:
    user = request.user
    decisions = [
        _decision(row, each, failed[1] if failed and failed[0] == each.action else None)
        for each in available_actions(user, row)
    ]
    context: dict[str, Any] = {
        "report": row,
        "turn": turn_of(row),
        **_content(row, is_county=user.level == Level.COUNTY),
        "steps": steps_of(row),
        "history": history_of(list_steps(row)),
        "decisions": decisions,
        "may_edit": may_edit(user, row),
        **outputs_of(row),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "form_in_error": failed[1] if failed else None,
        "breadcrumbs": [(HOME, reverse("reports:progress")), (str(row), None)],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    status_code = refusal.status if refusal else status
    return render(request, "reports/progress/report.html", context, status=status_code)


def _content(row: "ProgressReport", *, is_county: bool) -> dict[str, Any]:
    """What it says: to others what was handed in, to the county its work."""
    content = read_report(row) if is_county else handed_in(row)
    return {
        "content": content,
        "figures": figures_of(content, past_figures(row)) if content else None,
        "lacks": list(lacks_of(content)) if content and is_county else [],
        "files": row.files.select_related("file", "target") if content else [],
    }


def _move(
    request: AuthenticatedRequest, public_id: UUID, action: ProgressAction, sentence: str
) -> HttpResponse:
    """Take the step, or show the page again with what stands against it."""
    row = get_report(request.user, public_id)
    kind = GiveBackForm if action in GIVING_BACK else OpinionForm
    form = kind(request.POST, auto_id=f"{action}_%s")
    if not form.is_valid():
        return _page(request, row, failed=(action, form))
    data = form.cleaned_data
    move = ReportMove(action, data["revision"], data.get("comment", ""), data.get("due_on"))
    try:
        move_report(actor=request.user, report_id=public_id, move=move)
    except Invalid as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, refusal.sentence)
            return _page(request, row, failed=(action, form))
        return _page(request, row, refusal)
    except Stale as refusal:
        return _page(request, get_report(request.user, public_id), refusal)
    messages.success(request, sentence)
    return redirect("reports:progress_report", public_id)


@page(Permission.HAND_IN, methods="POST", objects={"public_id": "progress_report"})
def submit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Hand it in; late is marked, never refused."""
    return _move(request, public_id, ProgressAction.SUBMIT, "已报送，等待审核单位受理。")


@page(Permission.HAND_IN, methods="POST", objects={"public_id": "progress_report"})
def recall(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Take it back before it was accepted."""
    return _move(request, public_id, ProgressAction.RECALL, "已撤回，可以继续修改。")


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "progress_report"})
def accept(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin the review."""
    return _move(request, public_id, ProgressAction.ACCEPT, "已受理，请核对后审核通过或退回。")


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "progress_report"})
def approve(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Pass it on to the province."""
    return _move(
        request, public_id, ProgressAction.APPROVE, f"审核通过，已转{words().province_office}接收。"
    )


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "progress_report"})
def give_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Return it to the county."""
    return _move(request, public_id, ProgressAction.RETURN, "已退回县级修改。")


@page(Permission.RUN_PILOTS, methods="POST", objects={"public_id": "progress_report"})
def receive(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Receive it, with a comment or without."""
    return _move(request, public_id, ProgressAction.RECEIVE, "已接收，实际值已记入试点台账。")


@page(Permission.RUN_PILOTS, methods="POST", objects={"public_id": "progress_report"})
def send_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Send it back to the county."""
    return _move(request, public_id, ProgressAction.SEND_BACK, "已退回县级修改。")


@page(Permission.VIEW_PILOTS, objects={"public_id": "progress_file"})
def file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponseBase:
    """A piece of evidence."""
    return serve(get_report_file(request.user, public_id).file)
