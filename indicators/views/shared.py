"""Pages several audiences read: the list, a submission, its review, evidence files."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.components import Chip, Turn
from county_portal.common.errors import Invalid, Refused, Stale
from indicators.actions.reviewing import Move, move_submission
from indicators.enums import SubmissionAction, SubmissionState
from indicators.forms import GiveBackForm, RevisionForm, SubmissionFilterForm
from indicators.forms.review import APPROVAL, Asked
from indicators.notifications import audience_of
from indicators.selectors import (
    available_actions,
    count_submissions,
    get_submission,
    last_return,
    list_changes_since_return,
    list_steps,
    may_extend,
    may_fill,
    read_sheet,
    search_submissions,
)
from indicators.selectors.approval import may_record_approval, read_standing
from indicators.selectors.comments import comments_by_line, count_open_comments, may_comment
from indicators.selectors.evidence import list_duplicates
from indicators.selectors.labour import count_division
from indicators.selectors.letters import list_letters
from indicators.selectors.returns import default_due_on, read_checklist
from indicators.views.wording import (
    Decision,
    buttons_of,
    decision_of,
    history_of,
    more_time_of,
    steps_of,
    turn_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from county_portal.common.workflow import Transition
    from indicators.models import CellComment, Submission
    from indicators.selectors import Change, Row, Sheet
    from indicators.selectors.returns import ChecklistLine

PAGE_SIZE = 30
Crumbs = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A submission with its turn."""

    submission: "Submission"
    turn: Turn

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("indicators:submission", args=[self.submission.public_id])

    @property
    def is_at_city(self) -> bool:
        """Whether the city's step is due, alone or in a batch."""
        return self.submission.state in _BEFORE_THE_CITY


@page(Permission.VIEW_SUBMISSIONS)
def submissions(request: AuthenticatedRequest) -> HttpResponse:
    """The county's own, the city's counties, the province's all; the address carries the filters."""
    form = SubmissionFilterForm(request.GET, user=request.user)
    found = search_submissions(request.user, form.wanted)
    listed = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [ListedRow(row, turn_of(row)) for row in listed]
    address = request.GET.copy()
    address["chosen"] = "all"
    context = {
        "page": listed,
        "rows": rows,
        "is_any_at_city": any(row.is_at_city for row in rows),
        "is_all_chosen": request.GET.get("chosen") == "all",
        "choose_all_url": f"?{address.urlencode()}#batch-form",
        "is_narrowed": form.is_narrowed,
        "form": form,
        "chips": _chips(request, form),
        "level": request.user.level,
        "may_batch": request.user.holds(Permission.REVIEW),
        "heat_id": form.wanted.collection,
        "letters": list_letters(request.user),
        "may_draft": request.user.holds(Permission.DRAFT_DOCUMENT),
    }
    return render(request, "indicators/submissions.html", context)


def _chips(request: AuthenticatedRequest, form: SubmissionFilterForm) -> list[Chip]:
    counts = count_submissions(request.user, form.wanted)
    wanted = form.wanted
    is_all = not wanted.state and not wanted.overdue
    return [
        Chip("全部", form.address(state=""), counts.total, is_all),
        *(
            Chip(
                state.label, form.address(state=state), counts.states[state], wanted.state == state
            )
            for state in SubmissionState
        ),
        Chip("逾期", form.address(state="overdue"), counts.overdue, wanted.overdue, "danger"),
    ]


