"""Where a county stands: how far from the classes beside it; of each line slope, next knots and nearest fall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from county_portal.common.numbers import readable
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.types import (
    Figure,
    GradeClass,
    Indicator,
    Item,
    ItemisedRule,
    PanelRule,
    PiecewiseRule,
    Scheme,
)
from scoring.ground import Ground, LineScore, value_of
from scoring.improvements import (
    Improvement,
    Words,
    direction,
    improvements,
    scored_measure,
    with_items,
)
from scoring.levers import Lever, immovable, quantity_levers
from scoring.moves import worse_target

_ZERO = Decimal(0)
_SLOPE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Position:
    """One line: what it has, what one unit more brings, what the next knots bring, what would lose the class."""

    number: int
    indicator: Indicator
    figure: Figure
    words: Words
    value: Decimal | None
    scored: LineScore
    slope: (
        Decimal | None
    )  # points by one `slope_unit` of the quantity that moves; None where there is none
    slope_unit: str
    slope_of: str
    steps: tuple[Improvement, ...]
    still: str  # why nothing can be computed, or that nothing is left; blank otherwise
    fall: str  # what alone would lose the class; blank where nothing on this line could

    @property
    def score(self) -> Decimal:
        """Points of the line."""
        return self.scored.score

    @property
    def room(self) -> Decimal:
        """Points still to be had."""
        return self.indicator.weight - self.score

    @property
    def next_step(self) -> Improvement | None:
        """The nearest knot."""
        return self.steps[0] if self.steps else None

    @property
    def farther(self) -> tuple[Improvement, ...]:
        """The knots beyond it."""
        return self.steps[1:]

    @property
    def absence(self) -> str:
        """Why there is no figure, in words."""
        if isinstance(self.indicator.rule, PanelRule):
            return "专家评分"
        if isinstance(self.indicator.rule, ItemisedRule):
            return "无"
        return self.figure.absence.label if self.figure.absence else "缺报"

    @property
    def items(self) -> list[tuple[str, int]]:
        """Kinds of items listed, by name, with their number."""
        rule = self.indicator.rule
        if not isinstance(rule, ItemisedRule):
            return []
        listed = [item.kind for item in self.figure.measure.items]
        return [(kind.name, listed.count(kind.code)) for kind in rule.kinds if kind.code in listed]


@dataclass(frozen=True)
class Standing:
    """A county's total between two limits."""

    scheme: Scheme
    total: Decimal
    class_name: str
    positions: Sequence[Position]
    reachable: Decimal  # the total if every line that can be computed went to its last knot

    @cached_property
    def _place(self) -> int:
        return [grade.name for grade in self.scheme.classes].index(self.class_name)

    @property
    def above(self) -> GradeClass | None:
        """The class above; None in the best."""
        return self.scheme.classes[self._place - 1] if self._place else None

    @property
    def below(self) -> GradeClass | None:
        """The class below; None in the lowest."""
        lower = self.scheme.classes[self._place + 1 :]
        return lower[0] if lower else None

    @property
    def gap(self) -> Decimal | None:
        """Points lacking to the class above."""
        return self.above.at_least - self.total if self.above else None

    @property
    def margin(self) -> Decimal | None:
        """Points over the limit of the own class; None in the lowest."""
        return None if self.limit is None else self.total - self.limit

    @property
    def limit(self) -> Decimal | None:
        """Below it the class is lost; None in the lowest."""
        return self.scheme.classes[self._place].at_least if self.below else None

    @property
    def open_points(self) -> Decimal:
        """What panels that have not spoken may still add."""
        return sum((row.indicator.weight for row in self.positions if row.scored.is_open), _ZERO)


def read_standing(ground: Ground) -> Standing:
    """Every line by the engine; nothing is estimated."""
    scores, total = ground.lines, ground.total({})
    bare = Standing(ground.scheme, total, ground.class_of(total), (), total)
    levers = {code: lever for lever in quantity_levers(ground) for code in lever.codes}
    positions = [
        _position(ground, number, scores[code], levers.get(code), bare.limit)
        for number, code in enumerate(ground.indicators, 1)
    ]
    last = {row.indicator.code: row.steps[-1].figure for row in positions if row.steps}
    return replace(bare, positions=positions, reachable=ground.total(last))


