"""Where the title of an official document breaks: by meaning, in the shape of a trapezoid or a lozenge."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from county_portal.documents.numbers import text_width

LINE_CHARACTERS = 20  # of 22 pt in 156 mm

# What a break costs. Whole points compared with each other; only their order matters.
_FREE, _GOOD, _FAIR, _UNKNOWN, _BAD, _AWFUL = 0, 3, 5, 8, 20, 60
_EXTRA_LINE = 10
_HOURGLASS = 12
_SCRAP = 20
_BEAM = 12  # ways kept for each place and number of lines

# Nothing of these is torn, if a line can hold it.
_WHOLE = re.compile(
    r"《[^《》]*》|（[^（）]*）|“[^“”]*”|〔\d{4}〕\d+号"
    r"|\d+(?:\.\d+)?(?:[—\-～]\d+(?:\.\d+)?)?(?:年度|年|月|日|个|项|家|批|期|次|号|%|％|万元|亿元)?"
    r"|第[一二三四五六七八九十百\d]+[批届次期号]|[A-Za-z][A-Za-z0-9\-]*"
)
_ENDING = re.compile(r"的?(?:通知|通报|函|复函|报告|请示|批复|意见|决定|公告|通告|说明|公示)$")
# Words of this field and of titles: they are not torn, and between two of them a line may well break.
_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
关于 印发 转发 公布 更正 报送 推荐 申报 做好 开展 组织 加强 加快 推进 推动 促进 进一步 召开 举办 同意 下达 调整 成立
通知 通报 报告 请示 批复 意见 决定 公告 复函 名单 结果 情况 工作 方案 工作方案 实施方案 实施意见 实施细则 管理办法
若干措施 指导意见 行动计划 有关 事项 县域 科技创新 创新型 创新 能力 监测评价 监测 评价 跃升 跃升计划 试点 建设 指标
体系 指标体系 填报 数据 数据采集 采集 核查 核对 验收 总结 总结验收 审核 年度 半年 季度 月度 领导小组 办公室 人民政府
科学技术厅 科学技术局 科技厅 科技局 高质量发展 高新技术企业 科技型中小企业 专项资金 项目 第三方 评估 机构 督导 督查
考核 奖励 补助 培训 培训班 会议 工作会议 研讨会 全省 全市 全国 各县 各市 创新驱动 驱动发展 战略 发展 规划 计划 任务
分工 责任 落实 整改 反馈 征求 公开 申请 延期 调查 统计 企业 研发 投入 平台 人才 引进 引进人才 载体 进展 试点县
""",
    )
)
_LONGEST_WORD = max(map(len, _WORDS))
_NOT_FIRST = set("》）”〕、，。：；？！的和及与等省市县区局厅")
_NOT_LAST = set("《（“〔、和及与对在向为以")


def break_title(title: str, office: str) -> tuple[str, ...]:
    """The title's lines, none wider than 20 characters. Line ends in `title` are breaks made by hand.

    `office` is kept whole, and a line preferably ends behind it. 《》, numbers with their units and known words
    are torn only where nothing else fits; 的通知 never stands alone.
    """
    lines: list[str] = []
    for line in filter(None, (each.strip() for each in title.splitlines())):
        lines += [line] if text_width(line) <= LINE_CHARACTERS else _broken(line, office.strip())
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Way:
    """Places where lines end up to here, and what those breaks cost."""

    ends: tuple[int, ...]
    cost: int


@lru_cache(maxsize=256)
def _broken(title: str, office: str) -> tuple[str, ...]:
    costs = _break_costs(title, office)
    fewest = max(1, math.ceil(text_width(title) / LINE_CHARACTERS))
    most = fewest + 2
    widths = [text_width(title[:end]) for end in range(len(title) + 1)]
    ways: dict[tuple[int, int], list[_Way]] = {(0, 0): [_Way((0,), 0)]}
    for end in range(1, len(title) + 1):
        for start in range(end):
            if widths[end] - widths[start] > LINE_CHARACTERS:
                continue
            for count in range(most):
                for way in ways.get((start, count), ()):
                    longer = _Way((*way.ends, end), way.cost + costs[end])
                    ways.setdefault((end, count + 1), []).append(longer)
        for count in range(1, most + 1):
            here = ways.get((end, count))
            if here:
                ways[end, count] = sorted(here, key=lambda way: (way.cost, way.ends))[:_BEAM]
    whole = [way for count in range(most + 1) for way in ways.get((len(title), count), ())]
    best = min(whole, key=lambda way: (way.cost + _shape_cost(way.ends, widths, title), way.ends))
    return tuple(title[start:end] for start, end in pairwise(best.ends))


def _shape_cost(ends: tuple[int, ...], widths: list[Decimal], title: str) -> Decimal:
    """Trapezoid or lozenge: no line narrower than both its neighbours, no scrap at the end, not too uneven."""
    lines = [widths[end] - widths[start] for start, end in pairwise(ends)]
    cost = Decimal(_EXTRA_LINE * len(lines)) + (max(lines) - min(lines)) ** 2 / 30
    cost += _HOURGLASS * sum(
        1
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
        if line < min(before, after)
    )
    if _ENDING.fullmatch(title[ends[-2] :]):
        cost += 3 * _AWFUL
    smallest = LINE_CHARACTERS / 4
    return cost + (_SCRAP if lines[-1] < smallest or lines[0] < smallest else 0)


def _break_costs(title: str, office: str) -> list[int]:
    """What it costs to end a line before each character; the title's own end is free."""
    torn, edges = _words_of(title)
    costs = [_AWFUL]
    for place in range(1, len(title)):
        before, after = title[place - 1], title[place]
        cost = _BAD if place in torn else (_UNKNOWN, _FAIR, _GOOD)[edges[place]]
        if after in _NOT_FIRST or before in _NOT_LAST:
            cost = max(cost, _BAD)
        if title.startswith("关于", place) or (before == "》" and after != "的"):
            cost = min(cost, _GOOD)
        if title[:place].endswith("关于"):
            cost = _BAD
        costs.append(cost)
    for found in _WHOLE.finditer(title):
        _keep_whole(costs, found.start(), found.end())
    at = title.find(office) if office else -1
    if at >= 0:
        _keep_whole(costs, at, at + len(office))
        if at + len(office) < len(title):
            costs[at + len(office)] = _FREE
    return [*costs, _FREE]


def _keep_whole(costs: list[int], start: int, end: int) -> None:
    # What no line can hold is torn between its words, at a lower price.
    price = _BAD if end - start > LINE_CHARACTERS else _AWFUL
    for place in range(start + 1, end):
        costs[place] += price


def _words_of(title: str) -> tuple[set[int], list[int]]:
    """Places inside a known word, and for each place how many known words touch it (0, 1 or 2)."""
    torn: set[int] = set()
    edges = [0] * (len(title) + 1)
    place = 0
    while place < len(title):
        sizes = range(min(_LONGEST_WORD, len(title) - place), 1, -1)
        length = next((size for size in sizes if title[place : place + size] in _WORDS), 1)
        if length > 1:
            torn.update(range(place + 1, place + length))
            edges[place] += 1
            edges[place + length] += 1
        place += length
    return torn, edges
