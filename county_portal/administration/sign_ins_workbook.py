"""The log of sign-ins as a workbook."""

from collections.abc import Iterable

from county_portal.accounts.models import SignIn
from county_portal.common.clock import today
from county_portal.common.templatetags.portal_ui import local
from county_portal.documents.workbook import Column, Sheet, stream_workbook

_COLUMNS = (
    *(Column("时间", 20), Column("情形", 18), Column("登录名", 22), Column("姓名", 12)),
    *(Column("单位", 40), Column("地址", 22), Column("浏览器", 14)),
)
UNKNOWN = "未知登录名"


def _stranger(event: SignIn) -> str:
    count = event.tally.count if event.tally else 1
    return f"{UNKNOWN}（该小时共{count}次）" if count > 1 else UNKNOWN


def sign_ins_workbook(events: Iterable[SignIn]) -> bytes:
    """The events listed, one a row, written as they come."""
    rows = (
        (
            f"{local(event.at):%Y-%m-%d %H:%M:%S}",
            event.get_kind_display(),
            event.person.login if event.person else _stranger(event),
            event.person.display_name if event.person else "",
            event.person.office.name if event.person else "",
            event.address,
            event.browser,
        )
        for event in events
    )
    sheet = Sheet("登录日志", _COLUMNS, rows, heading_lines=("登录日志",), landscape=True)
    return stream_workbook((sheet,), title="登录日志", created_on=today()).content
