"""What county and city say to each other over the sections: guidance, and answers to a return."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from applications.actions.answering import answer_request
from applications.actions.guidance import settle_guidance, write_guidance
from applications.forms.city import AnswerForm, GuidanceForm
from applications.selectors.applications import get_application
from applications.selectors.guidance import SETTLING, get_guidance
from applications.selectors.requests import get_request
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid


@page(Permission.RECOMMEND, methods="POST", objects={"public_id": "application"})
def guidance(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Remark on a section while the county writes it."""
    row = get_application(request.user, public_id)
    form = GuidanceForm(request.POST)
    text, section = _typed(form, "text"), form.cleaned_data["section"]
    write_guidance(actor=request.user, application_id=public_id, section=section, text=text)
    messages.success(request, f"指导意见已保存，已通知{row.office.short_name}。")
    return _back(request, row.public_id)


@page(*SETTLING, methods="POST", objects={"public_id": "guidance"})
def guidance_settle(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Call a remark settled."""
    remark = get_guidance(request.user, public_id)
    settle_guidance(actor=request.user, guidance_id=public_id)
    messages.success(request, "指导意见已办结。")
    return _back(request, remark.application.public_id)


@page(Permission.APPLY, methods="POST", objects={"public_id": "request"})
def request_answer(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Answer one thing the return asks."""
    asked = get_request(request.user, public_id)
    answer = _typed(AnswerForm(request.POST), "answer")
    answer_request(actor=request.user, request_id=public_id, answer=answer)
    messages.success(request, "答复已保存。")
    return _back(request, asked.step.application.public_id)


def _typed(form: forms.Form, name: str) -> str:
    """What stands in a box of one field. Raises Invalid in the field's own words: the page has no form to show."""
    if not form.is_valid():
        raise Invalid(f"{name}_invalid", "".join(map(str, form.errors[name])), name)
    return str(form.cleaned_data[name])


def _back(request: HttpRequest, application_id: UUID) -> HttpResponse:
    target = request.POST.get("next", "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target) if is_ours else redirect("applications:application", application_id)
