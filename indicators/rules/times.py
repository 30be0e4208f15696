"""When figures may be changed."""

from dataclasses import dataclass
from datetime import date

from county_portal.common.errors import Stale
from county_portal.common.province import words
from indicators.enums import EDITABLE, CollectionState, SubmissionState


@dataclass(frozen=True, slots=True)
class FillingTime:
    """What decides whether a county may still change its figures."""

    collection_state: str
    state: str
    due_on: date
    today: date
    # The county alone may fill until the end of this day, whatever the days of all.
    late_until: date | None = None

    @property
    def is_opened_late(self) -> bool:
        """Whether the province's exception for this county holds today."""
        return self.late_until is not None and self.today <= self.late_until


def filling_refusal(time: FillingTime) -> Stale | None:
    """Why figures may not be changed now, or None."""
    if time.collection_state != CollectionState.OPEN and not time.is_opened_late:
        return Stale("collection_closed", _closed(time))
    if time.state not in EDITABLE:
        label = SubmissionState(time.state).label
        return Stale(
            "not_editable",
            f"填报表当前为“{label}”，不能修改。如需修改，请先撤回或由审核单位退回。",
        )
    if time.today > time.due_on and not time.is_opened_late:
        return Stale(
            "deadline_passed",
            f"填报已于{_day(time.due_on)}截止，不能再修改。确需补报请联系{words().province_office}申请延期。",
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


def _closed(time: FillingTime) -> str:
    if time.late_until is not None:
        return f"补报已于{_day(time.late_until)}截止，不能再修改。确需补报请再联系{words().province_office}补开。"
    return (
        f"本次采集已截止，不能再修改。确需补报或更正请联系{words().province_office}为本县补开填报。"
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
