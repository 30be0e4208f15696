"""The letter (推荐函) by which a city recommends counties for a pilot round (S0-3); from finished facts to a draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from county_portal.common.errors import Invalid
from county_portal.documents.kinds import Composed, Source
from county_portal.documents.wording import fill_template

TEMPLATE = "recommendation_letter.txt"
KIND = "recommendation_letter"
_TABLE = "推荐名单"
_COLUMNS = ((4, "序号", "center"), (9, "县（市、区）", "left"), (15, "县政府审定文号", "left"))


@dataclass(frozen=True, slots=True)
class Recommended:
    """One county, in the order in which the city recommends; `source` is its application as handed in."""

    name: str
    approval_number: str  # 县政府审议通过
    reasons: str
    source: Source


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Everything the letter says."""

    round_name: str  # 2026年度河北省创新型县（市、区）试点
    territory: str
    addressee: str
    counties: Sequence[Recommended]
    opinion: str


def compose_recommendation(recommendation: Recommendation) -> Composed:
    """The draft of the letter, bound to each application. Raises Invalid without counties, reasons or opinion."""
    _require_whole(recommendation)
    counties = recommendation.counties
    fields = {
        "round": recommendation.round_name,
        "territory": recommendation.territory,
        "count": str(len(counties)),
        "names": "、".join(county.name for county in counties),
        "counties": [
            {"place": str(place), "name": county.name, "reasons": county.reasons.rstrip("。")}
            for place, county in enumerate(counties, start=1)
        ],
        "opinion": recommendation.opinion.rstrip("。"),
    }
    return Composed(
        title=f"关于推荐{recommendation.territory}{recommendation.round_name}的函",
        addressees=recommendation.addressee,
        text=fill_template(TEMPLATE, fields),
        tables={_TABLE: _table(counties)},
        attachments=(
            {"title": f"{recommendation.territory}推荐名单", "text": f"【表：{_TABLE}】"},
        ),
        sources=tuple(county.source for county in counties),
    )


def _require_whole(recommendation: Recommendation) -> None:
    if not recommendation.counties:
        raise Invalid(
            "nobody_recommended", "还没有选定推荐的县（市、区），不能起草推荐函。", "counties"
        )
    silent = next((each for each in recommendation.counties if not each.reasons.strip()), None)
    if silent:
        raise Invalid(
            "reasons_required", f"“{silent.name}”还没有推荐理由，请填写后再起草。", "reasons"
        )
    if not recommendation.opinion.strip():
        raise Invalid("opinion_required", "请填写推荐意见后再起草推荐函。", "opinion")


def _table(counties: Sequence[Recommended]) -> dict[str, object]:
    return {
        "columns": [
            {"heading": heading, "width": width, "align": align}
            for width, heading, align in _COLUMNS
        ],
        "rows": [
            [str(place), county.name, county.approval_number]
            for place, county in enumerate(counties, start=1)
        ],
    }
