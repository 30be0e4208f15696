"""The county government's approval, recorded by the county."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.approval import record_approval
from indicators.forms.approval import ApprovalForm
from indicators.selectors import get_submission, why_not_fillable
from indicators.selectors.approval import approval_of, read_standing
from indicators.views.shared import crumbs


@page(Permission.FILL, Permission.SUBMIT, methods="GET POST", objects={"public_id": "submission"})
def approval(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """What is on record, what was changed since, and a form to record it or record it again."""
    row = get_submission(request.user, public_id)
    stored = approval_of(row)
    kept_name = stored.file.name if stored else ""
    if request.method != "POST":
        initial = (
            {"approved_on": stored.approved_on, "document_number": stored.document_number}
            if stored
            else {}
        )
        return _page(request, public_id, ApprovalForm(kept_name=kept_name, initial=initial))
    form = ApprovalForm(request.POST, request.FILES, kept_name=kept_name)
    if not form.is_valid():
        return _page(request, public_id, form)
    try:
        record_approval(actor=request.user, submission_id=public_id, approval=form.approval)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return _page(request, public_id, form)
    except Stale as refusal:
        return _page(request, public_id, form, refusal)
    messages.success(request, "县政府审定已登记。")
    return redirect("indicators:approval", public_id)


def _page(
    request: AuthenticatedRequest,
    public_id: UUID,
    form: ApprovalForm,
    refusal: Refused | None = None,
) -> HttpResponse:
    row = get_submission(request.user, public_id)
    closed = why_not_fillable(row)
    context = {
        "submission": row,
        "standing": read_standing(row),
        "form": form,
        "may_record": closed is None,
        "closed": closed,
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "县政府审定"),
    }
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    status = refusal.status if refusal else status
    return render(request, "indicators/approval.html", context, status=status)
