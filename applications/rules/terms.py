"""The term of a pilot: how much of it has gone, when acceptance opens, how far tasks should have come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from applications.enums import PilotAct, PilotState
from county_portal.common.errors import Stale
from county_portal.common.text import chinese_date

# S0 三(三): 于建设期结束前半年内开展建设情况总结验收.
ACCEPTANCE_MONTHS = 6
# A task this many points behind its steps is called late.
BEHIND = 10

# What may be done from which states, and where it leads; what acceptance decides comes by its own act.
TERM_ACTS: Mapping[PilotAct, tuple[PilotState, ...]] = {
    PilotAct.EXTEND: (PilotState.ACTIVE, PilotState.SUSPENDED),
    PilotAct.SUSPEND: (PilotState.ACTIVE,),
    PilotAct.RESUME: (PilotState.SUSPENDED,),
    PilotAct.WITHDRAW: (PilotState.ACTIVE, PilotState.SUSPENDED, PilotState.RECTIFYING),
}
LEADS_TO: Mapping[PilotAct, PilotState] = {
    PilotAct.BEGIN: PilotState.ACTIVE,
    PilotAct.SUSPEND: PilotState.SUSPENDED,
    PilotAct.RESUME: PilotState.ACTIVE,
    PilotAct.WITHDRAW: PilotState.WITHDRAWN,
    PilotAct.RECTIFY: PilotState.RECTIFYING,
    PilotAct.ACCEPT: PilotState.ACCEPTED,
    PilotAct.FAIL: PilotState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Term:
    """How the term stands today; `gone` in per cent, 0 to 100."""

    starts_on: date
    ends_on: date
    planned_end: date
    today: date

    @property
    def gone(self) -> int:
        """Per cent of the days, the last one included."""
        days = (self.ends_on - self.starts_on).days + 1
        passed = min(max((self.today - self.starts_on).days, 0), days)
        return _percent(passed, days)

    @property
    def days_left(self) -> int:
        """Days until the end; negative once it has passed."""
        return (self.ends_on - self.today).days

    @property
    def is_extended(self) -> bool:
        """Whether the end was moved."""
        return self.ends_on > self.planned_end

    @property
    def acceptance_opens_on(self) -> date:
        """The first day of the last half year."""
        return months_before(self.ends_on + timedelta(days=1), ACCEPTANCE_MONTHS)

    @property
    def is_acceptance_open(self) -> bool:
        """From that day on; past the end it is overdue, not shut."""
        return self.today >= self.acceptance_opens_on


def months_before(day: date, months: int) -> date:
    """The same day so many months before; the month's last where it has no such day."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def acceptance_refusal(name: str, state: str, term: Term) -> Stale | None:
    """Why acceptance may not begin; None where it may. A pilot putting things right need not wait."""
    if state == PilotState.RECTIFYING:
        return None
    if state != PilotState.ACTIVE:
        label = PilotState(state).label
        return Stale(
            "pilot_not_active", f"{name}试点现为“{label}”，不能开始总结验收。请先核对试点状态。"
        )
    if not term.is_acceptance_open:
        opens, ends = chinese_date(term.acceptance_opens_on), chinese_date(term.ends_on)
        return Stale(
            "acceptance_before_window",
            f"{name}的建设期于{ends}结束，总结验收在建设期结束前半年内开展，{opens}起可以开始，请届时再办理。",
        )
    return None


def expected_done(steps: Iterable[Mapping[str, str]], today: date) -> int | None:
    """Per cent a task should have come by its steps' days; None for a task without steps.

    A step's days count as work evenly spread; steps of a task are weighed by their length.
    """
    whole = passed = 0
    for step in steps:
        begins, ends = date.fromisoformat(step["starts_on"]), date.fromisoformat(step["ends_on"])
        days = (ends - begins).days + 1
        whole += days
        passed += min(max((today - begins).days, 0), days)
    return _percent(passed, whole) if whole else None


def _percent(part: int, whole: int) -> int:
    share = Decimal(part) * 100 / Decimal(whole)
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))
