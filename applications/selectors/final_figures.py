"""Figures known of a pilot's indicators, offered when its final summary begins."""

from decimal import ROUND_HALF_UP, Decimal

from applications.models import Pilot, Reached, YearTarget
from county_portal.accounts.selectors import lineages
from indicators.models import Fact, Indicator
from indicators.rules import CellFigure

_PLACES = Decimal("0.000001")


def known_figures(pilot: Pilot) -> dict[int, tuple[Decimal | None, str]]:
    """By target: the newest year's figure and words the province received, else what the facts of that year make.

    Facts are asked of the targets' last year alone: an older fact would pass for the final figure.
    """
    newest: dict[int, tuple[Decimal | None, str]] = {}
    for figure in Reached.objects.filter(target__pilot=pilot).order_by("year"):
        newest[figure.target_id] = (figure.number, figure.words)
    facts = _facts(pilot)
    for target in pilot.targets.select_related("indicator"):
        number = newest.get(target.pk, (None, ""))[0]
        if number is None and target.indicator is not None and not target.is_qualitative:
            made = _made(target.indicator, facts)
            if made is not None:
                newest[target.pk] = (made, "")
    return newest


def _facts(pilot: Pilot) -> dict[int, Decimal]:
    years = YearTarget.objects.filter(target__pilot=pilot).order_by("-year")
    year = years.values_list("year", flat=True).first()
    if year is None:
        return {}
    regions = lineages([pilot.region])[pilot.region_id]
    rows = Fact.objects.filter(region__in=regions, data_year=year)
    return dict(rows.order_by("region__valid_from").values_list("meaning_id", "number"))


def _made(indicator: Indicator, facts: dict[int, Decimal]) -> Decimal | None:
    """The indicator's number as its facts make it: the count itself, or numerator by denominator."""
    if indicator.fact_id:
        return facts.get(indicator.fact_id)
    numerator = facts.get(indicator.numerator_fact_id or 0)
    denominator = facts.get(indicator.denominator_fact_id or 0)
    exact = CellFigure("", None, numerator, denominator).exact(indicator.factor)
    return None if exact is None else exact.quantize(_PLACES, ROUND_HALF_UP)
