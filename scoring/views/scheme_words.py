"""What the pages of schemes say: tones, whose turn it is, what was done. No rows, no request."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.urls import reverse

from county_portal.common.components import HistoryEntry, Step
from scoring.enums import SchemeState

if TYPE_CHECKING:
    from scoring.models import SchemeVersion
    from scoring.selectors.schemes import SchemeAct

Crumbs = list[tuple[str, str | None]]

_TONES = {
    SchemeState.DRAFT: "info",
    SchemeState.TESTED: "warning",
    SchemeState.LOCKED: "success",
}
_ACTS = {
    "import_scheme": "随系统导入",
    "begin_scheme_version": "开始拟定",
    "edit_scheme_general": "修改总则",
    "edit_scheme_indicator": "修改指标",
    "add_scheme_indicator": "增加指标",
    "remove_scheme_indicator": "删去指标",
    "move_scheme_indicator": "调整次序",
    "import_scheme_file": "从文件导入",
    "add_golden_case": "增加验证用例",
    "remove_golden_case": "删去验证用例",
    "test_scheme_version": "通过验证",
    "lock_scheme_version": "锁定",
}


def scheme_tone(version: "SchemeVersion") -> str:
    """Tone of a version's state."""
    return _TONES[SchemeState(version.state)]


def scheme_crumbs(version: "SchemeVersion | None" = None, *more: tuple[str, str | None]) -> Crumbs:
    """From the list of schemes down."""
    crumbs: Crumbs = [("评分方案", reverse("scoring:schemes"))]
    if version is not None:
        crumbs.append((str(version), reverse("scoring:scheme", args=[version.public_id])))
    return [*crumbs, *more]


def scheme_steps(version: "SchemeVersion") -> list[Step]:
    """Drafted, tested, locked: where it stands and whose turn it is."""
    place = list(SchemeState).index(SchemeState(version.state))
    states = ["done" if i < place else "current" if i == place else "todo" for i in range(3)]
    if version.state == SchemeState.LOCKED:
        states = ["done"] * 3
    labels = ("拟定", "验证", "锁定")
    # A draft is being drawn up; a tested one waits for the lock.
    if version.state == SchemeState.TESTED:
        states = ["done", "done", "current"]
    notes = ("业务管理员", "业务管理员运行验证用例", "复核员，须是另一人")
    return [Step(*parts) for parts in zip(labels, states, notes, strict=True)]


def turn_words(version: "SchemeVersion") -> str:
    """One sentence: who does what next."""
    return {
        SchemeState.DRAFT: "由业务管理员修改；没有问题后运行验证用例。",
        SchemeState.TESTED: "已通过全部验证用例，待复核员（须是拟定人以外的人）锁定；再修改即退回拟定。",
        SchemeState.LOCKED: "已锁定，内容不再改变，可以用于评价。如需调整，请据以拟定新版本。",
    }[SchemeState(version.state)]


def scheme_history(acts: "Iterable[SchemeAct]") -> list[HistoryEntry]:
    """What was done, in words, newest first."""
    return [
        HistoryEntry(
            _ACTS.get(each.act, each.act),
            each.actor,
            each.office,
            each.at,
            _told(each.detail),
            "success" if each.act.startswith(("lock", "test")) else "neutral",
        )
        for each in acts
    ]


def _told(detail: Mapping[str, object]) -> str:
    changes = detail.get("changes")
    lines = [f"{each}。" for each in changes] if isinstance(changes, list) else []
    if detail.get("more"):
        lines.append(f"另有{detail['more']}处。")
    lines += [str(detail[key]) for key in ("note", "name") if detail.get(key)]
    return "\n".join(lines)
