"""The audit record as a workbook, for whoever reads it away from the portal."""

from collections.abc import Iterable

from county_portal.audit.models import Event
from county_portal.common.clock import today
from county_portal.common.templatetags.portal_ui import local
from county_portal.documents.workbook import Column, Sheet, stream_workbook
from county_portal.home.acts import words_of

_COLUMNS = (
    *(Column("序号", 10), Column("时间", 20), Column("登录名", 22), Column("单位", 36)),
    *(Column("事项", 22), Column("事项代码", 26), Column("对象", 20), Column("对象编号", 40)),
    *(Column("区划代码", 12), Column("内容", 80), Column("摘要", 68)),
)


def audit_workbook(events: Iterable[Event]) -> bytes:
    """The entries listed with their whole digests, one a row, written as they come."""
    rows = (
        (
            str(event.serial),
            f"{local(event.at):%Y-%m-%d %H:%M:%S}",
            event.actor_login,
            event.actor_office,
            words_of(event.act),
            event.act,
            event.kind,
            event.object_id,
            event.region_code,
            event.detail_text,
            event.digest,
        )
        for event in events
    )
    sheet = Sheet("审计记录", _COLUMNS, rows, heading_lines=("审计记录",), landscape=True)
    return stream_workbook((sheet,), title="审计记录", created_on=today()).content
