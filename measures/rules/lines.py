"""A line of a ledger as plain values: what every page, workbook and report is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from county_portal.common.text import clean_text
from measures.enums import CLOSED, REPORTING, DutyKind, Standing
from measures.rules.goals import GoalState
from measures.rules.months import month_of, months_apart, shifted

# So many months in a row without a word from any unit: the measure stalls.
STALLS_AFTER = 2


@dataclass(frozen=True, slots=True)
class EntryState:
    """What a unit reported of a month."""

    month: date
    words: str
    next_steps: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DutyState:
    """A unit's part with the months it reported; `late` are those missing whose day has passed."""

    public_id: str
    pk: int
    kind: DutyKind
    name: str
    source_words: str
    office_id: int | None
    is_supplement: bool
    is_ended: bool
    months: frozenset[date]
    over: Sequence[date]
    late: Sequence[date]
    newest: EntryState | None

    @property
    def is_reporting(self) -> bool:
        """Whether a word is due of it every month."""
        return self.kind in REPORTING and not self.is_ended

    @property
    def missing_words(self) -> str:
        """How many months it owes, in words."""
        return f"{len(self.late)}次"


@dataclass(frozen=True, slots=True)
class Line:
    """One measure as it stands on a day."""

    public_id: str
    pk: int
    part: int
    part_title: str
    number: int
    head: str
    heading: str
    text: str
    closing: str
    state: Standing
    state_since: datetime
    state_reason: str
    due_on: date | None
    today: date
    duties: Sequence[DutyState]
    goals: Sequence[GoalState]

    @property
    def is_open(self) -> bool:
        """Neither done nor ended."""
        return self.state not in CLOSED

    @property
    def is_overdue(self) -> bool:
        """Its day has passed and it is not done."""
        return self.is_open and self.due_on is not None and self.due_on < self.today

    @property
    def missing(self) -> int:
        """Months its reporting units owe."""
        return sum(len(duty.late) for duty in self.duties if duty.is_reporting)

    @property
    def is_late(self) -> bool:
        """Past its day, or months owed."""
        return self.is_overdue or self.missing > 0

    @property
    def last_month(self) -> date:
        """The last month that is over."""
        return shifted(month_of(self.today), -1)

    @property
    def behind(self) -> list[GoalState]:
        """Goals that lie behind their path at the end of the last month."""
        if not self.is_open:
            return []
        return [goal for goal in self.goals if goal.is_behind(self.last_month)]

    @property
    def newest(self) -> EntryState | None:
        """What was reported last, of the newest month."""
        entries = [duty.newest for duty in self.duties if duty.newest]
        return max(entries, key=lambda entry: (entry.month, entry.at), default=None)

    @property
    def silent_months(self) -> int:
        """Months over in which no unit said anything, counted back from the last."""
        if not self.is_open:
            return 0
        over = sorted({month for duty in self.duties for month in duty.over})
        if not over:
            return 0
        said = [month for duty in self.duties for month in duty.months]
        after = max(said, default=shifted(over[0], -1))
        return max(0, months_apart(after, over[-1]))

    @property
    def is_stalled(self) -> bool:
        """Nothing was heard for too long, or a goal lies behind."""
        return self.silent_months >= STALLS_AFTER or bool(self.behind)

    @property
    def active_duties(self) -> list[DutyState]:
        """Units that answer for it today."""
        return [duty for duty in self.duties if not duty.is_ended]

    @property
    def missing_words(self) -> str:
        """How many, in words."""
        return f"{self.missing}次"

    @property
    def lead_words(self) -> str:
        """The leading units, or those that provide its data where none leads."""
        return "、".join(self.units(DutyKind.LEAD)) or "—"

    @property
    def other_words(self) -> str:
        """The others with their parts."""
        data = [f"{name}（数据提供）" for name in self.units(DutyKind.DATA)]
        return "、".join([*self.units(DutyKind.SUPPORT), *data])

    def units(self, kind: DutyKind) -> list[str]:
        """Names of the units with a part of this kind, many of one word by that word."""
        return names_of(duty for duty in self.active_duties if duty.kind == kind)


def names_of(duties: Iterable[DutyState]) -> list[str]:
    """Units as the text calls them: what was expanded from one word counts once."""
    return list(dict.fromkeys(duty.source_words for duty in duties))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the list of lines; blank narrows nothing."""

    part: int | None = None
    unit: str = ""
    state: str = ""
    late: str = ""  # "late", "overdue", "missing", "stalled"
    has_goal: bool = False
    text: str = ""

    def admits(self, line: Line, *, ignoring_state: bool = False) -> bool:
        """Whether a line stays."""
        return (
            (self.part is None or line.part == self.part)
            and (not self.unit or any(self._is_unit(duty) for duty in line.active_duties))
            and (ignoring_state or not self.state or line.state == self.state)
            and (not self.late or _LATE[self.late](line))
            and (not self.has_goal or bool(line.goals))
            and (not self.text or _searchable(self.text) in _searchable(line.text + line.closing))
        )

    def _is_unit(self, duty: DutyState) -> bool:
        return self.unit in {duty.name, duty.source_words}


_LATE = {
    "late": lambda line: line.is_late,
    "overdue": lambda line: line.is_overdue,
    "missing": lambda line: line.missing > 0,
    "stalled": lambda line: line.is_stalled,
}
LATE_WORDS: Mapping[str, str] = {
    "late": "逾期（任一种）",
    "overdue": "超过完成时限",
    "missing": "欠报月份",
    "stalled": "停滞",
}


def _searchable(text: str) -> str:
    try:
        return clean_text(text).replace(" ", "").lower()
    except ValueError:
        return text
