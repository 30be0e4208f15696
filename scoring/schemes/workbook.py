"""A scheme as a workbook: every number as text, so that what comes back is what went out, to the byte."""

from collections.abc import Iterator, Mapping
from typing import Any

from county_portal.documents.workbook import Column, Sheet, render_workbook
from scoring.schemes.documents import Document
from scoring.schemes.expressions import formula_text
from scoring.schemes.words import ABSENCES, KINDS, METHODS, MODES, TOTALS, TREATMENTS

GENERAL, CLASSES, GROUPS, INDICATORS, RULES, BANDS, ITEMS = (
    "总则",
    "分档",
    "一级指标",
    "指标",
    "计分办法",
    "区间",
    "类别",
)
YES = "是"
OTHERS = "其他"
SHARED = "并列"
SEPARATOR, OUTER = "、", "；"
HEADINGS: dict[str, tuple[str, ...]] = {
    GENERAL: ("项目", "内容"),
    CLASSES: ("档次", "下限"),
    GROUPS: ("一级指标", "分值"),
    INDICATORS: ("代码", "一级指标", "名称", "单位", "权重", *ABSENCES.values()),
    RULES: (
        *(
            "指标代码",
            "组",
            "组名",
            "县代码",
            "计分办法",
            "最高分",
            "最低分",
            "合成办法",
            "去掉个数",
        ),
        *("满分完成率", "基准分", "每档偏离", "每档分值", "不足一档不计", "越低越好"),
        *("允许跳变", "互斥组", "算式"),
    ),
    BANDS: ("指标代码", "组", "从", "到", "起点得分", "终点得分"),
    ITEMS: ("指标代码", "类别代码", "类别名称", "每项得分", "酌情上限"),
}
_WIDE = {"内容", "名称", "县代码", "互斥组", "算式", "类别名称"}
GENERAL_ROWS = ("格式", "名称", "小数位数", "取舍办法", "总分", "同分排位", *ABSENCES.values())

# Key in the document, heading, and how the cell reads: number, whole, yes.
SCALARS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "piecewise": (("allows_jumps", "允许跳变", "yes-if"),),
    "itemised": (("cap", "最高分", "number"),),
    "panel": (("max", "最高分", "number"), ("trim", "去掉个数", "whole-if")),
    "completion": (
        ("max", "最高分", "number"),
        ("full_at", "满分完成率", "number"),
        ("lower_is_better", "越低越好", "yes"),
    ),
    "deviation": (
        ("base", "基准分", "number"),
        ("step_percent", "每档偏离", "number"),
        ("step_points", "每档分值", "number"),
        ("whole_steps", "不足一档不计", "yes"),
        ("min", "最低分", "number"),
        ("max", "最高分", "number"),
    ),
    "percentile": (("max", "最高分", "number"), ("lower_is_better", "越低越好", "yes")),
    "expression": (("min", "最低分", "number"), ("max", "最高分", "number")),
    "by-peer": (),
}


def scheme_workbook(document: Document) -> bytes:
    """The workbook of a document, sound or not; the same document gives the same bytes."""
    rows: dict[str, list[Any]] = {
        GENERAL: list(_general_rows(document)),
        CLASSES: [(each["name"], each["at_least"]) for each in document["classes"]],
        GROUPS: [(each["name"], each["weight"]) for each in document.get("groups", [])],
        INDICATORS: [_indicator_row(each) for each in document["indicators"]],
        RULES: [],
        BANDS: [],
        ITEMS: [],
    }
    for each in document["indicators"]:
        _rule_rows(each["code"], "", each["rule"], rows)
    sheets = [
        Sheet(
            name, tuple(Column(each, 28 if each in _WIDE else 12) for each in HEADINGS[name]), body
        )
        for name, body in rows.items()
    ]
    return render_workbook(sheets, title=document["title"]).content


def _general_rows(document: Document) -> Iterator[tuple[str, str]]:
    ties, rounding = document["ties"], document["rounding"]
    values = (
        document["format"],
        document["title"],
        str(rounding["places"]),
        MODES[rounding["mode"]],
        TOTALS[document["total"]],
        SHARED if isinstance(ties, str) else SEPARATOR.join(ties["then_by"]),
        *(TREATMENTS[document["absence"][key]] for key in ABSENCES),
    )
    yield from zip(GENERAL_ROWS, values, strict=True)


def _indicator_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    own = row.get("absence") or {}
    absences = (TREATMENTS[own[key]] if key in own else "" for key in ABSENCES)
    return (row["code"], row["group"], row["name"], row["unit"], row["weight"], *absences)


def _rule_rows(
    code: str,
    group: str,
    rule: Mapping[str, Any],
    rows: dict[str, list[Any]],
    named: tuple[str, str] = ("", ""),
) -> None:
    """A rule's row, and those of its bands, items and classes of counties."""
    cells = {**dict.fromkeys(HEADINGS[RULES], ""), **_rule_cells(rule)}
    cells |= {"指标代码": code, "组": group, "组名": named[0], "县代码": named[1]}
    rows[RULES].append(tuple(cells.values()))
    rows[ITEMS] += [
        (code, each["code"], each["name"], each["points"] or "", each.get("at_most") or "")
        for each in rule.get("items", [])
    ]
    rows[BANDS] += [
        (code, group, each["from"], each["to"] or "", each["points_from"], each["points_to"])
        for each in rule.get("bands", [])
    ]
    if rule["kind"] == "by-peer":
        for i, each in enumerate(rule["groups"], 1):
            counties = SEPARATOR.join(each["codes"])
            _rule_rows(code, str(i), each["rule"], rows, (each["name"], counties))
        _rule_rows(code, OTHERS, rule["otherwise"], rows)


def _rule_cells(rule: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a rule's own row that it uses."""
    kind = rule["kind"]
    cells = {"计分办法": KINDS[kind]}
    for key, heading, entry in SCALARS[kind]:
        value = rule.get(key)
        if entry.startswith("yes"):
            cells[heading] = YES if value else ""
        else:
            cells[heading] = "" if value is None else str(value)
    if kind == "panel":
        cells["合成办法"] = METHODS[rule["method"]]
    elif kind == "expression":
        cells["算式"] = formula_text(rule["tree"])
    elif kind == "itemised":
        cells["互斥组"] = OUTER.join(SEPARATOR.join(each) for each in rule["exclusive"])
    return cells
