"""基本情况表 as its page shows it: what is stated, what is known elsewhere, what the table says."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from applications.models import Application, BasicsFigure
from applications.rules.basics import basics_prefix, ratios_of
from applications.rules.materials import Materials
from applications.selectors.materials import basics_meanings
from county_portal.accounts.selectors import lineages
from indicators.models import Fact, FactClaim, FactMeaning
from indicators.rules.facts import FactForm
from indicators.selectors import list_indicators


@dataclass(frozen=True, slots=True)
class BasicsLine:
    """One meaning: what the county stated here, and the figure that stands elsewhere, if one does."""

    meaning: FactMeaning
    stated: BasicsFigure | None
    known: Fact | None
    rows: Sequence[int]  # of the 31-row table that need it

    @property
    def is_blank(self) -> bool:
        """Neither a figure nor its absence."""
        return self.stated is None or (self.stated.number is None and not self.stated.is_absent)

    @property
    def offers(self) -> bool:
        """Whether the known figure would fill a blank."""
        return self.is_blank and self.known is not None

    @property
    def differs(self) -> bool:
        """Whether another figure than the known one is stated."""
        number = self.stated.number if self.stated else None
        return number is not None and self.known is not None and number != self.known.number


def fact_form(application: Application) -> FactForm:
    """The basics as a form that states facts of the year before the round's."""
    return FactForm(
        basics_prefix(application.public_id), application.region_id, application.round.last_year
    )


def fact_label(application: Application, meaning: FactMeaning) -> str:
    """What its places are called in the register of facts."""
    return f"{application.round.title}申报基本情况表“{meaning.name}”"


def list_basics(application: Application, materials: Materials) -> list[BasicsLine]:
    """Lines in the order of the catalogue; four queries."""
    indicators = list(list_indicators(application.round.version))
    meanings = FactMeaning.objects.filter(pk__in=basics_meanings(indicators)).order_by("order")
    stated = {each.meaning_id: each for each in application.basics.select_related("saved_by")}
    known = known_facts(application)
    needed = _rows_by_meaning(materials)
    return [
        BasicsLine(
            each, stated.get(each.pk), known.get(each.pk), sorted(needed.get(each.code, set()))
        )
        for each in meanings
    ]


def known_facts(application: Application) -> dict[int, Fact]:
    """By meaning: facts of that year that another form stated, of the unit itself before those it continues."""
    lineage = lineages([application.region])[application.region_id]
    facts = Fact.objects.filter(region__in=lineage, data_year=application.round.last_year).exclude(
        place__startswith=basics_prefix(application.public_id)
    )
    found: dict[int, Fact] = {}
    for fact in sorted(facts, key=lambda each: lineage.index(each.region_id)):
        found.setdefault(fact.meaning_id, fact)
    return found


def differing_meanings(application: Application) -> set[int]:
    """Meanings of which the basics state another figure than the one that stands."""
    claims = FactClaim.objects.filter(
        fact__region=application.region_id,
        fact__data_year=application.round.last_year,
        place__startswith=basics_prefix(application.public_id),
    )
    return set(claims.exclude(number=F("fact__number")).values_list("fact__meaning", flat=True))


def _rows_by_meaning(materials: Materials) -> dict[str, set[int]]:
    needed: dict[str, set[int]] = {}
    for ratio in ratios_of(materials):
        for basic in (ratio.numerator, ratio.denominator):
            if basic:
                needed.setdefault(basic.code, set()).add(ratio.row.order)
    return needed
