"""A ledger's lines as plain values, in seven queries however long it is; of today, or as they were at an instant."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from county_portal.common import clock
from measures.enums import CLOSED, REPORTING, DutyKind, Standing
from measures.models import Duty, Goal, GoalFigure, Ledger, Measure, ProgressEntry, StandingStep
from measures.rules.goals import GoalState
from measures.rules.lines import DutyState, EntryState, Line
from measures.rules.months import Span, closes_at, due_on, month_of, months_late, months_over

_Points = dict[int, list[tuple[date, Decimal]]]


@dataclass(frozen=True, slots=True)
class Instant:
    """As of when lines are read: the day, the last month counted and the instant up to which entries count."""

    today: date
    through: date
    until: datetime | None = None


def now() -> Instant:
    """As of now."""
    today = clock.today()
    return Instant(today, month_of(today))


def at_close(ledger: Ledger, month: date) -> Instant:
    """As of the end of the day on which a month's reports are due; what is entered later does not count."""
    day = due_on(month, ledger.due_day)
    # The day after: by then whoever is silent is late.
    return Instant(day + timedelta(days=1), month, closes_at(month, ledger.due_day))


def read_lines(ledger: Ledger, instant: Instant | None = None) -> list[Line]:
    """All measures of a ledger in order."""
    measures = Measure.objects.filter(ledger=ledger).select_related("ledger", "part")
    return _lines(measures, instant or now())


def read_line(measure: Measure) -> Line:
    """One measure now."""
    [line] = _lines(Measure.objects.filter(pk=measure.pk).select_related("ledger", "part"), now())
    return line


def read_own(user: User) -> list[Line]:
    """Measures this person's office answers for today, or for which its ledger's keeper reports, of all ledgers."""
    if not user.holds(Permission.REPORT_MEASURES):
        return []
    duties = Duty.objects.filter(ended_on__isnull=True)
    own = duties.filter(office_id=user.office_id).values("measure")
    kept = duties.filter(office__isnull=True, measure__ledger__office_id=user.office_id)
    measures = Measure.objects.filter(pk__in=own.union(kept.values("measure")))
    return _lines(measures.select_related("ledger", "part"), now())


def _lines(measures: QuerySet[Measure], instant: Instant) -> list[Line]:
    rows = list(measures.order_by("ledger__starts_on", "ledger", "order"))
    duties = _duties(rows, instant)
    goals = _goals(rows, instant)
    reasons = _last_steps(rows, instant)
    return [_line(row, reasons.get(row.pk), duties[row.pk], goals[row.pk], instant) for row in rows]


def _line(
    row: Measure,
    step: StandingStep | None,
    duties: "Sequence[_DutyRow]",
    goals: Sequence[GoalState],
    instant: Instant,
) -> Line:
    state = Standing(step.to_state) if step else Standing.NOT_STARTED
    since = step.at if step else row.ledger.created_at
    closed_on = clock.day_of(since) if state in CLOSED else None
    return Line(
        public_id=str(row.public_id),
        pk=row.pk,
        part=row.part.order,
        part_title=str(row.part),
        number=row.number,
        head=row.head,
        heading=row.heading,
        text=row.text,
        closing=row.closing,
        state=state,
        state_since=since,
        state_reason=step.comment if step else "",
        due_on=row.due_on or row.ledger.ends_on,
        today=instant.today,
        duties=[_duty(row, each, closed_on, instant) for each in duties],
        goals=goals,
    )


@dataclass(frozen=True, slots=True)
class _DutyRow:
    duty: Duty
    months: frozenset[date]
    newest: ProgressEntry | None


