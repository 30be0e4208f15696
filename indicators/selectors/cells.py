"""One line of a sheet beyond its figure: its past years, its remarks, who changed it from what to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

from county_portal.accounts.models import User
from county_portal.accounts.selectors import lineages
from county_portal.audit.models import Event
from county_portal.audit.selectors import list_events_of
from county_portal.common import clock
from indicators.enums import REVIEWED
from indicators.models import CellComment, Indicator, Submission, Value
from indicators.rules import CellFigure, recorded_figure
from indicators.selectors.sheets import Row, Sheet, figure_of

YEARS = 5
# As long as this after somebody's last saving, colleagues are told that they are not alone.
PRESENCE = timedelta(minutes=5)
_ITEM_ACTS = {"add_evidence": "添加", "remove_evidence": "移除"}


@dataclass(frozen=True, slots=True)
class YearFigure:
    """A line's unrounded figure of one data year; None where it was absent."""

    year: int
    exact: Decimal | None
    figure: CellFigure | None

    @property
    def drawn(self) -> Decimal | None:
        """Cut to what a small chart can print beside its dot."""
        if self.exact is None:
            return None
        return self.exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def list_years(submission: Submission, row: Row) -> list[YearFigure]:
    """The line in the last data years as they passed review, and as it stands in this one; oldest first."""
    collection = submission.collection
    values = Value.objects.filter(
        indicator__code=row.spec.code,
        submission__collection__version__system=collection.version.system_id,
        submission__collection__data_year__lt=collection.data_year,
        submission__region__in=lineages([submission.region])[submission.region_id],
        submission__state__in=REVIEWED,
    ).select_related("indicator", "submission__collection")
    past = [
        YearFigure(
            value.submission.collection.data_year,
            figure_of(value).exact(value.indicator.factor),
            figure_of(value),
        )
        for value in values.order_by("-submission__collection__data_year")[: YEARS - 1]
    ]
    return [*reversed(past), YearFigure(collection.data_year, row.exact, row.figure)]


def list_cell_comments(submission: Submission, code: str) -> QuerySet[CellComment]:
    """Remarks on one line, oldest first, settled ones too."""
    return (
        submission.comments.filter(indicator_code=code)
        .select_related("author__office", "resolved_by")
        .order_by("written_at", "pk")
    )


def commented_codes(submission: Submission) -> frozenset[str]:
    """Lines with a remark that nobody has called settled."""
    remarks = submission.comments.filter(resolved_at__isnull=True)
    return frozenset(remarks.values_list("indicator_code", flat=True).order_by().distinct())


@dataclass(frozen=True, slots=True)
class CellEvent:
    """One change of a line: a figure from what to what, or an item of its list."""

    by: str
    office: str
    at: datetime
    before: CellFigure | None = None
    after: CellFigure | None = None
    item: str = ""


def list_cell_history(submission: Submission, code: str) -> list[CellEvent]:
    """Who changed the line, newest first, from the audit record."""
    events = list_events_of("submission", str(submission.public_id))
    figures = events.filter(act="save_values", detail__has_key=code)
    items = events.filter(act__in=_ITEM_ACTS, detail__indicator=code)
    found = sorted([*figures, *items], key=lambda event: event.serial, reverse=True)
    names = _names(found)
    return [_cell_event(event, code, names.get(event.actor_id or 0, "")) for event in found]


def _names(events: Iterable[Event]) -> dict[int, str]:
    people = {event.actor_id for event in events if event.actor_id}
    return dict(User.objects.filter(pk__in=people).values_list("pk", "display_name"))


def _cell_event(event: Event, code: str, name: str) -> CellEvent:
    by, office, detail = name or event.actor_login or "系统", event.actor_office, event.detail
    if event.act in _ITEM_ACTS:
        words = f"{_ITEM_ACTS[event.act]}“{detail.get('name', '')}”"
        return CellEvent(by, office, event.at, item=words)
    before, after = _both(detail[code])
    return CellEvent(by, office, event.at, before, after)


def _both(change: Sequence[Any]) -> tuple[CellFigure | None, CellFigure | None]:
    before, after = change
    return (recorded_figure(before) if before else None), recorded_figure(after)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else who saved in this sheet a moment ago."""

    name: str
    at: datetime


def colleague_at_work(user: User, sheet: Sheet) -> Colleague | None:
    """Whoever else saved last within `PRESENCE`; read from the sheet, no query."""
    since = clock.now() - PRESENCE
    others = [
        row.value
        for row in sheet.rows
        if row.value and row.value.updated_by_id != user.pk and row.value.updated_at >= since
    ]
    if not others:
        return None
    last = max(others, key=lambda value: value.updated_at)
    return Colleague(last.updated_by.display_name, last.updated_at)


def get_row(sheet: Sheet, indicator: Indicator) -> Row:
    """An indicator's line."""
    return next(row for row in sheet.rows if row.spec.code == indicator.code)
