"""The reasons that the counties of the demonstration give for what the rules warn of."""

from county_portal.accounts.models import User
from indicators.actions.checks import explain_owed
from indicators.models import Submission

# By rule, in a county's words; another rule is answered by the last.
_WORDS = {
    "jump_against_last_year": "已与县统计局核对，变化属实，系本年度项目集中投入所致。",
    "denominator_moved": "已与市场监管、统计部门核对，本年度清理僵尸企业，分母变动属实。",
    "rate_without_parts": "数据由主管部门直接提供比率，分子、分母待年报公布后补充。",
    "share_below_one": "单位为百分数，已核对无误。",
    "items_without_file": "批复文件原件存科技局，扫描件正在补传。",
    "facts_disagree": "两处统计口径不同，已与数据提供部门核对。",
}
_OTHERWISE = "已与数据提供部门核对，数值属实。"


def give_reasons(actor: User, submission: Submission) -> None:
    """Answer every warning that lacks a reason."""
    given = explain_owed(
        actor=actor,
        submission_id=submission.public_id,
        answer=lambda finding: _WORDS.get(finding.rule, _OTHERWISE),
    )
    submission.revision += bool(given)
