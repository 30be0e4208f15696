"""What pages say of a submission: whose turn, how far, what each step leads to. No rows, no request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from county_portal.common.components import HistoryEntry, Step, Turn
from county_portal.common.province import words
from county_portal.common.text import chinese_date
from county_portal.common.workflow import Transition
from indicators.enums import CollectionState, SubmissionAction, SubmissionState
from indicators.selectors import why_not_fillable

if TYPE_CHECKING:
    from indicators.models import Collection, ReviewStep, Submission

PROVINCE = words().province_office
# How many steps of the four lie behind, by state.
_BEHIND = {
    SubmissionState.DRAFT: 0,
    SubmissionState.RETURNED: 0,
    SubmissionState.SUBMITTED: 1,
    SubmissionState.CITY_REVIEW: 1,
    SubmissionState.PROVINCE_REVIEW: 2,
    SubmissionState.ACCEPTED: 4,
}
_STEPS = ("县级填报", "市级审核", "省级接收", "纳入评价")


def turn_of(submission: "Submission") -> Turn:
    """The turn, with the reason when the county's time is over."""
    state, since = submission.state, submission.state_since
    match SubmissionState(state):
        case SubmissionState.DRAFT | SubmissionState.RETURNED:
            refusal = why_not_fillable(submission)
            note = refusal.sentence if refusal else _extension(submission)
            return Turn(f"{submission.office.name}填报", since, submission.due_on, note)
        case SubmissionState.SUBMITTED:
            return Turn(f"{submission.reviewing_office.name}受理", since, submission.due_on)
        case SubmissionState.CITY_REVIEW:
            return Turn(f"{submission.reviewing_office.name}审核", since, submission.due_on)
        case SubmissionState.PROVINCE_REVIEW:
            return Turn(f"{PROVINCE}接收", since, None)
        case SubmissionState.ACCEPTED:
            return Turn("", since, None, f"填报表已由{words().province_office}接收，可用于评价。")


def _extension(submission: "Submission") -> str:
    if submission.late_until and submission.late_until == submission.due_on:
        return f"本次采集已截止，为本县补开至{chinese_date(submission.late_until)}。"
    if submission.extended_to is None or submission.extended_to < submission.due_on:
        return ""
    return f"已延期：{submission.extension_reason}"


def steps_of(submission: "Submission") -> list[Step]:
    """How far the submission has come."""
    behind = _BEHIND[SubmissionState(submission.state)]
    notes = {
        0: submission.office.short_name,
        1: submission.reviewing_office.short_name,
        2: PROVINCE,
    }
    here = "returned" if submission.state == SubmissionState.RETURNED else "current"
    return [
        Step(
            label,
            "done" if place < behind else here if place == behind else "todo",
            notes.get(place, ""),
        )
        for place, label in enumerate(_STEPS)
    ]


_STEP_MARKS = {
    SubmissionAction.SUBMIT: ("info", "send"),
    SubmissionAction.RECALL: ("neutral", "arrow-counterclockwise"),
    SubmissionAction.ACCEPT: ("info", "lock-fill"),
    SubmissionAction.APPROVE: ("success", "check-circle-fill"),
    SubmissionAction.RECEIVE: ("success", "check-circle-fill"),
}


def history_of(steps: Iterable["ReviewStep"], names: Mapping[str, str]) -> list[HistoryEntry]:
    """The steps newest first; flagged indicators by name."""
    return [_entry(step, names) for step in reversed(list(steps))]


def _entry(step: "ReviewStep", names: Mapping[str, str]) -> HistoryEntry:
    tone, icon = _STEP_MARKS.get(SubmissionAction(step.action), ("danger", "arrow-return-left"))
    comment = step.comment
    if step.flagged:
        comment += "\n涉及指标：" + "、".join(names.get(code, code) for code in step.flagged)
    actor = step.actor
    return HistoryEntry(
        step.label, step.actor_name, actor.office.name, step.at, comment, tone, icon
    )


