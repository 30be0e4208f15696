"""What a scheme must hold to make sense, each fault with a code and a Chinese sentence."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from scoring.engine.errors import DocumentError, Fault
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.rule_checks import repeated, rule_faults
from scoring.engine.types import GradeClass, Indicator, Scheme

_ZERO = Decimal(0)


def check_scheme(scheme: Scheme) -> None:
    """Raise DocumentError for the first thing that would make a score ambiguous or impossible."""
    for fault in scheme_faults(scheme):
        raise DocumentError(fault.code, fault.sentence, fault.path)


def scheme_faults(scheme: Scheme) -> Iterator[Fault]:
    """Everything that would make a score ambiguous or impossible; whole sums and reach are asked next door."""
    if not scheme.indicators:
        yield Fault("no-indicators", "评分方案至少要有一个指标。", "indicators")
    yield from repeated((each.code for each in scheme.indicators), "indicators", "指标代码")
    for position, indicator in enumerate(scheme.indicators):
        yield from indicator_faults(indicator, f"indicators[{position}]")
    yield from _class_faults(scheme.classes, full_marks(scheme))
    yield from _tie_faults(scheme)
    yield from repeated((each.name for each in scheme.groups), "groups", "分组")


def full_marks(scheme: Scheme) -> Decimal:
    """The sum of all weights."""
    with exact_arithmetic():
        return sum((each.weight for each in scheme.indicators), _ZERO)


def _class_faults(classes: Sequence[GradeClass], full: Decimal) -> Iterator[Fault]:
    if not classes:
        yield Fault("no-classes", "评分方案至少要有一个档次。", "classes")
        return
    yield from repeated((grade.name for grade in classes), "classes", "档次")
    for better, worse in pairwise(classes):
        if better.at_least <= worse.at_least:
            yield Fault(
                "classes-not-descending",
                f"档次应当从高到低排列，“{better.name}”的下限必须高于“{worse.name}”的下限。",
                "classes",
            )
    if classes[-1].at_least != _ZERO:
        yield Fault("classes-not-complete", "最低一档的下限必须是0。", "classes")
    if classes[0].at_least > full:
        yield Fault(
            "class-out-of-reach",
            f"“{classes[0].name}”的下限{plain(classes[0].at_least)}高于满分{plain(full)}。",
            "classes",
        )


def indicator_faults(indicator: Indicator, path: str) -> Iterator[Fault]:
    """What is wrong with one row of a scheme; `path` is where it stands."""
    name = indicator_name(indicator)
    if indicator.weight <= _ZERO:
        yield Fault("weight-not-positive", f"{name}的权重必须大于0。", path)
    yield from rule_faults(indicator.rule, indicator.weight, name, f"{path}.rule")


def indicator_name(indicator: Indicator) -> str:
    """How sentences about a scheme name a row of it."""
    return f"指标“{indicator.name}”（{indicator.code}）"


def _tie_faults(scheme: Scheme) -> Iterator[Fault]:
    known = {each.code for each in scheme.indicators}
    for code in scheme.then_by:
        if code not in known:
            yield Fault(
                "tie-indicator-unknown", f"区分同分的指标“{code}”不在方案中。", "ties.then_by"
            )
    yield from repeated(scheme.then_by, "ties.then_by", "区分同分的指标")
