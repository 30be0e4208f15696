"""The list of appeals with their outcomes as a workbook."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from county_portal.common import clock
from county_portal.documents.workbook import Column, Sheet, render_workbook
from scoring.models import Appeal

_COLUMNS = (
    Column("序号", 8, "0"),
    Column("数据年度", 10, "0"),
    Column("名单文号", 20),
    Column("县（市、区）", 22),
    Column("区划代码", 12),
    Column("审核单位", 20),
    Column("指标", 30),
    Column("申诉日期", 14),
    Column("申诉理由", 40),
    Column("市级意见", 12),
    Column("状态", 14),
    Column("决定日期", 14),
    Column("决定", 40),
)
_SAID = {True: "支持", False: "不支持", None: ""}


def appeals_workbook(
    appeals: Sequence[Appeal], names: Mapping[tuple[int, str], str], made_on: date
) -> bytes:
    """One row per appeal, in the order given; `names` of indicators by version and code."""
    rows = [
        (
            place,
            row.published_list.collection.data_year,
            row.published_list.document_number,
            row.region.full_name,
            row.region.code,
            row.reviewing_office.name,
            names.get(
                (row.published_list.collection.version_id, row.indicator_code), row.indicator_code
            ),
            _day(row.filed_at),
            row.claim,
            _SAID[row.city_supports],
            row.get_state_display(),
            _day(row.decided_at),
            row.decision_words,
        )
        for place, row in enumerate(appeals, 1)
    ]
    lines = ("申诉办理情况", "内部资料，未经同意不得对外提供。")
    sheet = Sheet("申诉", _COLUMNS, rows, heading_lines=lines, landscape=True)
    return render_workbook((sheet,), title="申诉办理情况", created_on=made_on).content


def _day(moment: datetime | None) -> str:
    return clock.day_of(moment).isoformat() if moment else ""