@dataclass(frozen=True, slots=True)
class Button:
    """A way on from a page; the first of several is the expected one."""

    label: str
    url: str
    is_primary: bool


# Where a step is taken; steps of review are decided beside the figures.
_PAGES = {SubmissionAction.SUBMIT: "submit", SubmissionAction.RECALL: "recall"}


def buttons_of(submission: "Submission", moves: Iterable[Transition]) -> list[Button]:
    """One button per move, leading to the page where it is decided."""
    return [_button(submission, move) for move in moves]


def _button(submission: "Submission", move: Transition) -> Button:
    action = SubmissionAction(move.action)
    url = reverse(f"indicators:{_PAGES.get(action, 'review')}", args=[submission.public_id])
    if action not in _PAGES:
        url += "#give-back" if move.needs_comment else "#decide"
    is_primary = not move.needs_comment and action != SubmissionAction.RECALL
    return Button(move.label, url, is_primary)


@dataclass(frozen=True, slots=True)
class Decision:
    """A step that may be taken on the review page, and what follows from it."""

    label: str
    url: str
    consequences: list[str]
    told: str = ""


def decision_of(submission: "Submission", move: Transition, told: str = "") -> Decision:
    """The form of one move; `told` says who would hear of it."""
    action = SubmissionAction(move.action)
    url = reverse(f"indicators:{action}", args=[submission.public_id])
    return Decision(move.label, url, _consequences(submission, action), told)


def _consequences(submission: "Submission", action: SubmissionAction) -> list[str]:
    if action == SubmissionAction.ACCEPT:
        return ["受理后县级不能再撤回，填报内容锁定。", "受理后可以审核通过或退回。"]
    if action == SubmissionAction.APPROVE:
        return [
            f"转{PROVINCE}接收，{submission.reviewing_office.short_name}不能再退回。",
            "数值记为“市审”，预测数不变。",
        ]
    if action == SubmissionAction.RECEIVE:
        return [
            "数值记为“核定”，预测数不变，可用于评价。",
            "接收后如需更正，须写明原因重新开放填报。",
        ]
    return [
        f"{submission.office.short_name}可以修改退回的指标，须在改正期限前逐项修改或答复后重新提交，再经市级审核。",
        "只有勾选的指标和与其共用同一数据的指标可以修改，其余锁定。",
        *_after_the_close(submission),
    ]


def _after_the_close(submission: "Submission") -> list[str]:
    if submission.collection.state != CollectionState.CLOSED:
        return []
    name = submission.office.short_name
    return [f"本次采集已截止，退回后{name}暂不能修改，须由{PROVINCE}为该县办理补开。"]


def more_time_of(submission: "Submission") -> Button:
    """Where one county is given time: its day is extended while all fill, it is opened late after that."""
    is_closed = submission.collection.state == CollectionState.CLOSED
    label, name = ("补开", "late_opening") if is_closed else ("延期", "extend")
    return Button(
        label, reverse(f"indicators:{name}", args=[submission.public_id]), is_primary=False
    )


def opening_consequences(collection: "Collection") -> list[str]:
    """What opening a collection does."""
    return [
        f"{collection.data_year}年12月31日存续的每个县（市、区）各得到一份填报表，即可开始填报。",
        f"县级截止{chinese_date(collection.county_due_on)}，市级截止{chinese_date(collection.city_due_on)}。",
        "开放后任务的年度和指标体系版本不能再改，期限只能写明原因延长。",
    ]


def postponing_consequences(collection: "Collection") -> list[str]:
    """What postponing a collection does."""
    return [
        f"现行期限：县级截止{chinese_date(collection.county_due_on)}，市级截止{chinese_date(collection.city_due_on)}。",
        "对全省各县（市、区）和审核单位有效；已单独延期到更晚日期的，期限不变。",
        "被退回的填报表仍按退回时指定的改正期限办理。",
    ]
