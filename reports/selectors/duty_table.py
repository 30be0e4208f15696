"""The responsibility table with what three years say: lists as published, sheets as they stand, targets as set."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from county_portal.common.numbers import plain
from indicators.enums import Absence
from indicators.estimates import Estimator, LineEstimate, estimator_of
from indicators.models import Collection, MonthlyTarget, Submission, SystemVersion
from indicators.rules import CellFigure
from indicators.selectors.duties import DutyLine, read_duties
from indicators.selectors.forecasts import answers_of
from indicators.selectors.sheets import Row, read_sheet
from reports.duty_table import ColumnKind, DutyCell, DutyEntry, DutyTable, YearColumn
from reports.selectors.statistics import frozen_figures
from scoring.engine.types import Figure
from scoring.explanation import scored_measure, value_text
from scoring.models import PublishedList, Result, ResultLine
from scoring.selectors.lists import list_current
from scoring.selectors.runs import engine_scheme, newest_scheme_version

_DISPLAY = Decimal("0.01")
_ZERO = Decimal(0)
_ITEMS = "项"


def read_duty_table(region: Region, version: SystemVersion, year: int) -> DutyTable:
    """The table for `year` as the year of targets, with the two years before it.

    A year with a valid published list shows what was graded, whichever of the three it is.
    """
    lists = {row.collection.data_year: row for row in list_current()}
    lines = read_duties(version, region)
    before = [_known_year(region, version, each, lists.get(each)) for each in (year - 2, year - 1)]
    if year in lists:
        last = _known_year(region, version, year, lists[year])
    else:
        last = _targets(region, version, year, lines, before[-1])
    return DutyTable(region.name, _entries(version, lines), (*before, last))


def list_target_years(this_year: int) -> list[int]:
    """Years a table can be printed for: this one, and every year that was graded; newest first."""
    graded = {row.collection.data_year for row in list_current()}
    return sorted(graded | {this_year}, reverse=True)


def _entries(version: SystemVersion, lines: list[DutyLine]) -> list[DutyEntry]:
    stored = newest_scheme_version(version.system_id)
    rules = engine_scheme(stored).indicators if stored else ()
    weights = {rule.code: rule.weight for rule in rules}
    return [
        DutyEntry(
            code=line.indicator.code,
            group=line.indicator.group.name,
            name=line.indicator.name
            + (f"（{line.indicator.unit}）" if line.indicator.unit else ""),
            weight=weights.get(line.indicator.code, _ZERO),
            rubric=line.indicator.rubric,
            responsible=line.responsible,
            providers=line.providers,
        )
        for line in lines
    ]


def _known_year(
    region: Region, version: SystemVersion, year: int, published: PublishedList | None
) -> YearColumn:
    result = _result(region, published) if published else None
    if result is not None:
        return _graded(year, result)
    return _stated(region, version, year)


def _result(region: Region, published: PublishedList) -> Result | None:
    return (
        Result.objects.filter(run=published.run_id, region__in=lineages([region])[region.pk])
        .select_related("region")
        .prefetch_related("lines")
        .first()
    )


def _graded(year: int, result: Result) -> YearColumn:
    figures = frozen_figures(result.run_id)[result.region.code]
    units = {row.code: row.unit for row in engine_scheme(result.run.scheme_version).indicators}
    cells = {
        line.indicator_code: DutyCell(
            _graded_value(figures[line.indicator_code], line, units[line.indicator_code]),
            line.score,
        )
        for line in result.lines.all()
    }
    return YearColumn(year, ColumnKind.GRADED, cells, result.total)


def _graded_value(figure: Figure, line: ResultLine, unit: str) -> str:
    measure = scored_measure(figure, line.flags)
    return value_text(figure, measure, unit or (_ITEMS if measure.items else ""))


def _stated(region: Region, version: SystemVersion, year: int) -> YearColumn:
    """What the county's own sheet would score as it stands: a forecast, never a result."""
    submission = (
        Submission.objects.filter(
            region=region,
            collection__data_year=year,
            collection__version__system=version.system_id,
        )
        .select_related("collection__version", "region")
        .first()
    )
    if submission is None:
        return YearColumn(year, ColumnKind.FORECAST, {})
    sheet = read_sheet(submission)
    estimator = estimator_of(submission.collection)
    estimate = estimator.estimate(answers_of(submission, sheet)) if estimator else None
    scored = estimate.lines if estimate else {}
    cells = {row.spec.code: _stated_cell(row, scored) for row in sheet.rows}
    return YearColumn(year, ColumnKind.FORECAST, cells, estimate.total if estimate else None)


def _stated_cell(row: Row, scored: Mapping[str, LineEstimate]) -> DutyCell:
    line = scored.get(row.spec.code)
    return DutyCell(_stated_value(row), line.score if line else None)


def _stated_value(row: Row) -> str:
    if row.items:
        return f"{len(row.items)}{row.indicator.unit or _ITEMS}"
    if row.figure is None:
        return ""
    if row.figure.absence:
        return Absence(row.figure.absence).label
    exact = row.figure.exact(row.indicator.factor)
    if exact is None:
        return ""
    return plain(exact.quantize(_DISPLAY, ROUND_HALF_UP)) + row.indicator.unit


def _targets(
    region: Region,
    version: SystemVersion,
    year: int,
    lines: list[DutyLine],
    last_year: YearColumn,
) -> YearColumn:
    """The year's targets, scored by the scheme in force; a line without one keeps last year's points (S3: 3.39)."""
    targets = dict(
        MonthlyTarget.objects.filter(
            region=region, call__year=year, call__version__system=version.system_id
        ).values_list("indicator__code", "number")
    )
    collection = (
        Collection.objects.filter(version__system=version.system_id).order_by("-data_year").first()
    )
    estimator = estimator_of(collection) if collection else None
    cells = {
        line.indicator.code: _target_cell(line, targets, estimator, region, last_year)
        for line in lines
    }
    scores = [cell.score for cell in cells.values() if cell.score is not None]
    total = sum(scores, _ZERO) if len(scores) == len(lines) else None
    return YearColumn(year, ColumnKind.TARGET, cells, total)


def _target_cell(
    line: DutyLine,
    targets: Mapping[str, Decimal],
    estimator: Estimator | None,
    region: Region,
    last_year: YearColumn,
) -> DutyCell:
    code = line.indicator.code
    if code not in targets:
        earlier = last_year.cells.get(code)
        score = earlier.score if earlier else None
        return DutyCell("", score, is_carried=score is not None)
    figure = CellFigure(number=targets[code])
    score = estimator.score_line(code, figure, (), region.code) if estimator else None
    return DutyCell(plain(targets[code]) + line.indicator.unit, score)
