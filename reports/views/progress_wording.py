"""What pages of progress reports show and say; no queries and no rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from applications.rules.achievement import Achievement
from county_portal.common.components import HistoryEntry, Step
from county_portal.common.province import words
from reports.enums import ProgressAction, ProgressState
from reports.rules.lagging import Shortfall, lagging_indicators, shortfalls_of
from reports.rules.progress import ProgressContent, Reading

if TYPE_CHECKING:
    from reports.models import ProgressReport, ProgressStep
    from reports.selectors.progress_year import PublicPilot, YearRow

Line = list[tuple[str, Decimal | None]]
_TWO = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator as the page shows it: its figure against target and path."""

    reading: Reading
    year: int
    achievement: Achievement
    expected: Decimal | None  # on the straight path
    lead: Decimal | None
    points: Line
    last: Decimal | None = None  # the year before's, as the province received it

    @property
    def target(self) -> Decimal | None:
        """What the year is held to."""
        return self.reading.target_of(self.year)

    @property
    def older_target(self) -> int | None:
        """The year whose target still holds, where the report's own has none."""
        held = self.reading.target_year(self.year)
        return None if held == self.year else held

    @property
    def bar(self) -> Decimal:
        """For the bar: 0 to 100."""
        return (self.achievement.capped or Decimal(0)) * 100

    @property
    def pace(self) -> str:
        """Fast, slow or as planned."""
        if self.lead is None:
            return ""
        return "领先" if self.lead > 0 else "落后" if self.lead < 0 else "持平"

    @property
    def gap(self) -> Decimal:
        """How far it is off the path; `pace` says to which side."""
        return abs(self.lead or Decimal(0))

    @property
    def title(self) -> str:
        """Above its chart."""
        unit = f"（{self.reading.unit}）" if self.reading.unit else ""
        return f"{self.reading.order} {self.reading.name}{unit}"

    @property
    def has_course(self) -> bool:
        """Whether a line can be drawn."""
        return sum(number is not None for _, number in self.points) >= _TWO

    @property
    def limits(self) -> list[tuple[str, Decimal]]:
        """Dashed lines of the chart: the year's target."""
        return [] if self.target is None else [("本年目标", self.target)]


@dataclass(frozen=True, slots=True)
class Figures:
    """All of them, assessed and watched apart."""

    assessed: Sequence[Figure]
    watched: Sequence[Figure]
    reached: int
    measured: int


def figures_of(
    content: ProgressContent, past: Mapping[int, Mapping[int, Decimal]] | None = None
) -> Figures:
    """`past` are figures of earlier years by target's order and year."""
    figures = [
        _figure(row, content.year, (past or {}).get(row.order, {})) for row in content.readings
    ]
    return Figures(
        [each for each in figures if each.reading.is_assessed],
        [each for each in figures if not each.reading.is_assessed],
        content.reached,
        content.measured,
    )


def _figure(row: Reading, year: int, past: Mapping[int, Decimal]) -> Figure:
    known: dict[int, Decimal | None] = {**past}
    if row.baseline is not None:
        known.setdefault(row.baseline_year, row.baseline)
    known[year] = row.number
    return Figure(
        row,
        year,
        row.achieved(year),
        row.path(year),
        row.lead(year),
        [(f"{each}年", known[each]) for each in sorted(known) if each <= year],
        past.get(year - 1),
    )


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A pilot's line on the province's page of a year; `bar` 0 to 100."""

    row: "YearRow"
    bar: Decimal | None
    reached: int
    measured: int
    shortfalls: Sequence[Shortfall]

    @property
    def worst(self) -> Sequence[Shortfall]:
        """The first few, which the page shows without being asked."""
        return self.shortfalls[:_WORST]

    @property
    def others(self) -> Sequence[Shortfall]:
        """The rest."""
        return self.shortfalls[_WORST:]


_SHOWN = 3
_WORST = 2


def year_figures(rows: Iterable["YearRow"], *, by_code: bool = False) -> list[YearFigures]:
    """As they stand side by side: what is not there first, then who is furthest behind; or by code."""
    figures = [
        YearFigures(
            row,
            None if row.mean is None else row.mean * 100,
            row.content.reached if row.content else 0,
            row.content.measured if row.content else 0,
            shortfalls_of(row.content) if row.content else (),
        )
        for row in rows
    ]
    return figures if by_code else sorted(figures, key=_standing)


def _standing(each: YearFigures) -> tuple[bool, Decimal]:
    return (each.bar is not None, each.bar or Decimal(0))


def public_figures(pilot: "PublicPilot") -> list[Figure]:
    """A pilot's figures as everybody may read them: no words, no evidence."""
    return [_figure(row, pilot.year, {}) for row in pilot.readings]


