"""The letter (推荐函) by which a city recommends counties for a pilot round (S0-3); from finished facts to a draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from county_portal.documents.kinds import Composed, Source
from county_portal.documents.wording import fill_template

TEMPLATE = "recommendation_letter.txt"
_TABLE = "推荐名单"
# Widths in characters; the heading of the second is the round's level.
_COLUMNS = ((4, "序号", "center"), (9, "", "left"), (15, "县政府审议文号", "left"))


@dataclass(frozen=True, slots=True)
class Recommended:
    """One county or township, in the order in which the city recommends; `source` is its application as handed in."""

    name: str
    approval_number: str  # 县政府审议通过
    reasons: str
    source: Source


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Everything the letter says."""

    round_name: str  # as the round is named
    territory: str
    addressee: str
    counties: Sequence[Recommended]
    opinion: str
    we: str  # 我局
    unit: str  # what applies in the round: 县（市、区） or 乡镇（街道）
    source: Source  # the ranking itself: places, reasons and opinion


def compose_recommendation(recommendation: Recommendation) -> Composed:
    """The draft of the letter, bound to the ranking and to each application.

    That the ranking is whole was asked before: `rules.recommending.list_obstacles`.
    """
    counties = recommendation.counties
    names = [county.name for county in counties]
    fields = {
        "round": recommendation.round_name,
        "territory": recommendation.territory,
        "we": recommendation.we,
        "unit": recommendation.unit,
        "count": str(len(counties)),
        "is_alone": len(counties) == 1,
        "is_one_county": names == [recommendation.territory],
        "names": "、".join(names),
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
        tables={_TABLE: _table(counties, recommendation.unit)},
        attachments=(
            {"title": f"{recommendation.territory}推荐名单", "text": f"【表：{_TABLE}】"},
        ),
        # The ranking first: it is locked before its applications, as whoever changes it locks them.
        sources=(recommendation.source, *(county.source for county in counties)),
    )


def _table(counties: Sequence[Recommended], unit: str) -> dict[str, object]:
    return {
        "columns": [
            {"heading": heading or unit, "width": width, "align": align}
            for width, heading, align in _COLUMNS
        ],
        "rows": [
            [str(place), county.name, county.approval_number]
            for place, county in enumerate(counties, start=1)
        ],
    }
