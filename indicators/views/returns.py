"""Returns: the county's answers, and why sheets come back over the year."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Stale
from indicators.actions.returns import answer_item
from indicators.forms.review import AnswerForm
from indicators.selectors import get_submission
from indicators.selectors.returns import count_reasons, get_return_item, list_return_years
from indicators.views import shared


@page(Permission.FILL, methods="POST", objects={"public_id": "return_item"})
def answer(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Answer one item of the checklist."""
    item = get_return_item(request.user, public_id)
    row = get_submission(request.user, item.packet.submission.public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        refusal = Invalid("words_required", "；".join(map(str, form.errors["answer"])), "answer")
        return shared.submission_page(request, row, refusal)
    try:
        answer_item(actor=request.user, item_id=public_id, answer=form.cleaned_data["answer"])
    except (Stale, Invalid) as refused:
        return shared.submission_page(request, row, refused)
    messages.success(request, "答复已保存。")
    return redirect(f"{reverse('indicators:submission', args=[row.public_id])}#packet")


@page(Permission.REVIEW, Permission.COLLECT)
def reasons(request: AuthenticatedRequest) -> HttpResponse:
    """How often each reason was given, by data year."""
    years = list_return_years(request.user)
    asked = request.GET.get("year", "")
    known = [year for year in years if str(year) == asked] or years[:1]
    context = {
        "years": [(year, year in known) for year in years],
        "year": known[0] if known else None,
        "counted": count_reasons(request.user, known[0]) if known else None,
        "breadcrumbs": [
            ("填报表", reverse("indicators:submissions")),
            ("退回原因统计", None),
        ],
    }
    return render(request, "indicators/return_reasons.html", context)
