"""What a rule must hold to make sense, each fault with a code and a Chinese sentence."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import assert_never

from scoring.engine.errors import Fault
from scoring.engine.numbers import plain
from scoring.engine.types import (
    Band,
    ByPeerRule,
    CompletionRule,
    DeviationRule,
    Expression,
    ExpressionRule,
    FigureRule,
    ItemisedRule,
    ItemKind,
    Op,
    PanelMethod,
    PanelRule,
    PercentileRule,
    PiecewiseRule,
    Rule,
)

_ZERO = Decimal(0)


def rule_faults(rule: Rule, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    """Everything wrong with a rule; `name` begins each sentence, `path` is where the rule stands."""
    match rule:
        case ItemisedRule():
            yield from _item_faults(rule, weight, name, path)
        case PanelRule():
            yield from _panel_faults(rule, weight, name, path)
        case ByPeerRule():
            yield from _peer_faults(rule, weight, name, path)
        case _:
            yield from _figure_rule_faults(rule, weight, name, path)


def _figure_rule_faults(rule: FigureRule, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    match rule:
        case PiecewiseRule():
            yield from _band_faults(rule, weight, name, f"{path}.bands")
        case CompletionRule():
            yield from _maximum_faults(rule.maximum, weight, name, path)
            if rule.full_at <= _ZERO:
                sentence = f"{name}得满分的完成率必须大于0。"
                yield Fault("full-at-not-positive", sentence, f"{path}.full_at")
        case PercentileRule():
            yield from _maximum_faults(rule.maximum, weight, name, path)
        case DeviationRule():
            yield from _deviation_faults(rule, weight, name, path)
        case ExpressionRule():
            yield from _range_faults(rule, weight, name, path)
            yield from _formula_faults(rule.tree, name, f"{path}.tree")
        case _:  # pragma: no cover -- the type checker proves that no rule is left
            assert_never(rule)


def repeated(codes: Iterable[str], path: str, noun: str) -> Iterator[Fault]:
    """One fault for each code that stands where the same code stood before."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield Fault("code-repeated", f"{noun}“{code}”重复。", path)
        seen.add(code)


