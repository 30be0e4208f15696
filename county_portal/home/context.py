"""What every page shows: site, navigation, the person signed in."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from county_portal.accounts.models import Region, User
from county_portal.accounts.requests import signed_in_user
from county_portal.accounts.roles import Level, Permission
from county_portal.common.province import province, words
from county_portal.common.province_files import has_province_file
from county_portal.demo.ahead import played_today
from county_portal.notices.selectors import count_unread


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the main navigation."""

    label: str
    url: str
    current: bool
    badge: object = ""
    badge_word: str = "项待办"


@dataclass(frozen=True, slots=True)
class Menu:
    """Links that share an entry; marked where one of them is the page."""

    label: str
    links: tuple[Link, ...]

    @property
    def current(self) -> bool:
        """Whether one of its links is the page."""
        return any(link.current for link in self.links)


_P = Permission

# Group, label, URL name, any of these permissions, prefix that marks it as current.
NAVIGATION = (
    ("", "待办", "home:inbox", (), "/inbox/"),
    ("填报", "填报表", "indicators:submissions", (_P.FILL, _P.SUBMIT), "/indicators/submissions/"),
    ("填报", "数据台账", "indicators:facts", (_P.FILL, _P.SUBMIT), "/indicators/facts/"),
    ("填报", "分工填报", "indicators:provided_sheets", (_P.PROVIDE,), "/indicators/provide/"),
    ("填报", "审核", "indicators:submissions", (_P.REVIEW,), "/indicators/submissions/"),
    ("填报", "采集任务", "indicators:collections", (_P.COLLECT,), "/indicators/collections/"),
    (
        *("填报", "月报", "indicators:monthly"),
        (_P.FILL, _P.SUBMIT, _P.REVIEW, _P.COLLECT),
        "/indicators/monthly/",
    ),
    (
        *("填报", "责任分工表", "indicators:duties"),
        (_P.FILL, _P.SUBMIT, _P.REVIEW, _P.COLLECT),
        "/indicators/duties/",
    ),
    ("评价", "专家评分", "scoring:panel", (_P.SCORE_PANEL,), "/scoring/panel/"),
    ("评价", "测算", "scoring:ahead", (_P.PLAN_AHEAD,), "/scoring/ahead/"),
    ("评价", "评价工作台", "scoring:room", (_P.VIEW_RESULTS,), "/scoring/room/"),
    ("评价", "评价运行", "scoring:runs", (_P.VIEW_RESULTS,), "/scoring/runs/"),
    ("评价", "名单", "scoring:lists", (_P.VIEW_RESULTS,), "/scoring/lists/"),
    ("评价", "申诉", "scoring:appeals", (_P.VIEW_APPEALS,), "/scoring/appeals/"),
    ("评价", "异常线索", "scoring:watch", (_P.WATCH,), "/scoring/watch/"),
    ("评价", "得分说明书", "reports:cards", (_P.VIEW_REPORT_CARD,), "/reports/"),
    ("评价", "评分方案", "scoring:schemes", (_P.VIEW_RESULTS,), "/scoring/schemes/"),
    ("试点", "试点申报", "applications:home", (_P.VIEW_PILOTS,), "/applications/"),
    ("试点", "试点评审", "applications:panel", (_P.JUDGE_PILOTS,), "/applications/panel/"),
    ("试点", "试点建设", "applications:pilots", (_P.VIEW_PILOTS,), "/pilots/"),
    ("试点", "进展报告", "reports:progress", (_P.VIEW_PILOTS,), "/reports/progress/"),
    ("跃升督导", "监测预警", "monitoring:warnings", (_P.VIEW_WARNINGS,), "/warnings/"),
    ("跃升督导", "跃升计划", "uplift:plans", (_P.VIEW_UPLIFT,), "/uplift/"),
    (
        *("跃升督导", "措施台账", "measures:home"),
        (_P.VIEW_MEASURES, _P.REPORT_MEASURES),
        "/measures/",
    ),
    ("跃升督导", "覆盖目标", "coverage:goals", (_P.VIEW_RESULTS,), "/coverage/"),
    ("", "数据看板", "dashboards:board", (_P.VIEW_DASHBOARDS,), "/dashboards/"),
    ("", "公文", "documents:home", (_P.VIEW_DOCUMENTS,), "/documents/"),
    ("系统", "账号", "accounts:users", (_P.MANAGE_USERS, _P.MANAGE_SECURITY), "/users/"),
    (
        *("系统", "代办", "administration:deputies"),
        (_P.MANAGE_USERS, _P.MANAGE_SECURITY),
        "/system/deputies/",
    ),
    ("系统", "单位", "administration:offices", (_P.MANAGE_REGIONS,), "/system/offices/"),
    ("系统", "区划", "administration:regions", (_P.MANAGE_REGIONS,), "/system/regions/"),
    (
        "系统",
        "公告管理",
        "administration:announcements",
        (_P.MANAGE_NOTICES,),
        "/system/announcements/",
    ),
    ("系统", "公文样文", "administration:texts", (_P.MANAGE_TEXTS,), "/system/texts/"),
    ("系统", "节假日", "administration:calendar", (_P.MANAGE_CALENDAR,), "/system/calendar/"),
    (
        *("系统", "接口令牌", "opendata:tokens"),
        (_P.MANAGE_TOKENS, _P.REVOKE_TOKENS),
        "/tokens/",
    ),
    ("系统", "登录日志", "administration:sign_ins", (_P.VIEW_SIGN_INS,), "/system/sign-ins/"),
    ("系统", "审计", "home:audit", (_P.VIEW_AUDIT,), "/audit/"),
    ("", "通知", "notices:list", (), "/notices/"),
    ("", "公开名单", "scoring:public_lists", (), "/lists/"),
)
# So many entries stand side by side at a desk; with more, those of a group share a menu.
FLAT = 9
NOTICES = "notices:list"
# Some provinces set themselves goals of coverage; others have no such page.
COVERAGE = "coverage:goals"


