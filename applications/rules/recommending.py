"""When a city may recommend, and what its ranking still lacks (S0 三(一)). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from applications.enums import UNDECIDED, ApplicationState, RoundState
from county_portal.common.errors import Invalid, Stale
from county_portal.common.province import words
from county_portal.common.text import chinese_date

# Characters without blanks: fewer say nothing a province could choose by.
LEAST_REASONS = 15


@dataclass(frozen=True, slots=True)
class Candidate:
    """One county's application as its city ranks it."""

    name: str
    state: str
    place: int | None
    reasons: str
    ended_on: date | None = None  # of a unit that is no more

    @property
    def is_recommended(self) -> bool:
        """Whether a letter drafted now would name it."""
        return self.place is not None and self.state in UNDECIDED


def list_obstacles(
    candidates: Sequence[Candidate], quota: int | None, opinion: str
) -> list[Invalid]:
    """Everything that keeps a letter from being drafted; empty for a ranking that is whole."""
    chosen = [each for each in candidates if each.is_recommended]
    found = [*_about_quota(len(chosen), quota), *_about_undecided(candidates)]
    if not chosen:
        sentence = "还没有选定推荐的县（市、区），不能起草推荐函。请填写推荐次序和理由并保存。"
        found.append(Invalid("nobody_recommended", sentence, "counties"))
    found.extend(_about_ended(chosen))
    found.extend(_about_places([each.place or 0 for each in chosen]))
    found.extend(filter(None, (reasons_refusal(each.name, each.reasons) for each in chosen)))
    if not opinion.strip():
        found.append(Invalid("opinion_required", "请填写推荐意见后再起草推荐函。", "opinion"))
    return found


def quota_refusal(recommended: int, quota: int | None) -> Invalid | None:
    """Why so many may not be recommended."""
    return next(iter(_about_quota(recommended, quota)), None)


def reasons_refusal(name: str, reasons: str) -> Invalid | None:
    """Why these words are not reasons enough to recommend a county."""
    length = len("".join(reasons.split()))
    if length >= LEAST_REASONS:
        return None
    said = f"只有{length}字，请写明基础条件和带动作用，" if length else "还没有填写，"
    return Invalid(
        "reasons_required", f"“{name}”的推荐理由{said}不少于{LEAST_REASONS}字。", "reasons"
    )


def _about_quota(recommended: int, quota: int | None) -> list[Invalid]:
    if quota is None or quota == 0:
        sentence = (
            f"本批次没有分配给本单位推荐名额，不能推荐。如有疑问请联系{words().province_office}。"
        )
        return [Invalid("no_quota", sentence, "place")]
    if recommended <= quota:
        return []
    over = recommended - quota
    sentence = (
        f"名额{quota}个，已推荐{recommended}个，超出{over}个。请改为不予推荐并写明理由，"
        f"或联系{words().province_office}调整名额。"
    )
    return [Invalid("quota_exceeded", sentence, "place")]


def _about_undecided(candidates: Sequence[Candidate]) -> list[Invalid]:
    return [
        Invalid(
            "county_undecided",
            f"“{each.name}”已审核通过，但既没有推荐次序，也没有办理不予推荐。请填写次序和理由，或写明理由不予推荐。",
            "place",
        )
        for each in candidates
        if each.state == ApplicationState.REVIEWED and each.place is None
    ]


def _about_ended(chosen: Sequence[Candidate]) -> list[Invalid]:
    return [
        Invalid(
            "region_ended",
            f"“{each.name}”已于{chinese_date(each.ended_on)}撤销，不能推荐。请写明情况，办理不予推荐。",
            "place",
        )
        for each in chosen
        if each.ended_on
    ]


def _about_places(places: Sequence[int]) -> list[Invalid]:
    if sorted(places) == list(range(1, len(places) + 1)):
        return []
    stand = "、".join(str(place) for place in sorted(places))
    sentence = (
        f"推荐次序现为{stand}，须从1起连续、不重复，请调整后保存。"
        "（已退回或未入选的县不在推荐之列，其次序由其他县递补。）"
    )
    return [Invalid("places_not_in_order", sentence, "place")]


@dataclass(frozen=True, slots=True)
class RecommendingTime:
    """What decides whether a city may still draft a letter."""

    round_title: str
    round_state: str
    due_on: date
    today: date


def recommending_refusal(time: RecommendingTime) -> Stale | None:
    """Why no letter may be drafted any more, or None."""
    if time.round_state not in {RoundState.OPEN, RoundState.CLOSED}:
        state = RoundState(time.round_state).label
        return Stale("round_decided", f"“{time.round_title}”现为“{state}”，不能再起草推荐函。")
    if time.today > time.due_on:
        return Stale(
            "recommending_closed",
            f"“{time.round_title}”市级推荐已于{chinese_date(time.due_on)}截止，不能再起草推荐函。"
            f"确需补报的，请{words().province_office}延长所涉县（市、区）的报送期限。",
        )
    return None
