"""Which section of which guide helps with a page: 本页帮助.

A page is named by its URL name, or by the part of it before `*`; the first line that fits the page and the reader wins.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from county_portal.accounts.models import User
from county_portal.accounts.requests import signed_in_user
from county_portal.accounts.roles import Permission
from county_portal.guides.library import PUBLIC, library

_P = Permission
_ANYBODY = ""
_GENERAL = "登录与日常"

# Page, permission of the reader it is meant for, guide#section.
HELP: tuple[tuple[str, str, str], ...] = (
    ("home:inbox", _ANYBODY, "登录与日常#待办和通知"),
    ("home:audit", _ANYBODY, "系统与审计"),
    ("notices:*", _ANYBODY, "登录与日常#待办和通知"),
    ("search:*", _ANYBODY, "登录与日常#查找"),
    ("guides:*", _ANYBODY, "登录与日常#本页帮助和我的手册"),
    ("accounts:password", _ANYBODY, "登录与日常#登录和密码"),
    ("accounts:*", _ANYBODY, "系统与审计"),
    ("administration:own_deputies", _ANYBODY, "代办#请同事代办"),
    ("administration:deput*", _ANYBODY, "代办#本人不能指定的"),
    ("administration:*", _ANYBODY, "系统与审计"),
    ("indicators:monthly*", _P.COLLECT, "省级管理#月报"),
    ("indicators:monthly*", _P.REVIEW, "市级审核#通知逾期与月报"),
    ("indicators:monthly*", _ANYBODY, "县级填报#月报"),
    ("indicators:fill", _ANYBODY, "县级填报#二填报"),
    ("indicators:facts*", _ANYBODY, "县级填报#核对提示与数据台账"),
    ("indicators:ledger", _P.REVIEW, "市级审核#核对提示与县级说明"),
    ("indicators:ledger", _ANYBODY, "县级填报#核对提示与数据台账"),
    ("indicators:finding*", _P.REVIEW, "市级审核#核对提示与县级说明"),
    ("indicators:finding*", _ANYBODY, "县级填报#核对提示与数据台账"),
    ("indicators:division*", _ANYBODY, "县级填报#分工签字和催办"),
    ("indicators:provide*", _ANYBODY, "县级填报#分工签字和催办"),
    ("indicators:evidence*", _ANYBODY, "县级填报#清单和证明材料"),
    ("indicators:approval*", _ANYBODY, "县级填报#县政府审定"),
    ("indicators:submit", _ANYBODY, "县级填报#三提交"),
    ("indicators:workbook*", _ANYBODY, "县级填报#用Excel填报"),
    ("indicators:return_reasons", _ANYBODY, "市级审核#退回清单"),
    ("indicators:return", _ANYBODY, "市级审核#退回清单"),
    ("indicators:batch", _ANYBODY, "市级审核#批量受理和批量审核通过"),
    ("indicators:heat", _ANYBODY, "市级审核#热力图"),
    ("indicators:versions", _ANYBODY, "市级审核#批注和历次版本"),
    ("indicators:compare", _ANYBODY, "市级审核#批注和历次版本"),
    ("indicators:review", _ANYBODY, "市级审核"),
    ("indicators:check*", _ANYBODY, "省级管理#核对规则"),
    ("indicators:timetable", _ANYBODY, "省级管理#提醒延期与补开"),
    ("indicators:late*", _ANYBODY, "省级管理#提醒延期与补开"),
    ("indicators:extend", _ANYBODY, "省级管理#提醒延期与补开"),
    ("indicators:collection*", _ANYBODY, "省级管理#一采集"),
    ("indicators:*", _P.COLLECT, "省级管理#一采集"),
    ("indicators:*", _P.REVIEW, "市级审核"),
    ("indicators:*", _P.SUBMIT, "县级填报#三提交"),
    ("indicators:*", _ANYBODY, "县级填报#二填报"),
    ("scoring:panel*", _P.GRADE, "评价-得分说明与专家评分#专家评分省级业务管理员"),
    ("scoring:panel*", _ANYBODY, "省级管理#二评审专家"),
    ("scoring:ahead*", _ANYBODY, "评价-测算与设想方案"),
    ("scoring:scenario*", _ANYBODY, "评价-测算与设想方案#设想方案"),
    ("scoring:scheme*", _ANYBODY, "评价-评分方案"),
    ("scoring:room", _ANYBODY, "评价-评价工作台与试算#评价工作台"),
    ("scoring:rehears*", _ANYBODY, "评价-评价工作台与试算#方案试算"),
    ("scoring:compare", _ANYBODY, "评价-评价工作台与试算#与前次比较"),
    ("scoring:moves", _ANYBODY, "评价-评价工作台与试算#分档变化得分分布缺报与沿用"),
    ("scoring:spread", _ANYBODY, "评价-评价工作台与试算#分档变化得分分布缺报与沿用"),
    ("scoring:gaps", _ANYBODY, "评价-评价工作台与试算#分档变化得分分布缺报与沿用"),
    ("scoring:watch*", _ANYBODY, "评价-稳健性与异常线索#市级审核员和省级异常线索"),
    ("scoring:robust*", _ANYBODY, "评价-稳健性与异常线索"),
    ("scoring:appeal*", _P.APPEAL, "评价-申诉与更正#县级提出申诉"),
    ("scoring:appeal*", _P.OPINE_APPEAL, "评价-申诉与更正#市级提出意见"),
    ("scoring:appeal*", _P.REVIEW_APPEAL, "评价-申诉与更正#省级复查决定"),
    ("scoring:appeal*", _ANYBODY, "评价-申诉与更正"),
    ("scoring:list*", _ANYBODY, "省级管理#四名单"),
    ("scoring:run*", _ANYBODY, "省级管理#三评价"),
    ("scoring:*", _P.VIEW_RESULTS, "省级管理#三评价"),
    ("scoring:*", _ANYBODY, "评价-得分说明与专家评分"),
    ("reports:progress*", _P.APPLY, "试点-年度进展报告与证据包#县级填报员"),
    ("reports:progress*", _P.HAND_IN, "试点-年度进展报告与证据包#县级负责人"),
    ("reports:progress*", _P.RECOMMEND, "试点-年度进展报告与证据包#市级审核员"),
    ("reports:progress*", _ANYBODY, "试点-年度进展报告与证据包"),
    ("reports:pack*", _ANYBODY, "试点-年度进展报告与证据包#证据包"),
    ("reports:*", _P.REPORT_CARDS, "省级管理#五得分说明书"),
    ("reports:*", _P.FILL, "县级填报#四查看结果"),
    ("reports:*", _P.SUBMIT, "县级填报#四查看结果"),
    ("reports:*", _ANYBODY, "评价-得分说明与专家评分"),
    ("applications:panel*", _ANYBODY, "试点-省级评审与名单#专家评审"),
    ("applications:pilot*", _ANYBODY, "试点-建设与验收"),
    ("applications:plan*", _ANYBODY, "试点-基本情况和实施方案#实施方案"),
    ("applications:basics*", _ANYBODY, "试点-基本情况和实施方案#基本情况表"),
    ("applications:*", _P.RUN_PILOTS, "试点-批次与公开#省科技厅业务管理员"),
    ("applications:*", _P.RECOMMEND, "试点-市级审核推荐"),
    ("applications:*", _P.HAND_IN, "试点-申报材料#定稿审议报送"),
    ("applications:*", _P.APPLY, "试点-申报材料"),
    ("applications:*", _ANYBODY, "试点-省级评审与名单"),
    ("documents:received*", _ANYBODY, "公文#收文"),
    ("documents:register*", _ANYBODY, "公文#登记簿和编号"),
    ("documents:draft_issue", _ANYBODY, "公文#核稿和签发"),
    ("documents:*", _P.DRAFT_DOCUMENT, "公文#起草"),
    ("documents:*", _P.CHECK_DOCUMENT, "公文#核稿和签发"),
    ("documents:*", _P.SIGN_DOCUMENT, "公文#核稿和签发"),
    ("documents:*", _ANYBODY, "公文#收文"),
    ("measures:*", _P.KEEP_MEASURES, "措施台账与督导专报"),
    ("measures:*", _P.FILL, "措施台账与督导专报#按月填报责任单位"),
    ("measures:*", _ANYBODY, "责任单位"),
    ("uplift:*", _ANYBODY, "跃升计划"),
    ("monitoring:*", _ANYBODY, "监测预警"),
    ("dashboards:*", _ANYBODY, "数据看板"),
    ("coverage:*", _ANYBODY, "覆盖目标"),
    ("opendata:*", _ANYBODY, "接口令牌"),
)


@dataclass(frozen=True, slots=True)
class PageHelp:
    """Where the help for a page is."""

    title: str
    url: str


def page_help(user: User | None, page: str) -> PageHelp:
    """The section about a page for this reader; the public's handbook, or the general guide, where none is."""
    if user is None:
        return PageHelp("公众查询与核验", reverse("guides:handbook", args=[PUBLIC]))
    guides = library().guides
    for pattern, permission, target in HELP:
        name, _, anchor = target.partition("#")
        is_meant = not permission or user.holds(permission)
        if fits(page, pattern) and is_meant and name in guides:
            address = reverse("guides:guide", args=[name])
            return PageHelp(guides[name].title, f"{address}#{anchor}" if anchor else address)
    return PageHelp(guides[_GENERAL].title, reverse("guides:guide", args=[_GENERAL]))


def fits(page: str, pattern: str) -> bool:
    """Whether a page is the one a pattern names, or one of those."""
    if pattern.endswith("*"):
        return page.startswith(pattern[:-1])
    return page == pattern


def beside_page(request: HttpRequest) -> dict[str, PageHelp]:
    """Context of every page: the help for it."""
    match = request.resolver_match
    user = signed_in_user(request) if hasattr(request, "user") else None
    return {"page_help": page_help(user, match.view_name if match else "")}
