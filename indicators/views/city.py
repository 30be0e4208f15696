"""The city's decisions on the review page."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.province import words
from indicators.actions.bulk import move_submissions
from indicators.enums import SubmissionAction
from indicators.forms.review import BatchForm
from indicators.notifications import audience_of_each
from indicators.selectors.submissions import list_chosen
from indicators.views import shared


@page(Permission.REVIEW, methods="POST", objects={"public_id": "submission"})
def accept(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Begin the review: from now on the county's copy is frozen."""
    sentence = "已受理，县级不能再撤回。请逐项核对后审核通过或退回。"
    return shared.decide(
        request, public_id, SubmissionAction.ACCEPT, sentence, then="indicators:review"
    )


@page(Permission.REVIEW, methods="POST", objects={"public_id": "submission"})
def approve(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Pass it on to the province."""
    sentence = f"审核通过，已转{words().province_office}接收。"
    return shared.decide(request, public_id, SubmissionAction.APPROVE, sentence)


@page(Permission.REVIEW, methods="POST", objects={"public_id": "submission"})
def give_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Return it to the county."""
    sentence = "已退回县级修改，退回意见县级可见。"
    return shared.give_back(request, public_id, SubmissionAction.RETURN, sentence)


@page(Permission.REVIEW, methods="POST")
def batch(request: AuthenticatedRequest) -> HttpResponse:
    """Accept or approve what was ticked: first a last look, then the result per county."""
    form = BatchForm(request.POST)
    home = reverse("indicators:submissions")
    context: dict[str, Any] = {
        "form": form,
        "home_url": home,
        "breadcrumbs": [("填报表", home), ("批量办理", None)],
        "error_code": "" if form.is_valid() else "nothing_chosen",
    }
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "indicators/batch.html", context, status=status)
    action, chosen = SubmissionAction(form.cleaned_data["act"]), form.cleaned_data["chosen"]
    context["label"] = form.label
    if request.POST.get("confirmed") == "yes":
        context["result"] = move_submissions(
            actor=request.user, submission_ids=chosen, action=action
        )
    else:
        rows = list_chosen(request.user, chosen)
        context |= {
            "rows": rows,
            "act": str(action),
            "told": audience_of_each(rows, action, request.user),
        }
    return render(request, "indicators/batch.html", context)
