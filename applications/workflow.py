"""The lives of applications and acceptances, as tables (S0 part 三)."""

from applications.enums import (
    AcceptanceAction,
    AcceptanceState,
    ApplicationAction,
    ApplicationState,
)
from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow

_A, _S, _P = ApplicationAction, ApplicationState, Permission

APPLICATION_WORKFLOW = Workflow(
    [
        # S0 三(一): 经县（市、区）政府审议通过后交设区市科技局. Finished first, so that what the government
        # considers no longer moves.
        Transition(_A.FINISH, _S.DRAFT, _S.GOVERNMENT, _P.APPLY, "定稿，提请县政府审议"),
        Transition(_A.FINISH, _S.RETURNED, _S.GOVERNMENT, _P.APPLY, "定稿，提请县政府审议"),
        Transition(_A.RESUME, _S.GOVERNMENT, _S.DRAFT, _P.APPLY, "继续修改"),
        Transition(_A.RESUME, _S.READY, _S.DRAFT, _P.APPLY, "继续修改"),
        Transition(_A.APPROVE_COUNTY, _S.GOVERNMENT, _S.READY, _P.HAND_IN, "登记县政府审议通过"),
        Transition(_A.SUBMIT, _S.READY, _S.SUBMITTED, _P.HAND_IN, "报送市级"),
        Transition(_A.RECALL, _S.SUBMITTED, _S.READY, _P.HAND_IN, "撤回"),
        # 设区市科技局审核后出具推荐函，报送省科技厅.
        Transition(_A.ACCEPT, _S.SUBMITTED, _S.CITY_REVIEW, _P.RECOMMEND, "受理"),
        Transition(_A.APPROVE, _S.CITY_REVIEW, _S.REVIEWED, _P.RECOMMEND, "审核通过"),
        Transition(
            _A.RETURN, _S.CITY_REVIEW, _S.RETURNED, _P.RECOMMEND, "退回", needs_comment=True
        ),
        Transition(
            _A.RETURN, _S.REVIEWED, _S.RETURNED, _P.RECOMMEND, "退回修改", needs_comment=True
        ),
        Transition(
            _A.LEAVE_OUT,
            _S.REVIEWED,
            _S.NOT_RECOMMENDED,
            _P.RECOMMEND,
            "不予推荐",
            needs_comment=True,
        ),
        Transition(_A.RECONSIDER, _S.NOT_RECOMMENDED, _S.REVIEWED, _P.RECOMMEND, "重新考虑"),
        # Asks for a letter of recommendation that holds.
        Transition(_A.ADMIT, _S.REVIEWED, _S.ADMITTED, _P.RUN_PILOTS, "形式审查通过"),
        Transition(
            _A.SEND_BACK, _S.REVIEWED, _S.RETURNED, _P.RUN_PILOTS, "退回补正", needs_comment=True
        ),
        Transition(
            _A.SEND_BACK, _S.ADMITTED, _S.RETURNED, _P.RUN_PILOTS, "退回补正", needs_comment=True
        ),
        Transition(_A.SELECT, _S.ADMITTED, _S.SELECTED, _P.DECIDE_PILOTS, "确定为试点"),
        Transition(
            _A.REFUSE, _S.ADMITTED, _S.NOT_SELECTED, _P.DECIDE_PILOTS, "未入选", needs_comment=True
        ),
        # What fails the formal check for good takes no part in the panel.
        Transition(
            _A.REFUSE, _S.REVIEWED, _S.NOT_SELECTED, _P.DECIDE_PILOTS, "未入选", needs_comment=True
        ),
    ]
)

_C, _T = AcceptanceAction, AcceptanceState

ACCEPTANCE_WORKFLOW = Workflow(
    [
        Transition(_C.SUBMIT, _T.DRAFT, _T.SUBMITTED, _P.HAND_IN, "报送"),
        Transition(_C.SUBMIT, _T.RETURNED, _T.SUBMITTED, _P.HAND_IN, "重新报送"),
        Transition(_C.RECALL, _T.SUBMITTED, _T.DRAFT, _P.HAND_IN, "撤回"),
        Transition(_C.ACCEPT, _T.SUBMITTED, _T.CITY_REVIEW, _P.RECOMMEND, "受理"),
        Transition(_C.APPROVE, _T.CITY_REVIEW, _T.PROVINCE_REVIEW, _P.RECOMMEND, "审核通过"),
        Transition(
            _C.RETURN, _T.CITY_REVIEW, _T.RETURNED, _P.RECOMMEND, "退回", needs_comment=True
        ),
        Transition(
            _C.SEND_BACK,
            _T.PROVINCE_REVIEW,
            _T.RETURNED,
            _P.RUN_PILOTS,
            "退回补充",
            needs_comment=True,
        ),
        Transition(_C.DECIDE, _T.PROVINCE_REVIEW, _T.DECIDED, _P.DECIDE_PILOTS, "作出验收结论"),
    ]
)
