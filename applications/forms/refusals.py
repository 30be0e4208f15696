"""A refusal of an act shown where the person typed."""

from http import HTTPStatus

from django import forms
from django.http import QueryDict

from county_portal.common.errors import Invalid


def show_refusal(form: forms.Form, refusal: Invalid) -> None:
    """Say it at the field it names, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def seen_now(posted: QueryDict, revision: int) -> QueryDict:
    """What was typed, to be sent once more now that what changed meanwhile has been shown."""
    again = posted.copy()
    again["revision"] = str(revision)
    return again


def status_of(form: forms.Form) -> HTTPStatus:
    """422 for a form with errors."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
