"""What the province's people say of the counties whose class hangs on little, before a list is published."""

from decimal import Decimal

from county_portal.accounts.models import User
from county_portal.common.province import words as said
from county_portal.demo.cast import Cast
from scoring.actions.robustness import ReviewInput, review_case
from scoring.models import BoundaryCase, GradingRun, RobustnessStudy
from scoring.selectors.robustness import newest_study, publication_gate

# Within so many points of a limit the checker looks too.
_NEAREST = Decimal("0.3")
_ABOVE = (
    "逐项核对佐证材料和统计部门反馈，未发现多计，高出{limit}类分档线{distance}分属实，维持原分档。",
    "与{city}科技局核对各项得分，数据与年报一致，同意按{limit}类列入名单。",
    "调阅冻结数据和计算过程复算一遍，得分无误，维持{limit}类。",
)
_BELOW = (
    "核对低于{limit}类分档线{distance}分的主要失分项，未发现漏报项目，不作调整，维持原分档。",
    "已请{city}科技局核实有无漏报平台和奖励，答复无补充，维持原分档。",
    "逐项核对分子、分母和四舍五入，确未达到{limit}类分档线，维持原分档。",
)
_LOOSE = "换档主要由权重扰动引起，权重以印发的评分方案为准，数据核对无误，维持原分档。"
_AGREED = "复算一致，同意业务管理员的复核意见。"


def review_boundary(cast: Cast, run: GradingRun) -> int:
    """The manager looks at every boundary county, the checker also at the nearest; returns how many."""
    study = newest_study(run)
    if study is None:
        return 0
    cases = [row.case for row in publication_gate(run).unreviewed]
    for place, case in enumerate(cases):
        _say(cast.manager, study, case, _word(case, place))
        if abs(case.distance) <= _NEAREST:
            _say(cast.checker, study, case, _AGREED)
    return len(cases)


def _say(actor: User, study: RobustnessStudy, case: BoundaryCase, word: str) -> None:
    review = ReviewInput(study.public_id, case.region.public_id, word)
    review_case(actor=actor, run_id=study.run.public_id, review=review)


def _word(case: BoundaryCase, place: int) -> str:
    if abs(case.distance) > 1:
        return _LOOSE
    words = _ABOVE if case.distance >= 0 else _BELOW
    return words[place % len(words)].format(
        limit=case.limit_class, distance=abs(case.distance), city=said().city
    )
