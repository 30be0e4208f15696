"""Rows of the datasets: only what has been published, read through the same doors as the public pages."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count, Max, Q
from django.urls import reverse

from applications.enums import ASSESSED, ChangeState
from applications.models import Decision, PilotList, Reached
from applications.selectors.programme import list_published_pilots, published_lists
from applications.selectors.rounds import list_announced
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level
from county_portal.common.numbers import plain
from county_portal.documents.enums import PaperStatus
from indicators.enums import VersionState
from indicators.models import Indicator
from opendata import schemas
from reports.selectors.progress_year import list_published_years, read_public
from scoring.enums import SchemeState
from scoring.models import ListRow, PublishedList, SchemeVersion
from scoring.selectors.lists import list_changes, list_published, replacements


def _statuses(lists: Iterable[PublishedList]) -> dict[int, str]:
    """Standing of each list: replaced by a later version, or whatever its paper says."""
    rows = list(lists)
    replaced = replacements(rows)
    return {row.pk: "replaced" if row.pk in replaced else _standing(row) for row in rows}


def _standing(row: PublishedList) -> str:
    # A list published before lists were papers has none, and nothing has taken it back.
    return row.paper.status if row.paper else PaperStatus.VALID


def list_rows() -> list[schemas.ListRow]:
    """Every published version of every list, newest year first; one query."""
    lists = list(list_published())
    statuses, replaced = _statuses(lists), replacements(lists)
    return [
        schemas.ListRow(
            list_id=str(row.public_id),
            data_year=row.collection.data_year,
            evaluation_year=row.collection.evaluation_year,
            version=row.version,
            status=statuses[row.pk],
            document_number=row.document_number,
            published_on=row.publish_on,
            counties=row.row_count,
            scheme_version=str(row.run.scheme_version),
            replaces=str(row.supersedes.public_id) if row.supersedes else None,
            replaced_by=str(replaced[row.pk].public_id) if row.pk in replaced else None,
            correction_reason=row.correction_reason,
            digest=row.digest,
            page=reverse("scoring:public_list", args=[row.public_id]),
        )
        for row in lists
    ]


_LISTED = (
    *("published_list_id", "order", "code", "region__valid_from", "name", "city"),
    *("class_name", "previous_class", "movement"),
)


def listed_rows() -> list[schemas.ListedCounty]:
    """The counties of every version in the order published, without scores; two queries."""
    lists = {row.pk: row for row in list_published()}
    statuses = _statuses(lists.values())
    found: dict[int, list[schemas.ListedCounty]] = {pk: [] for pk in lists}
    rows = ListRow.objects.filter(published_list__in=lists).order_by("order")
    for pk, order, code, region_from, name, city, grade, before, movement in rows.values_list(
        *_LISTED
    ):
        listed = schemas.ListedCounty(
            list_id=str(lists[pk].public_id),
            data_year=lists[pk].collection.data_year,
            version=lists[pk].version,
            status=statuses[pk],
            order=order,
            region_code=code,
            region_from=region_from,
            name=name,
            city=city,
            class_name=grade,
            previous_class=before,
            movement=movement,
        )
        found[pk].append(listed)
    return [row for pk in lists for row in found[pk]]


def correction_rows() -> list[schemas.CorrectionRow]:
    """What each correction changed; two queries a correction."""
    rows = []
    for published in list_published():
        if published.supersedes is None:
            continue
        for change in list_changes(published):
            before, after = change.before, change.after
            row = schemas.CorrectionRow(
                list_id=str(published.public_id),
                replaces=str(published.supersedes.public_id),
                data_year=published.collection.data_year,
                version=published.version,
                published_on=published.publish_on,
                reason=published.correction_reason,
                region_code=change.row.code,
                name=change.row.name,
                class_before=before.class_name if before else "",
                class_after=after.class_name if after else "",
                order_before=before.order if before else None,
                order_after=after.order if after else None,
            )
            rows.append(row)
    return rows


def count_classes(lists: Iterable[PublishedList]) -> dict[int, dict[str, int]]:
    """Per list how many counties it has in each class; one query."""
    found: dict[int, dict[str, int]] = {row.pk: {} for row in lists}
    rows = ListRow.objects.filter(published_list__in=found).order_by()
    for pk, name, count in rows.values_list("published_list", "class_name").annotate(Count("pk")):
        found[pk][name] = count
    return found


def notice_names(notices: Iterable[PilotList]) -> dict[int, list[str]]:
    """Per list on notice the regions it means to choose; one query."""
    found: dict[int, list[str]] = {row.pk: [] for row in notices}
    rows = Decision.objects.filter(pilot_list__in=found, is_selected=True)
    for row in rows.select_related("application__region__parent"):
        found[row.pilot_list_id].append(row.application.region.full_name)
    return found


def count_achievements() -> dict[int, tuple[int, int]]:
    """Per published year how many pilots and how many figures of assessed indicators; one query."""
    rows = Reached.objects.filter(published_at__isnull=False, target__kind__in=ASSESSED).order_by()
    counted = rows.values_list("year").annotate(
        Count("target__pilot", distinct=True), Count("pk", distinct=True)
    )
    return {year: (pilots, figures) for year, pilots, figures in counted}


def lists_modified() -> datetime | None:
    """When a list was last published."""
    found: datetime | None = list_published().aggregate(Max("published_at"))["published_at__max"]
    return found


def round_rows() -> list[schemas.RoundRow]:
    """Rounds as announced, newest first; two queries."""
    rounds = list(list_announced())
    lists = published_lists(rounds)
    numbers = {pk: row.paper.number if row.paper else "" for pk, row in lists.items()}
    return [
        schemas.RoundRow(
            round_id=str(call.public_id),
            title=call.title,
            year=call.year,
            level=call.unit_level,
            basis=call.basis,
            opens_on=call.opens_on,
            county_due_on=call.county_due_on,
            city_due_on=call.city_due_on,
            term_years=call.term_years,
            state=call.get_state_display(),
            list_document_number=numbers.get(call.pk, ""),
            page=reverse("applications:public_round", args=[call.public_id]),
        )
        for call in rounds
    ]


def rounds_modified() -> datetime | None:
    """When a round was last opened, postponed or closed, or its list published."""
    moments = list_announced().aggregate(
        Max("opened_at"), Max("closed_at"), Max("postponements__at"), Max("lists__published_at")
    )
    return max(filter(None, moments.values()), default=None)


def _city(region: Region) -> str:
    """Where a region lies: its city, or the province directly; a township's county."""
    if region.parent is None:
        return ""
    return "省直管" if region.parent.level == Level.PROVINCE else region.parent.name


