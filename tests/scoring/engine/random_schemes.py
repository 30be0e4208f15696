"""Random schemes of every kind of rule, random figures for them, and their points by a second hand.

`second_opinion` is written from the scheme's definition with `fractions` alone, in another way than the engine and
the shipped verifier: it takes the frozen values, never a document, and keeps everything unreduced to the end.
"""

from decimal import Decimal
from fractions import Fraction

from scoring.engine.types import (
    Absence,
    AbsencePolicy,
    AbsenceTreatment,
    Band,
    ByPeerRule,
    Carried,
    CompletionRule,
    CountyFigures,
    DeviationRule,
    Expression,
    ExpressionRule,
    Figure,
    FigureStatus,
    GradeClass,
    Indicator,
    Item,
    ItemisedRule,
    ItemKind,
    Measure,
    Op,
    PanelMethod,
    PanelRule,
    PeerGroup,
    PercentileRule,
    PiecewiseRule,
    RoundingMode,
    Scheme,
    TotalRule,
)

WEIGHT = Decimal(10)


def tenths(chance, low, high):
    return Decimal(chance.randint(low * 10, high * 10)) / 10


def piecewise(chance):
    """Bands rising or falling, with gaps and jumps half of the time."""
    jumps, knots = chance.random() < 0.5, sorted(chance.sample(range(1, 60), 4))
    points = sorted(tenths(chance, 0, 10) for _ in range(6))
    if chance.random() < 0.4:
        points.reverse()
    bands, start = [], Decimal(0)
    for i, knot in enumerate(knots[:3]):
        bands.append(Band(start, Decimal(knot), points[i], points[i + 1]))
        start = Decimal(knot) + (Decimal("0.5") if jumps and chance.random() < 0.5 else 0)
    last = points[4] if jumps else points[3]
    return PiecewiseRule((*bands, Band(start, None, last, last)), jumps)


def itemised(chance):
    kinds = [ItemKind(f"k{i}", f"类{i}", tenths(chance, 1, 4)) for i in range(4)]
    kinds.append(ItemKind("judged", "酌情", None, Decimal(3)))
    return ItemisedRule(tenths(chance, 3, 10), tuple(kinds), (("k0", "k1"), ("k2",)))


def panel(chance):
    method = chance.choice(list(PanelMethod))
    return PanelRule(method, WEIGHT, chance.choice([1, 2]) if "trimmed" in method else 0)


def completion(chance):
    full_at = Decimal(chance.choice([80, 90, 100, 120]))
    return CompletionRule(tenths(chance, 1, 10), full_at, chance.random() < 0.4)


def deviation(chance):
    return DeviationRule(
        base=Decimal(5),
        step_percent=Decimal(chance.choice(["5", "3", "7.5"])),
        step_points=Decimal(chance.choice(["0.5", "-0.5", "0.3"])),
        whole_steps=chance.random() < 0.5,
        minimum=tenths(chance, 0, 3),
        maximum=tenths(chance, 7, 10),
    )


def percentile(chance):
    return PercentileRule(tenths(chance, 1, 10), chance.random() < 0.4)


def tree(chance, depth=3):
    leaf = chance.choice([Op.NUMBER, Op.VALUE])
    if depth == 0 or chance.random() < 0.2:
        number = tenths(chance, 0, 9) if leaf is Op.NUMBER else None
        return Expression(leaf, number=number)
    op = chance.choice(
        [Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.DIVIDE, Op.MIN, Op.MAX, Op.IF_AT_LEAST]
    )
    if op is Op.DIVIDE:  # by what is never nought
        divisor = Expression(
            Op.ADD, (Expression(Op.VALUE), Expression(Op.NUMBER, number=Decimal(3)))
        )
        return Expression(op, (tree(chance, depth - 1), divisor))
    count = 4 if op is Op.IF_AT_LEAST else 2 if op is Op.SUBTRACT else chance.choice([2, 3])
    return Expression(op, tuple(tree(chance, depth - 1) for _ in range(count)))


def expression(chance):
    return ExpressionRule(tree(chance), tenths(chance, 0, 3), tenths(chance, 7, 10))


FIGURED = (piecewise, completion, deviation, percentile, expression)


def by_peer(chance):
    groups = [
        PeerGroup(f"类{i}", tuple(f"{130000 + j}" for j in range(i, 4000, 5)), make(chance))
        for i, make in enumerate(chance.sample(FIGURED, 2))
    ]
    return ByPeerRule(tuple(groups), chance.choice(FIGURED)(chance))


