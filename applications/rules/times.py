"""When materials may be changed and handed in."""

from dataclasses import dataclass
from datetime import date

from applications.enums import EDITABLE, ApplicationState, RoundState, Section
from county_portal.common.errors import Stale
from county_portal.common.province import words
from county_portal.common.text import chinese_date


@dataclass(frozen=True, slots=True)
class ApplyingTime:
    """What decides whether a county may still work on its application."""

    round_state: str
    state: str
    due_on: date
    today: date
    region_name: str
    region_ended_on: date | None = None
    # More time given to this one alone.
    extended_to: date | None = None
    # Given back and not handed in again yet, wherever it stands on the way.
    is_correcting: bool = False


def _is_let_in(time: ApplyingTime) -> bool:
    """What lets one work on although the round is closed: a return, or a day given after the close."""
    if time.is_correcting or time.state == ApplicationState.RETURNED:
        return True
    return (
        time.round_state == RoundState.CLOSED
        and time.extended_to is not None
        and time.extended_to >= time.today
    )


def applying_refusal(time: ApplyingTime) -> Stale | None:
    """Why the county may neither change nor hand in, whatever the state; None where it may."""
    if time.region_ended_on and time.region_ended_on <= time.today:
        return Stale(
            "region_ended",
            f"{time.region_name}已于{chinese_date(time.region_ended_on)}撤销，不能再办理申报。"
            "由承继其行政区域的县（市、区）另行申报。",
        )
    if time.round_state != RoundState.OPEN and not _is_let_in(time):
        return Stale(
            "round_closed",
            f"本批次申报已经截止，不能再修改或报送。如有特殊情况请联系{words().province_office}。",
        )
    if time.today > time.due_on:
        return Stale(
            "deadline_passed",
            f"申报材料的报送期限（{chinese_date(time.due_on)}）已过，不能再修改或报送。确需延期请联系{words().province_office}。",
        )
    return None


def editing_refusal(time: ApplyingTime, section: str = "") -> Stale | None:
    """Why the materials, or this part of them, may not be changed now; None where they may.

    A county government issues its document once it approved, so that part stays open while it considers the others.
    """
    refusal = applying_refusal(time)
    if section == Section.DOCUMENT and time.state == ApplicationState.GOVERNMENT:
        return refusal
    if refusal is None and time.state not in EDITABLE:
        label = ApplicationState(time.state).label
        return Stale(
            "not_editable",
            f"申报材料当前为“{label}”，不能修改。定稿后如需修改，请先“继续修改”；已报送的请先撤回或由市级退回。",
        )
    return refusal
