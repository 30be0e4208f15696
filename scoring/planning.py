"""The cheapest combination to the next class, under the costs and limits a county sets.

Exact: the options are the engine's own scores (`levers`), the choice is a proven optimum (`optimising`), and the chosen
figures are scored together once more before anybody is told of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from math import ceil, lcm

from county_portal.common.errors import Invalid
from county_portal.common.numbers import plain, readable
from scoring.engine.types import (
    Figure,
    GradeClass,
    Indicator,
    ItemisedRule,
    ItemKind,
    Scheme,
    TotalRule,
)
from scoring.ground import Ground
from scoring.improvements import scored_measure
from scoring.levers import Lever, immovable, quantity_levers
from scoring.moves import ITEMS_AT_MOST, Option, list_options, quantity_options
from scoring.optimising import Choice, cheapest

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
_TENTH = Decimal("0.1")
# What one item more counts as where no costs are set: as much as a growth of 10 %.
ITEM_EFFORT = Decimal(10)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the county says of one lever; None sets nothing."""

    cost: Decimal | None = None  # per unit moved
    limit: Decimal | None = None  # the farthest target; of items, how many more at most
    pinned: bool = False
    kind: str = ""  # of which items


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that is set, by the key of each lever; denominators that are expected, by indicator code."""

    levers: Mapping[str, Wish] = field(default_factory=dict)
    denominators: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def has_costs(self) -> bool:
        """Whether the reader named any cost; if not, growth is counted as effort."""
        return any(wish.cost is not None for wish in self.levers.values())

    def of(self, key: str) -> Wish:
        """The wish for a lever."""
        return self.levers.get(key, Wish())


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list of items that can be lengthened by one kind."""

    indicator: Indicator
    kinds: tuple[ItemKind, ...]

    @property
    def key(self) -> str:
        """Its indicator's code."""
        return self.indicator.code

    def kind(self, code: str) -> ItemKind:
        """The kind asked for, or the first."""
        return next((kind for kind in self.kinds if kind.code == code), self.kinds[0])