def random_scheme(chance):
    """One indicator of each kind and all else that a scheme may say, by chance."""
    makers = [*FIGURED, itemised, panel, by_peer]
    policy = AbsencePolicy(*(chance.choice(list(AbsenceTreatment)) for _ in range(3)))
    indicators = tuple(
        Indicator(f"{i:02d}", "分组", f"指标{i}", "家", WEIGHT, make(chance), policy)
        for i, make in enumerate(makers, 1)
    )
    return Scheme(
        title="试验方案",
        places=chance.choice([0, 1, 2, 2, 2]),
        classes=tuple(GradeClass(n, Decimal(at)) for n, at in (("A", 50), ("B", 30), ("C", 0))),
        absence=policy,
        indicators=indicators,
        mode=chance.choice(list(RoundingMode)),
        total=chance.choice(list(TotalRule)),
        then_by=tuple(chance.sample([each.code for each in indicators], chance.choice([0, 2]))),
    )


def random_measure(rule, chance):
    if isinstance(rule, PanelRule):
        count = 1 if rule.method is PanelMethod.AGREED else chance.randint(1, 7)
        return Measure(panel=tuple(tenths(chance, 0, 10) for _ in range(count)))
    if isinstance(rule, ItemisedRule):
        kinds = [chance.choice(rule.kinds) for _ in range(chance.randint(0, 5))]
        return Measure(items=tuple(_item(kind, chance) for kind in kinds))
    target = tenths(chance, 1, 60)
    if chance.random() < 0.5:
        return Measure(value=tenths(chance, 0, 60), target=target)
    return Measure(
        None,
        Decimal(chance.randint(0, 900)),
        Decimal(chance.randint(1, 99)),
        Decimal(chance.choice([1, 1, 3, 100])) / 10,
        target=target,
    )


def _item(kind, chance):
    points = tenths(chance, 0, 3) if kind.points is None and chance.random() < 0.7 else None
    return Item(kind.code, f"名称{chance.randint(0, 99)}", points)


def random_county(number, scheme, chance):
    figures = []
    for each in scheme.indicators:
        status = chance.choice(list(FigureStatus))
        if chance.random() < 0.9:
            figures.append(Figure(each.code, random_measure(each.rule, chance), status=status))
            continue
        carried = Carried(2018, random_measure(each.rule, chance))
        figures.append(
            Figure(
                each.code,
                Measure(),
                chance.choice(list(Absence)),
                carried if chance.random() < 0.6 else None,
                status,
            )
        )
    return CountyFigures(f"{130000 + number}", f"县{number}", tuple(figures))


def second_opinion(scheme, counties):
    """Totals, ranks and line scores by region code, and nothing of how they came about."""
    lines, exact = {}, {}
    for each in scheme.indicators:
        values = {
            county.code: _value(figure.measure)
            for county in counties
            for figure in county.figures
            if figure.indicator == each.code and figure.absence is None and _is_figured(each.rule)
        }
        peers = _peers(each.rule, values)
        for county in counties:
            figure = next(one for one in county.figures if one.indicator == each.code)
            points = _points(each, county.code, figure, peers)
            exact.setdefault(county.code, []).append(points)
            lines.setdefault(county.code, {})[each.code] = _round(points, scheme)
    if scheme.total is TotalRule.SUM_OF_ROUNDED:
        totals = {code: sum(scores.values()) for code, scores in lines.items()}
    else:
        totals = {code: _round(sum(points), scheme) for code, points in exact.items()}
    standing = {
        code: (total, *(lines[code][each] for each in scheme.then_by))
        for code, total in totals.items()
    }
    better = sorted(standing.values(), reverse=True)
    place = {each: better.index(each) + 1 for each in reversed(better)}
    return totals, {code: place[each] for code, each in standing.items()}, lines


def _is_figured(rule):
    return not isinstance(rule, PanelRule | ItemisedRule)


def _value(measure):
    if measure.numerator is None:
        return Fraction(measure.value or 0)
    return Fraction(measure.numerator) / Fraction(measure.denominator) * Fraction(measure.factor)


def _peers(rule, values):
    """By county: the rule that holds for it, and all values it is compared with, sorted, with their mean."""
    if not isinstance(rule, ByPeerRule):
        everybody = _summed(values.values())
        return lambda _code: (rule, *everybody)
    member = {code: i for i, group in enumerate(rule.groups) for code in group.codes}
    fields = [
        _summed([value for code, value in values.items() if member.get(code, -1) == i])
        for i in (*range(len(rule.groups)), -1)
    ]
    rules = [*(group.rule for group in rule.groups), rule.otherwise]
    return lambda code: (rules[member.get(code, -1)], *fields[member.get(code, -1)])