def _duties(rows: Sequence[Measure], instant: Instant) -> dict[int, list[_DutyRow]]:
    duties = list(Duty.objects.filter(measure__in=rows).order_by("measure", "order", "pk"))
    entries = _entries(instant).filter(duty__measure__in=rows)
    months: dict[int, dict[date, int]] = defaultdict(dict)
    # In the order of entering: of a month the newest holds.
    for duty_id, month, pk in entries.order_by("pk").values_list("duty", "month", "pk"):
        months[duty_id][month] = pk
    newest_ids = {duty: held[max(held)] for duty, held in months.items()}
    newest = ProgressEntry.objects.select_related("entered_by").in_bulk(list(newest_ids.values()))
    found: dict[int, list[_DutyRow]] = defaultdict(list)
    for duty in duties:
        held = months.get(duty.pk, {})
        found[duty.measure_id].append(
            _DutyRow(duty, frozenset(held), newest.get(newest_ids.get(duty.pk, 0)))
        )
    return found


def _entries(instant: Instant) -> QuerySet[ProgressEntry]:
    entries = ProgressEntry.objects.filter(month__lte=instant.through)
    return entries.filter(entered_at__lt=instant.until) if instant.until else entries


def _duty(row: Measure, each: _DutyRow, closed_on: date | None, instant: Instant) -> DutyState:
    duty, ledger = each.duty, row.ledger
    span = span_of(ledger, duty, closed_on)
    return DutyState(
        public_id=str(duty.public_id),
        pk=duty.pk,
        kind=DutyKind(duty.kind),
        name=duty.name,
        source_words=duty.source_words,
        office_id=duty.office_id,
        is_supplement=duty.is_supplement,
        is_ended=duty.ended_on is not None and duty.ended_on <= instant.today,
        months=each.months,
        over=months_over(span, instant.today),
        late=[
            month
            for month in months_late(span, ledger.due_day, instant.today)
            if month not in each.months and duty.kind in REPORTING
        ],
        newest=_entry(each.newest) if each.newest else None,
    )


def _entry(row: ProgressEntry) -> EntryState:
    return EntryState(
        row.month, row.words, row.next_steps, row.entered_by.display_name, row.entered_at
    )


def span_of(ledger: Ledger, duty: Duty, closed_on: date | None) -> Span:
    """The days a unit answers for; the month in which a measure is closed or a unit leaves is not due any more."""
    ends = [ledger.ends_on] if ledger.ends_on else []
    ends += [_before_month(day) for day in (duty.ended_on, closed_on) if day]
    return Span(max(ledger.starts_on, duty.begins_on), min(ends, default=None))


def _before_month(day: date) -> date:
    return month_of(day) - timedelta(days=1)


def _goals(rows: Sequence[Measure], instant: Instant) -> dict[int, list[GoalState]]:
    ends = {row.pk: row.due_on or row.ledger.ends_on for row in rows}
    points = _points(rows, instant)
    found: dict[int, list[GoalState]] = defaultdict(list)
    for goal in Goal.objects.filter(measure__in=rows).order_by("measure", "order"):
        found[goal.measure_id].append(
            GoalState(
                public_id=str(goal.public_id),
                pk=goal.pk,
                name=goal.name,
                wording=goal.wording,
                target=goal.target,
                unit=goal.unit,
                by=goal.by or ends[goal.measure_id],
                lower_is_better=goal.lower_is_better,
                points=points.get(goal.pk, []),
            )
        )
    return found


def _points(rows: Sequence[Measure], instant: Instant) -> _Points:
    figures = GoalFigure.objects.filter(goal__measure__in=rows, entry__in=_entries(instant))
    newest: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for goal, month, number in figures.order_by("entry__pk").values_list(
        "goal", "entry__month", "number"
    ):
        newest[goal][month] = number
    return {goal: sorted(held.items()) for goal, held in newest.items()}


def _last_steps(rows: Sequence[Measure], instant: Instant) -> Mapping[int, StandingStep]:
    steps = StandingStep.objects.filter(measure__in=rows)
    if instant.until:
        steps = steps.filter(at__lt=instant.until)
    return {step.measure_id: step for step in steps.order_by("pk")}


def ledger_of_lines(lines: Iterable[Line]) -> dict[int, Ledger]:
    """The ledger of each line, by measure; one query."""
    measures = Measure.objects.filter(pk__in=[line.pk for line in lines])
    return {row.pk: row.ledger for row in measures.select_related("ledger__office")}
