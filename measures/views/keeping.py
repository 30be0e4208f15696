"""Ledgers made from a pasted text, with a look at what was read; their own facts; units expanded anew."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.errors import Invalid
from county_portal.documents.workbook import XLSX
from measures.actions.keeping import amend_ledger, create_ledger, renew_duties
from measures.forms.acts import LedgerForm, NewLedgerForm, blame
from measures.rules.reading import ReadLedger, Unreadable, read_measures
from measures.selectors.ledgers import get_kept_ledger
from measures.selectors.register import preview_units
from measures.views.ledgers import crumbs, ledger_crumb
from measures.workbook import template_workbook


@page(Permission.KEEP_MEASURES, methods="GET POST")
def new(request: AuthenticatedRequest) -> HttpResponse:
    """Paste a text, look at what was read, make the ledger."""
    initial = {"starts_on": clock.today()}
    is_sent = request.method == "POST"
    form = NewLedgerForm(request.POST, request.FILES) if is_sent else NewLedgerForm(initial=initial)
    reading: ReadLedger | None = None
    if is_sent and form.is_valid():
        try:
            reading = read_measures(form.cleaned_data["text"])
            if "make" in request.POST and not request.FILES:
                ledger = create_ledger(actor=request.user, data=form.ledger, reading=reading)
                messages.success(request, f"台账已建立，共{len(reading.measures)}条措施。")
                return redirect("measures:ledger", ledger.public_id)
        except Unreadable as refusal:
            for fault in refusal.faults:
                form.add_error("text", fault.words)
        except Invalid as refusal:
            blame(form, refusal)
    context = {
        "form": form,
        "reading": reading,
        "units": preview_units(request.user.office, reading) if reading else {},
        "breadcrumbs": crumbs(("新建台账", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "measures/new.html", context, status=status)


@page(Permission.KEEP_MEASURES)
def template(request: AuthenticatedRequest) -> HttpResponse:
    """The table to be filled in."""
    headers = {"Content-Disposition": 'attachment; filename="measures-template.xlsx"'}
    return HttpResponse(template_workbook(), content_type=XLSX, headers=headers)


@page(Permission.KEEP_MEASURES, methods="GET POST", objects={"public_id": "kept_ledger"})
def edit(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Its name, dates, day of the month and reminders."""
    row = get_kept_ledger(request.user, public_id)
    form = LedgerForm(
        request.POST if request.method == "POST" else None, initial=LedgerForm.initial_of(row)
    )
    if request.method == "POST" and form.is_valid():
        try:
            amend_ledger(actor=request.user, ledger_id=public_id, data=form.ledger)
        except Invalid as refusal:
            blame(form, refusal)
        else:
            messages.success(request, "台账信息已保存。")
            return redirect("measures:ledger", public_id)
    context = {
        "ledger": row,
        "form": form,
        "breadcrumbs": crumbs(ledger_crumb(row), ("修改台账信息", None)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "measures/ledger_edit.html", context, status=status)


@page(Permission.KEEP_MEASURES, methods="GET POST", objects={"public_id": "kept_ledger"})
def renew(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Expand words such as 各市政府 anew from the register of today."""
    row = get_kept_ledger(request.user, public_id)
    if request.method == "POST":
        begun, ended = renew_duties(actor=request.user, ledger_id=public_id)
        words = (
            f"增加{begun}项分工，结束{ended}项。"
            if begun or ended
            else "与现行区划一致，没有变化。"
        )
        messages.success(request, f"责任单位已按现行区划和单位名录更新：{words}")
        return redirect("measures:ledger", public_id)
    context = {
        "ledger": row,
        "consequences": [
            "“各市政府”“各县（市、区）”等统称按现行区划重新展开，区划撤销的单位不再填报，已填报的保留。",
            "原来没有对应账号的单位，名录中已有的予以对应。",
        ],
        "cancel_url": reverse("measures:ledger", args=[public_id]),
        "breadcrumbs": crumbs(ledger_crumb(row), ("更新责任单位", None)),
    }
    return render(request, "measures/renew.html", context)
