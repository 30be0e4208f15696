"""What the pages of documents have in common: breadcrumbs, statuses, the page that asks before an act."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest

Crumbs = list[tuple[str, str | None]]


def crumbs(*rest: tuple[str, str | None]) -> Crumbs:
    """公文, then what follows."""
    return [("公文", reverse("documents:home")), *rest]


def status_of(form: forms.Form | None) -> HTTPStatus:
    """422 for a form that could not be accepted."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK


def ask(
    request: AuthenticatedRequest,
    *,
    label: str,
    about: tuple[str, str],
    title: str,
    consequences: Sequence[str],
    form: forms.Form | None = None,
    **more: Any,
) -> HttpResponse:
    """The last look before an act; `about` is the name and the address of what it concerns."""
    context = {
        "label": label,
        "about": about[0],
        "title": title,
        "consequences": consequences,
        "form": form,
        "cancel_url": about[1],
        "breadcrumbs": crumbs(about, (label, None)),
        **more,
    }
    return render(request, "documents/ask.html", context, status=status_of(form))