def pilot_rows() -> list[schemas.PilotRow]:
    """Pilots of published lists; one query."""
    return [
        schemas.PilotRow(
            pilot_id=str(pilot.public_id),
            round_id=str(pilot.round.public_id),
            round_title=pilot.round.title,
            year=pilot.round.year,
            region_code=pilot.region.code,
            region_from=pilot.region.valid_from,
            name=pilot.region.full_name,
            city=_city(pilot.region),
            state=pilot.state,
            state_name=pilot.get_state_display(),
            starts_on=pilot.starts_on,
            ends_on=pilot.ends_on,
            planned_end=pilot.planned_end,
            page=reverse("applications:public_pilot", args=[pilot.public_id]),
        )
        for pilot in list_published_pilots()
    ]


def pilots_modified() -> datetime | None:
    """When something last happened to a pilot."""
    found: datetime | None = list_published_pilots().aggregate(Max("events__at"))["events__at__max"]
    return found


def achievement_rows() -> list[schemas.AchievementRow]:
    """Published years pilot by pilot; two queries a year."""
    rows = []
    for summary in list_published_years():
        for pilot in read_public(summary.year):
            for reading in pilot.readings:
                row = schemas.AchievementRow(
                    pilot_id=str(pilot.public_id),
                    name=pilot.name,
                    city=_city(pilot.region),
                    year=summary.year,
                    order=reading.order,
                    indicator=reading.name,
                    unit=reading.unit,
                    kind=reading.kind,
                    lower_is_better=reading.lower_is_better,
                    baseline_year=reading.baseline_year,
                    baseline=plain(reading.baseline) or None,
                    target=plain(reading.targets.get(summary.year)) or None,
                    reached=plain(reading.number) or None,
                    is_reached=reading.achieved(summary.year).is_reached,
                )
                rows.append(row)
    return rows


def achievement_modified() -> datetime | None:
    """When a year, or figures that came after it, were last published, or a target of one was last changed."""
    changes = "target__years__changes__"
    moments = Reached.objects.filter(published_at__isnull=False).aggregate(
        Max("published_at"),
        changed=Max(f"{changes}province_at", filter=Q(**{f"{changes}state": ChangeState.APPROVED})),
    )
    return max(filter(None, moments.values()), default=None)


def region_rows() -> list[schemas.RegionRow]:
    """The register with all its changes, without the county for practice; one query."""
    rows = Region.objects.filter(is_practice=False).select_related(
        "parent", "successor", "reviewing_office"
    )
    return [
        schemas.RegionRow(
            region_code=region.code,
            region_from=region.valid_from,
            region_to=region.valid_to,
            name=region.name,
            full_name=region.full_name,
            level=region.level,
            parent_code=region.parent.code if region.parent else "",
            reviewing_office=region.reviewing_office.name if region.reviewing_office else "",
            successor_code=region.successor.code if region.successor else "",
            successor_from=region.successor.valid_from if region.successor else None,
        )
        for region in rows.order_by("code", "valid_from")
    ]


def indicator_rows() -> list[schemas.IndicatorRow]:
    """Indicators of locked versions in table order; one query."""
    rows = Indicator.objects.filter(version__state=VersionState.LOCKED).select_related(
        "version__system", "group"
    )
    return [
        schemas.IndicatorRow(
            system=row.version.system.code,
            system_name=row.version.system.name,
            system_version=row.version.number,
            source=row.version.source,
            group=row.group.name,
            code=row.code,
            order=row.order,
            name=row.name,
            unit=row.unit,
            kind=row.kind,
            lower_is_better=row.lower_is_better,
            definition=row.definition,
        )
        for row in rows.order_by("version__system__code", "version__number", "order")
    ]


def scheme_rows() -> list[schemas.SchemeRow]:
    """Locked versions that a published list rests on, with the data years of those lists; two queries."""
    years = _years_by_scheme()
    rows = SchemeVersion.objects.filter(state=SchemeState.LOCKED, pk__in=years)
    return [
        schemas.SchemeRow(
            scheme=row.scheme.code,
            name=row.scheme.name,
            version=row.number,
            system=row.scheme.system.code,
            note=row.note,
            locked_at=row.locked_at,
            years="、".join(str(year) for year in sorted(years[row.pk])),
            digest=row.sha256,
        )
        for row in rows.select_related("scheme__system")
        .defer("document")
        .order_by("scheme__code", "number")
    ]


def _years_by_scheme() -> Mapping[int, set[int]]:
    years: dict[int, set[int]] = {}
    pairs = list_published().values_list("run__scheme_version", "collection__data_year")
    for version, year in pairs.order_by():
        years.setdefault(version, set()).add(year)
    return years
