"""Figures of the demonstration province: 167 counties, three data years, invented but consistent.

Population, firms, spending and revenue of a county run on from year to year, rates are computed from
them, and the same count stands wherever it is asked. How well a county does is set so that the class
counts come out as reported. One county shows the figures printed in S3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from county_portal.demo.chance import around, between, pick, stream
from county_portal.demo.evidence import EvidenceItem, Ladder, Registry, make_ladder
from county_portal.demo.shapes import (
    CURVE_SCALE,
    FULL,
    STRONGEST,
    Base,
    County,
    Row,
    Shapes,
    load_shapes,
    source_county,
)
from county_portal.demo.targets import Target, choose_targets
from scoring.engine.batch import FigureScorer, figure_scorer
from scoring.engine.grading import class_of
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.types import (
    Absence,
    Carried,
    Figure,
    FigureStatus,
    Item,
    ItemisedRule,
    Measure,
    PanelRule,
)

DEFAULT_SEED = 20211
# How far single indicators stray from a county's strength: for good, and in one year.
LASTING_BIAS = 300
YEARLY_BIAS = 45
# How near a total must come to its target, and how often that is tried by guessing.
NEAR = Decimal("0.2")
GUESSES = 5
# Per mille by which a county's largeness varies from one quantity to another.
BASE_SPREAD = 140
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Answer:
    """One cell as a county fills it: texts as typed, or an absence with its reason in `note`."""

    indicator: str
    text: str = ""
    numerator: str = ""
    denominator: str = ""
    absence: str = ""
    is_forecast: bool = False
    note: str = ""
    items: tuple[EvidenceItem, ...] = ()
    panel_score: str = ""


@dataclass(frozen=True, slots=True)
class CountyYear:
    """One county's answers for one data year, in the order of the indicators."""

    code: str
    name: str
    data_year: int
    answers: tuple[Answer, ...]

    def answer(self, indicator: str) -> Answer:
        return next(each for each in self.answers if each.indicator == indicator)


def generate(seed: int = DEFAULT_SEED) -> list[CountyYear]:
    """Every county's three years, by region code and year; the same for the same seed."""
    shapes = load_shapes()
    with exact_arithmetic():
        scorers = {
            row.code: figure_scorer(row.indicator, shapes.scheme.places) for row in shapes.rows
        }
        printed = _source_years(shapes)
        taken = {year.data_year: _class(year, printed, shapes, scorers) for year in printed}
        own = printed[0].code if printed else ""
        targets = choose_targets(shapes, seed, taken, own)
        years = []
        for county in shapes.counties:
            if county.code == own:
                years += printed
            else:
                years += _CountyStory(shapes, county, seed, scorers).tell(targets)
    return years


@dataclass(slots=True)
class _Year:
    """What is fixed about one county's year before its strength is known."""

    data_year: int
    bases: Mapping[str, Decimal]
    biases: Mapping[str, int]
    ladders: Mapping[str, Ladder]
    absences: Mapping[str, tuple[Absence, str]]
    earlier: Mapping[str, Measure]