def summary_draft(year: int, rows: Sequence["YearRow"]) -> str:
    """Words to begin with."""
    received = [row for row in rows if row.report.state == ProgressState.RECEIVED]
    late = sum(row.report.is_late and not row.report.is_missing for row in rows)
    missing = sum(row.report.is_missing for row in rows)
    contents = [row.content for row in received if row.content]
    reached = sum(content.reached for content in contents)
    measured = sum(content.measured for content in contents)
    said = [
        f"{year}年度，应报送建设进展报告的试点{len(rows)}个，{words().province_office}已接收{len(received)}个。",
        f"其中逾期报送{late}个，逾期未报{missing}个。" if late or missing else "",
        f"已接收的报告中，设有年度目标的考核指标共{measured}项次，达到年度目标{reached}项次。",
        _lagging_words(contents),
    ]
    return "".join(said)


def _lagging_words(contents: Sequence[ProgressContent]) -> str:
    """The indicators most pilots fell short of, in one sentence."""
    most = lagging_indicators(contents)[:_SHOWN]
    named = "、".join(f"{each.name}（{len(each.shortfalls)}个试点）" for each in most)
    return f"未达到年度目标较多的指标是：{named}。" if named else ""


_STEPS = ("县级编制", "市级审核", "省级接收")
_BEHIND = {
    ProgressState.DRAFT: 0,
    ProgressState.RETURNED: 0,
    ProgressState.SUBMITTED: 1,
    ProgressState.CITY_REVIEW: 1,
    ProgressState.PROVINCE_REVIEW: 2,
    ProgressState.RECEIVED: 3,
}


def steps_of(report: "ProgressReport") -> list[Step]:
    """How far the report has come."""
    behind = _BEHIND[ProgressState(report.state)]
    here = "returned" if report.state == ProgressState.RETURNED else "current"
    offices = (
        report.pilot.office.short_name,
        report.pilot.reviewing_office.short_name,
        words().province_office,
    )
    return [
        Step(label, "done" if place < behind else here if place == behind else "todo", office)
        for place, (label, office) in enumerate(zip(_STEPS, offices, strict=True))
    ]


_MARKS = {
    ProgressAction.SUBMIT: ("info", "send"),
    ProgressAction.RECALL: ("neutral", "arrow-counterclockwise"),
    ProgressAction.ACCEPT: ("info", "lock-fill"),
    ProgressAction.APPROVE: ("success", "check-circle-fill"),
    ProgressAction.RETURN: ("danger", "arrow-return-left"),
    ProgressAction.RECEIVE: ("success", "check-circle-fill"),
    ProgressAction.SEND_BACK: ("danger", "arrow-return-left"),
}


def history_of(steps: Iterable["ProgressStep"]) -> list[HistoryEntry]:
    """The steps newest first."""
    return [
        HistoryEntry(
            step.label,
            step.actor_name,
            step.actor.office.short_name,
            step.at,
            step.comment,
            *_MARKS[ProgressAction(step.action)],
        )
        for step in reversed(list(steps))
    ]