def shelves(ground: Ground) -> tuple[Shelf, ...]:
    """Itemised lines that may grow, each with the kinds whose next item brings points, nearest first."""
    found = []
    for indicator in ground.indicators.values():
        figure = ground.figures[indicator.code]
        if not isinstance(indicator.rule, ItemisedRule) or immovable(indicator, figure):
            continue
        listed = [item.kind for item in figure.measure.items]
        useful = [
            kind
            for kind in indicator.rule.kinds
            if kind.points is not None and list_options(ground, indicator, kind, 1, _HUNDRED)
        ]
        useful.sort(key=lambda kind: (-listed.count(kind.code), kind.points or _ZERO))
        if useful:
            found.append(Shelf(indicator, tuple(useful)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One lever of the way up: how far it goes, what that costs and brings."""

    lever: Lever | None
    shelf: Shelf | None
    kind: ItemKind | None
    option: Option
    cost: Decimal

    @property
    def key(self) -> str:
        """The lever's key."""
        return self.option_codes[0]

    @property
    def label(self) -> str:
        """What moves: a quantity or a list."""
        return self.lever.label if self.lever else self.shelf.indicator.name if self.shelf else ""

    @property
    def codes_text(self) -> str:
        """The lines it moves, where they are several."""
        codes = self.option_codes
        return f"同时计入第{'、'.join(codes)}项" if len(codes) > 1 else ""

    @property
    def text(self) -> str:
        """由50家增至63家; of a list, how many more of which kind."""
        if self.lever is None:
            return f"新增{plain(self.option.moved)}项“{self.kind.name if self.kind else ''}”"
        target, unit = plain(self.option.target), self.lever.unit
        if self.lever.now is None:
            return f"补报并达到{target}{unit}"
        way = "增" if self.lever.rises else "降"
        now = plain(readable(self.lever.now, self.option.target))
        return f"由{now}{unit}{way}至{target}{unit}"

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The indicators it moves."""
        return tuple(self.option.figures)


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: the steps and what they reach, or how far everything together would go."""

    aim: GradeClass | None  # None in the best class
    start: Decimal  # the total, with the denominators expected
    steps: tuple[PlanStep, ...]
    cost: Decimal
    reached: Decimal  # the total of the steps, or of everything movable where that is not enough
    reached_class: str
    other: tuple[PlanStep, ...]  # another combination of the same cost
    in_effort: bool
    is_feasible: bool

    @property
    def gap(self) -> Decimal:
        """Points lacking to the class aimed at; none or negative where it is reached already."""
        return self.aim.at_least - self.start if self.aim else _ZERO

    @property
    def reached_text(self) -> str:
        """The total reached, for a sentence."""
        return f"{self.reached:f}"

    @property
    def aim_text(self) -> str:
        """The limit aimed at, for a sentence."""
        return plain(self.aim.at_least) if self.aim else ""

    @property
    def figures(self) -> dict[str, Figure]:
        """All changed figures."""
        return {code: figure for step in self.steps for code, figure in step.option.figures.items()}


def expected(ground: Ground, denominators: Mapping[str, Decimal]) -> Ground:
    """The county with the denominators it expects; lines that state the same fact follow."""
    by_fact = {ground.specs[code].denominator_fact: number for code, number in denominators.items()}
    by_fact.pop(None, None)
    changed = {}
    for code, figure in ground.figures.items():
        measure = scored_measure(ground.indicators[code], figure)
        number = denominators.get(code) or by_fact.get(ground.specs[code].denominator_fact)
        if number and measure and measure.numerator is not None and measure.denominator:
            moved = replace(measure, value=None, denominator=number)
            changed[code] = replace(figure, measure=moved, absence=None, carried=None)
    return ground.with_figures(changed)


def make_plan(ground: Ground, wishes: Wishes, own_class: str) -> Plan:
    """The cheapest way to the class above `own_class`; of several equally cheap, one that touches the fewest lines.

    Raises Invalid where the scheme's total cannot be planned line by line, and, naming the field of the dearest lever,
    where costs are too large to be added exactly.
    """
    problem = plan_problem(ground.scheme)
    if problem:
        raise Invalid("plan_rounds_the_sum", problem)
    here = expected(ground, wishes.denominators)
    start = here.total({})
    names = [grade.name for grade in here.scheme.classes]
    place = names.index(own_class)
    aim = here.scheme.classes[place - 1] if place else None
    empty = Plan(aim, start, (), _ZERO, start, here.class_of(start), (), not wishes.has_costs, True)  # noqa: FBT003 -- fields named above
    if aim is None or empty.gap <= 0:
        return empty
    menus = _menus(here, wishes, empty.gap)
    scale = 10**here.scheme.places
    costs, unit = _whole_costs(menus)
    choices = [
        [Choice(int(step.option.gain * scale), cost) for step, cost in zip(menu, row, strict=True)]
        for menu, row in zip(menus, costs, strict=True)
    ]
    try:
        best = cheapest(choices, ceil(empty.gap * scale))
    except OverflowError:
        raise _too_dear(menus, wishes) from None
    if best is None:
        farthest = [menu[-1] for menu in menus if menu]
        reached = start + sum((step.option.gain for step in farthest), _ZERO)
        return replace(
            empty, reached=reached, reached_class=here.class_of(reached), is_feasible=False
        )
    steps = _picked(menus, best.picks)
    other = _picked(menus, best.other) if best.other else ()
    return _checked(here, replace(empty, steps=steps, cost=Decimal(best.cost) / unit, other=other))


def plan_problem(scheme: Scheme) -> str:
    """Why no cheapest way can be had under a scheme, in words; blank where it can.

    Gains of lines add up to the total's gain only where the total adds what the lines print.
    """
    if scheme.total is TotalRule.SUM_OF_ROUNDED:
        return ""
    return (
        "本方案先把各项未取舍的得分相加、再对总分取舍，各项加分之和与总分的变化可能差百分之一分，"
        "因此不测算花费最少的办法；请用“设想方案”试改数据，总分由评分方案整体重算。"
    )


def _too_dear(menus: Sequence[Sequence[PlanStep]], wishes: Wishes) -> Invalid:
    step = max((step for menu in menus for step in menu), key=lambda step: step.cost)
    if wishes.has_costs:
        sentence = (
            f"“{step.label}”{step.text}要花费{plain(step.cost)}，数额过大，无法精确相加；"
            "请改用大一些的花费单位（如亿元），或在“最多到”限制它的变动。"
        )
        return Invalid("cost_too_large", sentence, f"c-{step.key}")
    sentence = (
        f"“{step.label}”{step.text}，比现在增减的倍数过大，无法精确相加；"
        "请在“最多到”限制它的变动，或选“不动”。"
    )
    return Invalid("growth_too_large", sentence, f"m-{step.key}")


def _checked(here: Ground, plan: Plan) -> Plan:
    """The plan with its total scored anew from the changed figures; it must be what the options promised."""
    reached = here.total(plan.figures)
    promised = plan.start + sum((step.option.gain for step in plan.steps), _ZERO)
    if reached != promised or reached < plan.start + plan.gap:
        raise RuntimeError(f"plan promised {promised}, the engine gives {reached}")
    return replace(plan, reached=reached, reached_class=here.class_of(reached))


def _picked(
    menus: Sequence[Sequence[PlanStep]], picks: Sequence[int | None]
) -> tuple[PlanStep, ...]:
    steps = [menu[pick] for menu, pick in zip(menus, picks, strict=True) if pick is not None]
    return tuple(sorted(steps, key=lambda step: -step.option.gain))


def _menus(here: Ground, wishes: Wishes, gap: Decimal) -> list[list[PlanStep]]:
    menus = []
    for lever in quantity_levers(here):
        wish = wishes.of(lever.key)
        if not _is_still(wish, wishes):
            options = quantity_options(here, lever, wish.limit, gap)
            menus.append(
                [
                    PlanStep(lever, None, None, option, _cost(wish, wishes, option, lever))
                    for option in options
                ]
            )
    for shelf in shelves(here):
        wish = wishes.of(shelf.key)
        if not _is_still(wish, wishes):
            kind = shelf.kind(wish.kind)
            at_most = ITEMS_AT_MOST if wish.limit is None else int(wish.limit)
            options = list_options(here, shelf.indicator, kind, at_most, gap)
            menus.append(
                [
                    PlanStep(None, shelf, kind, option, _cost(wish, wishes, option, None))
                    for option in options
                ]
            )
    return menus


def _is_still(wish: Wish, wishes: Wishes) -> bool:
    """Pinned, or without a cost where others have one: costs and growth cannot be added up."""
    return wish.pinned or (wishes.has_costs and wish.cost is None)


def _cost(wish: Wish, wishes: Wishes, option: Option, lever: Lever | None) -> Decimal:
    """What an option costs: so much a unit, or, where no costs are set, its growth in per cent as effort."""
    if wishes.has_costs:
        return (wish.cost or _ZERO) * option.moved
    if lever is None:
        return ITEM_EFFORT * option.moved
    base = lever.start or abs(lever.farthest)
    return (option.moved * _HUNDRED / base).quantize(_TENTH, ROUND_CEILING) if base else _HUNDRED


def _whole_costs(menus: Sequence[Sequence[PlanStep]]) -> tuple[list[list[int]], int]:
    """All costs as whole multiples of one unit, and how many units make 1 (a fraction's denominator)."""
    ratios = [[step.cost.as_integer_ratio() for step in menu] for menu in menus]
    unit = lcm(*(bottom for row in ratios for _, bottom in row), 1)
    whole = [[top * (unit // bottom) for top, bottom in row] for row in ratios]
    return whole, unit
