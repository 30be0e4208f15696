"""The history of a submission: its steps, its last return, what was changed since."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from county_portal.audit.models import Event
from county_portal.audit.selectors import list_events_of
from indicators.enums import GIVING_BACK, SubmissionState
from indicators.models import ReviewStep, Submission
from indicators.rules import CellFigure, recorded_figure

_RETURN_ACTS = {f"{action}_submission" for action in GIVING_BACK}


def list_steps(submission: Submission) -> QuerySet[ReviewStep]:
    """The history of a submission, oldest first."""
    return submission.steps.select_related("actor__office").order_by("at", "pk")


def last_return(submission: Submission) -> ReviewStep | None:
    """The step that gave the submission back last; None once the province has received it."""
    if submission.state == SubmissionState.ACCEPTED:
        return None
    steps = list_steps(submission).filter(action__in=GIVING_BACK)
    return steps.order_by("-at", "-pk").first()


def flagged_codes(submission: Submission) -> list[str]:
    """Lines that the last return named; none once the province has received the sheet."""
    if submission.state == SubmissionState.ACCEPTED:
        return []
    steps = submission.steps.filter(action__in=GIVING_BACK).order_by("-at", "-pk")
    return steps.values_list("flagged", flat=True).first() or []


@dataclass(slots=True)
class Change:
    """What a county changed on one line since the return."""

    before: CellFigure | None = None
    after: CellFigure | None = None
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)

    @property
    def has_new_figure(self) -> bool:
        """Whether figure or note differ now; what was changed and changed back does not."""
        return self.before != self.after

    @property
    def is_real(self) -> bool:
        """Whether anything on the line differs from what was returned."""
        return bool(self.has_new_figure or self.added or self.removed or self.edited)


def list_changes_since_return(submission: Submission) -> dict[str, Change]:
    """Changed lines by indicator code, each with its figure at the return.

    Read from the audit record, by order and not by time: it is the only place where what was
    overwritten or taken off the list is still known.
    """
    return _changes_after(submission, _RETURN_ACTS)


def list_changes_since_approval(submission: Submission) -> dict[str, Change]:
    """The same since the county government's approval was last recorded."""
    return _changes_after(submission, {"record_approval"})


def _changes_after(submission: Submission, acts: Collection[str]) -> dict[str, Change]:
    events = list(list_events_of("submission", str(submission.public_id)))
    returns = [place for place, event in enumerate(events) if event.act in acts]
    changes: dict[str, Change] = {}
    for event in _changing(events[returns[-1] :] if returns else ()):
        if event.act == "save_values":
            _note_figures(changes, event.detail)
        else:
            _note_item(changes, event)
    return {code: change for code, change in changes.items() if change.is_real}


def _changing(events: Iterable[Event]) -> list[Event]:
    acts = {"save_values", "add_evidence", "edit_evidence", "remove_evidence"}
    return [event for event in events if event.act in acts]


def _note_figures(changes: dict[str, Change], detail: Mapping[str, Any]) -> None:
    for code, (before, after) in detail.items():
        change = changes.setdefault(code, Change())
        if change.before is None:
            change.before = recorded_figure(before)
        change.after = recorded_figure(after)


def _note_item(changes: dict[str, Change], event: Event) -> None:
    change = changes.setdefault(event.detail["indicator"], Change())
    name = event.detail["name"]
    if event.act == "edit_evidence":
        change.edited.append(name)
    elif event.act == "add_evidence":
        change.added.append(name)
    elif name in change.added:
        change.added.remove(name)
    else:
        change.removed.append(name)
