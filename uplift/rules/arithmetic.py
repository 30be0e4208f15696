"""Whether a plan adds up (S1 parts 三 and 四): counts, named counties, years. Every fault is listed, in words.

Faults stop a plan from being handed in. Questions do not: the text adds up, yet something in it may be read in
two ways or does not agree with what was published, and whoever decides shall see it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from uplift.rules.positions import Place, places_of
from uplift.rules.text import Counts, Heading, PlanText, Stage, TargetLine

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not add up, and in which part of the plan: heading, targets, stages, growth or fund."""

    part: str
    sentence: str


def faults_of(text: PlanText, counties: Names) -> list[Fault]:
    """Everything that is wrong; `counties` are those of the plan's office, name by code."""
    return [
        *(Fault("heading", sentence) for sentence in _heading(text.heading, counties)),
        *(Fault("targets", sentence) for sentence in _targets(text)),
        *(Fault("stages", sentence) for sentence in _stages(text, counties)),
        *(Fault("growth", sentence) for sentence in _growth(text)),
        *(Fault("fund", sentence) for sentence in _fund(text)),
    ]


def _heading(head: Heading, counties: Names) -> Iterator[str]:
    if not head.title.strip():
        yield "计划没有名称，请填写。"
    if head.from_year > head.to_year:
        yield f"计划起始年{head.from_year}晚于终止年{head.to_year}，请改正。"
    if head.base_year >= head.to_year:
        yield f"基期数据年度{head.base_year}不早于终止年{head.to_year}，请改正。"
    yield from _counts("基期", head.base_counts, head, counties)


def _counts(name: str, counts: Counts, head: Heading, counties: Names) -> Iterator[str]:
    missing = [each for each in head.classes if each not in counts]
    if missing:
        yield f"{name}没有写明{'、'.join(missing)}类县数，没有的请填0。"
        return
    total = sum(counts[each] for each in head.classes)
    if total != len(counties):
        parts = "＋".join(str(counts[each]) for each in head.classes)
        yield (
            f"{name}各类县数合计{parts}＝{total}个，与本单位所属{len(counties)}个县（市、区）不符，请核对。"
        )


def _targets(text: PlanText) -> Iterator[str]:
    head = text.heading
    if not text.lines:
        yield "还没有分类目标，请至少填写一项指标的目标。"
    for key, count in Counter(line.key for line in text.lines).items():
        if count > 1:
            yield f"“{key[0]}”{key[1]}年度的目标写了{count}次，请合并为一行。"
    for line in text.lines:
        yield from _line(line, head)


def _line(line: TargetLine, head: Heading) -> Iterator[str]:
    lowest = head.classes[-1]
    if lowest in line.targets:
        yield f"“{line.name}”不能为{lowest}类县设目标：计划要求{lowest}类县跃升，不在{lowest}类内定目标。"
    for name in head.classes[:-1]:
        if name not in line.targets:
            yield f"“{line.name}”没有{name}类县的目标，请补填。"
    if not head.base_year < line.data_year <= head.to_year:
        yield (
            f"“{line.name}”的目标年度{line.data_year}不在基期{head.base_year}之后、"
            f"终止年{head.to_year}之前，请改正。"
        )


def _stages(text: PlanText, counties: Names) -> Iterator[str]:
    if not text.stages:
        yield "还没有阶段任务，请至少填写一个阶段。"
        return
    yield from _years(text)
    for stage in text.stages:
        yield from _counts(f"“{stage.name}”", stage.counts, text.heading, counties)
        yield from _names(stage, text.heading, counties)
    for place in places_of(text, counties).faults:
        yield _place_words(place, counties)
    before = text.heading.base_counts
    for stage in text.stages:
        yield from _flow(stage, before, text.heading)
        before = stage.counts


