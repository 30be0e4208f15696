"""Facts as forms state them: claimed, moved and let go with each saving."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from county_portal.accounts.models import User
from county_portal.common import clock
from indicators.models import Fact, FactClaim, FactMeaning, Submission
from indicators.rules import CellFigure
from indicators.rules.checks.case import part_number
from indicators.rules.facts import (
    PART_WORDS,
    Claim,
    FactForm,
    Standing,
    Told,
    place_of,
    place_prefix,
    restate,
)
from indicators.selectors.catalogue import catalogue_of


@dataclass(frozen=True, slots=True)
class Bound:
    """One part of an indicator that states a fact."""

    code: str
    name: str
    part: str
    meaning: int


def bound_parts(version_id: int, codes: Iterable[str]) -> list[Bound]:
    """Parts of these indicators that state facts, in table order."""
    wanted = set(codes)
    return [
        Bound(spec.code, spec.name, part, meaning)
        for spec in catalogue_of(version_id).specs.values()
        if spec.code in wanted
        for part, meaning in (
            ("value", spec.fact),
            ("numerator", spec.numerator_fact),
            ("denominator", spec.denominator_fact),
        )
        if meaning
    ]


def state_facts(submission: Submission, actor: User, figures: Mapping[str, CellFigure]) -> None:
    """Keep what these cells state; part of the writing that changed them.

    One read, two writes; two more where a place no longer states what it did.
    """
    told = [
        Told(
            place_of(submission.public_id, bound.code, bound.part),
            _label(submission, bound),
            bound.meaning,
            part_number(figures[bound.code], bound.part),
        )
        for bound in bound_parts(submission.collection.version_id, figures)
    ]
    keep_told(form_of(submission), actor, told)


def keep_told(form: FactForm, actor: User, told: Iterable[Told]) -> None:
    """Keep what places of a form state, in the transaction that changed them; as many queries as above."""
    stated: dict[int, dict[str, Decimal | None]] = {}
    labels: dict[str, str] = {}
    for each in told:
        stated.setdefault(each.meaning, {})[each.place] = each.number
        labels[each.place] = each.label
    if not stated:
        return
    stored = _read_standing(form, stated)
    changed = {
        meaning: (stored.get(meaning), after)
        for meaning, places in stated.items()
        for after in [restate(stored.get(meaning), places)]
        if after != stored.get(meaning)
    }
    if changed:
        _Writer(form, actor, labels).write(changed)


def form_of(submission: Submission) -> FactForm:
    """A submission as a form that states facts."""
    return FactForm(
        place_prefix(submission.public_id), submission.region_id, submission.collection.data_year
    )


def _label(submission: Submission, bound: Bound) -> str:
    part = "" if bound.part == "value" else f"的{PART_WORDS[bound.part]}"
    return f"{submission.collection.title}“{bound.name}”{part}"


def _read_standing(form: FactForm, meanings: Iterable[int]) -> dict[int, Standing]:
    """The facts of this region and year with their claims, locked until the writing commits."""
    claims = (
        FactClaim.objects.filter(
            fact__region=form.region,
            fact__data_year=form.year,
            fact__meaning__in=list(meanings),
        )
        .select_for_update(of=("fact",))
        .order_by("claimed_at", "pk")
        .select_related("fact")
    )
    found: dict[int, list[FactClaim]] = {}
    for claim in claims:
        found.setdefault(claim.fact.meaning_id, []).append(claim)
    return {
        meaning: Standing(
            rows[0].fact.place,
            [Claim(row.place, row.number, row.is_reused, row.reason) for row in rows],
        )
        for meaning, rows in found.items()
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes what became of facts, in as few statements as there are tables."""

    form: FactForm
    actor: User
    labels: Mapping[str, str]

    def write(self, changed: Mapping[int, tuple[Standing | None, Standing | None]]) -> None:
        self._remove(changed)
        standing = {meaning: after for meaning, (_, after) in changed.items() if after}
        if not standing:
            return
        labels = {**self._stored_labels(standing), **self.labels}
        keys = self._write_facts(standing, labels)
        self._write_claims(changed, keys, labels)

    def _remove(self, changed: Mapping[int, tuple[Standing | None, Standing | None]]) -> None:
        facts = self._facts()
        ended = [meaning for meaning, (_, after) in changed.items() if after is None]
        if ended:
            facts.filter(meaning__in=ended).delete()
        gone = Q()
        for meaning, (before, after) in changed.items():
            if before and after:
                left = {claim.place for claim in after.claims}
                places = [each.place for each in before.claims if each.place not in left]
                if places:
                    gone |= Q(fact__meaning=meaning, place__in=places)
        if gone:
            FactClaim.objects.filter(gone, fact__in=facts).delete()

    def _facts(self) -> QuerySet[Fact]:
        return Fact.objects.filter(region=self.form.region, data_year=self.form.year)

    def _stored_labels(self, standing: Mapping[int, Standing]) -> dict[str, str]:
        """Names of places of other sheets that a fact passes to; asked only when one does."""
        needed = [each.place for each in standing.values() if each.place not in self.labels]
        if not needed:
            return {}
        rows = FactClaim.objects.filter(fact__in=self._facts(), place__in=needed)
        return dict(rows.values_list("place", "place_label"))

    def _write_facts(
        self, standing: Mapping[int, Standing], labels: Mapping[str, str]
    ) -> dict[int, Fact]:
        facts = [
            Fact(
                region_id=self.form.region,
                meaning_id=meaning,
                data_year=self.form.year,
                number=each.number,
                place=each.place,
                place_label=labels[each.place],
                recorded_by=self.actor,
                recorded_at=clock.now(),
            )
            for meaning, each in standing.items()
        ]
        written = Fact.objects.bulk_create(
            facts,
            update_conflicts=True,
            unique_fields=["region", "meaning", "data_year"],
            update_fields=["number", "place", "place_label", "recorded_by", "recorded_at"],
        )
        return {fact.meaning_id: fact for fact in written}

    def _write_claims(
        self,
        changed: Mapping[int, tuple[Standing | None, Standing | None]],
        keys: Mapping[int, Fact],
        labels: Mapping[str, str],
    ) -> None:
        claims = [
            FactClaim(
                fact=keys[meaning],
                place=claim.place,
                place_label=labels.get(claim.place, ""),
                number=claim.number,
                is_reused=claim.is_reused,
                reason=claim.reason,
                claimed_by=self.actor,
                claimed_at=clock.now(),
            )
            for meaning, (before, after) in changed.items()
            if after
            for claim in after.claims
            if before is None or claim not in before.claims
        ]
        # Who claimed and what the place is called stays with a claim of another sheet that is only
        # settled anew.
        FactClaim.objects.bulk_create(
            claims,
            update_conflicts=True,
            unique_fields=["fact", "place"],
            update_fields=["number", "is_reused", "reason"],
        )


def explain_claims(
    submission: Submission, indicator: str, reason: str, meaning: FactMeaning | None = None
) -> int:
    """Give one reason to the differing claims of a line, those of one fact or all; says how many changed."""
    return explain_told(form_of(submission), f"{indicator}:", reason, meaning)


def explain_told(form: FactForm, line: str, reason: str, meaning: FactMeaning | None = None) -> int:
    """The same for places of a form that begin with its prefix and `line`."""
    of_meaning = {"fact__meaning": meaning} if meaning else {}
    return (
        FactClaim.objects.filter(
            **of_meaning,
            fact__region=form.region,
            fact__data_year=form.year,
            place__startswith=f"{form.prefix}{line}",
        )
        .exclude(number=F("fact__number"))
        .exclude(reason=reason)
        .update(reason=reason)
    )
