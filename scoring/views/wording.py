"""What pages say of runs and lists: tones, progress, steps, buttons. No rows, no request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import reverse

from county_portal.common.components import HistoryEntry, Step, Tile, TileGroup
from county_portal.common.workflow import Transition
from county_portal.jobs.following import JobView
from scoring.enums import ListAction, ListState, RunState, StudyState

if TYPE_CHECKING:
    from county_portal.files.models import StoredFile
    from scoring.list_document import ListedCounty, PublishedListDocument
    from scoring.models import GradingRun, PublishedList
    from scoring.selectors.lists import ListAct, ListedGroup

RUN_TONES = {
    RunState.QUEUED: "info",
    RunState.COMPLETE: "success",
    RunState.UNCHANGED: "neutral",
    RunState.FAILED: "danger",
}
STUDY_TONES = {
    StudyState.QUEUED: "info",
    StudyState.COMPLETE: "success",
    StudyState.FAILED: "danger",
}
LIST_TONES = {
    ListState.DRAFT: "neutral",
    ListState.CONSENTED: "warning",
    ListState.PUBLISHED: "success",
    ListState.WITHDRAWN: "neutral",
}
_MADE_OF = {"pdf": "PDF文件", "docx": "Word文件", "xlsx": "Excel文件"}
# Each file as offered: its name, its kind, where it is served.
_FILES = (
    ("PDF", "pdf", "scoring:public_pdf"),
    ("Word", "docx", "scoring:public_docx"),
    ("Excel", "xlsx", "scoring:public_xlsx"),
)


def files_job(view: JobView | None) -> JobView | None:
    """The job that makes a list's files, what failed named as people know it."""
    return replace(view, error=_readable(view.error)) if view else None


def _readable(error: str) -> str:
    """The reason with file kinds by their names."""
    for key, name in _MADE_OF.items():
        error = error.replace(f"首个为“{key}”", f"首个为“{name}”")
    return error


def file_lines(
    made: "Mapping[str, StoredFile]", *, has_paper: bool
) -> list[tuple[str, "StoredFile | None", str]]:
    """The files of a list with their addresses; one published before lists were papers has no Word file."""
    return [
        (label, made.get(kind), url)
        for label, kind, url in _FILES
        if has_paper or kind in made or kind != "docx"
    ]


def run_tone(run: "GradingRun") -> str:
    """Tone of a run's state."""
    return RUN_TONES[RunState(run.state)]


def list_tone(published: "PublishedList") -> str:
    """Tone of a list's state."""
    return LIST_TONES[ListState(published.state)]


_STEPS = ("拟定名单", "领导小组同意", "公布", "生成文件")
# How many steps lie behind, by state.
_BEHIND = {
    ListState.DRAFT: 1,
    ListState.CONSENTED: 2,
    ListState.PUBLISHED: 3,
    ListState.WITHDRAWN: 0,
}


def list_steps(published: "PublishedList", *, has_files: bool) -> list[Step]:
    """How far a list has come."""
    behind = len(_STEPS) if has_files else _BEHIND[ListState(published.state)]
    here = "returned" if published.state == ListState.WITHDRAWN else "current"
    return [
        Step(label, "done" if place < behind else here if place == behind else "todo")
        for place, label in enumerate(_STEPS)
    ]


_ACTS = {
    "draft_list": ("拟定名单", "info"),
    "record_consent": ("领导小组同意（登记）", "success"),
    "publish_list": ("公布名单", "success"),
    "withdraw_list": ("撤回拟稿", "danger"),
}


def list_history(acts: Iterable["ListAct"]) -> list[HistoryEntry]:
    """The acts in words."""
    return [_entry(act) for act in acts]


def _entry(act: "ListAct") -> HistoryEntry:
    label, tone = _ACTS.get(act.act, (act.act, "neutral"))
    return HistoryEntry(label, act.actor, act.office, act.at, _comment(act), tone)


def _comment(act: "ListAct") -> str:
    match act.act:
        case "draft_list" | "publish_list" | "record_consent":
            return str(act.detail.get("number", ""))
        case "withdraw_list":
            return str(act.detail.get("reason", ""))
    return ""


@dataclass(frozen=True, slots=True)
class Button:
    """A way on from a page; the first of several is the expected one."""

    label: str
    url: str
    is_primary: bool


def list_buttons(published: "PublishedList", moves: Iterable[Transition]) -> list[Button]:
    """One button per move, leading to the page where it is decided."""
    return [
        Button(
            row.label,
            reverse(f"scoring:list_{row.action}", args=[published.public_id]),
            row.action != ListAction.WITHDRAW,
        )
        for row in moves
    ]


@dataclass(frozen=True, slots=True)
class RiseGroup:
    """The counties that rose from one class to another, in score order."""

    before: str
    after: str
    counties: list["ListedCounty"]


def rise_groups(document: "PublishedListDocument") -> list[RiseGroup]:
    """Rises by classes, into the best class first, as the official document has them."""
    names = [group.name for group in document.classes]
    kinds = [(before, after) for place, after in enumerate(names) for before in names[place + 1 :]]
    groups = [
        RiseGroup(
            before,
            after,
            [
                rise.county
                for rise in document.rises
                if (rise.from_class, rise.to_class) == (before, after)
            ],
        )
        for before, after in kinds
    ]
    return [group for group in groups if group.counties]


def tile_groups(groups: Iterable["ListedGroup"]) -> list[TileGroup]:
    """A list as tiles, city by city."""
    return [
        TileGroup(group.name, [Tile(row.name, row.class_name) for row in group.rows])
        for group in groups
    ]


def publish_consequences(published: "PublishedList", rises: int, falls: int) -> list[str]:
    """What publishing does, in sentences."""
    sentences = [
        "公布时由发文登记簿编号，以通知附名单的形式印发，任何人可以查阅、下载和核验，只载类别和次序，不载得分。",
        f"其中跃升{rises}个、退档{falls}个；退档不单独列出。",
        "公布后名单不能修改或删除；如有错误，只能另行更正，原名单继续可查。",
    ]
    if published.supersedes:
        sentences.insert(
            1,
            f"替代{published.supersedes.document_number}，原通知和名单标明“已更正”并附更正原因，"
            "依据原名单出具的其他文件同时失效。",
        )
    return sentences