def _years(text: PlanText) -> Iterator[str]:
    head, years = text.heading, [stage.data_year for stage in text.stages]
    for before, after in pairwise(text.stages):
        if after.data_year <= before.data_year:
            yield (
                f"“{after.name}”的数据年度{after.data_year}不晚于“{before.name}”的{before.data_year}，"
                "阶段应按年度先后排列。"
            )
    if years[0] <= head.base_year:
        yield f"“{text.stages[0].name}”的数据年度{years[0]}不晚于基期{head.base_year}，请改正。"
    if years[-1] != head.to_year:
        yield f"最后一个阶段的年度{years[-1]}与计划终止年{head.to_year}不一致，请改正。"
    for stage in text.stages:
        if stage.publication_year not in {None, stage.data_year + 1}:
            yield (
                f"“{stage.name}”写{stage.data_year}年度、{stage.publication_year}年公布，"
                f"评价结果在数据年度的次年（{stage.data_year + 1}年）公布，请核对。"
            )


def _names(stage: Stage, head: Heading, counties: Names) -> Iterator[str]:
    for code, count in Counter(move.county for move in stage.moves).items():
        if count > 1:
            yield f"“{stage.name}”中{counties.get(code, code)}写了{count}次，请只写一次。"
    for move in stage.moves:
        name = counties.get(move.county)
        if name is None:
            yield f"“{stage.name}”中的{move.county}不是本单位所属的县（市、区），请核对名称。"
            continue
        unknown = [each for each in (move.before, move.after) if each not in head.classes]
        if unknown:
            yield f"“{stage.name}”中{name}的类别“{unknown[0]}”不存在，应为{'、'.join(head.classes)}之一。"
        elif head.classes.index(move.after) > head.classes.index(move.before):
            yield f"“{stage.name}”中{name}由{move.before}类降为{move.after}类，跃升计划不能安排退档。"


def _flow(stage: Stage, before: Counts, head: Heading) -> Iterator[str]:
    for name in head.classes:
        if name not in before or name not in stage.counts:
            continue
        risen = sum(move.after == name and not move.stays for move in stage.moves)
        left = sum(move.before == name and not move.stays for move in stage.moves)
        expected = before[name] + risen - left
        if expected != stage.counts[name]:
            yield (
                f"“{stage.name}”{name}类县：上一阶段{before[name]}个，列名升入{risen}个、升出{left}个，"
                f"应为{expected}个，写的是{stage.counts[name]}个，请核对。"
            )
        yield from _roll(stage, name)


def _roll(stage: Stage, name: str) -> Iterator[str]:
    """Where counties are named as staying in a class, the class is named whole."""
    staying = [move for move in stage.moves if move.stays and move.after == name]
    named = sum(move.after == name for move in stage.moves)
    if staying and named != stage.counts[name]:
        yield (
            f"“{stage.name}”{name}类县写{stage.counts[name]}个，列名{named}个"
            f"（其中保持在{name}类的{len(staying)}个），请核对名单。"
        )


def _place_words(place: Place, counties: Names) -> str:
    name = counties.get(place.county, place.county)
    return (
        f"“{place.stage}”写{name}由{place.said}类跃升或保持，但按此前各阶段它在{place.held}类，请核对。"
        if place.held
        else f"基期{place.said}类县只有{place.room}个，而计划各阶段由{place.said}类起步的县列名"
        f"{place.named}个，请核对。"
    )


def _growth(text: PlanText) -> Iterator[str]:
    for meaning, count in Counter(each.meaning for each in text.growth).items():
        if count > 1:
            yield f"增长要求中“{meaning}”写了{count}次，请只写一次。"
    if any(each.percent <= 0 for each in text.growth):
        yield "增长要求应大于0%，请改正。"


def _fund(text: PlanText) -> Iterator[str]:
    head = text.heading
    for year, count in Counter(each.year for each in text.fund).items():
        if count > 1:
            yield f"{year}年的专项资金写了{count}次，请合并。"
    for each in text.fund:
        if each.amount <= 0:
            yield f"{each.year}年的专项资金应大于0元，请改正或删去该年。"
        if not head.from_year <= each.year <= head.to_year:
            yield f"专项资金的年度{each.year}不在计划期{head.from_year}—{head.to_year}年内，请改正。"


def questions_of(text: PlanText, counties: Names, listed: Mapping[int, Names]) -> list[str]:
    """What adds up and yet wants a look; `listed` is the class by code on the valid list of a data year."""
    found = [
        *_goals(text),
        *_unstated(text),
        *_years_without_targets(text),
        *_own_indicators(text),
        *_fund_gaps(text),
    ]
    base = listed.get(text.heading.base_year)
    return [*found, *_listed(text, counties, base)] if base else found


