"""The county's division of labour: who provides which line, until when; urging."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from county_portal.common.text import chinese_date
from indicators.actions.labour import DivisionResult, divide, divide_by_default, urge
from indicators.forms.labour import DefaultDivisionForm, DivisionForm
from indicators.selectors import get_submission, read_sheet, why_not_fillable
from indicators.selectors.labour import (
    count_departments,
    list_providers,
    read_division,
)
from indicators.views.shared import crumbs


@page(Permission.FILL, methods="GET POST", objects={"public_id": "submission"})
def division(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Every indicator with its department and day; what is left blank the bureau fills itself."""
    row = get_submission(request.user, public_id)
    if request.method != "POST":
        return _page(request, public_id)
    offices = list_providers(row)
    form = DivisionForm.read(read_division(row, read_sheet(row)), request.POST, offices)
    if form.errors:
        return _page(request, public_id, form=form)
    try:
        result = divide(actor=request.user, submission_id=public_id, wanted=form.wanted)
    except Invalid as refusal:
        return _page(request, public_id, form.refused(refusal.field, refusal.sentence), refusal)
    except Stale as refusal:
        return _page(request, public_id, form, refusal)
    messages.success(request, _words(result))
    return redirect("indicators:division", public_id)


@page(Permission.FILL, methods="POST", objects={"public_id": "submission"})
def division_default(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Give out what the indicator system names a department for."""
    get_submission(request.user, public_id)
    day = parse_date(request.POST.get("due_on", "")) if _is_day(request) else None
    if day is None:
        refusal = Invalid("due_date_required", "请填写部门截止日期，再按责任分工表默认分工。")
        return _page(request, public_id, refusal=refusal)
    try:
        result = divide_by_default(actor=request.user, submission_id=public_id, due_on=day)
    except (Invalid, Stale) as refusal:
        return _page(request, public_id, refusal=refusal)
    messages.success(request, _words(result))
    return redirect("indicators:division", public_id)


def _is_day(request: AuthenticatedRequest) -> bool:
    return DefaultDivisionForm(request.POST).is_valid()


@page(Permission.FILL, methods="POST", objects={"public_id": "submission"})
def division_urge(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Remind one department, or all that are late."""
    row = get_submission(request.user, public_id)
    chosen = request.POST.get("office", "")
    offices = {str(office.public_id): office.public_id for office in list_providers(row)}
    if chosen and chosen not in offices:
        refusal = Invalid("provider_unknown", "所选单位不是本县的数据提供部门，请刷新页面后重试。")
        return _page(request, public_id, refusal=refusal)
    try:
        told = urge(actor=request.user, submission_id=public_id, office_id=offices.get(chosen))
    except (Invalid, Stale) as refusal:
        return _page(request, public_id, refusal=refusal)
    messages.success(request, f"已催办：{'、'.join(told)}。催办通知已送达其待办。")
    return redirect("indicators:division", public_id)


def _words(result: DivisionResult) -> str:
    if not (result.given or result.taken):
        return "分工没有变化。"
    parts = [f"分出或调整{result.given}项"] if result.given else []
    parts += [f"收回{result.taken}项"] if result.taken else []
    return f"分工已保存：{'，'.join(parts)}。"


def _page(
    request: AuthenticatedRequest,
    public_id: UUID,
    form: DivisionForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    row = get_submission(request.user, public_id)
    lines = read_division(row, read_sheet(row))
    departments = count_departments(lines)
    closed = why_not_fillable(row)
    context = {
        "submission": row,
        "form": form or DivisionForm.of(lines),
        "offices": list_providers(row),
        "departments": departments,
        "is_any_late": any(each.late and each.may_be_urged for each in departments),
        "may_divide": closed is None,
        "closed": closed,
        "due_words": chinese_date(row.due_on),
        "due_on": row.due_on.isoformat(),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "分工"),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "indicators/division.html", context, status=status)
