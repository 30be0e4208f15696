"""A pilot's indicators: where each began, what it promised year by year, what it reached, what was asked to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from applications.enums import TargetKind
from applications.models import Pilot, PilotTarget, Reached, TargetChange, YearTarget
from applications.rules.achievement import Achievement, Aim, achieve
from applications.selectors.changes import OPEN


@dataclass(frozen=True, slots=True)
class YearCell:
    """One year of an indicator; `achievement` holds the year's figure against the year's target."""

    year: int
    goal: YearTarget | None
    reached: Reached | None
    achievement: Achievement
    open_change: TargetChange | None

    @property
    def is_changed(self) -> bool:
        """Whether the target is no longer what the application promised."""
        return self.goal is not None and self.goal.number != self.goal.promised


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One indicator with every year of the table, oldest first."""

    target: PilotTarget
    years: Sequence[YearCell]

    @property
    def columns(self) -> int:
        """Columns of the table its years fill."""
        return max(3 * len(self.years), 1)

    @property
    def final(self) -> YearCell | None:
        """The last year with a target: what acceptance holds the pilot to."""
        goals = [cell for cell in self.years if cell.goal is not None]
        return goals[-1] if goals else None

    @property
    def final_goal(self) -> Decimal | None:
        """The number of that year."""
        return self.final.goal.number if self.final and self.final.goal else None

    @property
    def latest(self) -> Reached | None:
        """The newest year's figure the province received."""
        received = [cell.reached for cell in self.years if cell.reached is not None]
        return received[-1] if received else None

    @property
    def on_the_way(self) -> Achievement:
        """The newest figure held against the last year's target."""
        latest = self.latest
        return achieve(aim_of(self.target, self.final_goal), latest.number if latest else None)


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """Indicators of one kind (S0 annex 2-1, note)."""

    kind: TargetKind
    lines: Sequence[TargetLine]


def aim_of(target: PilotTarget, goal: Decimal | None) -> Aim:
    """What an indicator is held to."""
    return Aim(target.baseline, goal, target.lower_is_better)


def list_target_lines(pilot: Pilot) -> list[TargetLine]:
    """Every indicator in table order; four queries."""
    goals: dict[int, dict[int, YearTarget]] = {}
    for goal in YearTarget.objects.filter(target__pilot=pilot):
        goals.setdefault(goal.target_id, {})[goal.year] = goal
    reached: dict[int, dict[int, Reached]] = {}
    for figure in Reached.objects.filter(target__pilot=pilot):
        reached.setdefault(figure.target_id, {})[figure.year] = figure
    asked = {change.year_target_id: change for change in pilot.changes.filter(state__in=OPEN)}
    years = sorted(
        {year for kept in goals.values() for year in kept}
        | {year for kept in reached.values() for year in kept}
    )
    return [
        _line(target, _Known(years, goals.get(target.pk, {}), reached.get(target.pk, {})), asked)
        for target in pilot.targets.order_by("order")
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    years: Sequence[int]
    goals: Mapping[int, YearTarget]
    reached: Mapping[int, Reached]


def _line(target: PilotTarget, known: _Known, asked: Mapping[int, TargetChange]) -> TargetLine:
    cells = []
    for year in known.years:
        goal, figure = known.goals.get(year), known.reached.get(year)
        achievement = achieve(
            aim_of(target, goal.number if goal else None), figure.number if figure else None
        )
        cells.append(
            YearCell(year, goal, figure, achievement, asked.get(goal.pk) if goal else None)
        )
    return TargetLine(target, cells)


def group_targets(lines: Sequence[TargetLine]) -> list[TargetGroup]:
    """By kind, assessed kinds first; kinds nobody has are left out."""
    kinds = list(TargetKind)
    ordered = sorted(lines, key=lambda line: kinds.index(TargetKind(line.target.kind)))
    return [
        TargetGroup(TargetKind(kind), list(group))
        for kind, group in groupby(ordered, key=lambda line: line.target.kind)
    ]


def target_years(lines: Sequence[TargetLine]) -> list[int]:
    """The years of the table's columns."""
    return [cell.year for cell in lines[0].years] if lines else []
