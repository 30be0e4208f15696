"""The manager as keeper of board and texts: an announcement that is on, one that is over, a text reworded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from county_portal.accounts.models import CalendarDay, User
from county_portal.accounts.roles import Role
from county_portal.administration.actions.announcements import Wording, draft, publish
from county_portal.administration.actions.texts import Rewording, reword_text
from county_portal.administration.models import Announcement, Audience, TextVersion
from county_portal.administration.selectors.texts import get_text
from county_portal.common import clock
from county_portal.demo.season import Stage

_REWORDED = "letter"
_OPENING = "【来函名称及文号】收悉。经研究，现函复如下。"


@dataclass(frozen=True, slots=True)
class _Told:
    """An announcement: published how many days ago, holding for how many."""

    title: str
    text: str
    audience: str
    days_ago: int
    days: int


_BOARD: Sequence[_Told] = (
    _Told(
        "平台检修暂停服务的公告",
        "平台将于本周六20时至次日6时检修，期间不能登录和填报。\n已填写的内容请在检修前保存，恢复后照常办理，各项截止时间不变。",
        Audience.EVERYONE,
        days_ago=60,
        days=7,
    ),
    _Told(
        "关于做好本年度填报和试点申报有关事项的公告",
        "一、各县（市、区）请在采集截止前完成填报，经本县政府审定后提交；逾期的按补开程序办理。\n"
        "二、试点申报材料以平台报送为准，不另收纸质件。\n"
        "三、操作问题先查“使用帮助”，仍不能解决的请联系本市科学技术局。",
        Audience.PUBLIC,
        days_ago=5,
        days=60,
    ),
)


def play_board(stage: Stage) -> None:
    """Both announcements on their days, and the letter's opening in the province's own words."""
    manager = User.objects.filter(role=Role.PROVINCE_MANAGER).order_by("pk")[0]
    for told in _BOARD:
        _tell(manager, told)
    shipped = get_text(_REWORDED)
    text = shipped.body.replace(_OPENING, f"{_OPENING[:-1]}：")
    rewording = Rewording(text, "按公文处理的习惯，函复前用冒号。", shipped.digest)
    reword_text(actor=manager, name=_REWORDED, rewording=rewording)
    stage.say(f"公告{len(_BOARD)}件，其中现行1件；公文样文修改1份")


def _tell(manager: User, told: _Told) -> None:
    day = clock.today() - timedelta(days=told.days_ago)
    with clock.playing(datetime.combine(day, time(9, 30), clock.BEIJING)):
        wording = Wording(
            told.title,
            told.text,
            told.audience,
            from_on=day,
            until_on=day + timedelta(days=told.days),
        )
        made = draft(actor=manager, wording=wording)
        publish(actor=manager, public_id=made.public_id, revision=made.revision)


def count_board() -> dict[str, int]:
    """Announcements ever published and on now, texts worded anew, days of the calendar entered."""
    return {
        "announcements": Announcement.objects.told().count(),
        "on": Announcement.objects.standing_on(clock.today()).count(),
        "texts_reworded": TextVersion.objects.values("name").distinct().count(),
        "calendar_days": CalendarDay.objects.count(),
    }
