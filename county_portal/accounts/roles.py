"""Roles as code, on one page: who may do what.

A role belongs to one level. The three administrators are kept apart, and none of them sees a business row
(三员分立).
"""

from django.db import models


class Level(models.TextChoices):
    """Levels of government an office belongs to."""

    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"
    TOWNSHIP = "township", "乡级"  # no office of its own: its county's bureau acts for it


class OfficeKind(models.TextChoices):
    """What an office is to the portal: the science bureau, or a department that provides data."""

    BUREAU = "bureau", "科技主管部门"
    PROVIDER = "provider", "数据提供部门"
    UNIT = "unit", "责任单位"  # answers for measures, hands in no figures


class Permission(models.TextChoices):
    """Everything that may be permitted; a view and a transition name one of these."""

    FILL = "indicators.fill", "填报指标"
    PROVIDE = "indicators.provide", "填报分工指标"
    SUBMIT = "indicators.submit", "提交填报表"
    REVIEW = "indicators.review", "审核填报表"
    COLLECT = "indicators.collect", "开展采集并接收填报表"
    VIEW_SUBMISSIONS = "indicators.view", "查看填报表"
    SCORE_PANEL = "indicators.panel", "评审打分"
    GRADE = "scoring.grade", "开展评价"
    VIEW_RESULTS = "scoring.view", "查看评价结果"
    PREPARE_LIST = "scoring.prepare", "拟定名单"
    PUBLISH_LIST = "scoring.publish", "公布名单"
    EDIT_SCHEME = "scoring.scheme", "拟定评分方案"
    LOCK_SCHEME = "scoring.lock", "锁定评分方案"
    CHECK_ROBUSTNESS = "scoring.robustness", "复核临界县"
    PLAN_AHEAD = "scoring.ahead", "测算与情景"
    APPEAL = "scoring.appeal", "提出申诉"
    OPINE_APPEAL = "scoring.opine", "对申诉提出意见"
    REVIEW_APPEAL = "scoring.review_appeal", "复查申诉"
    DECIDE_APPEAL = "scoring.decide_appeal", "决定申诉"
    VIEW_APPEALS = "scoring.view_appeals", "查看申诉"
    WATCH = "scoring.watch", "查看异常线索"
    REPORT_CARDS = "reports.batch", "批量生成得分说明书"
    VIEW_REPORT_CARD = "reports.view", "查看得分说明书"
    APPLY = "pilots.apply", "编制试点材料"
    HAND_IN = "pilots.hand_in", "报送试点材料"
    RECOMMEND = "pilots.recommend", "审核推荐试点"
    RUN_PILOTS = "pilots.run", "组织试点工作"
    JUDGE_PILOTS = "pilots.judge", "评审试点"
    DECIDE_PILOTS = "pilots.decide", "确定试点"
    VIEW_PILOTS = "pilots.view", "查看试点材料"
    DRAFT_DOCUMENT = "documents.draft", "拟制公文"
    CHECK_DOCUMENT = "documents.check", "核稿"
    SIGN_DOCUMENT = "documents.sign", "签发公文"
    VIEW_DOCUMENTS = "documents.view", "查看公文"
    VIEW_WARNINGS = "monitoring.view", "查看监测预警"
    ANSWER_WARNING = "monitoring.answer", "说明预警原因与措施"
    FOLLOW_WARNINGS = "monitoring.follow", "督办预警"
    VIEW_UPLIFT = "uplift.view", "查看跃升计划"
    PLAN_UPLIFT = "uplift.plan", "拟定跃升计划"
    DECIDE_UPLIFT = "uplift.decide", "审定跃升计划"
    VIEW_MEASURES = "measures.view", "查看措施台账"
    KEEP_MEASURES = "measures.keep", "管理措施台账"
    REPORT_MEASURES = "measures.report", "填报措施进展"
    VIEW_DASHBOARDS = "dashboards.view", "查看数据看板"
    MANAGE_NOTICES = "notices.manage", "发布公告"
    MANAGE_TEXTS = "documents.texts", "维护公文模板"
    MANAGE_CALENDAR = "accounts.calendar", "维护节假日"
    MANAGE_REGIONS = "accounts.regions", "维护区划与单位"
    MANAGE_TOKENS = "opendata.tokens", "管理接口令牌"
    REVOKE_TOKENS = "opendata.revoke", "停用接口令牌"
    VIEW_SIGN_INS = "accounts.sign_ins", "查看登录日志"
    MANAGE_USERS = "accounts.manage", "管理账号"
    MANAGE_SECURITY = "accounts.security", "解锁与停用账号"
    VIEW_AUDIT = "audit.view", "查看审计记录"


