"""What a selection meeting takes along beside the table of candidates: their figures side by side, and the layout."""

from collections.abc import Iterable, Sequence

from applications.models import PilotRound
from applications.rules.layout import CityLayout
from applications.selectors.comparison import GROWTH, SHOWN, Comparison
from county_portal.common.province import words
from county_portal.documents.workbook import Column, Sheet

_NUMBER = "0.######"


def figures_sheet(call: PilotRound, found: Comparison, shown: str) -> Sheet:
    """The numeric rows down, the candidates across; ★ of a county stands in the row's last column."""
    names = [each.application.region.full_name for each in found.candidates]
    columns = (
        *(Column("序号", 6, "0"), Column("评价指标", 34), Column("单位", 10)),
        *(Column(name, 13, _NUMBER) for name in names),
        *(Column("中位数", 11, _NUMBER), Column("自选★", 30)),
    )
    rows = (
        (
            line.indicator.order,
            f"{line.indicator.name}{'*' if line.indicator.is_designated else ''}",
            line.indicator.unit,
            *(cell.compared.number for cell in line.cells),
            line.median,
            "、".join(
                name for name, cell in zip(names, line.cells, strict=True) if cell.is_starred
            ),
        )
        for line in found.lines
    )
    title = f"{_year(call, shown)}{SHOWN[shown]}"
    lines = (f"{call.title}指标对比：{title}", "*为指定考核，★为自选考核；数据由各地填报。")
    return Sheet(title.replace("%", "％"), columns, rows, heading_lines=lines, landscape=True)


def words_sheet(call: PilotRound, found: Comparison) -> Sheet:
    """Qualitative rows and rows the counties proposed themselves."""
    columns = (
        *(Column(call.get_unit_level_display(), 24), Column("指标", 40), Column("说明", 60)),
        *(Column(f"{year}年", 12, _NUMBER) for year in _years(call)),
    )
    lines = (f"{call.title}定性指标和自行提出的指标",)
    return Sheet(
        "定性和自提指标", columns, _worded(call, found), heading_lines=lines, landscape=True
    )


def _worded(call: PilotRound, found: Comparison) -> Iterable[Sequence[object]]:
    for line in found.worded:
        for candidate, text in line.pairs:
            blanks = [None] * len(_years(call))
            yield (candidate.application.region.full_name, line.indicator.name, text, *blanks)
    for candidate, own in found.own:
        for each in own:
            name = f"{each.row.own_name}（{each.row.own_unit}）"
            yield (candidate.application.region.full_name, name, "", *each.numbers)


def layout_sheet(call: PilotRound, counts: Sequence[CityLayout]) -> Sheet:
    """City by city: candidates, what the list chooses so far, pilots it has already."""
    columns = (
        *(Column(words().city, 16), Column("候选", 8, "0"), Column("拟入选", 8, "0")),
        *(Column("现有试点", 10, "0"), Column("合计", 8, "0"), Column("提示", 30)),
    )
    rows = (
        (
            *(each.name, each.candidates, each.chosen, each.present, each.whole),
            "、".join(said for said, _ in each.flags),
        )
        for each in counts
    )
    return Sheet("区域布局", columns, rows, heading_lines=(f"{call.title}区域布局",))


def _years(call: PilotRound) -> list[int]:
    return [call.last_year, *call.target_years]


def _year(call: PilotRound, shown: str) -> str:
    return "" if shown == GROWTH else f"{_years(call)[list(SHOWN).index(shown)]}年"
