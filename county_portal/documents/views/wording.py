"""What pages say of drafts and documents: tones, steps, history, buttons, tabs. No rows, no request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from county_portal.common.components import HistoryEntry, Step
from county_portal.common.workflow import Transition
from county_portal.documents.enums import DraftAction, DraftState, PaperStatus

if TYPE_CHECKING:
    from county_portal.documents.models import Draft, DraftHandover, DraftStep

DRAFT_TONES = {
    DraftState.DRAFT: "neutral",
    DraftState.CHECKING: "info",
    DraftState.SIGNING: "warning",
    DraftState.ISSUED: "success",
    DraftState.DISCARDED: "neutral",
}
PAPER_TONES = {
    PaperStatus.VALID: "success",
    PaperStatus.REPLACED: "warning",
    PaperStatus.VOID: "danger",
    PaperStatus.LAPSED: "warning",
}
_STEP_TONES = {
    DraftAction.ISSUE: "success",
    DraftAction.CHECK: "success",
    DraftAction.GIVE_BACK: "danger",
    DraftAction.DISCARD: "warning",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages of documents."""

    label: str
    url: str
    current: bool


def tabs(name: str) -> list[Tab]:
    """The pages of an office that drafts; `name` is the URL name of the one shown."""
    pages = (
        ("本单位公文", "documents:home"),
        ("收文", "documents:received"),
        ("发文登记簿", "documents:registers"),
    )
    return [Tab(label, reverse(page), page == f"documents:{name}") for label, page in pages]


_STAGES = (
    (DraftState.DRAFT, "拟稿"),
    (DraftState.CHECKING, "核稿"),
    (DraftState.SIGNING, "签发"),
    (DraftState.ISSUED, "编号成文"),
)


def draft_steps(draft: "Draft", last: "DraftStep | None") -> list[Step]:
    """How far a draft has come; given back shows as such."""
    if draft.state == DraftState.DISCARDED:
        return [Step("拟稿", "done"), Step("作废", "current")]
    states = [state for state, _ in _STAGES]
    place = states.index(DraftState(draft.state))
    is_back = last is not None and last.action == DraftAction.GIVE_BACK
    steps = []
    for number, (state, label) in enumerate(_STAGES):
        shown = "done" if number < place or draft.state == DraftState.ISSUED else "todo"
        if number == place and draft.state != DraftState.ISSUED:
            shown = "returned" if is_back and state == DraftState.DRAFT else "current"
        steps.append(Step(label, shown))
    return steps


def draft_history(
    draft: "Draft", steps: Iterable["DraftStep"], handovers: Sequence["DraftHandover"] = ()
) -> list[HistoryEntry]:
    """Who did what, newest first, down to the first word; so both steps and handovers are given."""
    entries = [
        HistoryEntry(
            step.label,
            step.actor_name,
            step.actor.office.short_name,
            step.at,
            step.comment,
            _STEP_TONES.get(DraftAction(step.action), "info"),
        )
        for step in steps
    ]
    entries += [
        HistoryEntry(
            "移交拟稿",
            each.by.display_name,
            each.by.office.short_name,
            each.at,
            f"由{each.from_person.display_name}移交{each.to_person.display_name}：{each.reason}",
            "info",
        )
        for each in handovers
    ]
    if handovers:
        entries.sort(key=lambda entry: str(entry.at), reverse=True)
    drafter = handovers[-1].from_person if handovers else draft.drafted_by
    begun = HistoryEntry(
        "起草", drafter.display_name, "", draft.drafted_at, draft.replace_reason, "info"
    )
    return [*entries, begun]


@dataclass(frozen=True, slots=True)
class Button:
    """A way on from a page."""

    label: str
    url: str
    is_primary: bool


def draft_buttons(draft: "Draft", moves: Sequence[Transition], *, may_edit: bool) -> list[Button]:
    """One per step this person may take, the expected one first, each to the page where it is decided."""
    back = {DraftAction.GIVE_BACK, DraftAction.DISCARD}
    buttons = [
        Button(
            row.label,
            reverse(f"documents:draft_{row.action}", args=[draft.public_id]),
            row.action not in back,
        )
        for row in sorted(moves, key=lambda row: row.action in back)
    ]
    if may_edit:
        url = reverse("documents:edit", args=[draft.public_id])
        buttons.insert(0, Button("修改", url, is_primary=False))
    return buttons
