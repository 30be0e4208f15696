"""What each kind of rule asks for: its fields and, where it has some, its rows. As data."""

from dataclasses import dataclass
from enum import StrEnum

from scoring.schemes.words import METHODS


class Entry(StrEnum):
    """How a field is typed and what it becomes in the document."""

    NUMBER = "number"
    OPTIONAL = "optional-number"
    WHOLE = "whole"
    TEXT = "text"
    CHECK = "check"
    CHOICE = "choice"
    FORMULA = "formula"
    # Which rows rule each other out: the same mark, the best counts.
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `key` is its name in the document."""

    key: str
    label: str
    entry: Entry = Entry.NUMBER
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""


_MOST = Field("max", "最高分", hint="不超过权重。")
_LEAST = Field("min", "最低分", default="0")
_LOWER = Field("lower_is_better", "越低越好", Entry.CHECK)

FIELDS: dict[str, tuple[Field, ...]] = {
    "piecewise": (
        Field(
            "allows_jumps",
            "允许分值跳变和区间空档",
            Entry.CHECK,
            "一般不勾选：跳变会使差一点的县少得几分；空档按前一区间的末分计。",
        ),
    ),
    "itemised": (Field("cap", "合计最高分", hint="不超过权重。"),),
    "panel": (
        Field("max", "满分", hint="不超过权重。"),
        Field("method", "合成办法", Entry.CHOICE, choices=tuple(METHODS.items())),
        Field(
            "trim",
            "去掉个数",
            Entry.WHOLE,
            "只用于“去掉最高最低后平均”：最高、最低各去掉几个。",
            default="1",
        ),
    ),
    "completion": (
        _MOST,
        Field("full_at", "得满分的完成率（%）", default="100"),
        _LOWER,
    ),
    "deviation": (
        Field("base", "等于平均数时得分"),
        Field("step_percent", "每档偏离（%）", default="5"),
        Field("step_points", "每档加减分", hint="负数表示越低越好。", default="0.5"),
        Field("whole_steps", "不足一档不计", Entry.CHECK),
        _LEAST,
        _MOST,
    ),
    "percentile": (_MOST, _LOWER),
    "expression": (
        Field(
            "tree",
            "算式",
            Entry.FORMULA,
            "可用：值、分子、分母、数字、＋ − × ÷、括号、最大(甲, 乙)、最小(甲, 乙)、"
            "如达到(数, 标准, 达到时, 未达到时)。例如“最大(0, 值 × 2 − 1)”。",
        ),
        _LEAST,
        _MOST,
    ),
    "by-peer": (),
}

ROWS: dict[str, tuple[Field, ...]] = {
    "piecewise": (
        Field("from", "从（含）"),
        Field("to", "到（不含）", Entry.OPTIONAL, "最后一段留空表示不封顶"),
        Field("points_from", "起点得分"),
        Field("points_to", "终点得分"),
    ),
    "itemised": (
        Field("code", "类别代码", Entry.TEXT),
        Field("name", "类别名称", Entry.TEXT),
        Field("points", "每项得分", Entry.OPTIONAL, "酌情计分的留空"),
        Field("at_most", "酌情上限", Entry.OPTIONAL, "固定得分的留空"),
        Field("exclusive", "互斥组", Entry.MARK, "写相同数字的只计最高一项"),
    ),
}
ROW_NOUNS = {"piecewise": "区间", "itemised": "类别"}