def _summed(values):
    values = sorted(values)
    return values, sum(values, Fraction(0)) / len(values) if values else None


def _points(indicator, code, figure, peers):
    rule, values, mean = peers(code)
    measure, own = figure.measure, True
    if figure.absence is not None:
        if indicator.absence.treatment(figure.absence) is AbsenceTreatment.ZERO:
            return Fraction(0)
        if figure.carried is None:
            return Fraction(0)
        measure, own = figure.carried.measure, False
    return _given(rule, measure, values, (mean, own))


def _given(rule, measure, values, field):  # noqa: PLR0911 -- one a kind
    if isinstance(rule, PanelRule):
        return _panel(rule, sorted(map(Fraction, measure.panel)))
    if isinstance(rule, ItemisedRule):
        return _items(rule, measure.items)
    value, (mean, own) = _value(measure), field
    if isinstance(rule, PiecewiseRule):
        return _line(rule, value)
    if isinstance(rule, CompletionRule):
        return _reached(rule, value, Fraction(measure.target))
    if isinstance(rule, DeviationRule):
        return _deviating(rule, value, mean)
    if isinstance(rule, PercentileRule):
        others = len(values) - own
        worse = sum((each >= value) if rule.lower_is_better else (each <= value) for each in values)
        return Fraction(rule.maximum) * (Fraction(worse - own, others) if others else 1)
    result = _formula(rule.tree, value)
    return max(Fraction(rule.minimum), min(Fraction(rule.maximum), result))


def _panel(rule, scores):
    if rule.trim and len(scores) - 2 * rule.trim >= 2:
        scores = scores[rule.trim : -rule.trim]
    return sum(scores) / len(scores)


def _items(rule, items):
    points = {kind.code: kind.points for kind in rule.kinds}
    given = [(item.kind, Fraction(points[item.kind] or item.points or 0)) for item in items]
    total = sum((each for kind, each in given if kind not in {"k0", "k1", "k2"}), Fraction(0))
    for group in rule.exclusive:
        total += max((each for kind, each in given if kind in group), default=0)
    return min(total, Fraction(rule.cap))


def _line(rule, value):
    points = Fraction(0)
    for band in rule.bands:
        if value < band.start:
            break
        points = Fraction(band.points_end)
        if band.end is not None and value < band.end:
            share = (value - Fraction(band.start)) / (Fraction(band.end) - Fraction(band.start))
            points = Fraction(band.points_start) * (1 - share) + share * Fraction(band.points_end)
    return points


def _reached(rule, value, target):
    if rule.lower_is_better and value == 0:
        return Fraction(rule.maximum)
    share = target / value if rule.lower_is_better else value / target
    return min(share * 100 / Fraction(rule.full_at), 1) * Fraction(rule.maximum)


def _deviating(rule, value, mean):
    steps = (value - mean) / mean * 100 / Fraction(rule.step_percent) if mean else Fraction(0)
    if rule.whole_steps:
        steps = Fraction(int(steps))
    points = Fraction(rule.base) + steps * Fraction(rule.step_points)
    return max(Fraction(rule.minimum), min(Fraction(rule.maximum), points))


def _formula(node, value):
    if node.op is Op.NUMBER:
        return Fraction(node.number)
    if node.op is Op.VALUE:
        return value
    first, *rest = (_formula(each, value) for each in node.operands)
    if node.op is Op.IF_AT_LEAST:
        return rest[1] if first >= rest[0] else rest[2]
    for each in rest:
        first = {
            Op.ADD: lambda a, b: a + b,
            Op.SUBTRACT: lambda a, b: a - b,
            Op.MULTIPLY: lambda a, b: a * b,
            Op.DIVIDE: lambda a, b: a / b,
            Op.MIN: lambda a, b: min(b, a),
            Op.MAX: lambda a, b: max(b, a),
        }[node.op](first, each)
    return first


def _round(points, scheme):
    """Units of the last place, as the schoolbook rounds."""
    scaled = points * 10**scheme.places
    units = scaled.numerator // scaled.denominator
    rest = scaled - units
    if scheme.mode is RoundingMode.HALF_UP and rest >= Fraction(1, 2):
        units += 1
    if scheme.mode is RoundingMode.HALF_EVEN:
        units += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and units % 2)
    return Fraction(units, 10**scheme.places)
