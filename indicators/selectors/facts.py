"""The register of facts: what is known of a county, where it is used, where two figures stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from county_portal.accounts.models import Region
from county_portal.accounts.selectors import lineages
from indicators.models import Fact, FactClaim, FactMeaning, Submission
from indicators.rules import CellFigure
from indicators.rules.checks.case import part_number
from indicators.rules.facts import own_place, place_prefix
from indicators.selectors.catalogue import spec_of
from indicators.selectors.sheets import figure_of, list_indicators

PARTS = ("value", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact with the places that state it; `differing` are those with another figure."""

    fact: Fact
    claims: Sequence[FactClaim]

    @property
    def differing(self) -> list[FactClaim]:
        """Claims with another figure, explained or not."""
        return [claim for claim in self.claims if claim.number != self.fact.number]

    @property
    def is_settled(self) -> bool:
        """Whether every difference is explained."""
        return all(claim.reason for claim in self.differing)


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The facts of one data year, in the order of the catalogue."""

    year: int
    facts: Sequence[KnownFact]


def facts_for(region: Region, years: Iterable[int] = ()) -> list[YearFacts]:
    """Facts of a county by year, newest first, those of the units it continues included; two queries.

    No `years` means all.
    """
    facts = Fact.objects.filter(region__in=lineages([region])[region.pk])
    wanted = list(years)
    if wanted:
        facts = facts.filter(data_year__in=wanted)
    rows = (
        facts.select_related("meaning", "region")
        .prefetch_related("claims")
        .order_by("-data_year", "meaning__order", "-region__valid_from")
    )
    return [
        YearFacts(year, [KnownFact(fact, list(fact.claims.all())) for fact in group])
        for year, group in groupby(rows, key=lambda fact: fact.data_year)
    ]


@dataclass(frozen=True, slots=True)
class Offer:
    """A blank part whose figure is known already."""

    code: str
    name: str
    part: str
    meaning: int
    number: Decimal
    label: str


def offers(submission: Submission) -> list[Offer]:
    """Blank parts of the sheet that a known fact would fill, in table order."""
    figures = {value.indicator_id: figure_of(value) for value in submission.values.all()}
    known = {
        fact.meaning_id: fact
        for fact in Fact.objects.filter(
            region=submission.region_id, data_year=submission.collection.data_year
        )
    }
    found = []
    for indicator in list_indicators(submission.collection.version):
        spec = spec_of(indicator)
        figure = figures.get(indicator.pk, CellFigure())
        meanings = (spec.fact, spec.numerator_fact, spec.denominator_fact)
        for part, meaning in zip(PARTS, meanings, strict=True):
            is_blank = not figure.absence and part_number(figure, part) is None
            fact = known.get(meaning) if meaning else None
            if fact and meaning and is_blank:
                found.append(
                    Offer(spec.code, spec.name, part, meaning, fact.number, fact.place_label)
                )
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact with two figures, one of them in this submission."""

    fact: Fact
    claims: Sequence[FactClaim]
    own: Sequence[FactClaim]

    @property
    def meaning(self) -> FactMeaning:
        """What the figures mean."""
        return self.fact.meaning

    @property
    def numbers(self) -> list[Decimal]:
        """The figures there are to choose from, the standing one first."""
        return list(dict.fromkeys([self.fact.number, *(claim.number for claim in self.claims)]))

    @property
    def own_differing(self) -> list[FactClaim]:
        """Places of this submission that differ from the fact."""
        return [claim for claim in self.own if claim.number != self.fact.number]

    @property
    def reason(self) -> str:
        """The county's words, where every difference of this submission has them."""
        reasons = [claim.reason for claim in self.own_differing]
        return "；".join(dict.fromkeys(reasons)) if all(reasons) else ""


def differing(submission: Submission) -> list[Difference]:
    """Facts of which this submission takes part in two figures, in the order of the catalogue."""
    facts = (
        Fact.objects.filter(
            region=submission.region_id,
            data_year=submission.collection.data_year,
            claims__place__startswith=place_prefix(submission.public_id),
        )
        .distinct()
        .select_related("meaning")
        .prefetch_related("claims")
        .order_by("meaning__order")
    )
    found = []
    for fact in facts:
        claims = list(fact.claims.all())
        own = [claim for claim in claims if own_place(submission.public_id, claim.place)]
        if any(claim.number != fact.number for claim in claims):
            found.append(Difference(fact, claims, own))
    return found
