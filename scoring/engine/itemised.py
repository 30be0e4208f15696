"""Itemised rules: points for each named item, up to a cap; of rivals only the best counts (S3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.engine.errors import ScoringError
from scoring.engine.numbers import fixed, plain, quantum
from scoring.engine.types import (
    Flag,
    Indicator,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    RoundingMode,
    Step,
)

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """The items of one kind: how many were named, how many count, and what they bring."""

    kind: ItemKind
    items: tuple[Item, ...]
    counted: int
    points: Decimal

    @property
    def awaits_judgement(self) -> bool:
        """Whether an item whose points a panel gives has none yet and so counts as nothing."""
        return self.kind.points is None and any(item.points is None for item in self.items)

    @property
    def text(self) -> str:
        """The kind's share of the sum."""
        if self.kind.points is None:
            given = " + ".join(plain(item.points or _ZERO) for item in self.items)
            return f"{self.kind.name} {given}"
        return f"{self.kind.name} {self.counted} × {plain(self.kind.points)}"


@dataclass(frozen=True, slots=True)
class ItemisedDerivation:
    """The list of items and what each kind brings; `points` is the sum before the cap."""

    indicator: Indicator
    lines: tuple[ItemLine, ...]
    points: Decimal
    cap: Decimal
    score: Decimal

    @property
    def text(self) -> str:
        counted = [line.text for line in self.lines if line.counted]
        if not counted:
            return f"无计分项目，得{fixed(self.score)}分"
        total = " + ".join(counted)
        if self.points > self.cap:
            over = f"{plain(self.points)}，超过上限{plain(self.cap)}"
            return f"{total} = {over}，得{fixed(self.score)}分"
        return f"{total} = {fixed(self.score)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        items = tuple(
            Step("items", line.kind.name, "、".join(item.name for item in line.items))
            for line in self.lines
        )
        uncounted = tuple(
            Step("not-counted", "不重复计分", f"{line.kind.name}{len(line.items) - line.counted}项")
            for line in self.lines
            if len(line.items) > line.counted
        )
        return (
            *items,
            *uncounted,
            Step("arithmetic", "计算", self.text),
            Step("rounded", "得分", fixed(self.score)),
        )

    @property
    def exact(self) -> Fraction:
        return Fraction(min(self.points, self.cap))


def itemised_scorer(
    indicator: Indicator,
    rule: ItemisedRule,
    places: int,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> Callable[[Measure], tuple[Decimal, tuple[Flag, ...], ItemisedDerivation]]:
    """Prepare a rule for many counties; call the scorer inside `exact_arithmetic` only."""
    kinds = {kind.code: kind for kind in rule.kinds}
    rivalries = [_best_first(group, kinds) for group in rule.exclusive]
    cap, unit = rule.cap, quantum(places)

    def score(measure: Measure) -> tuple[Decimal, tuple[Flag, ...], ItemisedDerivation]:
        named = _by_kind(measure.items, kinds)
        counting = _counting(named, rivalries)
        lines = tuple(
            [
                _line(kind, named[code], counting.get(code))
                for code, kind in kinds.items()
                if code in named
            ]
        )
        points = sum([line.points for line in lines], _ZERO)
        rounded = min(points, cap).quantize(unit, mode)
        derivation = ItemisedDerivation(indicator, lines, points, cap, rounded)
        return rounded, _flags(derivation), derivation

    return score


def _best_first(group: Sequence[str], kinds: Mapping[str, ItemKind]) -> list[str]:
    return sorted(group, key=lambda code: kinds[code].points or _ZERO, reverse=True)


def _by_kind(items: Sequence[Item], kinds: Mapping[str, ItemKind]) -> dict[str, list[Item]]:
    named: dict[str, list[Item]] = {}
    for item in items:
        if item.kind in named:
            named[item.kind].append(item)
        elif item.kind in kinds:
            named[item.kind] = [item]
        else:
            raise ScoringError(
                "item-kind-unknown", f"佐证“{item.name}”的类别“{item.kind}”不在评分方案中"
            )
    return named


def _counting(
    named: Mapping[str, Sequence[Item]], rivalries: Sequence[Sequence[str]]
) -> dict[str, int]:
    """How many items may count of each rival kind: one of the best present, none of the rest."""
    counting: dict[str, int] = {}
    for rivals in rivalries:
        present = [code for code in rivals if code in named]
        counting.update(dict.fromkeys(present, 0))
        if present:
            counting[present[0]] = 1
    return counting


def _line(kind: ItemKind, items: Sequence[Item], counting: int | None) -> ItemLine:
    if len(items) > 1:
        items = sorted(items, key=_order)
    if kind.points is None:
        judged = [_judged(kind, item) for item in items]
        return ItemLine(kind, tuple(items), len(items), sum(judged, _ZERO))
    for item in items:
        if item.points is not None:
            raise ScoringError(
                "item-points-fixed", f"佐证“{item.name}”的分值由评分方案规定，不能另行给分"
            )
    counted = len(items) if counting is None else counting
    return ItemLine(kind, tuple(items), counted, kind.points * counted)


def _order(item: Item) -> tuple[str, Decimal]:
    return item.name, _ZERO if item.points is None else item.points


def _judged(kind: ItemKind, item: Item) -> Decimal:
    """What the panel gave the item; nothing yet is nothing, and flagged."""
    points, highest = item.points or _ZERO, kind.at_most or _ZERO
    if not _ZERO <= points <= highest:
        raise ScoringError(
            "item-points-out-of-range",
            f"佐证“{item.name}”的酌情得分应当在0至{plain(highest)}分之间，不能是{plain(points)}",
        )
    return points


def _flags(derivation: ItemisedDerivation) -> tuple[Flag, ...]:
    flags = [Flag.CAPPED] if derivation.points > derivation.cap else []
    for line in derivation.lines:
        if line.counted < len(line.items) and Flag.NOT_ALL_COUNTED not in flags:
            flags.append(Flag.NOT_ALL_COUNTED)
        if line.awaits_judgement and Flag.AWAITING_JUDGEMENT not in flags:
            flags.append(Flag.AWAITING_JUDGEMENT)
    return tuple(sorted(flags))
