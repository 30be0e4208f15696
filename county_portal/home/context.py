"""What every page shows: site, navigation, the person signed in."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from county_portal.accounts.models import Region, User
from county_portal.accounts.requests import signed_in_user
from county_portal.accounts.roles import Level, Permission
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


# Label, URL name, any of these permissions, prefix that marks it as current.
NAVIGATION = (
    ("待办", "home:inbox", (), "/inbox/"),
    (
        "填报",
        "indicators:submissions",
        (Permission.FILL, Permission.SUBMIT),
        "/indicators/submissions/",
    ),
    (
        "数据台账",
        "indicators:facts",
        (Permission.FILL, Permission.SUBMIT),
        "/indicators/facts/",
    ),
    ("分工填报", "indicators:provided_sheets", (Permission.PROVIDE,), "/indicators/provide/"),
    ("审核", "indicators:submissions", (Permission.REVIEW,), "/indicators/submissions/"),
    (
        "月报",
        "indicators:monthly",
        (Permission.FILL, Permission.SUBMIT, Permission.REVIEW, Permission.COLLECT),
        "/indicators/monthly/",
    ),
    ("采集任务", "indicators:collections", (Permission.COLLECT,), "/indicators/collections/"),
    ("专家评分", "scoring:panel", (Permission.SCORE_PANEL,), "/scoring/panel/"),
    ("测算", "scoring:ahead", (Permission.PLAN_AHEAD,), "/scoring/ahead/"),
    ("评分方案", "scoring:schemes", (Permission.VIEW_RESULTS,), "/scoring/schemes/"),
    ("评价工作台", "scoring:room", (Permission.VIEW_RESULTS,), "/scoring/room/"),
    ("评价运行", "scoring:runs", (Permission.VIEW_RESULTS,), "/scoring/runs/"),
    ("异常线索", "scoring:watch", (Permission.WATCH,), "/scoring/watch/"),
    ("名单", "scoring:lists", (Permission.VIEW_RESULTS,), "/scoring/lists/"),
    ("申诉", "scoring:appeals", (Permission.VIEW_APPEALS,), "/scoring/appeals/"),
    ("得分说明书", "reports:cards", (Permission.VIEW_REPORT_CARD,), "/reports/"),
    (
        "试点申报",
        "applications:home",
        (Permission.VIEW_PILOTS,),
        "/applications/",
    ),
    ("试点评审", "applications:panel", (Permission.JUDGE_PILOTS,), "/applications/panel/"),
    ("试点建设", "applications:pilots", (Permission.VIEW_PILOTS,), "/pilots/"),
    ("进展报告", "reports:progress", (Permission.VIEW_PILOTS,), "/reports/progress/"),
    ("公文", "documents:home", (Permission.VIEW_DOCUMENTS,), "/documents/"),
    ("账号", "accounts:users", (Permission.MANAGE_USERS, Permission.MANAGE_SECURITY), "/users/"),
    ("审计", "home:audit", (Permission.VIEW_AUDIT,), "/audit/"),
    ("通知", "notices:list", (), "/notices/"),
    ("公开名单", "scoring:public_lists", (), "/lists/"),
)
NOTICES = "notices:list"


def navigation(user: User, path: str) -> list[Link]:
    """The links the user's role has."""
    # The longest: a page under /reports/progress/ is not one under /reports/ too.
    here = max((row[-1] for row in NAVIGATION if path.startswith(row[-1])), key=len, default="")
    return [
        _link(user, Link(label, url, prefix == here), name)
        for label, name, needed, prefix in NAVIGATION
        if (not needed or any(map(user.holds, needed))) and (url := _url_of(name))
    ]


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
    links = [
        Link("首页", front, current=path == front),
        Link("评价结果", lists, current=path.startswith(lists)),
        Link("创新型县（市、区）试点", pilots, current=path.startswith(pilots)),
        Link("公文核验", verify, current=path.startswith(verify)),
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
        "portal": {**settings.PORTAL_SITE, "province_name": province_name()},
        "navigation": navigation(user, request.path) if user else [],
        "public_navigation": public_navigation(request.path),
        "is_demonstration": settings.IS_DEMONSTRATION,
        "played_today": played_today(),
    }
