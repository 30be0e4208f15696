"""The list of pilots as a workbook."""

from collections.abc import Iterable
from datetime import date

from applications.models import Pilot
from county_portal.documents.workbook import Column, Sheet, render_workbook

_COLUMNS = (
    Column("序号", 8, "0"),
    Column("试点地区", 26),
    Column("区划代码", 14),
    Column("批次", 36),
    Column("审核单位", 22),
    Column("状态", 12),
    Column("建设期开始", 14),
    Column("建设期结束", 14),
    Column("原定结束", 14),
)


def pilots_workbook(pilots: Iterable[Pilot], made_on: date) -> bytes:
    """One row per pilot, in the order given."""
    rows = [
        (
            place,
            pilot.region.full_name,
            pilot.region.code,
            pilot.round.title,
            pilot.reviewing_office.name,
            pilot.get_state_display(),
            pilot.starts_on.isoformat(),
            pilot.ends_on.isoformat(),
            pilot.planned_end.isoformat(),
        )
        for place, pilot in enumerate(pilots, 1)
    ]
    sheet = Sheet("试点", _COLUMNS, rows, heading_lines=("创新型试点名单",))
    return render_workbook((sheet,), title="创新型试点名单", created_on=made_on).content
