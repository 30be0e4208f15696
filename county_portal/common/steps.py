"""What a step in any workflow asks before it is taken, whatever it moves."""

from datetime import date

from county_portal.common import clock
from county_portal.common.errors import Invalid, Stale


def ensure_seen(what: str, *, seen: int | None, revision: int) -> None:
    """Raise Stale unless `seen`, the revision a page showed, is still the row's; None: nobody looked, as in a program.

    `what` is the row in the words of its page: 申报材料, 验收材料.
    """
    if seen is not None and seen != revision:
        raise Stale(
            "content_changed", f"{what}在您查看之后有变化，本次操作未执行。请刷新页面核对后再办理。"
        )


def correction_day(due_on: date | None) -> date:
    """The day until which what goes back is put right; raises Invalid unless it lies ahead."""
    if due_on is None or due_on <= clock.today():
        raise Invalid("due_on_required", "请选择改正期限，须晚于今天。", "due_on")
    return due_on
