"""A what-if scenario: changed figures as texts, read like any form, and laid over what a county stands on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain
from indicators.enums import IndicatorKind
from indicators.rules import CellInput, CellSpec, read_cell
from scoring.engine.numbers import rounded
from scoring.engine.types import (
    Figure,
    Indicator,
    Item,
    ItemisedRule,
    Measure,
    PanelRule,
    RoundingMode,
)
from scoring.ground import Ground
from scoring.improvements import scored_measure
from scoring.moves import ITEMS_AT_MOST
from scoring.rules import panel_score_problem

# One line's change as it is stored: "value", or "numerator" and "denominator", or "panel", or "items" by kind.
Change = Mapping[str, str | Mapping[str, str]]
Changes = Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class TypedLine:
    """What was typed for one indicator; a blank leaves what there is."""

    text: str = ""
    numerator: str = ""
    denominator: str = ""
    panel: str = ""
    items: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineError:
    """Why a line cannot be taken; `part` is text, numerator, denominator, panel, or a kind of items."""

    code: str
    part: str
    sentence: str
    refusal: str


def read_changes(
    ground: Ground, typed: Mapping[str, TypedLine]
) -> tuple[dict[str, Change], list[LineError]]:
    """The changes of all lines in the texts that are stored, blanks left out; with errors they must not be used."""
    changes, errors = dict[str, Change](), list[LineError]()
    for code, line in typed.items():
        indicator = ground.indicators[code]
        if isinstance(indicator.rule, PanelRule):
            change = _panel_change(indicator, indicator.rule, line, errors)
        elif isinstance(indicator.rule, ItemisedRule):
            change = _items_change(indicator, line, errors)
        else:
            change = _figure_change(ground, code, line, errors)
        if change:
            changes[code] = change
    return changes, errors


def _panel_change(
    indicator: Indicator, rule: PanelRule, line: TypedLine, errors: list[LineError]
) -> Change:
    number = _number(line.panel, NumberFormat(unit="分"), indicator, "panel", errors)
    problem = panel_score_problem(number, rule.maximum)
    if problem:
        errors.append(LineError(indicator.code, "panel", problem, "score_out_of_range"))
    return {} if number is None or problem else {"panel": plain(number)}


def _items_change(indicator: Indicator, line: TypedLine, errors: list[LineError]) -> Change:
    counts = {}
    for kind, text in line.items.items():
        number = _number(text, NumberFormat(unit="项", integer=True), indicator, kind, errors)
        if number is not None and number > ITEMS_AT_MOST:
            sentence = f"“{indicator.name}”的一类最多测算{ITEMS_AT_MOST}项，请改小。"
            errors.append(LineError(indicator.code, kind, sentence, "too_many_items"))
        elif number is not None:
            counts[kind] = plain(number)
    return {"items": counts} if counts else {}


def _number(
    text: str, accepts: NumberFormat, indicator: Indicator, part: str, errors: list[LineError]
) -> Decimal | None:
    try:
        return parse_number(text, accepts, indicator.name)
    except Invalid as wrong:
        errors.append(LineError(indicator.code, part, wrong.sentence, wrong.code))
        return None


def _figure_change(ground: Ground, code: str, line: TypedLine, errors: list[LineError]) -> Change:
    """As a cell is read; of a ratio one side may be left as it stands."""
    spec = ground.specs[code]
    has_parts = bool(line.numerator.strip() or line.denominator.strip())
    if line.text.strip() and has_parts:
        sentence = f"“{spec.name}”既填了数值，又填了分子或分母，请只填一种。"
        errors.append(LineError(code, "text", sentence, "value_and_parts"))
        return {}
    numerator, denominator = _sides(ground, code, line) if has_parts else ("", "")
    figure, wrong = read_cell(spec, CellInput(line.text, numerator, denominator))
    errors.extend(LineError(code, each.part, each.sentence, each.code) for each in wrong)
    if wrong:
        return {}
    if figure.numerator is not None and figure.denominator is not None:
        return {"numerator": plain(figure.numerator), "denominator": plain(figure.denominator)}
    return {} if figure.number is None else {"value": plain(figure.number)}


def _sides(ground: Ground, code: str, line: TypedLine) -> tuple[str, str]:
    measure = scored_measure(ground.indicators[code], ground.figures[code]) or Measure()
    return (
        line.numerator if line.numerator.strip() else plain(measure.numerator),
        line.denominator if line.denominator.strip() else plain(measure.denominator),
    )


def changed_figures(ground: Ground, changes: Changes) -> dict[str, Figure]:
    """The figures that stored changes give; lines the scheme no longer has are left out."""
    return {
        code: _changed(ground, ground.figures[code], change)
        for code, change in changes.items()
        if code in ground.figures
    }


def _changed(ground: Ground, figure: Figure, change: Change) -> Figure:
    measure, texts = _measure(ground, figure), change.get("items")
    if isinstance(texts, Mapping):
        measure = replace(measure, items=_items(figure.measure.items, texts))
    elif "panel" in change:
        measure = replace(measure, panel=(Decimal(str(change["panel"])),))
    elif "numerator" in change:
        numerator, denominator = str(change["numerator"]), str(change["denominator"])
        measure = replace(
            measure, value=None, numerator=Decimal(numerator), denominator=Decimal(denominator)
        )
    else:
        measure = Measure(value=Decimal(str(change["value"])), factor=measure.factor)
    return replace(figure, measure=measure, absence=None, carried=None)


def _measure(ground: Ground, figure: Figure) -> Measure:
    """What is changed: the line's own measure with the factor its ratio is multiplied by."""
    return replace(figure.measure, factor=ground.specs[figure.indicator].factor)