class Role(models.TextChoices):
    """Posts of the three levels and the three administrators."""

    COUNTY_FILLER = "county_filler", "填报员"
    COUNTY_LEAD = "county_lead", "负责人"
    COUNTY_PROVIDER = "county_provider", "部门数据员"
    CITY_UNIT = "city_unit", "市级责任单位联络员"
    CITY_REVIEWER = "city_reviewer", "审核员"
    CITY_SIGNER = "city_signer", "签发人"
    PROVINCE_UNIT = "province_unit", "省级责任单位联络员"
    PROVINCE_MANAGER = "province_manager", "业务管理员"
    PROVINCE_CHECKER = "province_checker", "复核员"
    PROVINCE_EXPERT = "province_expert", "评审专家"
    PROVINCE_PUBLISHER = "province_publisher", "发布人"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


ROLE_LEVEL: dict[Role, Level] = {
    Role.COUNTY_FILLER: Level.COUNTY,
    Role.COUNTY_LEAD: Level.COUNTY,
    Role.COUNTY_PROVIDER: Level.COUNTY,
    Role.CITY_UNIT: Level.CITY,
    Role.CITY_REVIEWER: Level.CITY,
    Role.CITY_SIGNER: Level.CITY,
    Role.PROVINCE_UNIT: Level.PROVINCE,
    Role.PROVINCE_MANAGER: Level.PROVINCE,
    Role.PROVINCE_CHECKER: Level.PROVINCE,
    Role.PROVINCE_EXPERT: Level.PROVINCE,
    Role.PROVINCE_PUBLISHER: Level.PROVINCE,
    Role.SYSTEM_ADMIN: Level.PROVINCE,
    Role.SECURITY_ADMIN: Level.PROVINCE,
    Role.AUDITOR: Level.PROVINCE,
}

# Posts of offices that are no science bureau; every other post belongs to a bureau.
ROLE_KIND: dict[Role, OfficeKind] = {
    Role.COUNTY_PROVIDER: OfficeKind.PROVIDER,
    Role.CITY_UNIT: OfficeKind.UNIT,
    Role.PROVINCE_UNIT: OfficeKind.UNIT,
}

_P = Permission

