"""What the register of facts knows of an indicator of the table: last year's figure, and the years before."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from applications.models import Application
from indicators.enums import IndicatorKind
from indicators.models import Indicator
from indicators.selectors.catalogue import catalogue_of
from indicators.selectors.facts import KnownFact, facts_for

# Years before the table's first that its targets are held against.
PAST_YEARS = 3
# What the table keeps of a figure.
PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A figure as facts make it; `sources` say where each part was stated."""

    number: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    sources: tuple[str, ...]


def known_figures(application: Application) -> dict[str, KnownFigure]:
    """Last year's figures that are known, by indicator code; of a unit this one continues too."""
    year = application.round.last_year
    by_year = _facts(application, range(year, year + 1))
    return _figures(application, by_year.get(year, {}))


def past_figures(application: Application) -> dict[str, Mapping[int, Decimal]]:
    """Figures of the years up to last year's, by indicator code and year."""
    last = application.round.last_year
    past: dict[str, dict[int, Decimal]] = {}
    for year, facts in _facts(application, range(last - PAST_YEARS, last + 1)).items():
        for code, figure in _figures(application, facts).items():
            past.setdefault(code, {})[year] = figure.number
    return dict(past)


Facts = Mapping[int, KnownFact]


def _facts(application: Application, years: range) -> dict[int, dict[int, KnownFact]]:
    """By year and meaning; the newest region's where a unit continues another."""
    found: dict[int, dict[int, KnownFact]] = {}
    for known in facts_for(application.region, years):
        for each in known.facts:
            found.setdefault(known.year, {}).setdefault(each.fact.meaning_id, each)
    return found


def _figures(application: Application, facts: Facts) -> dict[str, KnownFigure]:
    figures = {}
    for code, indicator in catalogue_of(application.round.version_id).indicators.items():
        figure = _figure(indicator, facts)
        if figure is not None:
            figures[code] = figure
    return figures


def _figure(indicator: Indicator, facts: Facts) -> KnownFigure | None:
    if indicator.kind != IndicatorKind.RATE:
        whole = facts.get(indicator.fact_id or 0)
        if whole is None:
            return None
        return KnownFigure(whole.fact.number, None, None, (whole.fact.place_label,))
    above, below = (
        facts.get(indicator.numerator_fact_id or 0),
        facts.get(indicator.denominator_fact_id or 0),
    )
    if above is None or below is None or below.fact.number <= 0:
        return None
    return KnownFigure(
        ratio(above.fact.number, below.fact.number, indicator.factor),
        above.fact.number,
        below.fact.number,
        tuple(dict.fromkeys((above.fact.place_label, below.fact.place_label))),
    )


def ratio(numerator: Decimal, denominator: Decimal, factor: Decimal) -> Decimal:
    """A ratio as the table keeps it: six places, halves up."""
    return (numerator / denominator * factor).quantize(PLACES, ROUND_HALF_UP)