@page(Permission.VIEW_SUBMISSIONS, objects={"public_id": "submission"})
def submission(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """One submission, read-only, with what may be done next."""
    return submission_page(request, get_submission(request.user, public_id))


def submission_page(
    request: AuthenticatedRequest, row: "Submission", refusal: Refused | None = None
) -> HttpResponse:
    """The page of a submission, headed by a refusal if something was just not done."""
    sheet = read_sheet(row)
    context = {
        **submission_context(row, sheet),
        "buttons": buttons_of(row, available_actions(request.user, row)),
        "may_fill": may_fill(request.user, row),
        "may_comment": may_comment(request.user),
        "more_time": more_time_of(row) if may_extend(request.user, row) else None,
        "may_divide": request.user.holds(Permission.FILL),
        "may_record_approval": may_record_approval(request.user, row),
        "division": count_division(row),
        "steps": steps_of(row),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": [*crumbs(row)[:-1], (row.region.full_name, None)],
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "indicators/submission.html", context, status=status)


def submission_context(row: "Submission", sheet: "Sheet") -> dict[str, Any]:
    """What every page about a submission shows."""
    names = {line.spec.code: line.spec.name for line in sheet.rows}
    returned = last_return(row)
    comments = comments_by_line(row)
    return {
        "submission": row,
        "sheet": sheet,
        "turn": turn_of(row),
        "history": history_of(list_steps(row), names),
        "standing": read_standing(row),
        "returned": returned,
        "is_answered": not row.is_editable,
        "flagged_codes": returned.flagged if returned else [],
        "flagged_names": [(code, names.get(code, code)) for code in returned.flagged]
        if returned
        else [],
        "checklist": read_checklist(row) if returned else None,
        "comments": comments,
        "open_comments": count_open_comments(comments),
    }


def crumbs(row: "Submission", *last: str) -> Crumbs:
    """The way from the list to a page about a submission."""
    return [
        ("填报表", reverse("indicators:submissions")),
        (row.region.full_name, reverse("indicators:submission", args=[row.public_id])),
        *((label, None) for label in last),
    ]


@page(Permission.REVIEW, Permission.COLLECT, objects={"public_id": "submission"})
def review(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """This year beside last year, what the rules say, what was changed since the return."""
    return review_page(request, get_submission(request.user, public_id))


def review_page(
    request: AuthenticatedRequest,
    row: "Submission",
    form: GiveBackForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The review page; with `form` or `refusal` it says what was not done and keeps what was typed."""
    sheet = read_sheet(row)
    moves = available_actions(request.user, row)
    changes = list_changes_since_return(row)
    context = submission_context(row, sheet)
    form = form or GiveBackForm(
        sheet=sheet,
        initial={"revision": row.revision, "due_on": default_due_on(row.collection)},
    )
    lines = _review_lines(sheet, context, changes, form.asked)
    is_only = "all" not in request.GET and not form.is_bound and _is_read_again(row, context)
    context |= {
        "lines": [line for line in lines if line.is_news] if is_only else lines,
        "is_only": is_only,
        "changes": changes,
        "duplicates": _duplicates(request, row, sheet),
        "decisions": _decisions(request, row, moves, needs_comment=False),
        "give_backs": _decisions(request, row, moves, needs_comment=True),
        "form": form,
        "approval": form.asked[APPROVAL],
        "may_comment": may_comment(request.user),
        "refusal": refusal,
        "error_code": refusal.code if refusal else "",
        "breadcrumbs": crumbs(row, "审核"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(
        request, "indicators/review.html", context, status=refusal.status if refusal else status
    )


def _is_read_again(row: "Submission", context: "Mapping[str, Any]") -> bool:
    # What came back after a return is read for what is new; all else was read before.
    return bool(context["checklist"]) and row.state in _BEFORE_THE_CITY


def _review_lines(
    sheet: "Sheet",
    context: "Mapping[str, Any]",
    changes: "Mapping[str, Change]",
    asked: "Mapping[str, Asked]",
) -> "list[ReviewLine]":
    answers = context["checklist"].by_code if context["checklist"] else {}
    return [
        ReviewLine(
            line,
            changes.get(line.spec.code),
            answers.get(line.spec.code),
            asked[line.spec.code],
            context["comments"].get(line.spec.code, []),
        )
        for line in sheet.rows
    ]


_BEFORE_THE_CITY = {SubmissionState.SUBMITTED, SubmissionState.CITY_REVIEW}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line as the reviewer reads it: what changed, what was asked and answered, what to ask now."""

    row: "Row"
    change: "Change | None"
    answer: "ChecklistLine | None"
    asked: Asked
    comments: "Sequence[CellComment]"

    @property
    def is_news(self) -> bool:
        """Whether it changed since the return or was asked about."""
        return self.change is not None or self.answer is not None


def _decisions(
    request: AuthenticatedRequest,
    row: "Submission",
    moves: "Iterable[Transition]",
    *,
    needs_comment: bool,
) -> list[Decision]:
    return [
        decision_of(row, move, told_of(request, row, move))
        for move in moves
        if move.needs_comment == needs_comment
    ]


def told_of(request: AuthenticatedRequest, row: "Submission", move: "Transition") -> str:
    """Who would hear of a step, for the page on which it is decided."""
    return audience_of(row, move.action, request.user).words


def _duplicates(
    request: AuthenticatedRequest, row: "Submission", sheet: "Sheet"
) -> list[tuple[str, str, str]]:
    """Items other counties list too: the line's code, the item's name, the hint."""
    items = [item for line in sheet.rows for item in line.items]
    hints = list_duplicates(request.user, row, items)
    return [
        (item.kind.indicator.code, item.name, hints[item.pk]) for item in items if item.pk in hints
    ]


def decide(
    request: AuthenticatedRequest,
    public_id: UUID,
    action: SubmissionAction,
    sentence: str,
    *,
    then: str = "indicators:submission",
) -> HttpResponse:
    """Take a step that needs no words, on the revision that was seen."""
    move = Move(action, RevisionForm(request.POST).seen)
    try:
        row = move_submission(actor=request.user, submission_id=public_id, move=move)
    except Stale as refusal:
        return review_page(request, get_submission(request.user, public_id), refusal=refusal)
    messages.success(request, sentence)
    return redirect(then, row.public_id)


def give_back(
    request: AuthenticatedRequest, public_id: UUID, action: SubmissionAction, sentence: str
) -> HttpResponse:
    """Hand a submission back with words and flagged lines."""
    row = get_submission(request.user, public_id)
    form = GiveBackForm(request.POST, sheet=read_sheet(row))
    if not form.is_valid():
        return review_page(request, row, form)
    data = form.cleaned_data
    move = Move(action, data["revision"], data["comment"], data["wanted"], data["due_on"])
    try:
        move_submission(actor=request.user, submission_id=public_id, move=move)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return review_page(request, row, form)
    except Stale as refusal:
        fresh = get_submission(request.user, public_id)
        return review_page(request, fresh, form, refusal)
    messages.success(request, sentence)
    return redirect("indicators:submission", public_id)
