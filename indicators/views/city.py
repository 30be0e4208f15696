"""The city's decisions on the review page."""

from uuid import UUID

from django.http import HttpResponse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from indicators.enums import SubmissionAction
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
    sentence = "审核通过，已转省科技厅接收。"
    return shared.decide(request, public_id, SubmissionAction.APPROVE, sentence)


@page(Permission.REVIEW, methods="POST", objects={"public_id": "submission"})
def give_back(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Return it to the county."""
    sentence = "已退回县级修改，退回意见县级可见。"
    return shared.give_back(request, public_id, SubmissionAction.RETURN, sentence)