def _goals(text: PlanText) -> Iterator[str]:
    """A goal that agrees with a stage only by the data year, or by none (S1 part 三: 力争年内)."""
    for goal in text.goals:
        by_list = [stage for stage in text.stages if stage.publication_year == goal.year]
        by_data = [stage for stage in text.stages if stage.data_year == goal.year]
        if any(_agrees(goal.counts, stage.counts) for stage in by_list) and by_list:
            continue
        words = "、".join(f"{name}类{count}个" for name, count in goal.counts.items())
        agreeing = [stage for stage in by_data if _agrees(goal.counts, stage.counts)]
        if not agreeing:
            yield f"总体目标写{goal.year}年{words}，与任何一个阶段都不一致，请核对原文。"
        elif by_list:
            other = "、".join(
                f"{name}类{by_list[0].counts[name]}个"
                for name in goal.counts
                if name in by_list[0].counts
            )
            yield (
                f"总体目标写{goal.year}年内{words}，与“{agreeing[0].name}”的{goal.year}年度（数据年度）一致；"
                f"但{goal.year}年公布的是“{by_list[0].name}”的结果（{other}）。本计划按数据年度理解，请知悉。"
            )


def _agrees(goal: Counts, counts: Counts) -> bool:
    return all(counts.get(name) == count for name, count in goal.items())


def _unstated(text: PlanText) -> Iterator[str]:
    for stage in text.stages:
        if stage.publication_year is None:
            yield (
                f"“{stage.name}”只写到{stage.data_year}年，没有写明是数据年度还是公布年份；"
                f"本计划按{stage.data_year}年度数据、{stage.data_year + 1}年公布理解。"
            )


def _years_without_targets(text: PlanText) -> Iterator[str]:
    have = {line.data_year for line in text.lines}
    lacking = [
        year
        for year in range(text.heading.from_year, text.heading.to_year + 1)
        if have and year not in have
    ]
    if lacking:
        yield (
            f"分类目标只有{_year_words(sorted(have))}年度的，{_year_words(lacking)}年度没有分类目标，"
            "这些年度不生成各县的月度预期。"
        )


def _own_indicators(text: PlanText) -> Iterator[str]:
    names = list(dict.fromkeys(line.name for line in text.lines if not line.indicator))
    if names:
        yield (
            f"{'、'.join(f'“{name}”' for name in names)}没有对应平台的指标，平台不采集，只列目标，不作对照。"
            "平台有同一指标的，请在分类目标的“对应指标”中选择。"
        )


def _fund_gaps(text: PlanText) -> Iterator[str]:
    have = {each.year for each in text.fund}
    years = range(text.heading.from_year, text.heading.to_year + 1)
    lacking = [year for year in years if have and year not in have]
    if lacking:
        yield f"{_year_words(lacking)}年没有安排专项资金。"


def _year_words(years: Sequence[int]) -> str:
    is_run = len(years) > 1 and years[-1] - years[0] == len(years) - 1
    return f"{years[0]}—{years[-1]}" if is_run else "、".join(map(str, years))


def _listed(text: PlanText, counties: Names, base: Names) -> Iterator[str]:
    head = text.heading
    actual = Counter(name for code, name in base.items() if code in counties)
    said = "/".join(str(head.base_counts.get(name, 0)) for name in head.classes)
    found = "/".join(str(actual.get(name, 0)) for name in head.classes)
    if said != found:
        yield (
            f"计划写基期{head.base_year}年度{'/'.join(head.classes)}类为{said}，"
            f"平台公布的{head.base_year}年度名单为{found}，不一致。"
        )
    starts = places_of(text, counties).starts
    differing = [
        f"{counties[code]}（计划{start}类，名单{base[code]}类）"
        for code, start in starts.items()
        if code in base and code in counties and base[code] != start
    ]
    if differing:
        yield f"与{head.base_year}年度名单类别不同的县（市、区）：{'、'.join(differing)}。"
