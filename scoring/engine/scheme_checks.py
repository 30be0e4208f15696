"""What a scheme must hold to make sense, each fault with a code and a Chinese sentence."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from scoring.engine.errors import DocumentError
from scoring.engine.numbers import exact_arithmetic, plain
from scoring.engine.types import (
    Band,
    GradeClass,
    Indicator,
    ItemisedRule,
    ItemKind,
    PiecewiseRule,
    Scheme,
)

_ZERO = Decimal(0)


def check_scheme(scheme: Scheme) -> None:
    """Raise DocumentError for the first thing that would make a score ambiguous or impossible."""
    if not scheme.indicators:
        raise DocumentError("no-indicators", "评分方案至少要有一个指标。", "indicators")
    _unrepeated((each.code for each in scheme.indicators), "indicators", "指标代码")
    for position, indicator in enumerate(scheme.indicators):
        _check_indicator(indicator, f"indicators[{position}]")
    with exact_arithmetic():
        full = sum((each.weight for each in scheme.indicators), _ZERO)
    _check_classes(scheme.classes, full)


def _unrepeated(codes: Iterable[str], path: str, noun: str) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise DocumentError("code-repeated", f"{noun}“{code}”重复。", path)
        seen.add(code)


def _check_classes(classes: Sequence[GradeClass], full: Decimal) -> None:
    if not classes:
        raise DocumentError("no-classes", "评分方案至少要有一个档次。", "classes")
    _unrepeated((grade.name for grade in classes), "classes", "档次")
    for better, worse in pairwise(classes):
        if better.at_least <= worse.at_least:
            raise DocumentError(
                "classes-not-descending",
                f"档次应当从高到低排列，“{better.name}”的下限必须高于“{worse.name}”的下限。",
                "classes",
            )
    if classes[-1].at_least != _ZERO:
        raise DocumentError("classes-not-complete", "最低一档的下限必须是0。", "classes")
    if classes[0].at_least > full:
        raise DocumentError(
            "class-out-of-reach",
            f"“{classes[0].name}”的下限{plain(classes[0].at_least)}高于满分{plain(full)}。",
            "classes",
        )


def _check_indicator(indicator: Indicator, path: str) -> None:
    name = f"指标“{indicator.name}”（{indicator.code}）"
    if indicator.weight <= _ZERO:
        raise DocumentError("weight-not-positive", f"{name}的权重必须大于0。", path)
    rule = indicator.rule
    if isinstance(rule, PiecewiseRule):
        _check_bands(rule.bands, indicator.weight, name, f"{path}.rule.bands")
    elif isinstance(rule, ItemisedRule):
        _check_items(rule, indicator.weight, name, f"{path}.rule")
    elif not _ZERO < rule.maximum <= indicator.weight:
        raise DocumentError(
            "maximum-out-of-range", f"{name}的评审满分必须大于0且不超过权重。", f"{path}.rule.max"
        )


def _check_bands(bands: Sequence[Band], weight: Decimal, name: str, path: str) -> None:
    if not bands or bands[0].start != _ZERO or bands[-1].end is not None:
        raise DocumentError("bands-not-complete", f"{name}的区间必须从0开始、以不封顶结束。", path)
    for band in bands:
        _check_band(band, weight, name, path)
    for lower, upper in pairwise(bands):
        if lower.end is None or lower.end != upper.start:
            raise DocumentError(
                "bands-not-adjacent", f"{name}的区间在{plain(upper.start)}处没有首尾相接。", path
            )
        if lower.points_end != upper.points_start:
            raise DocumentError(
                "bands-not-continuous",
                f"{name}的分值在{plain(upper.start)}处不连续"
                f"（{plain(lower.points_end)}与{plain(upper.points_start)}）。",
                path,
            )
    steps = [band.points_end - band.points_start for band in bands]
    if min(steps) < _ZERO < max(steps):
        raise DocumentError("bands-not-monotone", f"{name}的分值时升时降，应当只升或只降。", path)


def _check_band(band: Band, weight: Decimal, name: str, path: str) -> None:
    if band.end is not None and band.end <= band.start:
        raise DocumentError(
            "band-empty", f"{name}的区间{plain(band.start)}至{plain(band.end)}是空的。", path
        )
    if band.end is None and band.points_start != band.points_end:
        raise DocumentError("band-not-flat", f"{name}的不封顶区间必须是固定分值。", path)
    if not (_ZERO <= band.points_start <= weight and _ZERO <= band.points_end <= weight):
        raise DocumentError(
            "points-out-of-range", f"{name}的分值必须在0与权重{plain(weight)}之间。", path
        )


def _check_items(rule: ItemisedRule, weight: Decimal, name: str, path: str) -> None:
    if not _ZERO < rule.cap <= weight:
        raise DocumentError(
            "cap-out-of-range", f"{name}的得分上限必须大于0且不超过权重。", f"{path}.cap"
        )
    if not rule.kinds:
        raise DocumentError("no-items", f"{name}至少要有一个计分类别。", f"{path}.items")
    _unrepeated((kind.code for kind in rule.kinds), f"{path}.items", f"{name}的类别代码")
    for kind in rule.kinds:
        _check_kind(kind, name, f"{path}.items")
    fixed = {kind.code for kind in rule.kinds if kind.points is not None}
    rivals = [code for group in rule.exclusive for code in group]
    _unrepeated(rivals, f"{path}.exclusive", f"{name}的互斥类别")
    for code in rivals:
        if code not in fixed:
            raise DocumentError(
                "exclusive-unknown",
                f"{name}的互斥类别“{code}”不是固定分值的类别。",
                f"{path}.exclusive",
            )


def _check_kind(kind: ItemKind, name: str, path: str) -> None:
    if kind.points is not None and kind.at_most is not None:
        raise DocumentError(
            "item-points-twice", f"{name}的类别“{kind.name}”不能既有固定分值又有酌情上限。", path
        )
    points = kind.at_most if kind.points is None else kind.points
    if points is None or points <= _ZERO:
        raise DocumentError(
            "item-points-missing", f"{name}的类别“{kind.name}”要有大于0的分值或酌情上限。", path
        )