class _CountyStory:
    """One county over the years; its largeness, leanings and items run on."""

    def __init__(
        self, shapes: Shapes, county: County, seed: int, scorers: Mapping[str, FigureScorer]
    ) -> None:
        self._shapes, self._county, self._seed, self._scorers = shapes, county, seed, scorers
        chance = stream(seed, int(county.code), 2)
        self._largeness = between(chance, 60, 940)
        self._lasting = {row.code: around(chance, LASTING_BIAS) for row in shapes.rows}
        self._bases = {base.label: self._base(base, chance) for base in shapes.bases}
        self._ladders = self._make_ladders(chance)
        self._not_applicable = self._choose_not_applicable(chance)
        self._registry = Registry(shapes, county, chance)

    def tell(self, targets: Mapping[tuple[str, int], Target]) -> list[CountyYear]:
        """The years in order, each fitted to its target."""
        told = []
        earlier: dict[str, Measure] = {}
        for target in self._shapes.targets:
            chance = stream(self._seed, int(self._county.code), target.data_year, 3)
            year = self._prepare(target.data_year, earlier, chance)
            strength = self._fit(year, targets[self._county.code, target.data_year])
            measures = self._measures(year, strength)
            told.append(self._write(year, measures, strength, chance))
            earlier = {
                code: measure for code, measure in measures.items() if code not in year.absences
            }
        return told

    def _base(self, base: Base, chance: Random) -> tuple[int, int]:
        """The quantity in the first year, and its growth per mille a year."""
        share = min(max(self._largeness + around(chance, BASE_SPREAD), 0), FULL)
        start = base.small + (base.large - base.small) * share // FULL
        return start + between(chance, 0, start // 50), between(chance, *base.growth)

    def _make_ladders(self, chance: Random) -> dict[str, Ladder]:
        return {
            row.code: make_ladder(row.indicator.rule, self._shapes, chance)
            for row in self._shapes.rows
            if isinstance(row.indicator.rule, ItemisedRule)
        }

    def _choose_not_applicable(self, chance: Random) -> dict[str, tuple[Absence, str]]:
        chosen = {}
        for row in self._shapes.rows:
            rule, drawn = row.not_applicable, chance.randrange(FULL)
            if rule and self._county.kind in rule["types"] and drawn < rule["per_mille"]:
                chosen[row.code] = (Absence.NOT_APPLICABLE, str(rule["reason"]))
        return chosen

    def _prepare(self, data_year: int, earlier: Mapping[str, Measure], chance: Random) -> _Year:
        passed = data_year - self._shapes.targets[0].data_year
        bases = {}
        for base in self._shapes.bases:
            start, growth = self._bases[base.label]
            grown = start * (FULL + growth) ** passed // FULL**passed
            bases[base.label] = Decimal(grown).scaleb(-base.decimals)
        ladders = {
            row.code: make_ladder(row.indicator.rule, self._shapes, chance)
            if row.yearly and isinstance(row.indicator.rule, ItemisedRule)
            else self._ladders[row.code]
            for row in self._shapes.rows
            if row.code in self._ladders
        }
        biases = {code: bias + around(chance, YEARLY_BIAS) for code, bias in self._lasting.items()}
        absences = {**self._missing(earlier, passed, chance), **self._not_applicable}
        return _Year(data_year, bases, biases, ladders, absences, earlier)

    def _missing(
        self, earlier: Mapping[str, Measure], passed: int, chance: Random
    ) -> dict[str, tuple[Absence, str]]:
        """A few blanks, never twice running: a figure is carried forward for one year only."""
        rule = self._shapes.invented["missing"]
        missing = {}
        for row in self._shapes.rows:
            is_drawn = chance.randrange(FULL) < rule["per_mille"]
            reason = pick(chance, rule["reasons"])
            if is_drawn and row.curve and (row.code in earlier or not passed):
                missing[row.code] = (Absence.MISSING, reason)
        return missing

    def _fit(self, year: _Year, target: Target) -> int:
        """A strength whose total lies near the target and within its class.

        A thousandth more of strength is about a tenth of a point more, which makes a good first guess; an
        item gained can leap over the target, and then the bracket is halved until it is shut.
        """
        weakest, strongest = 0, STRONGEST + LASTING_BIAS
        strength, classes = int(target.total * FULL / 100), self._shapes.scheme.classes
        guesses = GUESSES
        while strongest - weakest > 1:
            total = self._total(year, strength)
            wanting = target.total - total
            if abs(wanting) <= NEAR and class_of(total, classes) == target.class_name:
                return strength
            weakest, strongest = (strength, strongest) if wanting >= 0 else (weakest, strength)
            guesses -= 1
            guess = strength + int(wanting * FULL / 100) if guesses > 0 else 0
            if not weakest < guess < strongest:
                guess = (weakest + strongest) // 2
            strength = guess
        below = class_of(self._total(year, weakest), classes)
        return weakest if below == target.class_name else strongest

    def _total(self, year: _Year, strength: int) -> Decimal:
        measures = self._measures(year, strength)
        return sum(
            (
                self._scorers[row.code](_figure(row.code, measures[row.code], year)).score
                for row in self._shapes.rows
            ),
            Decimal(0),
        )

    def _measures(self, year: _Year, strength: int) -> dict[str, Measure]:
        """What is measured at a strength; a count also stands above the line of its rates."""
        measures: dict[str, Measure] = {}
        counted: dict[str, Decimal] = {}
        for row in self._shapes.rows:
            own = min(max(strength + year.biases[row.code], 0), STRONGEST)
            rule = row.indicator.rule
            if isinstance(rule, ItemisedRule):
                measures[row.code] = year.ladders[row.code].rung_at(rule.cap, own)
            elif isinstance(rule, PanelRule):
                tenths = int(rule.maximum * 10) * min(own, FULL) // FULL
                measures[row.code] = Measure(panel=(Decimal(tenths).scaleb(-1),))
            elif row.denominator_label:
                measures[row.code] = _ratio(row, own, counted, year.bases[row.denominator_label])
            else:
                count = Decimal(row.curve[own] // CURVE_SCALE)
                counted[row.indicator.name] = count
                measures[row.code] = Measure(value=count)
        return measures

    def _write(
        self, year: _Year, measures: Mapping[str, Measure], strength: int, chance: Random
    ) -> CountyYear:
        answers = []
        for row in self._shapes.rows:
            if row.code in year.absences:
                absence, reason = year.absences[row.code]
                answers.append(Answer(row.code, absence=absence.value, note=reason))
            else:
                answers.append(self._answer(row, measures[row.code], year, strength, chance))
        return CountyYear(self._county.code, self._county.name, year.data_year, tuple(answers))

    def _answer(
        self, row: Row, measure: Measure, year: _Year, strength: int, chance: Random
    ) -> Answer:
        if isinstance(row.indicator.rule, ItemisedRule):
            items = self._registry.items(
                row.code,
                [item.kind for item in measure.items],
                year.data_year,
                first_year=self._shapes.targets[0].data_year,
                yearly=row.yearly,
            )
            return Answer(row.code, text=_count_text(row, len(items)), items=items)
        if isinstance(row.indicator.rule, PanelRule):
            note = _statement(self._shapes.invented["statement"], strength, chance)
            return Answer(row.code, note=note, panel_score=plain(measure.panel[0]))
        return _figure_answer(row, measure)


def _ratio(row: Row, own: int, counted: Mapping[str, Decimal], below: Decimal) -> Measure:
    above = counted.get(row.numerator_label)
    if above is None:
        exact = row.curve[own] * below / (row.factor * CURVE_SCALE)
        above = exact.to_integral_value()
    if row.factor == WHOLE:
        # A part is no greater than its whole; every rule is flat long before.
        above = min(above, below)
    return Measure(numerator=above, denominator=below, factor=row.factor)


def _figure(code: str, measure: Measure, year: _Year) -> Figure:
    if code not in year.absences:
        return Figure(code, measure)
    carried = year.earlier.get(code)
    return Figure(
        code,
        absence=year.absences[code][0],
        carried=None if carried is None else Carried(year.data_year - 1, carried),
    )


def _figure_answer(row: Row, measure: Measure) -> Answer:
    if measure.numerator is None or measure.denominator is None:
        return Answer(row.code, text=plain(measure.value or Decimal(0)))
    rate = measure.numerator * measure.factor / measure.denominator
    return Answer(
        row.code,
        text=format(rate.quantize(Decimal(1).scaleb(-row.decimals)), "f"),
        numerator=plain(measure.numerator),
        denominator=plain(measure.denominator),
    )


def _count_text(row: Row, count: int) -> str:
    """Rows counted in 家 show their count; the others are typed only where they have no item."""
    return str(count) if row.indicator.unit or not count else ""


def _statement(pattern: str, strength: int, chance: Random) -> str:
    vigour = 1 + strength // 200
    return pattern.format(
        a=between(chance, 1, 1 + vigour),
        b=between(chance, 1, 2 + vigour),
        c=between(chance, 10, 30) * vigour,
        d=between(chance, 2, 6) * vigour,
        e=between(chance, 1, 2 * vigour),
    )


def _source_years(shapes: Shapes) -> list[CountyYear]:
    """The years of the county a source prints: values as printed, no numerators, blanks left blank."""
    source = source_county()
    if source is None:
        return []
    rows = {row.code: row for row in shapes.rows}
    return [
        CountyYear(
            source["county"]["code"],
            source["county"]["name"],
            year["data_year"],
            tuple(
                _source_answer(rows[cell["indicator"]], cell, year["status"])
                for cell in year["figures"]
            ),
        )
        for year in source["years"]
    ]


def _source_answer(row: Row, cell: Mapping[str, Any], status: str) -> Answer:
    answer = Answer(row.code, is_forecast=status == FigureStatus.FORECAST)
    if cell["absence"]:
        return replace(answer, absence=cell["absence"], note="年度目标未确定，沿用上年数据。")
    if isinstance(row.indicator.rule, ItemisedRule):
        items = tuple(EvidenceItem(item["kind"], item["name"]) for item in cell["items"])
        return replace(answer, text=_count_text(row, len(items)), items=items)
    if isinstance(row.indicator.rule, PanelRule):
        note = "按《霸州市2020年度科技创新跃升工作方案》第13条、第14条组织实施。"
        return replace(answer, note=note, panel_score=cell["panel"][0])
    return replace(answer, text=cell["value"])


def _class(
    year: CountyYear,
    printed: list[CountyYear],
    shapes: Shapes,
    scorers: Mapping[str, FigureScorer],
) -> str:
    before = {each.data_year: each for each in printed}.get(year.data_year - 1)
    total = Decimal(0)
    for answer in year.answers:
        earlier = before.answer(answer.indicator) if before else None
        total += scorers[answer.indicator](figure_of(answer, year.data_year, earlier)).score
    return class_of(total, shapes.scheme.classes)


def figure_of(answer: Answer, data_year: int, earlier: Answer | None = None) -> Figure:
    """An answer as the engine reads it; `earlier` is last year's, to be carried where needed."""
    carried = None
    if answer.absence and earlier is not None and not earlier.absence:
        carried = Carried(data_year - 1, _measure_of(earlier))
    absence = Absence(answer.absence) if answer.absence else None
    return Figure(answer.indicator, _measure_of(answer), absence, carried)


@cache
def _factors() -> Mapping[str, Decimal]:
    return {row.code: row.factor for row in load_shapes().rows}


def _measure_of(answer: Answer) -> Measure:
    return Measure(
        value=Decimal(answer.text) if answer.text else None,
        numerator=Decimal(answer.numerator) if answer.numerator else None,
        denominator=Decimal(answer.denominator) if answer.denominator else None,
        factor=_factors()[answer.indicator],
        items=tuple(Item(item.kind, item.name) for item in answer.items),
        panel=(Decimal(answer.panel_score),) if answer.panel_score else (),
    )