def _band_faults(rule: PiecewiseRule, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    bands = rule.bands
    if not bands or bands[0].start != _ZERO or bands[-1].end is not None:
        yield Fault("bands-not-complete", f"{name}的区间必须从0开始、以不封顶结束。", path)
    for band in bands:
        yield from _single_band_faults(band, weight, name, path)
    for lower, upper in pairwise(bands):
        yield from _seam_faults(lower, upper, name, path, allows_jumps=rule.allows_jumps)
    points = [each for band in bands for each in (band.points_start, band.points_end)]
    steps = [after - before for before, after in pairwise(points)]
    if steps and min(steps) < _ZERO < max(steps):
        yield Fault("bands-not-monotone", f"{name}的分值时升时降，应当只升或只降。", path)


def _single_band_faults(band: Band, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    if band.end is not None and band.end <= band.start:
        yield Fault(
            "band-empty", f"{name}的区间{plain(band.start)}至{plain(band.end)}是空的。", path
        )
    if band.end is None and band.points_start != band.points_end:
        yield Fault("band-not-flat", f"{name}的不封顶区间必须是固定分值。", path)
    if not (_ZERO <= band.points_start <= weight and _ZERO <= band.points_end <= weight):
        yield Fault("points-out-of-range", f"{name}的分值必须在0与权重{plain(weight)}之间。", path)


def _seam_faults(
    lower: Band, upper: Band, name: str, path: str, *, allows_jumps: bool
) -> Iterator[Fault]:
    """Where two bands meet; a gap or a jump is right only where the scheme says so, an overlap never."""
    here = plain(upper.start)
    if (
        lower.end is None
        or lower.end > upper.start
        or (lower.end < upper.start and not allows_jumps)
    ):
        yield Fault("bands-not-adjacent", f"{name}的区间在{here}处没有首尾相接。", path)
    if lower.points_end != upper.points_start and not allows_jumps:
        yield Fault(
            "bands-not-continuous",
            f"{name}的分值在{here}处不连续（{plain(lower.points_end)}与{plain(upper.points_start)}）。",
            path,
        )


def _item_faults(rule: ItemisedRule, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    if not _ZERO < rule.cap <= weight:
        yield Fault("cap-out-of-range", f"{name}的得分上限必须大于0且不超过权重。", f"{path}.cap")
    if not rule.kinds:
        yield Fault("no-items", f"{name}至少要有一个计分类别。", f"{path}.items")
    yield from repeated((kind.code for kind in rule.kinds), f"{path}.items", f"{name}的类别代码")
    for kind in rule.kinds:
        yield from _kind_faults(kind, name, f"{path}.items")
    fixed = {kind.code for kind in rule.kinds if kind.points is not None}
    rivals = [code for group in rule.exclusive for code in group]
    yield from repeated(rivals, f"{path}.exclusive", f"{name}的互斥类别")
    for code in rivals:
        if code not in fixed:
            yield Fault(
                "exclusive-unknown",
                f"{name}的互斥类别“{code}”不是固定分值的类别。",
                f"{path}.exclusive",
            )


def _kind_faults(kind: ItemKind, name: str, path: str) -> Iterator[Fault]:
    if kind.points is not None and kind.at_most is not None:
        yield Fault(
            "item-points-twice", f"{name}的类别“{kind.name}”不能既有固定分值又有酌情上限。", path
        )
    points = kind.at_most if kind.points is None else kind.points
    if points is None or points <= _ZERO:
        yield Fault(
            "item-points-missing", f"{name}的类别“{kind.name}”要有大于0的分值或酌情上限。", path
        )


def _panel_faults(rule: PanelRule, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    if not _ZERO < rule.maximum <= weight:
        yield Fault(
            "maximum-out-of-range", f"{name}的评审满分必须大于0且不超过权重。", f"{path}.max"
        )
    if (rule.method is PanelMethod.TRIMMED_MEAN) != (rule.trim > 0):
        yield Fault("trim-missing", f"{name}要写明去掉几个最高分、几个最低分。", f"{path}.trim")


def _maximum_faults(maximum: Decimal, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    if not _ZERO < maximum <= weight:
        yield Fault("maximum-out-of-range", f"{name}的满分必须大于0且不超过权重。", f"{path}.max")


def _range_faults(
    rule: DeviationRule | ExpressionRule, weight: Decimal, name: str, path: str
) -> Iterator[Fault]:
    if not _ZERO <= rule.minimum < rule.maximum <= weight:
        yield Fault(
            "range-out-of-range",
            f"{name}的最低分、最高分必须在0与权重{plain(weight)}之间，且最低分低于最高分。",
            path,
        )


def _deviation_faults(
    rule: DeviationRule, weight: Decimal, name: str, path: str
) -> Iterator[Fault]:
    yield from _range_faults(rule, weight, name, path)
    if not rule.minimum <= rule.base <= rule.maximum:
        yield Fault(
            "base-out-of-range", f"{name}的基准分必须在最低分与最高分之间。", f"{path}.base"
        )
    if rule.step_percent <= _ZERO:
        yield Fault("step-not-positive", f"{name}每档的百分比必须大于0。", f"{path}.step_percent")
    if rule.step_points == _ZERO:
        yield Fault("step-without-points", f"{name}每档加减的分值不能是0。", f"{path}.step_points")


def _formula_faults(tree: Expression, name: str, path: str) -> Iterator[Fault]:
    if tree.op is Op.DIVIDE and tree.operands[1].number == _ZERO:
        yield Fault("formula-divides-by-zero", f"{name}的算式除以0。", path)
    for place, each in enumerate(tree.operands, 1):
        yield from _formula_faults(each, name, f"{path}[{place}]")


def _peer_faults(rule: ByPeerRule, weight: Decimal, name: str, path: str) -> Iterator[Fault]:
    if not rule.groups:
        yield Fault("no-peer-groups", f"{name}至少要有一类县。", f"{path}.groups")
    yield from repeated((each.name for each in rule.groups), f"{path}.groups", f"{name}的县类")
    codes = [code for each in rule.groups for code in each.codes]
    yield from repeated(codes, f"{path}.groups", f"{name}各类中的县代码")
    for place, each in enumerate(rule.groups):
        here = f"{path}.groups[{place}]"
        if not each.codes:
            yield Fault("peer-group-empty", f"{name}的“{each.name}”没有县。", f"{here}.codes")
        yield from rule_faults(each.rule, weight, f"{name}的“{each.name}”", f"{here}.rule")
    yield from rule_faults(rule.otherwise, weight, f"{name}的“其他县”", f"{path}.otherwise")
