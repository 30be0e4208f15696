"""How a county's report card is put together from a published list."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from reports.card_facts import (
    CardCounty,
    CardFlag,
    CardProvenance,
    CardResult,
    CityStanding,
    ClassLimit,
    GroupScore,
    Marks,
    Movement,
    ReportCard,
)
from reports.selectors.evidence import card_evidence
from reports.selectors.history import History, read_history
from reports.selectors.lines import LineMarks, card_flags, card_lines, rule_notes
from reports.selectors.outlook import card_outlook
from reports.selectors.statistics import City, RunStatistics, city_statistics, run_statistics
from scoring.enums import Movement as ListMovement
from scoring.models import ListRow, PublishedList, Result, ResultLine
from scoring.selectors.list_documents import list_settings

_MOVEMENTS = {
    ListMovement.RISE: Movement.RISE,
    ListMovement.SAME: Movement.HOLD,
    ListMovement.FALL: Movement.FALL,
    ListMovement.FIRST: Movement.FIRST,
}


def build_card(published: PublishedList, region: Region) -> ReportCard:
    """Everything the card of one county says; figures and points from what the run froze.

    Eight queries once the run's statistics are known to the process.
    """
    result = (
        published.run.results.select_related("submission__reviewing_office", "region__parent")
        .prefetch_related(Prefetch("lines", ResultLine.objects.order_by("order")))
        .get(region=region)
    )
    row = published.rows.get(region=region)
    statistics, history = run_statistics(published.run_id), read_history(published, region)
    city = city_statistics(published.pk)[region.pk]
    return ReportCard(
        county=_county(result, row),
        data_year=published.collection.data_year,
        evaluation_year=published.collection.evaluation_year,
        published_on=published.publish_on,
        result=_result(result, row, _Standing(statistics, city, history)),
        class_limits=_limits(statistics),
        history=history.shown,
        groups=_groups(result, statistics, city),
        lines=card_lines(published, result, LineMarks(statistics, city), history.last_year),
        evidence=card_evidence(published, result, statistics.scheme),
        flags=card_flags(result, statistics.scheme),
        rule_notes=rule_notes(statistics.scheme),
        provenance=_provenance(published),
        outlook=card_outlook(published, result, statistics.scheme),
    )


def grouped_flags(card: ReportCard) -> list[tuple[CardFlag, list[str]]]:
    """One flag of each kind with the names of all indicators it concerns, for a page."""
    groups: dict[str, tuple[CardFlag, list[str]]] = {}
    for flag in card.flags:
        groups.setdefault(flag.kind, (flag, []))[1].append(flag.indicator)
    return list(groups.values())


def _county(result: Result, row: ListRow) -> CardCounty:
    """Named as on the list."""
    office = result.submission.reviewing_office
    return CardCounty(row.code, row.name, row.city, office.short_name)


def _limits(statistics: RunStatistics) -> tuple[ClassLimit, ...]:
    return tuple(
        ClassLimit(grade.name, grade.at_least if grade.at_least > 0 else None)
        for grade in statistics.scheme.classes
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a result is measured against."""

    statistics: RunStatistics
    city: City
    history: History


def _result(result: Result, row: ListRow, standing: _Standing) -> CardResult:
    statistics, history = standing.statistics, standing.history
    in_class, class_size = statistics.in_class(result.region_id)
    weights = (indicator.weight for indicator in statistics.scheme.indicators)
    return CardResult(
        total=result.total,
        full_marks=sum(weights, Decimal(0)),
        class_name=result.class_name,
        rank=result.rank,
        county_count=statistics.county_count,
        rank_in_class=in_class,
        class_size=class_size,
        movement=_MOVEMENTS[ListMovement(row.movement)],
        previous_total=history.last_total,
        previous_class=row.previous_class,
        previous_rank=row.previous_rank,
        best_rank=row.best_rank,
        best_rank_year=history.best_year(row),
        province_mean=statistics.mean_total,
        class_median=statistics.class_peers[result.class_name].total,
        city=_city(result, row, standing.city),
        previous_name=history.former_name(row),
    )


def _city(result: Result, row: ListRow, city: City) -> CityStanding:
    parent = result.region.parent
    is_direct = parent is not None and parent.level == Level.PROVINCE
    name = "省直管" if is_direct else row.city
    return CityStanding(name, city.rank(result.rank), len(city.ranks), city.peers.total)


def _groups(result: Result, statistics: RunStatistics, city: City) -> tuple[GroupScore, ...]:
    weights: dict[str, Decimal] = {}
    for indicator in statistics.scheme.indicators:
        weights[indicator.group] = weights.get(indicator.group, Decimal(0)) + indicator.weight
    scores = statistics.group_scores(result.region_id)
    peers = statistics.class_peers[result.class_name]
    return tuple(
        GroupScore(
            name,
            scores[name],
            weight,
            Marks(peers.groups[name], city.peers.groups[name], statistics.group_means[name]),
        )
        for name, weight in weights.items()
    )


def _provenance(published: PublishedList) -> CardProvenance:
    run, office = published.run, list_settings()
    status = f"更正（第{published.version}版）" if published.version > 1 else "正式"
    return CardProvenance(
        issuer=office.printed_by,
        run_number=f"{published.collection.data_year}年度第{run.number}次评价",
        scheme=str(run.scheme_version),
        engine_version=run.engine_version,
        input_digest=run.inputs_sha256,
        issued_on=published.publish_on,
        status=status,
    )
