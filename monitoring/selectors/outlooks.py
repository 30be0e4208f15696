"""What a county's total and class look like at the year's end; nothing is stored."""

from collections.abc import Sequence

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from indicators.enums import REVIEWED
from indicators.models import MonthlyCall, Submission
from indicators.selectors import read_sheet
from indicators.selectors.forecasts import answers_of
from monitoring.learned import Teaching
from monitoring.outlook import Ending, Outlook, ending_of, study
from monitoring.selectors.projections import ProjectedLine
from scoring.engine.types import Figure, PanelRule
from scoring.ground import Ground
from scoring.models import PublishedList
from scoring.provisional import sheet_figures
from scoring.selectors.advice import run_ground
from scoring.selectors.lists import list_current


def read_outlook(
    call: MonthlyCall, region: Region, lines: Sequence[ProjectedLine], teaching: Teaching
) -> Outlook | None:
    """By the scheme of the newest valid list: its figures, newer reviewed ones over them, projections over those.

    What a panel judged stays as on the list. None where the county is on no list, or nothing is projected.
    """
    endings = _endings(lines, teaching)
    if not endings:
        return None
    found = _listed(region)
    if found is None:
        return None
    published, code = found
    ground = run_ground(published.run, code)
    basis = f"{published.collection.data_year}年度公布结果的评分方案"
    newer = _newer(region, published)
    if newer is not None:
        ground = ground.with_figures(_reviewed(ground, published, newer))
        basis += f"、{newer.collection.data_year}年度审定数据"
    return study(ground, endings, seed=call.year * 1_000_000 + region.pk, basis=basis)


def _endings(lines: Sequence[ProjectedLine], teaching: Teaching) -> list[Ending]:
    return [
        ending_of(each.code, each.mid, each.month, teaching.of(each.code))
        for each in lines
        if each.mid is not None and each.month is not None
    ]


def _listed(region: Region) -> tuple[PublishedList, str] | None:
    """The newest list with the county or one it continues, and the code it has there."""
    past = lineages([region])[region.pk]
    for published in list_current():
        results = published.run.results.filter(region__in=past).select_related("region")
        result = results.first()
        if result is not None:
            return published, result.region.code
    return None


def _newer(region: Region, published: PublishedList) -> Submission | None:
    """The newest reviewed sheet of a later year under the same indicator system."""
    sheets = Submission.objects.filter(
        region__in=lineages([region])[region.pk],
        state__in=REVIEWED,
        collection__data_year__gt=published.collection.data_year,
        collection__version__system=published.collection.version.system_id,
    ).select_related("region", "collection__version")
    return sheets.order_by("-collection__data_year").first()


def _reviewed(
    ground: Ground, published: PublishedList, submission: Submission
) -> dict[str, Figure]:
    """Its figures but for what panels judge."""
    answers = answers_of(submission, read_sheet(submission))
    figures = sheet_figures(published.run.scheme_version, submission.collection, answers)
    return {
        code: figure
        for code, figure in figures.items()
        if code in ground.figures and not isinstance(ground.indicators[code].rule, PanelRule)
    }