def _items(listed: Sequence[Item], counts: Mapping[str, str]) -> tuple[Item, ...]:
    """So many of each kind named: those there are first, then imagined ones; other kinds stay."""
    found = [item for item in listed if item.kind not in counts]
    for kind, text in counts.items():
        own = [item for item in listed if item.kind == kind][: int(text)]
        added = (Item(kind, f"设想新增{number}") for number in range(1, int(text) - len(own) + 1))
        found += [*own, *added]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two lines that state the same fact and were changed apart."""

    fact_name: str
    code: str
    number: Decimal
    other_code: str
    other_number: Decimal

    @property
    def sentence(self) -> str:
        """What is at odds, and what to do."""
        return (
            f"“{self.fact_name}”在第{self.code}项为{plain(self.number)}、在第{self.other_code}项为"
            f"{plain(self.other_number)}，实际是同一个数，请改成一致。"
        )


def list_clashes(ground: Ground, changed: Mapping[str, Figure]) -> list[Clash]:
    """Facts that lines state differently because of what was changed."""
    stated: dict[int, list[tuple[str, str, Decimal]]] = {}
    for code, figure in {**ground.figures, **changed}.items():
        for fact, name, number in _statements(ground.specs[code], ground, figure):
            stated.setdefault(fact, []).append((code, name, number))
    clashes = []
    for rows in stated.values():
        first = next((row for row in rows if row[0] in changed), None)
        for code, _, number in rows:
            if first and number != first[2]:
                clashes.append(Clash(first[1], first[0], first[2], code, number))
    return clashes


def _statements(
    spec: CellSpec, ground: Ground, figure: Figure
) -> Iterable[tuple[int, str, Decimal]]:
    measure, words = figure.measure, ground.words[spec.code]
    sides = (
        (spec.fact, spec.name, None if measure.numerator is not None else measure.value),
        (spec.numerator_fact, words.numerator, measure.numerator),
        (spec.denominator_fact, words.denominator, measure.denominator),
    )
    for fact, name, number in sides:
        if fact is not None and number is not None:
            yield fact, name, number


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """One changed line beside what it is now; `exact` is the difference before rounding."""

    indicator: Indicator
    before: str
    after: str
    score: Decimal
    gain: Decimal
    exact: Decimal  # to the places of a score
    text: str

    @property
    def shows_exact(self) -> bool:
        """Whether rounding hides something: 0.44 recorded, 0.43 by the arithmetic."""
        return self.exact != self.gain


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario scored: what it would give, and line by line what it changes."""

    total: Decimal
    class_name: str
    gain: Decimal
    lines: Mapping[str, ScenarioLine]
    clashes: Sequence[Clash]
    gone: Sequence[str]  # indicator codes that the scheme does not know (any more)

    @property
    def changed(self) -> list[ScenarioLine]:
        """The lines in the scheme's order."""
        return list(self.lines.values())

    @property
    def gone_text(self) -> str:
        """What is no longer counted."""
        return f"第{'、'.join(self.gone)}项的设想不再计入，可在下面另作设想。"


def outcome_of(ground: Ground, changes: Changes) -> Outcome:
    """A scenario by the engine; it is never stored as a result."""
    figures = changed_figures(ground, changes)
    total = ground.total(figures)
    return Outcome(
        total=total,
        class_name=ground.class_of(total),
        gain=total - ground.total({}),
        lines={code: _line(ground, figures[code]) for code in ground.indicators if code in figures},
        clashes=list_clashes(ground, figures),
        gone=[code for code in changes if code not in figures],
    )


def _line(ground: Ground, figure: Figure) -> ScenarioLine:
    code = figure.indicator
    before, after = ground.lines[code], ground.score(figure)
    exact = rounded(after.exact - before.exact, ground.scheme.places, RoundingMode.HALF_UP)
    return ScenarioLine(
        indicator=ground.indicators[code],
        before=figure_text(ground, ground.figures[code]),
        after=figure_text(ground, figure),
        score=after.score,
        gain=after.score - before.score,
        exact=exact,
        text=after.text,
    )


def figure_text(ground: Ground, figure: Figure) -> str:
    """A figure for a table: 63家, 50÷16625, the number of items, or why there is none."""
    indicator, words = ground.indicators[figure.indicator], ground.words[figure.indicator]
    measure = figure.measure
    if isinstance(indicator.rule, PanelRule):
        if not measure.panel:
            return "尚未评分"
        return "、".join(plain(score) for score in measure.panel) + "分"
    if isinstance(indicator.rule, ItemisedRule):
        names = {kind.code: kind.name for kind in indicator.rule.kinds}
        counts = Counter(item.kind for item in measure.items)
        return (
            "、".join(f"{names.get(kind, kind)}{count}项" for kind, count in counts.items()) or "无"
        )
    if figure.absence is not None:
        return figure.absence.label
    if measure.numerator is not None and measure.denominator is not None:
        return (
            f"{plain(measure.numerator)}{words.numerator_unit} ÷ "
            f"{plain(measure.denominator)}{words.denominator_unit}"
        )
    return f"{plain(measure.value)}{words.unit}"


def is_rate(ground: Ground, code: str) -> bool:
    """Whether a line may be given by numerator and denominator."""
    return ground.specs[code].kind == IndicatorKind.RATE
