"""The lines of a card: each indicator's figure, its derivation, what must be known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from county_portal.common.numbers import plain
from indicators.models import Indicator as StoredIndicator
from reports.card_facts import (
    CardFlag,
    CardLine,
    ConfirmedDerivation,
    Derivation,
    Marks,
    Operand,
)
from reports.card_words import year_on_year
from reports.selectors.statistics import City, RunStatistics, frozen_figures
from scoring.engine.types import Figure, FigureStatus, Flag, ItemisedRule, Scheme
from scoring.engine.types import Indicator as SchemeIndicator
from scoring.explanation import exact_value, operands, scored_measure
from scoring.models import PublishedList, Result, ResultLine
from scoring.origins import origin_of
from scoring.selectors.explained import indicator_words
from scoring.selectors.results import STATUS_LABELS, flag_labels

_DISPLAY = Decimal("0.01")
_EXACT = Decimal("0.000001")
_SENTENCES = {
    Flag.MISSING: "本项缺报，按评分方案计分。",
    Flag.NOT_APPLICABLE: "本项不适用，按评分方案计分。",
    Flag.QUALITATIVE: "本项为定性指标，没有专家评分，按评分方案计分。",
    Flag.CARRIED_FORWARD: "本年度未报，沿用上年度数计分。",
    Flag.NOTHING_TO_CARRY: "本年度未报，且无上年度数可沿用，计0分。",
    Flag.FORECAST: "按预测数计分，以核定数为准。",
    Flag.CAPPED: "所列项目合计超过本项上限，按上限计分。",
    Flag.NOT_ALL_COUNTED: "所列项目中有互斥项，只计最高一项。",
    Flag.AWAITING_JUDGEMENT: "有酌情计分项目待专家评定，暂未计分。",
}


@dataclass(frozen=True, slots=True)
class Before:
    """Last data year's figures and scores of the same unit; empty where it was not graded."""

    figures: Mapping[str, Figure]
    scores: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class LineMarks:
    """What a county's lines are measured against: its run and the counties of its city."""

    statistics: RunStatistics
    city: City

    def of(self, code: str, class_name: str) -> Marks:
        """Of one line."""
        return Marks(
            self.statistics.class_peers[class_name].lines[code],
            self.city.peers.lines[code],
            self.statistics.line_means[code],
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What all lines of one card share."""

    marks: LineMarks
    result: Result
    rules: Mapping[str, SchemeIndicator]
    figures: Mapping[str, Figure]
    before: Before


def card_lines(
    published: PublishedList, result: Result, marks: LineMarks, last_year: Result | None
) -> tuple[CardLine, ...]:
    """Lines in the scheme's order, with last year's figure and score of the same unit."""
    context = Context(
        marks=marks,
        result=result,
        rules={row.code: row for row in marks.statistics.scheme.indicators},
        figures=frozen_figures(published.run_id)[result.region.code],
        before=_before(last_year),
    )
    indicators = stored_indicators(published.collection.version_id)
    return tuple(
        _line(line, indicators[line.indicator_code], context) for line in result.lines.all()
    )


@lru_cache(maxsize=4)
def stored_indicators(version_id: int) -> dict[str, StoredIndicator]:
    """Indicators by code; the version of a graded system is locked and never changes."""
    rows = StoredIndicator.objects.filter(version=version_id).select_related("group")
    return {row.code: row for row in rows}


def _before(last_year: Result | None) -> Before:
    if last_year is None:
        return Before({}, {})
    scores = dict(last_year.lines.values_list("indicator_code", "score"))
    return Before(frozen_figures(last_year.run_id)[last_year.region.code], scores)


def _line(line: ResultLine, indicator: StoredIndicator, context: Context) -> CardLine:
    code = line.indicator_code
    figure, before = context.figures[code], context.before.figures.get(code)
    now, past = exact_of(figure), exact_of(before)
    return CardLine(
        number=line.order,
        group=indicator.group.name,
        name=indicator.name,
        unit=indicator.unit,
        value_text=shown(figure, now),
        previous_text=shown(before, past) if before else "—",
        change_text=year_on_year(now, past, is_percentage=indicator.unit == "%"),
        score=line.score,
        weight=context.rules[code].weight,
        previous_score=context.before.scores.get(code),
        rank=context.marks.statistics.line_ranks[code][context.result.region_id],
        flags=tuple(flag_labels(line.flags)),
        derivation=derivation_of(line, indicator, figure, context.rules[code]),
        marks=context.marks.of(code, context.result.class_name),
    )


def exact_of(figure: Figure | None) -> Decimal | None:
    """The unrounded figure a county gave; for a list of items their number."""
    return None if figure is None else exact_value(figure.measure)


def shown(figure: Figure, exact: Decimal | None) -> str:
    """A figure as displayed: two decimals at most, absences in words."""
    if figure.absence is not None:
        return figure.absence.label
    if exact is None:
        return "定性" if figure.measure.panel else "—"
    return plain(exact.quantize(_DISPLAY, ROUND_HALF_UP))


def derivation_of(
    line: ResultLine, indicator: StoredIndicator, figure: Figure, rule: SchemeIndicator
) -> Derivation:
    """What was scored: the figure itself, or the one of an earlier year that stood in for it."""
    measure = scored_measure(figure, line.flags)
    exact = exact_value(measure)
    told = Derivation(
        source=_source(line, indicator, figure),
        operands=tuple(Operand(*side) for side in operands(measure, indicator_words(indicator))),
        unrounded_text="" if exact is None else plain(exact.quantize(_EXACT, ROUND_HALF_UP)),
        band_text=_band(line, rule),
        arithmetic=line.derivation,
        rounded=line.score,
    )
    confirmation = origin_of(line.origin).line_text
    if not confirmation:
        return told
    return ConfirmedDerivation(
        **{field.name: getattr(told, field.name) for field in fields(told)},
        confirmation=confirmation,
    )


def _source(line: ResultLine, indicator: StoredIndicator, figure: Figure) -> str:
    """Who gave the figure, and how far it had come when it was graded."""
    if figure.measure.panel:
        return "专家评分"
    providers = "、".join(indicator.providers)
    if figure.absence is None:
        return f"{providers}（{STATUS_LABELS[FigureStatus(figure.status)]}）"
    if Flag.CARRIED_FORWARD in line.flags and figure.carried is not None:
        return f"{providers}（沿用{figure.carried.year}年度数）"
    return f"{providers}（{figure.absence.label}）"


def _band(line: ResultLine, rule: SchemeIndicator) -> str:
    """The stretch of the scheme the figure fell into; items are listed with the evidence instead."""
    if isinstance(rule.rule, ItemisedRule):
        uncounted = [text for name, _, text in line.steps if name == "not-counted"]
        repeated = f"；不重复计分：{'、'.join(uncounted)}" if uncounted else ""
        return f"逐项计分，上限{plain(rule.rule.cap)}分{repeated}"
    steps: dict[str, str] = {name: text for name, _, text in line.steps}
    if "panel" in steps:
        return f"评审打分：{steps['panel']}"
    return steps.get("band", "")


def card_flags(result: Result, scheme: Scheme) -> tuple[CardFlag, ...]:
    """What the reader must know before relying on a line."""
    names = {indicator.code: indicator.name for indicator in scheme.indicators}
    return tuple(
        CardFlag(flag.label, names[line.indicator_code], _SENTENCES[flag])
        for line in result.lines.all()
        for flag in Flag
        if flag in line.flags
    )


def rule_notes(scheme: Scheme) -> tuple[str, ...]:
    """How points become a class, in the words of the scheme."""
    limits = "，".join(
        f"{grade.name}类{plain(grade.at_least)}分及以上"
        for grade in scheme.classes
        if grade.at_least > 0
    )
    return (
        f"各指标按评分方案分段线性计分或按清单计分，得分四舍五入保留{scheme.places}位小数；"
        "总分为各指标得分之和。",
        "比率指标按未取整的分子、分母计算，不以展示的约数计分；缺报、不适用不等于0。",
        f"分档标准：{limits}，其余为{scheme.classes[-1].name}类。总分相同的位次并列。",
    )
