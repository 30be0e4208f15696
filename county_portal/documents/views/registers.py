"""发文登记簿: what each register numbered, the same as a workbook, and the registers themselves."""

from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from county_portal.documents.actions.registers import change_register, open_register
from county_portal.documents.enums import PaperStatus
from county_portal.documents.forms import PaperFilterForm, RegisterForm, show
from county_portal.documents.selectors.register_book import register_rows, render_register
from county_portal.documents.selectors.registers import (
    get_register,
    is_used,
    list_registered,
    list_registers,
    list_years,
)
from county_portal.documents.views.shared import Crumbs, crumbs, status_of
from county_portal.documents.views.wording import PAPER_TONES, tabs
from county_portal.documents.workbook import XLSX

if TYPE_CHECKING:
    from county_portal.documents.models import Register

PAGE_SIZE = 100
_STAFF = (Permission.DRAFT_DOCUMENT, Permission.CHECK_DOCUMENT, Permission.SIGN_DOCUMENT)


@page(*_STAFF)
def registers(request: AuthenticatedRequest) -> HttpResponse:
    """The registers of the office."""
    context = {
        "tabs": tabs("registers"),
        "registers": list(list_registers(request.user)),
        "may_keep": request.user.holds(Permission.SIGN_DOCUMENT),
        "breadcrumbs": crumbs(("发文登记簿", None)),
    }
    return render(request, "documents/registers.html", context)


@page(*_STAFF, objects={"public_id": "register"})
def detail(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What a register numbered, by year, standing and words."""
    register = get_register(request.user, public_id)
    form = PaperFilterForm(request.GET or None, years=list_years(register))
    rows = Paginator(list_registered(register, form.wanted), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "register": register,
        "form": form,
        "is_filtered": form.wanted.is_narrow,
        "page": rows,
        "rows": [(row, PAPER_TONES[PaperStatus(row.paper.status)]) for row in register_rows(rows)],
        "query": query.urlencode(),
        "may_keep": request.user.holds(Permission.SIGN_DOCUMENT),
        "breadcrumbs": _crumbs((register.prefix, None)),
    }
    return render(request, "documents/register.html", context)


def _crumbs(*rest: tuple[str, str | None]) -> Crumbs:
    return crumbs(("发文登记簿", reverse("documents:registers")), *rest)


@page(*_STAFF, objects={"public_id": "register"})
def export(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The register as filtered, as a workbook."""
    register = get_register(request.user, public_id)
    form = PaperFilterForm(request.GET or None, years=list_years(register))
    rows = register_rows(list_registered(register, form.wanted))
    response = HttpResponse(render_register(register, form.wanted, rows), content_type=XLSX)
    name = quote(f"{register.prefix}发文登记簿{clock.today():%Y%m%d}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "private, no-store"
    return response


@page(Permission.SIGN_DOCUMENT, methods="GET POST")
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Open a register."""
    form = RegisterForm(request.POST or None, initial={"issuer": request.user.office.name})
    if request.method == "POST" and form.is_valid():
        try:
            register = open_register(actor=request.user, wanted=form.wanted)
        except Invalid as refusal:
            show(form, refusal)
        else:
            messages.success(request, f"登记簿“{register.prefix}”已建立。")
            return redirect("documents:register", register.public_id)
    return _form_page(request, form, None)


@page(Permission.SIGN_DOCUMENT, methods="GET POST", objects={"public_id": "register"})
def edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Change a register; a used one is only switched on and off."""
    register = get_register(request.user, public_id)
    form = RegisterForm(request.POST or None, register=register, is_used=is_used(register))
    if request.method == "POST" and form.is_valid():
        try:
            change_register(actor=request.user, register_id=public_id, wanted=form.wanted)
        except Invalid as refusal:
            show(form, refusal)
        else:
            messages.success(request, f"登记簿“{register.prefix}”已保存。")
            return redirect("documents:register", public_id)
    return _form_page(request, form, register)


def _form_page(
    request: AuthenticatedRequest, form: RegisterForm, register: "Register | None"
) -> HttpResponse:
    back = reverse("documents:registers")
    label = "新建登记簿"
    rest: list[tuple[str, str | None]] = [(label, None)]
    if register:
        label, back = "修改登记簿", reverse("documents:register", args=[register.public_id])
        rest = [(register.prefix, back), ("修改", None)]
    context = {
        "form": form,
        "register": register,
        "label": label,
        "back_url": back,
        "breadcrumbs": _crumbs(*rest),
    }
    return render(request, "documents/register_form.html", context, status=status_of(form))
