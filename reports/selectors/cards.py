"""The door to report cards, and how one is put together from a published list."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import Region, User
from county_portal.accounts.roles import Level, Permission
from county_portal.accounts.selectors import lineages
from reports.card import (
    CardCounty,
    CardProvenance,
    CardResult,
    ClassLimit,
    GroupScore,
    Movement,
    ReportCard,
    YearResult,
)
from reports.models import CardFile
from reports.selectors.lines import card_evidence, card_flags, card_lines, rule_notes
from reports.selectors.statistics import RunStatistics, run_statistics
from scoring.enums import Movement as ListMovement
from scoring.exports import issuing_office
from scoring.models import ListRow, PublishedList, Result, ResultLine
from scoring.selectors.lists import list_current

YEARS_SHOWN = 3
_MOVEMENTS = {
    ListMovement.RISE: Movement.RISE,
    ListMovement.SAME: Movement.HOLD,
    ListMovement.FALL: Movement.FALL,
    ListMovement.FIRST: Movement.FIRST,
}


def list_card_rows(user: User, published: PublishedList) -> QuerySet[ListRow]:
    """Counties of a list whose card the user may see, with the newest file."""
    rows = published.rows.select_related("region").order_by("order")
    if not user.holds(Permission.VIEW_REPORT_CARD):
        return rows.none()
    if user.level == Level.COUNTY:
        return rows.filter(region__in=own_lineage(user))
    if user.level == Level.CITY:
        return rows.filter(region__reviewing_office=user.office_id)
    return rows


def own_lineage(user: User) -> list[int]:
    """The user's region and those it continues."""
    region = user.office.region
    return lineages([region])[region.pk] if region else []


def get_card_row(user: User, published: PublishedList, region_id: UUID) -> ListRow:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_card_rows(user, published), region__public_id=region_id)


def newest_files(published: PublishedList, regions: Sequence[int]) -> dict[int, CardFile]:
    """The newest rendered card of each region, one query."""
    files = (
        CardFile.objects.filter(published_list=published, region__in=regions)
        .select_related("file")
        # By key: ordering by the region itself would order by its code.
        .order_by("region_id", "-rendered_at", "-pk")
        .distinct("region_id")
    )
    return {row.region_id: row for row in files}


def get_card_file(user: User, public_id: UUID) -> CardFile:
    """A rendered card within the user's jurisdiction; 404 otherwise."""
    files = CardFile.objects.visible_to(user).select_related("file", "region")
    return get_object_or_404(files, public_id=public_id)


def build_card(published: PublishedList, region: Region) -> ReportCard:
    """Everything the card of one county says, from frozen rows only."""
    run = published.run
    result = (
        run.results.select_related(
            "submission__reviewing_office", "submission__collection", "region__parent"
        )
        .prefetch_related(Prefetch("lines", ResultLine.objects.order_by("order")))
        .get(region=region)
    )
    row = published.rows.get(region=region)
    statistics = run_statistics(run.pk)
    history = _history(published, region)
    before = history[-2] if len(history) > 1 else None
    return ReportCard(
        county=_county(result),
        data_year=published.collection.data_year,
        evaluation_year=published.collection.evaluation_year,
        published_on=published.publish_on,
        result=_result(result, row, statistics, before.total if before else None, history),
        class_limits=_limits(statistics),
        history=history,
        groups=_groups(result, statistics),
        lines=card_lines(published, result, statistics),
        evidence=card_evidence(result, statistics.scheme),
        flags=card_flags(result, statistics.scheme),
        rule_notes=rule_notes(statistics.scheme),
        provenance=_provenance(published),
    )


def _county(result: Result) -> CardCounty:
    region = result.region
    office = result.submission.reviewing_office
    return CardCounty(
        region.code, region.name, region.parent.name if region.parent else "", office.short_name
    )


def _limits(statistics: RunStatistics) -> tuple[ClassLimit, ...]:
    return tuple(
        ClassLimit(grade.name, grade.at_least if grade.at_least > 0 else None)
        for grade in statistics.scheme.classes
    )


def _history(published: PublishedList, region: Region) -> tuple[YearResult, ...]:
    """This and earlier years' valid lists, oldest first."""
    year = published.collection.data_year
    lists = {
        row.collection.data_year: row
        for row in list_current()
        if year - YEARS_SHOWN < row.collection.data_year < year
    }
    lists[year] = published
    ids = lineages([region])[region.pk]
    return tuple(_year(lists[key], key, ids) for key in sorted(lists))


def _year(published: PublishedList, year: int, region_ids: Sequence[int]) -> YearResult:
    results = {row.region_id: row for row in published.run.results.filter(region__in=region_ids)}
    result = next((results[pk] for pk in region_ids if pk in results), None)
    if result is None:
        return YearResult(year, None, "", None, None)
    return YearResult(year, result.total, result.class_name, result.rank, published.row_count)


def _result(
    result: Result,
    row: ListRow,
    statistics: RunStatistics,
    previous_total: Decimal | None,
    history: Sequence[YearResult],
) -> CardResult:
    in_class, class_size = statistics.in_class(result.region_id)
    best_year = min(
        (year.data_year for year in history if year.rank == row.best_rank), default=None
    )
    return CardResult(
        total=result.total,
        full_marks=sum((indicator.weight for indicator in statistics.scheme.indicators), Decimal(0)),
        class_name=result.class_name,
        rank=result.rank,
        county_count=statistics.county_count,
        rank_in_class=in_class,
        class_size=class_size,
        movement=_MOVEMENTS[ListMovement(row.movement)],
        previous_total=previous_total,
        previous_class=row.previous_class,
        previous_rank=row.previous_rank,
        best_rank=row.best_rank,
        best_rank_year=best_year,
        province_mean=statistics.mean_total,
        class_median=statistics.class_medians[result.class_name],
    )


def _groups(result: Result, statistics: RunStatistics) -> tuple[GroupScore, ...]:
    weights: dict[str, Decimal] = {}
    for indicator in statistics.scheme.indicators:
        weights[indicator.group] = weights.get(indicator.group, Decimal(0)) + indicator.weight
    return tuple(
        GroupScore(
            name,
            statistics.group_score(result.region_id, name),
            weight,
            statistics.group_medians[result.class_name, name],
            statistics.group_means[name],
        )
        for name, weight in weights.items()
    )


def _provenance(published: PublishedList) -> CardProvenance:
    run, office = published.run, issuing_office()
    version = f"更正（第{published.version}版）" if published.version > 1 else "正式"
    return CardProvenance(
        issuer=office.printed_by,
        run_number=f"{published.collection.data_year}年度第{run.number}次评价",
        scheme=str(run.scheme_version),
        engine_version=run.engine_version,
        input_digest=run.inputs_sha256,
        issued_on=published.publish_on,
        status=version,
        verification_code=run.digest[:12].upper(),
        verification_url="",
    )
