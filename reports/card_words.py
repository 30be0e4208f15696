"""The sentences of a report card: movement, gaps, changes."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from reports.card_facts import CardResult, ClassLimit, GroupScore, Movement
from reports.outlook import Outlook
from reports.score_changes import Change, Moved


def lead_text(group: GroupScore) -> str:
    """How far the group lies above (+) or below (−) the province's mean."""
    if group.marks.province_mean is None:
        return ""
    return signed(
        (group.score - group.marks.province_mean).quantize(Decimal("0.01"), ROUND_HALF_UP)
    )


def signed(number: Decimal) -> str:
    """With a sign as printed: a true minus, none before zero."""
    return f"{number:+f}".replace("-", "−") if number else f"{abs(number):f}"


def signed_points(points: Decimal) -> str:
    """With a sign as printed, two decimals."""
    return f"{points:+.2f}".replace("-", "−") if points else "0.00"


def class_gap(total: Decimal, limits: tuple[ClassLimit, ...]) -> str:
    """How far it is to the next better class, or how far above the limit of the best."""
    lowers = [(limit.name, limit.lower) for limit in limits if limit.lower is not None]
    better = [(name, lower) for name, lower in lowers if lower > total]
    if better:
        name, lower = better[-1]
        return f"距{name}类（{lower.normalize():f}分）还差{lower - total:.2f}分"
    if not lowers:
        return ""
    name, lower = lowers[0]
    return f"已进入{name}类，高出下限（{lower.normalize():f}分）{total - lower:.2f}分"


def rank_change(rank: int, previous: int | None) -> str:
    """Places won or lost against the last list, in words."""
    if previous is None:
        return "上年度未参评"
    if rank == previous:
        return "与上年度持平"
    return (
        f"较上年度上升{previous - rank}位"
        if rank < previous
        else f"较上年度下降{rank - previous}位"
    )


def year_on_year(value: Decimal | None, previous: Decimal | None, *, is_percentage: bool) -> str:
    """Growth in per cent, for percentages in points; "—" where either is missing or was 0."""
    if value is None or previous is None:
        return "—"
    if value == previous:
        return "持平"
    if is_percentage:
        return signed((value - previous).quantize(Decimal("0.01"), ROUND_HALF_UP)) + "个百分点"
    if previous == 0:
        return "—"
    growth = (value - previous) / abs(previous) * 100
    return signed(growth.quantize(Decimal("0.1"), ROUND_HALF_UP)) + "%"


def reason_sentence(result: CardResult, moved: Moved | None) -> str:
    """Movement and what made it, in one sentence of figures."""
    if moved is None:
        return "首次参评，没有上年度得分可比。"
    points = moved.points
    change = (
        "与上年度持平"
        if not points
        else f"较上年度{'增加' if points > 0 else '减少'}{abs(points):.2f}分"
    )
    parts = [f"总分{change}", _class_words(result)]
    if moved.gains:
        parts.append(f"加分较多的是{_named(moved.gains)}")
    if moved.losses:
        parts.append(f"减分较多的是{_named(moved.losses)}")
    return "，".join(part for part in parts if part) + "。"


def _class_words(result: CardResult) -> str:
    if not result.previous_class:
        return ""
    if result.movement is Movement.RISE:
        return f"由{result.previous_class}类升入{result.class_name}类"
    if result.movement is Movement.FALL:
        return f"由{result.previous_class}类退至{result.class_name}类"
    return f"仍为{result.class_name}类"


def _named(changes: Sequence[Change]) -> str:
    return "、".join(f"{change.label}（{signed_points(change.points)}）" for change in changes[:2])


def outlook_sentence(outlook: Outlook) -> str:
    """What the list of steps is, or why there is none."""
    if not outlook.next_class or outlook.gap is None:
        return "已在最高类别，各项指标还有的得分列在计算过程之后。"
    need = f"距{outlook.next_class}类下限还差{outlook.gap:.2f}分"
    if outlook.steps:
        return (
            f"{need}。下列{len(outlook.steps)}项按本次方案逐项重新计分，合计{outlook.reachable:.2f}分；"
            f"每项最多前进{outlook.depth}个台阶（清单类指标每增加1项为1个台阶）时，这是所需指标最少的一组。"
        )
    return f"{need}；可以测算的指标全部达到最高分段时合计加{outlook.reachable:.2f}分，仍不足以达到下限。"


def margin_sentence(result: CardResult, outlook: Outlook) -> str:
    """How far it is to falling, in points."""
    if outlook.margin is None:
        return "所在类别没有下限。"
    return f"高出{result.class_name}类下限{outlook.margin:.2f}分，总分减少超过此数时低于下限。"
