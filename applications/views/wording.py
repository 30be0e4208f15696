"""What pages say of rounds: absolute years in words, materials, crumbs. No rows, no request."""

from typing import TYPE_CHECKING

from django.urls import reverse

from applications.enums import Material
from county_portal.accounts.roles import Level

if TYPE_CHECKING:
    from applications.models import PilotRound

HOME = ("试点申报", "applications:home")
PUBLIC = ("创新型县（市、区）试点", "applications:public_programme")
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
        return (
            "已纳入创新型县（市、区）试点的县（市、区）所属乡镇（街道），由县科技局组织编制材料。"
        )
    return "全省各县（市、区）。由县（市、区）科技局编制材料，经县（市、区）政府审议通过后报设区市科技局审核推荐。"


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
    return [front, (PUBLIC[0], reverse(PUBLIC[1]) if further else None), *further]
