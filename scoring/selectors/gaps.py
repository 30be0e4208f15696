"""What a run was graded without: figures missing, carried forward, forecast, or awaiting judgement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from scoring.engine.types import Flag
from scoring.models import GradingRun, ResultLine
from scoring.selectors.results import flag_labels
from scoring.selectors.runs import engine_scheme

# What counts as a gap, in the order a page offers them.
GAPS = (
    Flag.MISSING,
    Flag.NOT_APPLICABLE,
    Flag.QUALITATIVE,
    Flag.CARRIED_FORWARD,
    Flag.NOTHING_TO_CARRY,
    Flag.FORECAST,
    Flag.AWAITING_JUDGEMENT,
)


@dataclass(frozen=True, slots=True)
class GapFilter:
    """What the list is narrowed to; blanks narrow nothing."""

    kind: str = ""
    city: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A line of a county that was graded without its own confirmed figure."""

    region: UUID
    county_code: str
    county: str
    city: str
    city_code: str
    indicator: str
    indicator_name: str
    flags: Sequence[str]
    score: Decimal
    weight: Decimal
    derivation: str

    @property
    def words(self) -> list[str]:
        """The gaps in words."""
        return flag_labels([flag for flag in self.flags if flag in GAPS])


def list_gaps(run: GradingRun) -> list[Gap]:
    """All gaps of a run, by county and the scheme's order; one query beside the run's own."""
    indicators = {each.code: each for each in engine_scheme(run.scheme_version).indicators}
    rows = _lines(run).values_list(
        "result__region__public_id",
        "result__region__code",
        "result__region__name",
        "result__region__parent__name",
        "result__region__parent__code",
        "indicator_code",
        "flags",
        "score",
        "derivation",
    )
    return [
        Gap(
            region,
            code,
            name,
            city or "",
            city_code or "",
            indicator,
            indicators[indicator].name,
            flags,
            score,
            indicators[indicator].weight,
            derivation,
        )
        for region, code, name, city, city_code, indicator, flags, score, derivation in rows
    ]


def _lines(run: GradingRun) -> QuerySet[ResultLine]:
    lines = ResultLine.objects.filter(result__run=run, flags__overlap=[str(f) for f in GAPS])
    return lines.order_by("result__region__code", "order")


def narrow_gaps(gaps: Sequence[Gap], wanted: GapFilter) -> list[Gap]:
    """The gaps asked for."""
    return [
        gap
        for gap in gaps
        if (not wanted.kind or wanted.kind in gap.flags)
        and (not wanted.city or wanted.city == gap.city_code)
        and (not wanted.indicator or wanted.indicator == gap.indicator)
    ]


def count_gaps(gaps: Sequence[Gap]) -> list[tuple[Flag, int]]:
    """How many lines of each kind; kinds that do not occur are left out."""
    counts = Counter(flag for gap in gaps for flag in gap.flags)
    return [(flag, counts[flag]) for flag in GAPS if counts[flag]]
