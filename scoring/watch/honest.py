"""Honest data, made by a seed: figures nobody bent, on which every hint is a false alarm.

Counties differ in size by a log-normal law; counts are drawn about what size and luck give; ratios come of two
counts; denominators drift from year to year by a few percent; texts are put together of phrases that people use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from scoring.watch.hints import Knot, Number, Words

COUNTIES = 167
# Knots of the provincial scheme's kind: a few counties lie near each.
KNOTS = (
    Knot("c1", Decimal(10), is_rising=True),
    Knot("c1", Decimal(40), is_rising=True),
    Knot("c2", Decimal(100), is_rising=True),
    Knot("c2", Decimal(500), is_rising=True),
    Knot("r1", Decimal("0.5"), is_rising=True),
    Knot("r1", Decimal(1), is_rising=True),
    Knot("r2", Decimal(30), is_rising=True),
    Knot("m1", Decimal(5000), is_rising=True),
)
_MONEY = tuple(f"m{place}" for place in range(1, 15))
_PHRASES = (
    "全县召开科技创新大会并印发若干措施",
    "设立科技创新券支持中小企业研发",
    "与省内高校共建产业技术研究院",
    "组织科技特派员深入乡镇开展服务",
    "培育龙头企业牵头组建创新联合体",
    "完善高新技术企业后备库分级管理",
    "推动开发区循环化改造和主导产业升级",
    "落实研发费用加计扣除政策辅导到户",
    "建设农业科技园区示范推广新品种",
    "举办创新创业大赛选拔优秀项目落地",
    "引进京津成果在本县转化形成新产能",
    "财政科技支出连年增长保障重点专项",
    "建立部门会商机制协调解决平台用地",
    "支持企业申报省级重点实验室备案",
    "开展技术合同登记培训提高登记质量",
    "制定人才公寓与子女入学配套办法",
)


@dataclass(frozen=True, slots=True)
class Honest:
    """One honest collection."""

    numbers: Sequence[Number]
    words: Sequence[Words]


def make_honest(seed: int, counties: int = COUNTIES) -> Honest:
    """The same seed gives the same collection."""
    chance = np.random.Generator(np.random.PCG64(seed))
    numbers: list[Number] = []
    words: list[Words] = []
    for place in range(counties):
        county = f"{place:03d}"
        size = float(chance.lognormal(0, 0.7))
        numbers.extend(_counts(county, size, chance))
        numbers.extend(_ratios(county, size, chance))
        numbers.extend(_money(county, size, chance))
        words.append(Words(county, "w1", _text(county, chance)))
    return Honest(numbers, words)


def _counts(county: str, size: float, chance: np.random.Generator) -> list[Number]:
    usual = {"c1": 25.0, "c2": 250.0}
    return [
        Number(county, code, Decimal(int(chance.poisson(mean * size * chance.lognormal(0, 0.3)))))
        for code, mean in usual.items()
    ]


def _ratios(county: str, size: float, chance: np.random.Generator) -> list[Number]:
    """r1 in percent of money, r2 per thousand of enterprises."""
    made = []
    for code, whole, share, factor in (("r1", 250_000.0, 0.008, 100), ("r2", 6_000.0, 0.03, 1000)):
        last = int(whole * size * chance.lognormal(0, 0.2)) + 100
        now = max(int(last * chance.lognormal(0.05, 0.04)), 1)
        upper = int(now * share * chance.lognormal(0, 0.5))
        made.append(
            Number(
                county,
                code,
                Decimal(upper) * factor / now,
                Decimal(upper),
                Decimal(now),
                Decimal(last),
            )
        )
    return made


def _money(county: str, size: float, chance: np.random.Generator) -> list[Number]:
    """Sums of 万元 to two decimals."""
    cents = (chance.lognormal(8.5, 0.6, len(_MONEY)) * size * 100).astype(np.int64)
    return [
        Number(county, code, Decimal(int(each)).scaleb(-2))
        for code, each in zip(_MONEY, cents, strict=True)
    ]


def _text(county: str, chance: np.random.Generator) -> str:
    """Four of the phrases, each with a figure of the county's own."""
    chosen = chance.choice(len(_PHRASES), 4, replace=False)
    figures = chance.integers(2, 90, 4)
    parts = [
        f"{_PHRASES[int(at)]}{int(figure)}项" for at, figure in zip(chosen, figures, strict=True)
    ]
    return f"本县（{county}）" + "，".join(parts) + "。"
