"""Names of states, actions and kinds of the pilot programme (S0)."""

from collections.abc import Mapping
from enum import StrEnum

from django.db import models


class RoundState(models.TextChoices):
    """Where a round stands."""

    DRAFT = "draft", "拟定中"
    OPEN = "open", "申报中"
    CLOSED = "closed", "申报截止"
    DECIDED = "decided", "已公布"


class Material(models.TextChoices):
    """申报材料 (S0 part 三, 1): what a round asks for."""

    DOCUMENT = "document", "县（市、区）人民政府关于开展试点工作的申报文件"
    TABLE = "table", "建设创新型县（市、区）指标体系表"
    BASICS = "basics", "县（市、区）科技创新基本情况表"
    PLAN = "plan", "创新型县（市、区）试点工作实施方案"


def all_materials() -> list[str]:
    """S0 asks for the four of them."""
    return [str(material) for material in Material]


class ApplicationState(models.TextChoices):
    """Where an application stands: whose turn it is."""

    DRAFT = "draft", "编制中"
    GOVERNMENT = "government", "待县政府审议"
    READY = "ready", "待报送"
    SUBMITTED = "submitted", "待市级受理"
    CITY_REVIEW = "city_review", "市级审核中"
    RETURNED = "returned", "已退回"
    REVIEWED = "reviewed", "市级审核通过"
    NOT_RECOMMENDED = "not_recommended", "未获推荐"
    ADMITTED = "admitted", "省级评审中"
    SELECTED = "selected", "已入选"
    NOT_SELECTED = "not_selected", "未入选"


# States in which the county may change the materials.
EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)
# States past the city's review, of which a letter may speak.
RECOMMENDABLE = (
    ApplicationState.REVIEWED,
    ApplicationState.ADMITTED,
    ApplicationState.SELECTED,
    ApplicationState.NOT_SELECTED,
)
# Of these a letter drafted now speaks: the province has not decided yet.
UNDECIDED = (ApplicationState.REVIEWED, ApplicationState.ADMITTED)


class ApplicationAction(StrEnum):
    """What may be done to an application."""

    FINISH = "finish"
    RESUME = "resume"
    APPROVE_COUNTY = "approve_county"
    SUBMIT = "submit"
    RECALL = "recall"
    ACCEPT = "accept"
    APPROVE = "approve"
    RETURN = "return"
    LEAVE_OUT = "leave_out"
    RECONSIDER = "reconsider"
    ADMIT = "admit"
    SEND_BACK = "send_back"
    SELECT = "select"
    REFUSE = "refuse"


# Moves that hand an application back to the county.
GIVING_BACK = (ApplicationAction.RETURN, ApplicationAction.SEND_BACK)


class Section(models.TextChoices):
    """Parts of an application that are filled and saved apart; the last seven are the plan's (S0 part 三)."""

    DOCUMENT = "document", "县政府申报文件"
    TABLE = "table", "指标体系表"
    BASICS = "basics", "基本情况表"
    OVERVIEW = "overview", "区域概况"
    FOUNDATION = "foundation", "发展基础"
    GOALS = "goals", "建设目标"
    APPROACH = "approach", "建设思路"
    TASKS = "tasks", "重点任务"
    SCHEDULE = "schedule", "进度安排"
    SAFEGUARDS = "safeguards", "保障措施"


PLAN_SECTIONS = (
    Section.OVERVIEW,
    Section.FOUNDATION,
    Section.GOALS,
    Section.APPROACH,
    Section.TASKS,
    Section.SCHEDULE,
    Section.SAFEGUARDS,
)


class KeyTask(models.TextChoices):
    """The ten 重点任务 of S0 part 二."""

    COORDINATION = "01", "抓创新工作统筹"
    POLICY = "02", "抓改革政策落地"
    INDUSTRY = "03", "抓产业技术升级"
    ENTERPRISES = "04", "抓创新企业培育"
    RESULTS = "05", "抓创新成果转化"
    CARRIERS = "06", "抓创新载体建设"
    TALENT = "07", "抓创新人才工程"
    SERVICES = "08", "抓创新服务完善"
    LIVELIHOOD = "09", "抓创新对社会民生支撑"
    ECOLOGY = "10", "抓创新生态营造"


class MaterialsKind(models.TextChoices):
    """What the materials of an application are downloaded as."""

    PDF = "pdf", "PDF"
    WORD = "docx", "Word"
    ZIP = "zip", "材料包（含附件）"


class FormalOutcome(models.TextChoices):
    """What the formal check (形式审查) found."""

    PASSED = "passed", "通过"
    FAILED = "failed", "不通过"


class Stage(models.TextChoices):
    """How far the province has come with a candidate."""

    UNCHECKED = "unchecked", "待形式审查"
    SENT_BACK = "sent_back", "补正中"
    FAILED = "failed", "形式审查不通过"
    PANEL = "panel", "专家评审"
    SELECTED = "selected", "已入选"
    NOT_SELECTED = "not_selected", "未入选"


