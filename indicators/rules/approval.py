"""The county government's approval: its number, its day."""

from dataclasses import dataclass
from datetime import date

from county_portal.common.errors import Invalid

# Minutes of a meeting are numbered in many ways; only brackets and digits are brought into one form.
_LOOSE = str.maketrans("[［【]］】０１２３４５６７８９", "〔〔〔〕〕〕0123456789")


def standard_number(text: str) -> str:
    """The number as a list of them reads best: brackets of a year as 〔〕, digits half-width, no blanks."""
    number = "".join(text.split()).translate(_LOOSE)
    for opening, closing in (("(", ")"), ("（", "）")):
        year = number.partition(opening)[2].partition(closing)[0]
        if len(year) == len("2026") and year.isdecimal():
            number = number.replace(f"{opening}{year}{closing}", f"〔{year}〕", 1)
    return number


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
            f"审定日期{_words(day.approved_on)}晚于今天，请填写县政府审定的实际日期。",
            "approved_on",
        )
    if day.approved_on < day.opened_on:
        raise Invalid(
            "approval_before_opening",
            f"审定日期{_words(day.approved_on)}早于本次采集开始（{_words(day.opened_on)}），请核对。",
            "approved_on",
        )


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
