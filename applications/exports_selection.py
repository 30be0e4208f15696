"""The table of candidates as a workbook: the same lines in the same order as on the page."""

from collections.abc import Mapping, Sequence

from applications.models import Criterion, PilotRound
from applications.selectors.selection import Candidate
from county_portal.common import clock
from county_portal.common.text import chinese_date
from county_portal.documents.workbook import Column, Sheet, render_workbook

_POINTS = "0.00"


def candidates_workbook(
    call: PilotRound,
    candidates: Sequence[Candidate],
    criteria: Sequence[Criterion],
    ranks: Mapping[int, int],
    further: Sequence[Sheet] = (),
) -> bytes:
    """For the office's own use: it holds experts' means, never an expert's own points. `further` sheets come behind.

    `ranks` are the places of the means among all candidates, whichever of them are taken along.
    """
    columns = (
        *(
            Column("序号", 6, "0"),
            Column(call.get_unit_level_display(), 24),
            Column("推荐单位", 18),
        ),
        *(Column("推荐次序", 9, "0"), Column("推荐函", 22), Column("评价类别", 16)),
        *(Column("办理阶段", 16), Column("形式审查", 12), Column("专家人数", 9, "0")),
        *(Column(f"{each.name}平均", 12, _POINTS) for each in criteria),
        *(Column("平均总分", 10, _POINTS), Column("名次", 8, "0")),
        *(Column("分差", 10, _POINTS), Column("分歧", 8)),
        *(Column("决定", 10), Column("理由", 40)),
    )
    rows = [_row(place, each, ranks) for place, each in enumerate(candidates, 1)]
    title = f"{call.title}候选{call.get_unit_level_display()}比较表"
    lines = (title, f"内部资料，{chinese_date(clock.today())}导出，未经公布不得对外提供。")
    sheet = Sheet("候选比较", columns, rows, heading_lines=lines, landscape=True)
    return render_workbook((sheet, *further), title=title, created_on=clock.today()).content


def _row(place: int, each: Candidate, ranks: Mapping[int, int]) -> tuple[object, ...]:
    application, panel = each.application, each.panel
    return (
        *(place, application.region.full_name, application.reviewing_office.short_name),
        *(each.place, each.letter.number if each.letter else "无有效推荐函"),
        class_words(each),
        *(each.stage.label, each.formal.get_outcome_display() if each.formal else ""),
        panel.given,
        *(part.mean for part in panel.criteria),
        *(
            panel.total.mean,
            ranks.get(application.pk),
            panel.total.spread,
            "较大" if panel.is_wide else "",
        ),
        decision_words(each),
        each.decision.reasons if each.decision else "",
    )


def class_words(each: Candidate) -> str:
    """A类（2025年度）; blank where the region is on no list."""
    found = each.evaluated
    return f"{found.class_name}类（{found.data_year}年度）" if found else ""


def decision_words(each: Candidate) -> str:
    """拟入选 until the list is published."""
    if each.decision is None:
        return ""
    word = "入选" if each.decision.is_selected else "未入选"
    if each.decision.pilot_list.published_at:
        return word
    return "拟入选" if each.decision.is_selected else "拟不入选"
