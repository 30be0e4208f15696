"""Schemes in officials' words: kinds, rules, and what differs between two texts. Takes documents, sound or not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scoring.schemes.documents import Document
from scoring.schemes.expressions import formula_text

KINDS = {
    "piecewise": "分段计分",
    "itemised": "按项目计分",
    "panel": "评审打分",
    "completion": "按目标完成率",
    "deviation": "与平均水平比较",
    "percentile": "按位次比例",
    "by-peer": "分组计分",
    "expression": "算式",
}
# Those that score a figure by itself or among others: what a class of counties may have.
FIGURE_KINDS = ("piecewise", "completion", "deviation", "percentile", "expression")
METHODS = {"mean": "取平均", "trimmed-mean": "去掉最高最低后平均", "agreed": "集体议定"}
MODES = {
    "ROUND_HALF_UP": "四舍五入",
    "ROUND_HALF_EVEN": "四舍六入五成双",
    "ROUND_DOWN": "截尾（只舍不入）",
}
TOTALS = {"sum-of-rounded": "各指标得分取舍后相加", "rounded-sum": "各指标得分相加后再取舍"}
ABSENCES = {"missing": "缺报", "not-applicable": "不适用", "qualitative": "定性"}
TREATMENTS = {"zero": "计0分", "carry-forward": "沿用上年数据"}


def rule_words(rule: Mapping[str, Any], unit: str) -> list[str]:
    """A rule as short sentences."""
    return list(_RULES[rule["kind"]](rule, unit))


def _piecewise(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    for band in rule["bands"]:
        low, high = band["points_from"], band["points_to"]
        points = low if low == high else f"{low}至{high}"
        if band["to"] is None:
            yield f"{band['from']}{unit}及以上，{points}分"
        else:
            yield f"{band['from']}至{band['to']}{unit}，{points}分"
    if rule.get("allows_jumps"):
        yield "允许分值跳变和区间空档（空档按前一区间末分计）"


def _itemised(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    del unit
    names = {item["code"]: item["name"] for item in rule["items"]}
    for item in rule["items"]:
        if item["points"] is not None:
            yield f"{item['name']}，每项{item['points']}分"
        else:
            yield f"{item['name']}，酌情计分，每项最多{item.get('at_most') or '？'}分"
    for group in rule.get("exclusive", []):
        if len(group) > 1:
            yield f"{'、'.join(names.get(code, code) for code in group)}只计得分最高的一项"
        else:
            yield f"{'、'.join(names.get(code, code) for code in group)}只计一次"
    yield f"合计最高{rule['cap']}分"


def _panel(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    del unit
    method = METHODS[rule["method"]]
    if rule["method"] == "trimmed-mean":
        method = f"去掉{rule['trim']}个最高、{rule['trim']}个最低后平均"
    yield f"专家打分，满分{rule['max']}分，{method}"


def _completion(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    del unit
    share = "目标÷完成数（越低越好）" if rule.get("lower_is_better") else "完成数÷目标"
    yield f"按目标完成率计分：{share}达到{rule['full_at']}%得满分{rule['max']}分，不足的按比例计"


def _deviation(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    del unit
    step = "，不足一档不计" if rule.get("whole_steps") else "，不足一档按比例计"
    yield (
        f"等于参评县平均数得{rule['base']}分，每高{rule['step_percent']}%加{rule['step_points']}分、"
        f"每低{rule['step_percent']}%减{rule['step_points']}分{step}"
    )
    yield f"最低{rule['min']}分，最高{rule['max']}分"


def _percentile(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    del unit
    better = "低" if rule.get("lower_is_better") else "高"
    yield f"按在参评县中的位次比例计分，越{better}越好，满分{rule['max']}分"


def _expression(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    del unit
    yield f"得分 = {formula_text(rule['tree'])}"
    yield f"最低{rule['min']}分，最高{rule['max']}分"


def _by_peer(rule: Mapping[str, Any], unit: str) -> Iterator[str]:
    for group in rule["groups"]:
        words = "；".join(rule_words(group["rule"], unit))
        yield f"{group['name']}（{len(group['codes'])}个县）：{words}"
    yield f"其他县：{'；'.join(rule_words(rule['otherwise'], unit))}"


_RULES = {
    "piecewise": _piecewise,
    "itemised": _itemised,
    "panel": _panel,
    "completion": _completion,
    "deviation": _deviation,
    "percentile": _percentile,
    "expression": _expression,
    "by-peer": _by_peer,
}


def ties_words(ties: str | Mapping[str, Any], names: Mapping[str, str]) -> str:
    """How equal totals are ranked; `names` by indicator code."""
    if isinstance(ties, str):
        return "总分相同的并列"
    order = "、".join(names.get(code, code) for code in ties["then_by"])
    return f"总分相同的，依次比较{order}的得分，仍相同的并列"


def absence_words(policy: Mapping[str, str]) -> str:
    """What becomes of cells without a figure."""
    return "，".join(
        f"{label}{TREATMENTS[policy[key]]}" for key, label in ABSENCES.items() if key in policy
    )


def class_words(classes: Sequence[Mapping[str, str]]) -> str:
    """Classes with their limits."""
    return "、".join(f"{each['name']}类{each['at_least']}分及以上" for each in classes)


def general_words(document: Document) -> list[tuple[str, str]]:
    """What holds for the whole scheme, as (heading, words)."""
    names = {each["code"]: each["name"] for each in document["indicators"]}
    rounding = document["rounding"]
    lines = [
        ("名称", document["title"]),
        ("小数位数", f"{rounding['places']}位，{MODES[rounding['mode']]}"),
        ("总分", TOTALS[document["total"]]),
        ("同分排位", ties_words(document["ties"], names)),
        ("分档", class_words(document["classes"]) or "未设"),
        ("缺报等的处理", absence_words(document["absence"])),
    ]
    if document.get("groups"):
        sums = "、".join(f"{each['name']}{each['weight']}分" for each in document["groups"])
        lines.append(("一级指标分值", sums))
    return lines


def differences(before: Document, after: Document) -> list[str]:
    """What differs from `before` to `after`, one sentence each; empty where nothing does."""
    earlier = dict(general_words(before))
    later = dict(general_words(after))
    sentences = [
        f"{heading}：由“{earlier.get(heading, '未设')}”改为“{later.get(heading, '未设')}”"
        for heading in dict.fromkeys([*earlier, *later])
        if earlier.get(heading) != later.get(heading)
    ]
    old = {each["code"]: each for each in before["indicators"]}
    new = {each["code"]: each for each in after["indicators"]}
    sentences += [f"删去指标{_called(row)}" for code, row in old.items() if code not in new]
    sentences += [
        f"增加指标{_called(row)}：{row['weight']}分，{'；'.join(rule_words(row['rule'], row['unit']))}"
        for code, row in new.items()
        if code not in old
    ]
    for code in [code for code in old if code in new]:
        sentences += _indicator_differences(old[code], new[code])
    return sentences + _order_differences(old, new)


def _order_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    kept = [code for code in old if code in new]
    return [] if kept == [code for code in new if code in old] else ["指标的排列次序有变动"]


def _indicator_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    name = _called(new)
    for key, label in (
        ("name", "名称"),
        ("group", "一级指标"),
        ("unit", "单位"),
        ("weight", "权重"),
    ):
        if old[key] != new[key]:
            yield f"指标{name}的{label}：由“{old[key]}”改为“{new[key]}”"
    if old.get("absence") != new.get("absence"):
        was, now = (
            absence_words(row["absence"]) if row.get("absence") else "随方案" for row in (old, new)
        )
        yield f"指标{name}缺报等的处理：由“{was}”改为“{now}”"
    if old["rule"] != new["rule"]:
        yield f"指标{name}的计分办法：{_rule_difference(old, new)}"


def _rule_difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    before, after = rule_words(old["rule"], old["unit"]), rule_words(new["rule"], new["unit"])
    was, now = KINDS[old["rule"]["kind"]], KINDS[new["rule"]["kind"]]
    if was != now:
        return f"由{was}（{'；'.join(before)}）改为{now}（{'；'.join(after)}）"
    gone = "；".join(line for line in before if line not in after)
    come = "；".join(line for line in after if line not in before)
    if gone and come:
        return f"由“{gone}”改为“{come}”"
    if come:
        return f"增加“{come}”"
    return f"取消“{gone}”" if gone else "条款的次序、代码或所列的县有变动"


def _called(indicator: Mapping[str, Any]) -> str:
    return f"“{indicator['name']}”（{indicator['code']}）"
