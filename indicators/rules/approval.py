"""The county government's approval: its number, its day."""

from dataclasses import dataclass
from datetime import date

from county_portal.common.errors import Invalid
from county_portal.common.text import chinese_date
from county_portal.documents.numbers import standard_year


def standard_number(text: str) -> str:
    """The number as a list of them reads best: its year in six-corner brackets, digits half-width, no blanks."""
    return standard_year("".join(text.split()))


@dataclass(frozen=True, slots=True)
class ApprovalDay:
    """The days an approval lies between."""

    approved_on: date
    opened_on: date
    today: date


def refuse_day(day: ApprovalDay) -> None:
    """Raises Invalid for a day to come, or one before there was anything to approve."""
    if day.approved_on > day.today:
        raise Invalid(
            "approval_in_future",
            f"审定日期{chinese_date(day.approved_on)}晚于今天，请填写县政府审定的实际日期。",
            "approved_on",
        )
    if day.approved_on < day.opened_on:
        raise Invalid(
            "approval_before_opening",
            f"审定日期{chinese_date(day.approved_on)}早于本次采集开始（{chinese_date(day.opened_on)}），请核对。",
            "approved_on",
        )
