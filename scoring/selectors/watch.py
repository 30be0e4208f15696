"""What the hints for reviewers are read from, and who may see which of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from county_portal.accounts.models import User
from county_portal.accounts.roles import Permission
from indicators.enums import EDITABLE
from indicators.models import Collection, Submission, Value
from indicators.selectors import list_collections
from scoring.engine.types import Measure, PiecewiseRule
from scoring.selectors.corrections import read_overlay
from scoring.selectors.inputs import last_year_figures
from scoring.selectors.robustness import exact_value
from scoring.selectors.runs import engine_scheme, newest_scheme_version
from scoring.watch.checks import check_all
from scoring.watch.hints import Hint, Knot, Number, Outcome, Pattern, Words
from scoring.watch.rates import UNITS, Rate, stored_rates


def list_watched(user: User) -> QuerySet[Collection]:
    """Collections whose hints somebody may see."""
    if not user.holds(Permission.WATCH):
        return Collection.objects.none()
    return list_collections(user).order_by("-data_year", "-opens_on")


def get_watched(user: User, public_id: UUID) -> Collection:
    """One of those; 404 otherwise."""
    return get_object_or_404(list_watched(user), public_id=public_id)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell a hint asks about."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownHint:
    """A hint with the sheet it speaks of; `other` is named only to those who may see that county."""

    hint: Hint
    submission: Submission
    cells: Sequence[Cell]
    other: str


@dataclass(frozen=True, slots=True)
class Watched:
    """One test with its hints within somebody's reach, and its rate of false alarms."""

    test: Pattern
    outcome: Outcome
    hints: Sequence[ShownHint]
    rate: Rate
    unit: str


def read_hints(user: User, collection: Collection) -> list[Watched]:
    """Tests over all sheets handed in; hints on the counties the user reviews. As many queries for any number."""
    handed_in = list(
        collection.submissions.exclude(state__in=EDITABLE)
        .select_related("region__parent")
        .order_by("region__code")
    )
    names = dict(collection.version.indicators.order_by("order").values_list("code", "name"))
    numbers, words = _read(collection, handed_in)
    outcomes = check_all(numbers, words, _knots(collection))
    visible = set(
        Submission.objects.visible_to(user)
        .filter(collection=collection)
        .values_list("pk", flat=True)
    )
    by_code = {row.region.code: row for row in handed_in}
    seen = {code: row for code, row in by_code.items() if row.pk in visible}
    rates = stored_rates()
    return [
        Watched(
            test,
            outcome,
            [_shown(hint, seen, names) for hint in outcome.hints if hint.county in seen],
            rates[test],
            UNITS[test],
        )
        for test, outcome in outcomes.items()
    ]


def _shown(hint: Hint, seen: Mapping[str, Submission], names: Mapping[str, str]) -> ShownHint:
    other = ""
    if hint.other:
        other = seen[hint.other].region.full_name if hint.other in seen else "其他市的一个县"
    return ShownHint(
        hint,
        seen[hint.county],
        [Cell(code, names.get(code, code)) for code in hint.indicators],
        other,
    )


def _read(
    collection: Collection, submissions: Sequence[Submission]
) -> tuple[list[Number], list[Words]]:
    """Figures and texts of these sheets, with last year's denominators."""
    codes = {row.pk: row.region.code for row in submissions}
    values = list(
        Value.objects.filter(submission__in=codes)
        .order_by("submission__region__code", "indicator__order")
        .values_list(
            "submission_id",
            "indicator__code",
            "number",
            "numerator",
            "denominator",
            "indicator__factor",
            "absence",
            "note",
        )
    )
    ratios = [(pk, code) for pk, code, _, _, lower, *_ in values if lower]
    before = last_year_figures(collection, submissions, ratios, read_overlay(collection))
    numbers, words = [], []
    for pk, code, number, upper, lower, factor, absence, note in values:
        if note.strip():
            words.append(Words(codes[pk], code, note))
        if absence:
            continue
        last = before.get((pk, code))
        value = exact_value(Measure(number, upper, lower, factor))
        last_lower = last.measure.denominator if last else None
        numbers.append(Number(codes[pk], code, value, upper, lower, last_lower))
    return numbers, words


def _knots(collection: Collection) -> list[Knot]:
    """Where the points of the scheme in force change their slope; none without a scheme."""
    version = newest_scheme_version(collection.version.system_id)
    if version is None:
        return []
    rules = ((row.code, row.rule) for row in engine_scheme(version).indicators)
    return [
        knot for code, rule in rules if isinstance(rule, PiecewiseRule) for knot in _of(code, rule)
    ]


def _of(code: str, rule: PiecewiseRule) -> Iterable[Knot]:
    is_rising = rule.bands[-1].points_end >= rule.bands[0].points_start
    return (Knot(code, band.start, is_rising) for band in rule.bands if band.start > 0)
