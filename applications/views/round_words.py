"""What pages say of rounds: absolute years in words, materials, crumbs. No rows, no request."""

from typing import TYPE_CHECKING

from django.urls import reverse

from applications.enums import Material
from county_portal.accounts.roles import Level
from county_portal.common import clock
from county_portal.common.province import words
from county_portal.common.text import chinese_date

if TYPE_CHECKING:
    from applications.models import PilotRound

HOME = ("试点申报", "applications:home")
_PUBLIC = "applications:public_programme"
_RELATIVE = ("今年", "明年", "后年")

Crumbs = list[tuple[str, str | None]]


def year_words(call: "PilotRound") -> list[tuple[str, int]]:
    """上年, 今年, 明年, 后年 of the table as absolute years (S0 annex 2-1)."""
    return [("上年", call.last_year), *zip(_RELATIVE, call.target_years, strict=True)]


def material_words(call: "PilotRound") -> list[str]:
    """What a county hands in, in the guideline's order."""
    return [material.label for material in Material if material in call.materials]


def who_applies(call: "PilotRound") -> str:
    """Who may apply, in a sentence (S0 part 三(一); S4 of townships)."""
    if call.unit_level == Level.TOWNSHIP:
        return f"已纳入{words().pilots}的县（市、区）所属乡镇（街道），由县科技局组织编制材料。"
    return (
        "全省各县（市、区）。由县（市、区）科技局编制材料，经县（市、区）政府审议通过后"
        f"报{words().city}科技局审核推荐。"
    )


def office_crumbs(*further: tuple[str, str | None]) -> Crumbs:
    """The way to a page of the offices."""
    return [(HOME[0], reverse(HOME[1])), *further]


def round_crumbs(call: "PilotRound", *further: tuple[str, str | None]) -> Crumbs:
    """The way to a page of a round."""
    here = reverse("applications:round", args=[call.public_id]) if further else None
    return office_crumbs(("申报批次", reverse("applications:rounds")), (call.title, here), *further)


def public_crumbs(*further: tuple[str, str | None]) -> Crumbs:
    """The way to a page everybody may read."""
    front = ("首页", reverse("home:front"))
    return [front, (words().pilots, reverse(_PUBLIC) if further else None), *further]


def opening_consequences(call: "PilotRound") -> list[str]:
    """What opening does, in sentences."""
    years = "，".join(f"{word}为{year}年" for word, year in year_words(call))
    return [
        f"申报公告即向社会公开，{who_applies(call)}",
        f"各县报送截止{chinese_date(call.county_due_on)}，市级推荐截止{chinese_date(call.city_due_on)}。",
        f"指标体系表各栏年份随之确定：{years}。",
        "开放后不能再修改名称、材料和指标体系表；期限只能写明原因延长，推荐名额可以写明原因调整。",
    ]


def postponing_consequences(call: "PilotRound") -> list[str]:
    """What postponing does, in sentences."""
    return [
        f"现行期限：县级报送截止{chinese_date(call.county_due_on)}，市级推荐截止{chinese_date(call.city_due_on)}。",
        "对本批次所有单位有效；已单独延期到更晚日期的单位，期限不变。",
        "申报公告即改为新的日期，并公开原定日期和延期原因。",
    ]


def closing_consequences(call: "PilotRound") -> list[str]:
    """What closing does, in sentences; first that it comes before the day the public was told."""
    early = (
        f"申报公告所载县级报送截止日期是{chinese_date(call.county_due_on)}（含当日），现在还没有到期，"
        "尚未报送的县（市、区）即不能报送。没有特殊原因的，请到期后再办理。"
    )
    return [
        *([early] if call.county_due_on >= clock.today() else []),
        "截止后各县（市、区）不能再开始申报、修改或报送，未报送的停留在现有状态。",
        "已报送的仍由市级审核推荐；被退回的仍可在改正期限内修改后报送。",
        "确需个别县（市、区）继续办理的，可在其申报材料页面办理延期。",
    ]
