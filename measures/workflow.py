"""How a measure's standing changes, as a table. Every change by a person carries its reason."""

from county_portal.accounts.roles import Permission
from county_portal.common.workflow import Transition, Workflow
from measures.enums import Standing, StandingAct

_A, _S, _P = StandingAct, Standing, Permission


def _kept(act: StandingAct, source: Standing, target: Standing, label: str) -> Transition:
    return Transition(act, source, target, _P.KEEP_MEASURES, label, needs_comment=True)


STANDING_WORKFLOW = Workflow(
    [
        # The first report says by itself that the work has begun.
        Transition(_A.BEGIN, _S.NOT_STARTED, _S.UNDER_WAY, _P.REPORT_MEASURES, "首次填报进展"),
        _kept(_A.START, _S.NOT_STARTED, _S.UNDER_WAY, "启动"),
        _kept(_A.LAG, _S.NOT_STARTED, _S.LAGGING, "列为滞后"),
        _kept(_A.LAG, _S.UNDER_WAY, _S.LAGGING, "列为滞后"),
        _kept(_A.LAG, _S.ADJUSTED, _S.LAGGING, "列为滞后"),
        _kept(_A.CATCH_UP, _S.LAGGING, _S.UNDER_WAY, "解除滞后"),
        _kept(_A.ADJUST, _S.NOT_STARTED, _S.ADJUSTED, "调整"),
        _kept(_A.ADJUST, _S.UNDER_WAY, _S.ADJUSTED, "调整"),
        _kept(_A.ADJUST, _S.LAGGING, _S.ADJUSTED, "调整"),
        _kept(_A.RESUME, _S.ADJUSTED, _S.UNDER_WAY, "按调整后推进"),
        _kept(_A.COMPLETE, _S.UNDER_WAY, _S.DONE, "办结"),
        _kept(_A.COMPLETE, _S.LAGGING, _S.DONE, "办结"),
        _kept(_A.COMPLETE, _S.ADJUSTED, _S.DONE, "办结"),
        _kept(_A.REOPEN, _S.DONE, _S.UNDER_WAY, "重新推进"),
        _kept(_A.REOPEN, _S.ENDED, _S.UNDER_WAY, "重新推进"),
        _kept(_A.END, _S.NOT_STARTED, _S.ENDED, "终止"),
        _kept(_A.END, _S.UNDER_WAY, _S.ENDED, "终止"),
        _kept(_A.END, _S.LAGGING, _S.ENDED, "终止"),
        _kept(_A.END, _S.ADJUSTED, _S.ENDED, "终止"),
    ]
)