def navigation(user: User, path: str) -> list[Link | Menu]:
    """The links the user's role has; of many, those of a group in a menu of their own."""
    # The longest: a page under /reports/progress/ is not one under /reports/ too.
    here = max((row[-1] for row in NAVIGATION if path.startswith(row[-1])), key=len, default="")
    rows = [
        (group, _link(user, Link(label, url, prefix == here), name))
        for group, label, name, needed, prefix in NAVIGATION
        if (not needed or any(map(user.holds, needed)))
        and (name != COVERAGE or has_province_file("coverage.json"))
        and (url := _url_of(name))
    ]
    if len(rows) <= FLAT:
        return [link for _, link in rows]
    entries: list[Link | Menu] = []
    for group, found in groupby(rows, key=itemgetter(0)):
        links = tuple(link for _, link in found)
        entries += [Menu(group, links)] if group and len(links) > 1 else links
    return entries


def _link(user: User, link: Link, name: str) -> Link:
    if name != NOTICES:
        return link
    # Asked only where the navigation is drawn: an answer without it costs no query.
    unread = SimpleLazyObject(lambda: count_unread(user))
    return replace(link, badge=unread, badge_word="条未读")


def _url_of(name: str) -> str:
    """The address, or nothing: one missing page must not take every other down with it.

    tests/architecture asserts that none is missing.
    """
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def public_navigation(path: str) -> list[Link]:
    """The links everybody has."""
    front, lists = _url_of("home:front"), _url_of("scoring:public_lists")
    pilots, verify = _url_of("applications:public_programme"), _url_of("verify:index")
    boards = _url_of("dashboards:public_board")
    links = [
        Link("首页", front, current=path == front),
        Link("评价结果", lists, current=path.startswith(lists)),
        Link("数据看板", boards, current=path.startswith(boards)),
        Link(words().pilots, pilots, current=path.startswith(pilots)),
        Link("公文核验", verify, current=path.startswith(verify)),
        Link("开放数据", _url_of("opendata:public_catalogue"), current=path.startswith("/open/")),
    ]
    return [link for link in links if link.url]


@lru_cache(maxsize=1)
def _province_name() -> str:
    region = Region.objects.filter(level=Level.PROVINCE, valid_to__isnull=True).first()
    return region.name if region else ""


def province_name() -> str:
    """Name of the province; kept once known."""
    name = _province_name()
    if not name:
        _province_name.cache_clear()
    return name


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every page."""
    user = signed_in_user(request) if hasattr(request, "user") else None
    return {
        "portal": {
            **settings.PORTAL_SITE,
            "host_unit": settings.PORTAL_SITE["host_unit"] or province().host_unit,
            "province_name": province_name(),
        },
        "navigation": navigation(user, request.path) if user else [],
        "public_navigation": public_navigation(request.path),
        "is_demonstration": settings.IS_DEMONSTRATION,
        "played_today": played_today(),
    }
