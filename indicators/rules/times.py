"""When figures may be changed."""

from dataclasses import dataclass
from datetime import date

from county_portal.common.errors import Stale
from indicators.enums import EDITABLE, CollectionState, SubmissionState


@dataclass(frozen=True, slots=True)
class FillingTime:
    """What decides whether a county may still change its figures."""

    collection_state: str
    state: str
    due_on: date
    today: date


def filling_refusal(time: FillingTime) -> Stale | None:
    """Why figures may not be changed now, or None."""
    if time.collection_state != CollectionState.OPEN:
        return Stale(
            "collection_closed",
            "本次采集已截止，不能再修改。确需更正请联系省科技厅重新开放填报。",
        )
    if time.state not in EDITABLE:
        label = SubmissionState(time.state).label
        return Stale(
            "not_editable",
            f"填报表当前为“{label}”，不能修改。如需修改，请先撤回或由审核单位退回。",
        )
    if time.today > time.due_on:
        return Stale(
            "deadline_passed",
            f"填报已于{_day(time.due_on)}截止，不能再修改。确需补报请联系省科技厅申请延期。",
        )
    return None


def recall_refusal(time: FillingTime) -> Stale | None:
    """Why a recall would lead nowhere: what is taken back after the day could not be handed in again.

    `time` is as it would be after the recall.
    """
    if filling_refusal(time) is None:
        return None
    return Stale(
        "recall_too_late",
        f"县级填报已于{_day(time.due_on)}截止，撤回后将无法重新提交，本次撤回未执行。"
        "如需修改，请联系审核单位退回。",
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
