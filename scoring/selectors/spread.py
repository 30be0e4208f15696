"""How the points of a run are spread: over all counties, by city, by indicator."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.types import Scheme as EngineScheme
from scoring.models import GradingRun
from scoring.selectors.results import list_scores
from scoring.selectors.runs import engine_scheme
from scoring.spread import Bin, IndicatorSpread, Quarters, bins, indicator_spread, quarters


@dataclass(frozen=True, slots=True)
class CitySpread:
    """The counties of one city: totals, and how many in each class of the scheme."""

    code: str
    name: str
    quarters: Quarters
    classes: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class RunSpread:
    """A run's spread; `limits` are the class limits above nothing, best first."""

    full: Decimal
    limits: Sequence[tuple[str, Decimal]]
    whole: Quarters | None
    bins: Sequence[Bin]
    cities: Sequence[CitySpread]
    indicators: Sequence[IndicatorSpread]


def read_spread(run: GradingRun) -> RunSpread:
    """Two queries beside the run's own."""
    scheme = engine_scheme(run.scheme_version)
    rows = list(
        run.results.order_by("region__parent__code", "rank").values_list(
            "region__parent__code", "region__parent__name", "total", "class_name"
        )
    )
    totals = [total for _, _, total, _ in rows]
    full = sum((each.weight for each in scheme.indicators), Decimal(0))
    limits = [(each.name, each.at_least) for each in scheme.classes if each.at_least > 0]
    return RunSpread(
        full, limits, quarters(totals), bins(totals, full), _cities(rows, scheme), _indicators(run, scheme)
    )  # fmt: skip


def _cities(
    rows: Sequence[tuple[str, str, Decimal, str]], scheme: EngineScheme
) -> list[CitySpread]:
    """By code; counties right under the province stand under its name."""
    cities: dict[tuple[str, str], list[tuple[Decimal, str]]] = {}
    for code, name, total, class_name in rows:
        cities.setdefault((code or "", name or ""), []).append((total, class_name))
    made = []
    for (code, name), counties in cities.items():
        found = quarters([total for total, _ in counties])
        names = [class_name for _, class_name in counties]
        classes = [(each.name, names.count(each.name)) for each in scheme.classes]
        if found:
            made.append(CitySpread(code, name, found, classes))
    return made


def _indicators(run: GradingRun, scheme: EngineScheme) -> list[IndicatorSpread]:
    points: dict[str, list[Decimal]] = {}
    for scores in list_scores(run).values():
        for code, score in scores.items():
            points.setdefault(code, []).append(score)
    spreads = (
        indicator_spread(each.code, each.name, each.weight, points.get(each.code, []))
        for each in scheme.indicators
    )
    return [spread for spread in spreads if spread]