class SheetState(models.TextChoices):
    """Where one expert's opinion on one application or acceptance stands."""

    ASSIGNED = "assigned", "待评审"
    CONFLICTED = "conflicted", "已回避"
    GIVEN = "given", "已评审"


class ListState(models.TextChoices):
    """Where a list of pilots stands."""

    DRAFT = "draft", "拟定中"
    NOTICE = "notice", "公示中"
    PUBLISHED = "published", "已公布"
    WITHDRAWN = "withdrawn", "已撤回"


class TargetKind(models.TextChoices):
    """Why an indicator is in a pilot's table (S0 annex 2-1, note)."""

    DESIGNATED = "designated", "指定考核"
    STARRED = "starred", "自选考核"
    OWN = "own", "自行提出"
    MONITORED = "monitored", "监测"


# 15 rows and the county's own are assessed, the others only watched.
ASSESSED = (TargetKind.DESIGNATED, TargetKind.STARRED, TargetKind.OWN)


class PilotState(models.TextChoices):
    """Where a pilot stands."""

    ACTIVE = "active", "建设中"
    SUSPENDED = "suspended", "暂停"
    WITHDRAWN = "withdrawn", "已退出"
    RECTIFYING = "rectifying", "限期整改"
    ACCEPTED = "accepted", "通过验收"
    FAILED = "failed", "未通过验收"


# The sign and colour of a state, alike wherever pilots are drawn. The sign alone tells them apart, in
# print and to who sees no colours.
PILOT_TILES: Mapping[str, tuple[str, str]] = {
    PilotState.ACTIVE: ("建", "info"),
    PilotState.RECTIFYING: ("改", "warning"),
    PilotState.SUSPENDED: ("停", "pale"),
    PilotState.ACCEPTED: ("验", "success"),
    PilotState.FAILED: ("未", "danger"),
    PilotState.WITHDRAWN: ("退", "neutral"),
}
# Pilots that are being built: they report, and change targets by request.
BUILDING = (PilotState.ACTIVE, PilotState.RECTIFYING)
# Pilots that have not come to their end.
UNDER_WAY = (*BUILDING, PilotState.SUSPENDED)
# Those that were and are pilots no longer: nothing is a pilot under them.
NO_LONGER = (PilotState.WITHDRAWN, PilotState.FAILED)


class PilotAct(models.TextChoices):
    """What happens to a pilot beside its reports."""

    BEGIN = "begin", "纳入试点"
    EXTEND = "extend", "延期"
    SUSPEND = "suspend", "暂停"
    RESUME = "resume", "恢复"
    WITHDRAW = "withdraw", "退出"
    RECTIFY = "rectify", "限期整改"
    ACCEPT = "accept", "通过验收"
    FAIL = "fail", "未通过验收"
    HAND_OVER = "hand_over", "调整办理单位"


class ChangeState(models.TextChoices):
    """Where a request to change a target stands."""

    ASKED = "asked", "待市级审核"
    SUPPORTED = "supported", "待省级批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    TAKEN_BACK = "taken_back", "已撤回"


class AcceptanceState(models.TextChoices):
    """Where an acceptance (总结验收) stands."""

    DRAFT = "draft", "总结编制中"
    SUBMITTED = "submitted", "待市级受理"
    CITY_REVIEW = "city_review", "市级审核中"
    RETURNED = "returned", "已退回"
    PROVINCE_REVIEW = "province_review", "省级验收中"
    DECIDED = "decided", "已作出结论"


class AcceptanceAction(StrEnum):
    """What may be done to an acceptance."""

    SUBMIT = "submit"
    RECALL = "recall"
    ACCEPT = "accept"
    APPROVE = "approve"
    RETURN = "return"
    SEND_BACK = "send_back"
    DECIDE = "decide"


class AcceptanceOutcome(models.TextChoices):
    """The conclusion of an acceptance."""

    PASSED = "passed", "通过"
    RECTIFY = "rectify", "限期整改"
    FAILED = "failed", "不通过"


class RecordKind(models.TextChoices):
    """Meetings and visits an acceptance is based on."""

    DEFENCE = "defence", "答辩"
    ON_SITE = "on_site", "现场核查"


# Data and documents, as `documents` knows them.
APPLICATION_DATA = "application"
RANKING_DATA = "pilot_ranking"
PILOT_LIST_DATA = "pilot_list"
ACCEPTANCE_DATA = "acceptance"
RECOMMENDATION_LETTER = "recommendation_letter"
PILOT_LIST_PAPER = "pilot_list"
ACCEPTANCE_PAPER = "acceptance_decision"
# Of the ledger of jobs: the files of one application.
MATERIALS_JOB = "application_materials"