# What somebody practising keeps of his post: the sheet, and nothing that leads out of the practice county.
PRACTICE_PERMISSIONS = frozenset({_P.FILL, _P.SUBMIT, _P.VIEW_SUBMISSIONS})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COUNTY_FILLER: frozenset(
        {
            _P.VIEW_WARNINGS,
            _P.ANSWER_WARNING,
            _P.VIEW_UPLIFT,
            _P.VIEW_MEASURES,
            _P.REPORT_MEASURES,
            _P.VIEW_DASHBOARDS,
            _P.PLAN_AHEAD,
            _P.VIEW_APPEALS,
            _P.FILL,
            _P.VIEW_SUBMISSIONS,
            _P.VIEW_REPORT_CARD,
            _P.APPLY,
            _P.VIEW_PILOTS,
            _P.VIEW_DOCUMENTS,
        }
    ),
    # One fills and another submits: two pairs of eyes on every figure before it leaves the county.
    Role.COUNTY_LEAD: frozenset(
        {
            _P.VIEW_WARNINGS,
            _P.ANSWER_WARNING,
            _P.VIEW_UPLIFT,
            _P.VIEW_MEASURES,
            _P.KEEP_MEASURES,
            _P.VIEW_DASHBOARDS,
            _P.PLAN_AHEAD,
            _P.APPEAL,
            _P.VIEW_APPEALS,
            _P.SUBMIT,
            _P.VIEW_SUBMISSIONS,
            _P.VIEW_REPORT_CARD,
            _P.HAND_IN,
            _P.VIEW_PILOTS,
            _P.VIEW_DOCUMENTS,
        }
    ),
    # Fills and signs what the division of labour gives its department, and sees nothing else.
    Role.COUNTY_PROVIDER: frozenset({_P.PROVIDE, _P.REPORT_MEASURES}),
    # Answers for its own lines of the ledger (各市政府、省直各单位), and sees the ledger.
    Role.CITY_UNIT: frozenset({_P.REPORT_MEASURES, _P.VIEW_MEASURES}),
    Role.PROVINCE_UNIT: frozenset({_P.REPORT_MEASURES, _P.VIEW_MEASURES}),
    Role.CITY_REVIEWER: frozenset(
        {
            _P.VIEW_WARNINGS,
            _P.FOLLOW_WARNINGS,
            _P.VIEW_UPLIFT,
            _P.PLAN_UPLIFT,
            _P.VIEW_MEASURES,
            _P.KEEP_MEASURES,
            _P.REPORT_MEASURES,
            _P.VIEW_DASHBOARDS,
            _P.OPINE_APPEAL,
            _P.VIEW_APPEALS,
            _P.WATCH,
            _P.REVIEW,
            _P.VIEW_SUBMISSIONS,
            _P.VIEW_REPORT_CARD,
            _P.RECOMMEND,
            _P.VIEW_PILOTS,
            _P.DRAFT_DOCUMENT,
            _P.CHECK_DOCUMENT,
            _P.VIEW_DOCUMENTS,
        }
    ),
    # In an office of two the head both checks and signs what the other drafted.
    Role.CITY_SIGNER: frozenset(
        {
            _P.VIEW_WARNINGS,
            _P.VIEW_UPLIFT,
            _P.DECIDE_UPLIFT,
            _P.VIEW_MEASURES,
            _P.VIEW_DASHBOARDS,
            _P.VIEW_APPEALS,
            _P.VIEW_SUBMISSIONS,
            _P.VIEW_REPORT_CARD,
            _P.VIEW_PILOTS,
            _P.CHECK_DOCUMENT,
            _P.SIGN_DOCUMENT,
            _P.VIEW_DOCUMENTS,
        }
    ),
    Role.PROVINCE_MANAGER: frozenset(
        {
            _P.VIEW_WARNINGS,
            _P.FOLLOW_WARNINGS,
            _P.VIEW_UPLIFT,
            _P.PLAN_UPLIFT,
            _P.VIEW_MEASURES,
            _P.KEEP_MEASURES,
            _P.REPORT_MEASURES,
            _P.VIEW_DASHBOARDS,
            _P.MANAGE_NOTICES,
            _P.MANAGE_TEXTS,
            _P.MANAGE_CALENDAR,
            _P.EDIT_SCHEME,
            _P.CHECK_ROBUSTNESS,
            _P.REVIEW_APPEAL,
            _P.VIEW_APPEALS,
            _P.WATCH,
            _P.COLLECT,
            _P.VIEW_SUBMISSIONS,
            _P.GRADE,
            _P.VIEW_RESULTS,
            _P.PREPARE_LIST,
            _P.REPORT_CARDS,
            _P.VIEW_REPORT_CARD,
            _P.RUN_PILOTS,
            _P.VIEW_PILOTS,
            _P.DRAFT_DOCUMENT,
            _P.VIEW_DOCUMENTS,
        }
    ),
    Role.PROVINCE_CHECKER: frozenset(
        {
            _P.VIEW_WARNINGS,
            _P.VIEW_UPLIFT,
            _P.VIEW_MEASURES,
            _P.VIEW_DASHBOARDS,
            _P.LOCK_SCHEME,
            _P.CHECK_ROBUSTNESS,
            _P.VIEW_APPEALS,
            _P.WATCH,
            _P.VIEW_SUBMISSIONS,
            _P.VIEW_RESULTS,
            _P.VIEW_REPORT_CARD,
            _P.VIEW_PILOTS,
            _P.CHECK_DOCUMENT,
            _P.VIEW_DOCUMENTS,
        }
    ),
    Role.PROVINCE_EXPERT: frozenset({_P.SCORE_PANEL, _P.VIEW_SUBMISSIONS, _P.JUDGE_PILOTS}),
    Role.PROVINCE_PUBLISHER: frozenset(
        {
            _P.VIEW_WARNINGS,
            _P.VIEW_UPLIFT,
            _P.DECIDE_UPLIFT,
            _P.VIEW_MEASURES,
            _P.VIEW_DASHBOARDS,
            _P.DECIDE_APPEAL,
            _P.VIEW_APPEALS,
            _P.PUBLISH_LIST,
            _P.VIEW_SUBMISSIONS,
            _P.VIEW_RESULTS,
            _P.VIEW_REPORT_CARD,
            _P.DECIDE_PILOTS,
            _P.VIEW_PILOTS,
            _P.SIGN_DOCUMENT,
            _P.VIEW_DOCUMENTS,
        }
    ),
    Role.SYSTEM_ADMIN: frozenset({_P.MANAGE_USERS, _P.MANAGE_REGIONS, _P.MANAGE_TOKENS}),
    Role.SECURITY_ADMIN: frozenset({_P.MANAGE_SECURITY, _P.REVOKE_TOKENS}),
    Role.AUDITOR: frozenset({_P.VIEW_AUDIT, _P.VIEW_SIGN_INS}),
}
