"""Kinds of rules by name, with their parameters; and the run of rules over a sheet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.enums import CheckKind, IndicatorKind, Severity
from indicators.rules.checks import across, changes, figures, items
from indicators.rules.checks.case import Case, Line, Rule
from indicators.rules.checks.values import Param
from indicators.rules.findings import Finding

Judge = Callable[[Rule, Line, Case], str | None]
_RATES = frozenset({IndicatorKind.RATE})
_LISTS = frozenset({IndicatorKind.ITEMISED})
_FIGURES = frozenset({IndicatorKind.NUMBER, IndicatorKind.RATE})
_ALL = _FIGURES | _LISTS


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of rule: how it judges a line, which lines it can judge, what it asks.

    `names_lines`: the province must name the indicators, an empty list means none; otherwise an empty
    list means every line of `lines`.
    """

    judge: Judge
    lines: frozenset[IndicatorKind]
    params: Sequence[Param] = ()
    names_lines: bool = False
    needs_spreads: bool = False
    needs_facts: bool = False
    needs_last_year: bool = False
    hint: str = ""


def _percent(key: str, label: str, default: str, hint: str = "") -> Param:
    return Param(key, label, "decimal", default, most=Decimal(100000), hint=hint)


_LEAST = -(Decimal(10) ** 12)

CHECKS: dict[str, Check] = {
    CheckKind.RANGE: Check(
        figures.outside_range,
        _ALL,
        (
            Param("least", "最小值", "decimal", optional=True, least=_LEAST),
            Param("most", "最大值", "decimal", optional=True, least=_LEAST),
        ),
        names_lines=True,
        hint="数值低于最小值或高于最大值时提示；不限的一端留空。",
    ),
    CheckKind.SHARE_SMALL: Check(
        figures.share_small,
        _RATES,
        (_percent("below", "低于多少（%）", "1"),),
        hint="只填比率、未填分子分母的百分数低于此值时提示。",
    ),
    CheckKind.SHARE_WHOLE: Check(
        figures.share_whole, _RATES, hint="以%为单位的指标超过100%时提示。"
    ),
    CheckKind.RATE_PARTS: Check(
        figures.rate_parts,
        _RATES,
        (
            _percent("percent", "允许相差（%）", "1"),
            _percent("places", "允许相差（绝对值）", "0.005"),
        ),
        hint="填写的比率与分子÷分母相差超过两项允许值中较大者时提示。",
    ),
    CheckKind.RATE_ALONE: Check(figures.rate_alone, _RATES, hint="只填比率、未填分子分母时提示。"),
    CheckKind.WHOLE_DENOMINATOR: Check(
        figures.whole_denominator,
        _RATES,
        names_lines=True,
        needs_facts=True,
        hint="没有任何整数分母能得到所填比率时提示；只用于分母为个数的指标。",
    ),
    CheckKind.LAST_DENOMINATOR: Check(
        changes.last_denominator,
        _RATES,
        (_percent("percent", "允许变动（%）", "30"),),
        needs_facts=True,
        needs_last_year=True,
        hint="分母（未填的按比率和分子推算）较上年变动超过此幅度时提示。",
    ),
    CheckKind.JUMP: Check(
        changes.jump,
        _FIGURES,
        (
            Param("distance", "偏离倍数", "decimal", "5", hint="相对全省变动的中位数绝对偏差"),
            Param("sample", "最少可比县数", "integer", 20, hint="不足时按固定倍数核对"),
            _percent("percent", "变动小于多少不提示（%）", "50"),
            Param("factor", "样本不足时的固定倍数", "decimal", "10", least=Decimal("1.01")),
        ),
        needs_spreads=True,
        needs_last_year=True,
        hint="与全省各县同期变动的中位数相比偏离过大时提示。",
    ),
    CheckKind.GROWTH: Check(
        changes.growth,
        _FIGURES,
        (
            _percent("percent", "较上年增长（%）", "10"),
            Param("forecast_only", "只核对预测数（目标）", "flag", default=True),
        ),
        names_lines=True,
        needs_last_year=True,
        hint="未达到要求的增长时提示；越低越好的指标按下降核对。",
    ),
    CheckKind.FACTS_AGREE: Check(
        across.facts_agree,
        _FIGURES,
        (_percent("percent", "推算分母允许误差（%）", "1"),),
        needs_facts=True,
        hint="同一数据在本表或其他报表中填写不一致，或所填比率推算的分母与已填分母不一致时提示。",
    ),
    CheckKind.COMPARE: Check(
        across.compare,
        _ALL,
        (
            Param("left", "左边", "terms", hint="每行一项，例如：100 × 05分子"),
            Param("operator", "关系", "operator", "<="),
            Param("right", "右边", "terms", hint="每行一项，例如：06数值"),
            _percent("percent", "允许误差（%）", "0"),
        ),
        names_lines=True,
        hint="左右两边各为若干“系数 × 指标的数值、分子或分母”之和；提示显示在适用指标一行。",
    ),
    CheckKind.ITEM_COUNT: Check(items.item_count, _LISTS, hint="填报数量与清单项数不同时提示。"),
    CheckKind.ITEM_FILE: Check(items.item_file, _LISTS, hint="清单项目未附证明材料时提示。"),
    CheckKind.ITEM_EXPIRED: Check(
        items.item_expired,
        _LISTS,
        hint="称号在数据年度末已过有效期，或认定年份晚于数据年度时提示。",
    ),
    CheckKind.ITEM_TWICE: Check(
        items.item_twice, _LISTS, hint="同一载体以两个称号重复列入清单时提示。"
    ),
}


def run_rules(rules: Iterable[Rule], case: Case) -> list[Finding]:
    """What the rules say of a sheet, in table order, then in the order of the rules."""
    active = [rule for rule in rules if rule.severity != Severity.IGNORE]
    return [
        Finding(line.spec.code, rule.code, rule.severity, sentence, rule.code, rule.kind, rule.name)
        for line in case.lines.values()
        for rule in active
        if applies(rule, line)
        for sentence in [CHECKS[rule.kind].judge(rule, line, case)]
        if sentence is not None
    ]


def applies(rule: Rule, line: Line) -> bool:
    """Whether a rule speaks of a line."""
    check = CHECKS[rule.kind]
    if line.spec.kind not in check.lines:
        return False
    return line.spec.code in rule.indicators or not (rule.indicators or check.names_lines)
