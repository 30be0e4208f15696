"""Official texts: the list, one of them, worded anew, looked at beforehand, restored."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.administration.actions.texts import restore_text, reword_text
from county_portal.administration.forms.texts import RestoreForm, TextForm
from county_portal.administration.placeholders import preview_of
from county_portal.administration.selectors.texts import get_text, list_texts, list_versions
from county_portal.administration.views.people import status_of
from county_portal.common.access import page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from county_portal.administration.placeholders import Preview
    from county_portal.administration.selectors.texts import OfficialText

HOME = ("公文样文", "/system/texts/")


@page(Permission.MANAGE_TEXTS)
def texts(request: AuthenticatedRequest) -> HttpResponse:
    """All texts, and which are worded otherwise than shipped."""
    return render(request, "administration/texts.html", {"texts": list_texts()})


@page(Permission.MANAGE_TEXTS, methods="GET POST", objects={"name": "official_text"})
def text(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """One text: what is in force, what was, the form; looking at it beforehand keeps nothing."""
    found = get_text(name)
    form = TextForm(request.POST or None, initial={"text": found.body, "seen": found.digest})
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                preview = preview_of(form.cleaned_data["text"], found.shipped)
            else:
                made = reword_text(actor=request.user, name=name, rewording=form.rewording)
                messages.success(request, f"已保存为第{made.number}版，此后起草的公文使用。")
                return redirect("administration:text", name)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    return _shown(request, found, form, preview=preview)


@page(Permission.MANAGE_TEXTS, methods="POST", objects={"name": "official_text"})
def restore(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """Put an earlier wording in force again."""
    found = get_text(name)
    form = TextForm(initial={"text": found.body, "seen": found.digest})
    restoring = RestoreForm(request.POST, numbers=[row.number for row in list_versions(name)])
    if restoring.is_valid():
        try:
            made = restore_text(actor=request.user, name=name, **restoring.cleaned_data)
        except Invalid as refusal:
            restoring.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"已恢复，记为第{made.number}版。")
            return redirect("administration:text", name)
    return _shown(request, found, form, restoring=restoring)


def _shown(
    request: AuthenticatedRequest,
    found: "OfficialText",
    form: TextForm,
    *,
    preview: "Preview | None" = None,
    restoring: RestoreForm | None = None,
) -> HttpResponse:
    versions = list_versions(found.name)
    numbers = [row.number for row in versions]
    wrong = form if restoring is None else restoring
    context = {
        "text": found,
        "form": form,
        "preview": preview or preview_of(found.body, found.shipped),
        "is_typed": preview is not None,
        "versions": versions,
        "restoring": restoring or RestoreForm(numbers=numbers, initial={"seen": found.digest}),
        "wrong": wrong,
        "breadcrumbs": [HOME, (found.shipped.title, None)],
    }
    return render(request, "administration/text.html", context, status=status_of(wrong))
