"""What a county is measured against: means, medians and ranks of a run, read once per process and run."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from scoring.engine.codec import inputs_from_bytes
from scoring.engine.types import Figure, Scheme
from scoring.models import GradingRun, PublishedList, ResultLine
from scoring.selectors.runs import engine_scheme

_CENTS = Decimal("0.01")
_PEERS_AT_LEAST = 3


@dataclass(frozen=True, slots=True)
class Peers:
    """Medians of some counties of a run; None where fewer than three would tell a neighbour's score."""

    total: Decimal | None
    groups: Mapping[str, Decimal | None]
    lines: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class RunStatistics:
    """Figures of a complete run, which never change; regions by primary key."""

    scheme: Scheme
    county_count: int
    totals: Mapping[int, Decimal]
    classes: Mapping[int, str]
    ranks: Mapping[int, int]
    scores: Mapping[int, Mapping[str, Decimal]]
    line_ranks: Mapping[str, Mapping[int, int]]
    mean_total: Decimal
    class_peers: Mapping[str, Peers]
    group_means: Mapping[str, Decimal]
    line_means: Mapping[str, Decimal]

    def group_scores(self, region: int) -> dict[str, Decimal]:
        """Points of one county by group."""
        return _group_scores(self.scheme, self.scores[region])

    def in_class(self, region: int) -> tuple[int, int]:
        """Rank within the class, and its size."""
        mine = self.classes[region]
        peers = [self.ranks[pk] for pk, name in self.classes.items() if name == mine]
        return 1 + sum(rank < self.ranks[region] for rank in peers), len(peers)


@lru_cache(maxsize=4)
def run_statistics(run_id: int) -> RunStatistics:
    """Statistics of a complete run; safe to keep because such a run cannot change."""
    run = GradingRun.objects.select_related("scheme_version").defer("inputs").get(pk=run_id)
    scheme = engine_scheme(run.scheme_version)
    rows = list(run.results.values_list("region", "total", "class_name", "rank"))
    classes = {region: name for region, _, name, _ in rows}
    totals = {region: total for region, total, _, _ in rows}
    scores = _scores(run_id)
    groups = {region: _group_scores(scheme, scores[region]) for region in totals}
    names = list(dict.fromkeys(indicator.group for indicator in scheme.indicators))
    return RunStatistics(
        scheme=scheme,
        county_count=len(rows),
        totals=totals,
        classes=classes,
        ranks={region: rank for region, _, _, rank in rows},
        scores=scores,
        line_ranks={
            indicator.code: _ranks({pk: lines[indicator.code] for pk, lines in scores.items()})
            for indicator in scheme.indicators
        },
        mean_total=mean(list(totals.values())),
        class_peers={
            name: _peers(
                [totals[pk] for pk in members],
                [groups[pk] for pk in members],
                [scores[pk] for pk in members],
            )
            for name, members in _members(classes).items()
        },
        group_means={name: mean([row[name] for row in groups.values()]) for name in names},
        line_means={
            indicator.code: mean([row[indicator.code] for row in scores.values()])
            for indicator in scheme.indicators
        },
    )


def _members(belonging: Mapping[int, str]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for pk, name in belonging.items():
        found[name].append(pk)
    return found


def _peers(
    totals: Sequence[Decimal],
    groups: Sequence[Mapping[str, Decimal]],
    lines: Sequence[Mapping[str, Decimal]],
) -> Peers:
    return Peers(median_of_peers(totals), _medians(groups), _medians(lines))


def _medians(rows: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal | None]:
    return {name: median_of_peers([row[name] for row in rows]) for name in rows[0]}


@dataclass(frozen=True, slots=True)
class City:
    """The counties of one city on a list."""

    ranks: Sequence[int]
    peers: Peers

    def rank(self, rank: int) -> int:
        """The place among them of a county with this rank in the province."""
        return 1 + sum(each < rank for each in self.ranks)


@lru_cache(maxsize=4)
def city_statistics(list_id: int) -> Mapping[int, City]:
    """By region: its city on a published list, which cannot change. Read once per process and list."""
    published = PublishedList.objects.get(pk=list_id)
    run = run_statistics(published.run_id)
    belonging = dict(published.rows.order_by("order").values_list("region", "city"))
    cities = {name: _city(run, members) for name, members in _members(belonging).items()}
    return {pk: cities[name] for pk, name in belonging.items()}


def _city(run: RunStatistics, members: Sequence[int]) -> City:
    return City(
        [run.ranks[pk] for pk in members],
        _peers(
            [run.totals[pk] for pk in members],
            [run.group_scores(pk) for pk in members],
            [run.scores[pk] for pk in members],
        ),
    )


@lru_cache(maxsize=4)
def frozen_figures(run_id: int) -> Mapping[str, Mapping[str, Figure]]:
    """What a complete run was graded from: figures by region code and indicator code.

    Cards read these and not the submissions, which may have been reopened since.
    """
    inputs = inputs_from_bytes(GradingRun.objects.values_list("inputs", flat=True).get(pk=run_id))
    return {
        county.code: {figure.indicator: figure for figure in county.figures}
        for county in inputs.counties
    }


def _scores(run_id: int) -> Mapping[int, Mapping[str, Decimal]]:
    found: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    lines = ResultLine.objects.filter(result__run=run_id).order_by()
    for region, code, score in lines.values_list("result__region", "indicator_code", "score"):
        found[region][code] = score
    return found


def _group_scores(scheme: Scheme, scores: Mapping[str, Decimal]) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for indicator in scheme.indicators:
        sums[indicator.group] += scores[indicator.code]
    return dict(sums)


def _ranks(scores: Mapping[int, Decimal]) -> dict[int, int]:
    """Equal scores share a rank."""
    ordered = sorted(scores.values(), reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(ordered, 1)))}
    return {pk: first[score] for pk, score in scores.items()}


def mean(numbers: Sequence[Decimal]) -> Decimal:
    """Mean to two decimals, half up; the sequence is not empty."""
    return _rounded(sum(numbers, Decimal(0)) / len(numbers))


def median_of_peers(numbers: Sequence[Decimal]) -> Decimal | None:
    """The median; None for fewer than three, of whom one could tell the other's score from it."""
    return median(numbers) if len(numbers) >= _PEERS_AT_LEAST else None


def median(numbers: Sequence[Decimal]) -> Decimal:
    """Median to two decimals, half up; the sequence is not empty."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return _rounded(ordered[middle])
    return _rounded((ordered[middle - 1] + ordered[middle]) / 2)


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(_CENTS, "ROUND_HALF_UP")
