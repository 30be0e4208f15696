"""How far a pilot's tasks have come, as the county notes it: append-only, the newest holds."""

from uuid import UUID

from django.db import transaction

from applications.actions.terms import pilot_entry
from applications.models import TaskProgress
from applications.selectors.pilots import get_pilot, get_task, newest_note
from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.audit.actions import record
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale

WHOLE = 100


@transaction.atomic
def note_progress(
    *,
    actor: User,
    task_id: UUID,
    done: int,
    words: str,
    seen: int | None = None,
    why_less: str = "",
) -> TaskProgress:
    """Note per cent done and in words; less than before needs `why_less`.

    `seen` is the per cent the page showed, None for a note made without one. Raises Stale where a colleague noted
    another meanwhile, Invalid for blank words or a percentage out of bounds.
    """
    task = get_task(actor, task_id)
    pilot = get_pilot(actor, task.pilot.public_id, lock=True)
    if not actor.holds(Permission.APPLY):
        raise NotAllowed
    if not pilot.is_building:
        raise Stale(
            "pilot_not_active",
            f"{pilot.region.full_name}试点现为“{pilot.get_state_display()}”，不能填写任务进展。请先核对试点状态。",
        )
    newest = newest_note(task)
    before = newest.done if newest else 0
    if seen is not None and seen != before:
        raise Stale(
            "progress_changed",
            f"“{task.get_kind_display()}”的进度已由同事改为{before}%，本次填写未保存。请刷新页面核对后再填写。",
        )
    if not 0 <= done <= WHOLE:
        raise Invalid("percent_out_of_bounds", "完成进度须为0至100之间的整数，请核对。", "done")
    if not words.strip():
        raise Invalid("words_required", "请填写进展情况，再保存。", "words")
    if done < before and not why_less.strip():
        raise Invalid(
            "less_without_reason",
            f"完成进度由{before}%降为{done}%，请写明下降的原因。",
            "why_less",
        )
    text = words.strip()
    if done < before:
        text += f"\n进度由{before}%降为{done}%的原因：{why_less.strip()}"
    note = TaskProgress.objects.create(
        task=task, done=done, words=text, noted_by=actor, noted_at=clock.now()
    )
    detail: dict[str, object] = {"task": task.get_kind_display(), "done": [before, done]}
    record(actor, pilot_entry("note_task_progress", pilot, detail))
    return note
