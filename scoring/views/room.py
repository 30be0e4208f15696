"""What the province looks at around a run: compared with another, spread, and what it was graded without."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.common.access import page
from county_portal.common.components import Chip
from county_portal.common.errors import Stale
from county_portal.documents.workbook import XLSX
from scoring.comparison import CHANGES, Compared, is_change, narrowed
from scoring.decomposition import CountyChange, Decomposition, LineChange
from scoring.exports_room import comparison_workbook, gaps_workbook
from scoring.forms.room import ComparisonForm, EarlierRunForm, GapForm
from scoring.room_charts import box, histogram, sankey
from scoring.selectors.comparison import (
    Comparison,
    compare_runs,
    decompose_runs,
    get_change,
    list_comparable,
    usual_earlier,
)
from scoring.selectors.gaps import Gap, count_gaps, list_gaps, narrow_gaps
from scoring.selectors.room import read_room
from scoring.selectors.runs import get_run
from scoring.selectors.spread import read_spread
from scoring.transitions import transitions
from scoring.views.room_words import room_year
from scoring.views.runs import PAGE_SIZE, complete_run, download

if TYPE_CHECKING:
    from scoring.models import GradingRun

YEARS_SHOWN = 5
_RUNS = ("评价运行", "scoring:runs")
Crumbs = list[tuple[str, str | None]]


@page(Permission.VIEW_RESULTS)
def room(request: AuthenticatedRequest) -> HttpResponse:
    """Year by year: how far grading has come, whose turn it is, and the pages around it."""
    years = Paginator(read_room(request.user), YEARS_SHOWN).get_page(request.GET.get("page"))
    may_collect = request.user.holds(Permission.COLLECT)
    context = {
        "page": years,
        "years": [room_year(year, may_collect=may_collect) for year in years],
        "may_grade": request.user.holds(Permission.GRADE),
        "may_rehearse": request.user.holds(Permission.EDIT_SCHEME),
    }
    return render(request, "scoring/room.html", context)


def _crumbs(run: "GradingRun", *more: tuple[str, str | None]) -> Crumbs:
    home = reverse("scoring:run", args=[run.public_id])
    return [(_RUNS[0], reverse(_RUNS[1])), (str(run), home), *more]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A comparison as the address asks for it; None where there is no earlier run."""

    form: ComparisonForm
    comparison: Comparison | None
    rows: Sequence[Compared]


