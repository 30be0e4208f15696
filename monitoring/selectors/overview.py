"""Warnings of all counties of a call at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from county_portal.accounts.models import Region, User
from indicators.models import Indicator, MonthlyCall
from indicators.selectors.monthly import list_monthly_indicators, list_regions
from monitoring.enums import WarningKind
from monitoring.models import Warning  # noqa: A004 -- the word of the field
from monitoring.selectors.warnings import SEVERITIES


@dataclass(frozen=True, slots=True)
class CountRow:
    """Open warnings of an indicator, or of a kind that concerns the county as a whole, by severity."""

    label: str
    query: str
    counts: Sequence[tuple[str, str, int]]  # severity, its word, number

    @property
    def total(self) -> int:
        """All severities."""
        return sum(count for _, _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts and the worst severity of each county within one's reach."""

    rows: Sequence[CountRow]
    counties: Sequence[tuple[Region, str, int]]  # region, worst severity or blank, open warnings
    silent: Sequence[Region]  # those that have not reported any month of the year

    @property
    def warned(self) -> int:
        """Counties with an open warning."""
        return sum(1 for _, severity, _ in self.counties if severity)


def read_overview(user: User, call: MonthlyCall) -> Overview:
    """Of the counties somebody may see; five queries however many."""
    regions = list(list_regions(user, call).select_related("parent").order_by("code"))
    found = Warning.objects.visible_to(user).open().filter(call=call).order_by()
    tally = {
        (code or "", kind, severity): count
        for code, kind, severity, count in found.values_list(
            "indicator__code", "kind", "severity"
        ).annotate(n=Count("pk"))
    }
    worst: dict[int, tuple[str, int]] = {}
    for region, severity in found.values_list("region", "severity"):
        known, count = worst.get(region, ("", 0))
        worst[region] = (max(known, severity), count + 1)
    rows = _rows(list_monthly_indicators(call.version), tally)
    reporting = set(call.figures.order_by().values_list("region", flat=True).distinct())
    return Overview(
        rows,
        [(each, *worst.get(each.pk, ("", 0))) for each in regions],
        [each for each in regions if each.pk not in reporting],
    )


def count_silent(user: User, call: MonthlyCall) -> int:
    """How many of the counties somebody may see have not reported any month of the year; one query."""
    reporting = call.figures.order_by().values("region")
    return list_regions(user, call).exclude(pk__in=reporting).count()


def _rows(
    indicators: Sequence[Indicator], tally: Mapping[tuple[str, str, str], int]
) -> list[CountRow]:
    def counts(code: str, kind: str = "") -> list[tuple[str, str, int]]:
        return [
            (
                severity,
                str(severity.label),
                sum(
                    count
                    for (at, of, grave), count in tally.items()
                    if at == code and grave == severity and kind in {"", of}
                ),
            )
            for severity in SEVERITIES
        ]

    rows = [CountRow(each.name, f"indicator={each.code}", counts(each.code)) for each in indicators]
    return rows + [
        CountRow(str(kind.label), f"kind={kind}", counts("", kind))
        for kind in (WarningKind.CLASS, WarningKind.MISSING)
    ]
