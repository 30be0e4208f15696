"""Everything wrong or odd in a scheme document at once, for whoever writes schemes.

`check_scheme` refuses what cannot be scored and stops at the first fault, so that documents locked long ago are
read as they always were; here sums are held against what was meant, and points that nobody can get are named.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final

from scoring.engine.errors import DocumentError, Fault
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.reach import Reach, expression_reach, highest_points
from scoring.engine.scheme_checks import full_marks, indicator_name, scheme_faults
from scoring.engine.scheme_document import read_scheme
from scoring.engine.types import (
    Band,
    ByPeerRule,
    DeviationRule,
    ExpressionRule,
    FigureRule,
    Indicator,
    PiecewiseRule,
    Scheme,
)

FULL_MARKS: Final = Decimal(100)
# What the tables of results keep.
MOST_PLACES: Final = 2
# Units of whole things: half an enterprise is no figure.
_COUNTED: Final = frozenset("家件个人项名所")
_ZERO: Final = Decimal(0)


def list_faults(document: object) -> list[Fault]:
    """Every fault and warning of a scheme document, faults of form first; an empty list for a sound scheme.

    What cannot be read is not judged further: a rule with a fault of form yields no second sentence.
    """
    unreadable: list[DocumentError] = []
    scheme = read_scheme(document, unreadable)
    faults = [Fault(each.code, each.sentence, each.path) for each in unreadable]
    broken = [each.path for each in unreadable]
    with exact_arithmetic():
        found = [*scheme_faults(scheme), *_sum_faults(scheme), *_reach_faults(scheme)]
        found += _warnings(scheme)
    return faults + [each for each in found if not _touches(each.path, broken)]


def _touches(path: str, broken: Sequence[str]) -> bool:
    """Whether a place lies within, around or beside what could not be read."""
    return any(
        not each or each.startswith(path) or path.startswith(each) or _indicator(each) == _row(path)
        for each in broken
    )


def _indicator(path: str) -> str:
    return path.partition("]")[0] if path.startswith("indicators[") else ""


def _row(path: str) -> str:
    return _indicator(path) or "-"


def _sum_faults(scheme: Scheme) -> Iterator[Fault]:
    """Weights against the hundred points they share, and against what the groups state."""
    full = full_marks(scheme)
    if scheme.indicators and not scheme.groups and full != FULL_MARKS:
        sentence = f"各指标权重合计{plain(full)}分，应当是{plain(FULL_MARKS)}分；若另有规定，请在分组中写明各组分值。"
        yield Fault("weights-not-full", sentence, "indicators")
    if scheme.places > MOST_PLACES:
        sentence = f"得分最多保留{MOST_PLACES}位小数。"
        yield Fault("places-not-kept", sentence, "rounding.places")
    if not scheme.groups:
        return
    stated = {group.name: group.weight for group in scheme.groups}
    for position, group in enumerate(scheme.groups):
        found = sum((each.weight for each in scheme.indicators if each.group == group.name), _ZERO)
        if found != group.weight:
            sentence = f"“{group.name}”各指标权重合计{plain(found)}分，分组写明的是{plain(group.weight)}分。"
            yield Fault("group-not-full", sentence, f"groups[{position}].weight")
    for position, indicator in enumerate(scheme.indicators):
        if indicator.group not in stated:
            sentence = f"{indicator_name(indicator)}所属的“{indicator.group}”不在写明的分组中。"
            yield Fault("group-unknown", sentence, f"indicators[{position}].group")


def _reach_faults(scheme: Scheme) -> Iterator[Fault]:
    """Classes that nobody can be in, though all weights together would do."""
    reachable = sum((highest_points(each.rule) for each in scheme.indicators), _ZERO)
    full = full_marks(scheme)
    for position, grade in enumerate(scheme.classes):
        if reachable < grade.at_least <= full:
            sentence = f"“{grade.name}”的下限{plain(grade.at_least)}分无人能达到：各指标最多合计{plain(reachable)}分。"
            yield Fault("class-out-of-reach", sentence, f"classes[{position}].at_least")


def _warnings(scheme: Scheme) -> Iterator[Fault]:
    for position, indicator in enumerate(scheme.indicators):
        path, name = f"indicators[{position}]", indicator_name(indicator)
        highest = highest_points(indicator.rule)
        if _ZERO < highest < indicator.weight:
            yield _warning(
                "weight-unreachable",
                f"{name}的权重是{plain(indicator.weight)}分，按规则最多只能得{plain(highest)}分。",
                path,
            )
        for place, title, rule in _figure_rules(indicator):
            yield from _rule_warnings(rule, indicator.unit, name + title, f"{path}.rule{place}")


def _figure_rules(indicator: Indicator) -> Iterator[tuple[str, str, FigureRule]]:
    """The rules that score a figure: where each stands, for whom, and the rule."""
    rule = indicator.rule
    if isinstance(rule, ByPeerRule):
        for place, group in enumerate(rule.groups):
            yield f".groups[{place}].rule", f"的“{group.name}”", group.rule
        yield ".otherwise", "的“其他县”", rule.otherwise
    elif isinstance(rule, FigureRule):
        yield "", "", rule


def _rule_warnings(rule: FigureRule, unit: str, name: str, path: str) -> Iterator[Fault]:
    if isinstance(rule, PiecewiseRule):
        yield from _band_warnings(rule, unit, name, f"{path}.bands")
    elif isinstance(rule, DeviationRule):
        yield from _deviation_warnings(rule, name, path)
    elif isinstance(rule, ExpressionRule):
        yield from _formula_warnings(rule, expression_reach(rule.tree), name, path)


def _band_warnings(rule: PiecewiseRule, unit: str, name: str, path: str) -> Iterator[Fault]:
    if rule.allows_jumps and all(
        lower.end == upper.start and lower.points_end == upper.points_start
        for lower, upper in zip(rule.bands, rule.bands[1:], strict=False)
    ):
        yield _warning("jumps-unused", f"{name}注明允许空档或跳跃，实际并没有。", path)
    for place, band in enumerate(rule.bands):
        if unit in _COUNTED and _holds_no_whole(band):
            yield _warning(
                "band-without-figures",
                f"{name}的区间{plain(band.start)}至{plain(band.end or _ZERO)}{unit}内没有整数，其中的分值无人能得。",
                f"{path}[{place}]",
            )


def _holds_no_whole(band: Band) -> bool:
    if band.end is None or band.end <= band.start:
        return False
    return band.start.to_integral_value(ROUND_CEILING) >= band.end


def _deviation_warnings(rule: DeviationRule, name: str, path: str) -> Iterator[Fault]:
    """A figure can fall a hundred percent below the mean and no further."""
    if rule.step_percent <= _ZERO:
        return
    steps = FULL_MARKS / rule.step_percent
    end = rule.base - steps * rule.step_points
    if rule.step_points > _ZERO and end > rule.minimum:
        yield _warning(
            "minimum-unreachable",
            f"{name}的最低分{plain(rule.minimum)}分不会出现：数值为0时仍得{plain(end.quantize(_SHOWN))}分。",
            f"{path}.min",
        )
    elif rule.step_points < _ZERO and end < rule.maximum:
        yield _warning(
            "maximum-unreachable",
            f"{name}的最高分{plain(rule.maximum)}分无人能得：数值为0时只得{plain(end.quantize(_SHOWN))}分。",
            f"{path}.max",
        )


_SHOWN = Decimal("0.01")


def _formula_warnings(rule: ExpressionRule, reach: Reach, name: str, path: str) -> Iterator[Fault]:
    if reach.is_constant:
        yield _warning("formula-constant", f"{name}的算式不含数值，各县得分相同。", f"{path}.tree")
    elif reach.highest is not None and reach.highest < rule.maximum:
        yield _warning(
            "maximum-unreachable",
            f"{name}的最高分{plain(rule.maximum)}分，按算式无人能得。",
            f"{path}.max",
        )


def _warning(code: str, sentence: str, path: str) -> Fault:
    return Fault(code, sentence, path, is_warning=True)
