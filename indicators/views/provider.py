"""A department's pages: the sheets it has a part in, its own lines, its signature."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.filling import save_cells
from indicators.actions.labour import sign_figures
from indicators.forms.labour import ProvidedForm
from indicators.selectors import why_not_fillable
from indicators.selectors.labour import get_provided, list_provided, read_provided

_EDITED = Stale(
    "edited_meanwhile",
    "标出的指标在您填写期间已被他人改动，您的填写没有覆盖它。请核对后再保存。",
)


@page(Permission.PROVIDE)
def provided_sheets(request: AuthenticatedRequest) -> HttpResponse:
    """The sheets the department has a part in."""
    context = {"sheets": list_provided(request.user)}
    return render(request, "indicators/provided_sheets.html", context)


@page(Permission.PROVIDE, methods="GET POST", objects={"public_id": "provided"})
def provide(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The department's own lines: filled and saved cell by cell, never over anybody's writing."""
    row = get_provided(request.user, public_id)
    if request.method != "POST":
        return _page(request, public_id)
    form = ProvidedForm.read(read_provided(request.user, row), request.POST)
    if form.faults:
        return _page(request, public_id, form)
    try:
        saved = save_cells(actor=request.user, submission_id=public_id, edits=form.edits)
    except Stale as refusal:
        return _page(request, public_id, form, refusal)
    if saved.conflicts:
        form = form.in_conflict(read_provided(request.user, row), saved.conflicts)
        return _page(request, public_id, form, _EDITED)
    count = len(saved.saved)
    messages.success(
        request,
        f"已保存{count}项。核对无误后请签字确认。" if count else "内容没有变化，无需保存。",
    )
    return redirect("indicators:provide", public_id)


@page(Permission.PROVIDE, methods="POST", objects={"public_id": "provided"})
def provide_sign(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Sign the ticked figures as they stood on the page."""
    get_provided(request.user, public_id)
    codes = request.POST.getlist("codes")
    seen = {code: request.POST.get(f"seen-{code}", "") for code in codes}
    try:
        count = sign_figures(actor=request.user, submission_id=public_id, seen=seen)
    except (Invalid, Stale) as refusal:
        return _page(request, public_id, refusal=refusal)
    messages.success(
        request, f"已签字确认{count}项。" if count else "所选指标此前已经签字，无需重复签字。"
    )
    return redirect("indicators:provide", public_id)


def _page(
    request: AuthenticatedRequest,
    public_id: UUID,
    form: ProvidedForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    row = get_provided(request.user, public_id)
    lines = read_provided(request.user, row)
    closed = why_not_fillable(row)
    context = {
        "submission": row,
        "form": form or ProvidedForm.of(lines),
        "lines": lines,
        "unsigned": [line for line in lines if not line.is_signed],
        "signed_count": sum(1 for line in lines if line.is_signed),
        "due_on": min(line.assignment.due_on for line in lines),
        "may_fill": closed is None,
        "closed": closed,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [
            ("分工填报", reverse("indicators:provided_sheets")),
            (row.collection.title, None),
        ],
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.faults else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "indicators/provide.html", context, status=status)