def _asked(request: AuthenticatedRequest, run: "GradingRun") -> _Asked:
    runs = list_comparable(request.user, run)
    form = ComparisonForm(request.GET, runs=runs, usual=usual_earlier(run, runs))
    if form.before_id is None:
        return _Asked(form, None, ())
    comparison = compare_runs(get_run(request.user, form.before_id), run)
    cities = {row.city_code: row.city for row in comparison.rows}
    form.offer_cities(sorted(cities.items()))
    rows = narrowed(comparison.rows, form.wanted, comparison.after_classes)
    return _Asked(form, comparison, rows)


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def compare(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Two runs county by county, with what moved each."""
    run = complete_run(request, public_id)
    asked = _asked(request, run)
    context = {
        "run": run,
        "form": asked.form,
        "comparison": asked.comparison,
        "breadcrumbs": _crumbs(run, ("与前次比较", None)),
    }
    if asked.comparison:
        rows = Paginator(asked.rows, PAGE_SIZE).get_page(request.GET.get("page"))
        found = decompose_runs(asked.comparison)
        context |= {
            "page": rows,
            "lines": [(row, found.counties.get(row.code)) for row in rows],
            "chips": _change_chips(request, asked.comparison),
            "ways": _ways(asked),
            "query": _query(request, asked.comparison),
            "left_out": _left_out(asked.comparison, found),
            "has_corrections": _has_corrections(found),
        }
    return render(request, "scoring/compare.html", context)


def _query(request: AuthenticatedRequest, comparison: Comparison) -> str:
    """The address's filters without the page, the earlier run always named."""
    kept = {key: value for key, value in request.GET.items() if value and key != "page"}
    return urlencode({**kept, "before": str(comparison.before.public_id)})


def _change_chips(request: AuthenticatedRequest, comparison: Comparison) -> list[Chip]:
    """Kinds of change with their counts; city, order and the earlier run stay."""
    kept = {key: request.GET[key] for key in ("before", "city", "order") if request.GET.get(key)}
    chosen, classes = request.GET.get("change", ""), comparison.after_classes
    offered = {"": "全部", **CHANGES}
    return [
        Chip(
            label,
            "?" + urlencode({**kept, **({"change": key} if key else {})}),
            sum(not key or is_change(row, key, classes) for row in comparison.rows),
            chosen == key,
        )
        for key, label in offered.items()
    ]


def _ways(asked: _Asked) -> str:
    """The cell of the matrix that led here, in words; blank without one."""
    wanted, comparison = asked.form.wanted, asked.comparison
    if comparison is None or not (wanted.source or wanted.target):
        return ""
    found = transitions(comparison.rows, comparison.before_classes, comparison.after_classes)
    sources = {row.source.key: row.source.label for row in found.rows}
    targets = {kind.key: kind.label for kind in found.targets}
    source = sources.get(wanted.source, wanted.source) or "不限"
    target = targets.get(wanted.target, wanted.target) or "不限"
    return f"前次{source}、后次{target}"


def _has_corrections(found: Decomposition) -> bool:
    return any(line.parts.correction for each in found.counties.values() for line in each.lines)


def _left_out(comparison: Comparison, found: Decomposition) -> list[str]:
    """Counties whose change cannot be taken apart, with the engine's reason."""
    names = {row.earlier_code: f"{row.city}{row.name}" for row in comparison.rows}
    return [f"{names.get(each.county, '前次数据')}：{each.reason}" for each in found.left_out]


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def compare_workbook(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The comparison as filtered, as a workbook."""
    run = complete_run(request, public_id)
    asked = _asked(request, run)
    if asked.comparison is None:
        raise Stale("nothing_to_compare", "还没有可供比较的另一次评价，没有可以下载的内容。")
    content = comparison_workbook(asked.comparison, asked.rows, decompose_runs(asked.comparison))
    return download(content, XLSX, f"compare-{run.digest[:12]}.xlsx")


@page(Permission.VIEW_RESULTS, objects={"public_id": "run", "region_id": "graded_region"})
def change(request: AuthenticatedRequest, public_id: UUID, region_id: UUID) -> HttpResponse:
    """One county: what moved its total, line by line, and its rank."""
    run = complete_run(request, public_id)
    asked = _asked(request, run)
    if asked.comparison is None:
        raise Stale("nothing_to_compare", "还没有可供比较的另一次评价，没有可以分解的变化。")
    row, found = get_change(asked.comparison, decompose_runs(asked.comparison), region_id)
    before = {"before": str(asked.comparison.before.public_id)}
    home = f"{reverse('scoring:compare', args=[public_id])}?{urlencode(before)}"
    context = {
        "run": run,
        "comparison": asked.comparison,
        "row": row,
        "change": found,
        "lines": _by_size(found),
        "has_rounding": bool(found and any(_parts_of(found))),
        "breadcrumbs": _crumbs(run, ("与前次比较", home), (f"{row.city}{row.name}", None)),
    }
    return render(request, "scoring/change.html", context)


def _parts_of(found: CountyChange) -> tuple[object, ...]:
    rounding = found.rounding
    return (rounding.scheme, rounding.data, rounding.correction)


def _by_size(found: CountyChange | None) -> list[LineChange]:
    """Lines that moved, the biggest first, then the others in the scheme's order."""
    if found is None:
        return []
    return sorted(found.lines, key=lambda line: -abs(line.parts.whole))


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def moves(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Which class came from which, with counties that came and went."""
    run = complete_run(request, public_id)
    runs = list_comparable(request.user, run)
    form = EarlierRunForm(request.GET, runs=runs, usual=usual_earlier(run, runs))
    context = {
        "run": run,
        "form": form,
        "breadcrumbs": _crumbs(run, ("分档变化", None)),
    }
    if form.before_id:
        comparison = compare_runs(get_run(request.user, form.before_id), run)
        found = transitions(comparison.rows, comparison.before_classes, comparison.after_classes)
        context |= {
            "comparison": comparison,
            "matrix": found,
            "chart": sankey(found),
            "came": [row for row in comparison.rows if row.before is None],
            "gone": [row for row in comparison.rows if row.after is None],
            "before_id": form.before_id,
        }
    return render(request, "scoring/moves.html", context)


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def spread(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """How points are spread: all counties, by city, by indicator."""
    run = complete_run(request, public_id)
    found = read_spread(run)
    context = {
        "run": run,
        "spread": found,
        "chart": histogram(found.bins, found.limits, found.full),
        "cities": [(city, box(city.quarters, found.full)) for city in found.cities],
        "indicators": [(each, box(each.quarters, each.weight)) for each in found.indicators],
        "breadcrumbs": _crumbs(run, ("得分分布", None)),
    }
    return render(request, "scoring/spread.html", context)


def _gaps_asked(
    request: AuthenticatedRequest, run: "GradingRun"
) -> tuple[GapForm, list[Gap], list[Gap]]:
    """The form, all gaps, and those asked for."""
    found = list_gaps(run)
    cities = sorted({(gap.city_code, gap.city) for gap in found})
    indicators = sorted({(gap.indicator, f"{gap.indicator} {gap.indicator_name}") for gap in found})
    form = GapForm(request.GET, cities=cities, indicators=indicators)
    return form, found, narrow_gaps(found, form.wanted)


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def gaps(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """Every line graded without its own confirmed figure."""
    run = complete_run(request, public_id)
    form, found, wanted = _gaps_asked(request, run)
    context = {
        "run": run,
        "form": form,
        "chips": _gap_chips(request, found),
        "page": Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "has_any": bool(found),
        "breadcrumbs": _crumbs(run, ("缺报与沿用", None)),
    }
    return render(request, "scoring/gaps.html", context)


def _gap_chips(request: AuthenticatedRequest, found: list[Gap]) -> list[Chip]:
    kept = {key: request.GET[key] for key in ("city", "indicator") if request.GET.get(key)}
    chosen = request.GET.get("kind", "")
    kinds = [("", "全部", len(found)), *((str(f), f.label, n) for f, n in count_gaps(found))]
    return [
        Chip(
            label,
            "?" + urlencode({**kept, **({"kind": key} if key else {})}),
            count,
            chosen == key,
        )
        for key, label, count in kinds
    ]


@page(Permission.VIEW_RESULTS, objects={"public_id": "run"})
def gaps_file(request: AuthenticatedRequest, public_id: UUID) -> HttpResponse:
    """The same as filtered, as a workbook."""
    run = complete_run(request, public_id)
    _, _, wanted = _gaps_asked(request, run)
    return download(gaps_workbook(run, wanted), XLSX, f"gaps-{run.digest[:12]}.xlsx")
