"""Pure decisions: movement against the last list, document numbers, scores of experts, days of appeals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain
from county_portal.documents.numbers import is_document_number, standard_year
from scoring.enums import AppealState, Movement

# Points of experts are kept to so many decimals.
PANEL_PLACES = 2


def movement_between(before: str, after: str, classes: Sequence[str]) -> Movement:
    """Movement from class `before` to `after`; `classes` stand best first."""
    if before not in classes:
        return Movement.FIRST
    change = classes.index(before) - classes.index(after)
    return Movement.RISE if change > 0 else Movement.FALL if change < 0 else Movement.SAME


def read_document_number(text: str) -> str:
    """The number in its standard form: brackets of any kind become 〔〕. Raises Invalid otherwise."""
    number = standard_year(text.strip())
    if not is_document_number(number):
        raise Invalid(
            "document_number_malformed",
            f"发文字号“{text.strip()}”格式不符，应如“×科领〔2021〕1号”：年份用六角括号，序号不加“第”、不编虚位。",
            "document_number",
        )
    return number


def panel_score_problem(score: Decimal | None, maximum: Decimal) -> str:
    """Why an expert's score cannot be taken, in words; blank if it can. None takes a score back."""
    if score is None:
        return ""
    if not score.is_finite() or not 0 <= score <= maximum:
        return f"评分{score:f}超出0至{plain(maximum)}分，请更正。"
    if score != score.quantize(Decimal(1).scaleb(-PANEL_PLACES)):
        return f"评分{score:f}多于{PANEL_PLACES}位小数，请更正。"
    return ""


def read_past_day(text: str, today: date) -> date | None:
    """The day a page is asked for, None for none. Raises Invalid for what is no day or has not come yet."""
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            "day_malformed",
            f"“{text[:20]}”不是日期，请按“年-月-日”填写，例如{today.isoformat()}。",
            "as_of",
        ) from None
    if day > today:
        raise Invalid(
            "day_in_future",
            f"{text}还没有到，只能查看今天（{today.isoformat()}）及以前的结果，请改填日期。",
            "as_of",
        )
    return day


@dataclass(frozen=True, slots=True)
class AppealTimes:
    """Calendar days: in which a county may appeal, then for city, reviewer and decider."""

    window: int = 15
    opinion: int = 10
    review: int = 10
    decision: int = 5


def appeals_last_day(published_on: date, times: AppealTimes) -> date:
    """The last day of the window; the day of publication is not counted."""
    return published_on + timedelta(days=times.window)


def appeal_due_on(state: str, since: date, times: AppealTimes) -> date | None:
    """Until when whoever has the appeal should have done with it; None once it is over."""
    days = {
        AppealState.FILED: times.opinion,
        AppealState.OPINED: times.review,
        AppealState.REVIEWED: times.decision,
    }
    allowed = days.get(AppealState(state))
    return None if allowed is None else since + timedelta(days=allowed)