def _position(
    ground: Ground, number: int, scored: LineScore, lever: Lever | None, limit: Decimal | None
) -> Position:
    indicator = list(ground.indicators.values())[number - 1]
    figure, words = ground.figures[indicator.code], ground.words[indicator.code]
    scheme = ground.scheme
    steps = improvements(indicator, figure, words, scheme.places, scheme.mode)
    return Position(
        number=number,
        indicator=indicator,
        figure=figure,
        words=words,
        value=value_of(indicator, figure),
        scored=scored,
        slope=slope(indicator, figure) if lever else None,
        slope_unit=lever.unit if lever else "",
        slope_of=lever.label if lever else "",
        steps=steps,
        still=_still(indicator, figure, scored, steps),
        fall="" if limit is None else _fall(ground, indicator, lever, limit),
    )


def _still(
    indicator: Indicator, figure: Figure, scored: LineScore, steps: Sequence[Improvement]
) -> str:
    if steps:
        return ""
    if scored.score >= indicator.weight:
        return "已得满分"
    reason = immovable(indicator, figure)
    if reason:
        return reason
    if isinstance(indicator.rule, ItemisedRule):
        return "其余分值由专家酌情评定，不作测算"
    return "已达最高分段"


def slope(indicator: Indicator, figure: Figure) -> Decimal | None:
    """Points one unit of the quantity that moves brings at this place, to six decimals; 0 on a level stretch.

    Of a ratio the unit is the numerator's. At a knot it is the slope of the stretch that lies ahead.
    """
    rule = indicator.rule
    value = value_of(indicator, figure)
    if not isinstance(rule, PiecewiseRule) or value is None or direction(rule) == 0:
        return None
    is_rising = direction(rule) > 0
    ahead = [
        band
        for band in rule.bands
        if (
            band.start <= value and (band.end is None or value < band.end)
            if is_rising
            else band.start < value and (band.end is None or value <= band.end)
        )
    ]
    if not ahead or ahead[0].end is None:
        return _ZERO
    band, measure = ahead[0], scored_measure(indicator, figure)
    with exact_arithmetic():
        points = abs(band.points_end - band.points_start) / (ahead[0].end - band.start)
        if measure and measure.numerator is not None and measure.denominator:
            points = points * measure.factor / measure.denominator
        return points.quantize(_SLOPE, ROUND_HALF_UP)


def _fall(ground: Ground, indicator: Indicator, lever: Lever | None, limit: Decimal) -> str:
    if lever:
        target = worse_target(ground, lever, limit)
        if target is None or lever.now is None:
            return ""
        way = "降" if lever.rises else "升"
        together = "" if len(lever.codes) == 1 else "（同一数据的各项一并计）"
        now = plain(readable(lever.now, target))
        return f"{lever.label}由{now}{lever.unit}{way}至{plain(target)}{lever.unit}{together}"
    if isinstance(indicator.rule, ItemisedRule):
        return _fewer_items(ground, indicator, limit)
    return ""


def _fewer_items(ground: Ground, indicator: Indicator, limit: Decimal) -> str:
    """Items whose loss, the dearest first, takes the total below the limit."""
    figure = ground.figures[indicator.code]
    items, lost = list(figure.measure.items), list[Item]()
    while items:
        dearest = min(items, key=lambda item: _left(ground, figure, items, item))
        items.remove(dearest)
        lost.append(dearest)
        if ground.total({indicator.code: with_items(figure, tuple(items))}) < limit:
            return f"减少{len(lost)}项：{_named(indicator, lost)}"
    return ""


def _left(
    ground: Ground, figure: Figure, items: Sequence[Item], item: Item
) -> tuple[Decimal, Decimal]:
    """What is left without an item; of those that leave the same, the one of most points goes first."""
    rest = list(items)
    rest.remove(item)
    rule = ground.indicators[figure.indicator].rule
    points = (
        {kind.code: kind.points for kind in rule.kinds} if isinstance(rule, ItemisedRule) else {}
    )
    own = points.get(item.kind) or item.points or _ZERO
    return ground.score(with_items(figure, tuple(rest))).score, -own


def _named(indicator: Indicator, lost: Sequence[Item]) -> str:
    rule = indicator.rule
    names: Mapping[str, str] = (
        {kind.code: kind.name for kind in rule.kinds} if isinstance(rule, ItemisedRule) else {}
    )
    counts: dict[str, int] = {}
    for item in lost:
        counts[names[item.kind]] = counts.get(names[item.kind], 0) + 1
    return "、".join(f"“{name}”{count}项" for name, count in counts.items())
