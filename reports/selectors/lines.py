"""The lines of a card: each indicator's figure, its derivation, its evidence, what must be known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from county_portal.accounts.selectors import lineages
from county_portal.common.numbers import plain
from indicators.models import EvidenceItem as StoredEvidence
from indicators.models import EvidenceKind
from indicators.models import Indicator as StoredIndicator
from reports.card import CardFlag, CardLine, Derivation, EvidenceItem, Operand, year_on_year
from reports.selectors.statistics import RunStatistics, frozen_figures
from scoring.engine.types import Figure, FigureStatus, Flag, ItemisedRule, ItemKind, Scheme
from scoring.enums import ListState
from scoring.models import PublishedList, Result, ResultLine

_DISPLAY = Decimal("0.01")
_EXACT = Decimal("0.000001")
_NOT_FLAGGED = {Flag.QUALITATIVE}
_STATUS_LABELS = {
    FigureStatus.FORECAST: "预测",
    FigureStatus.SELF_ASSESSED: "自评",
    FigureStatus.CITY_REVIEWED: "市审",
    FigureStatus.APPROVED: "核定",
}
_SENTENCES = {
    Flag.MISSING: "本项缺报，按评分方案计分。",
    Flag.NOT_APPLICABLE: "本项不适用，按评分方案计分。",
    Flag.CARRIED_FORWARD: "本年度未报，沿用上年度核定数计分。",
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
class Context:
    """What all lines of one card share."""

    statistics: RunStatistics
    region: int
    weights: Mapping[str, Decimal]
    figures: Mapping[str, Figure]
    before: Before


def card_lines(
    published: PublishedList, result: Result, statistics: RunStatistics
) -> tuple[CardLine, ...]:
    """Lines in the scheme's order, with last year's figure and score of the same unit."""
    context = Context(
        statistics=statistics,
        region=result.region_id,
        weights={row.code: row.weight for row in statistics.scheme.indicators},
        figures=frozen_figures(result.run_id)[result.region.code],
        before=_last_year(published, result),
    )
    indicators = {
        row.code: row for row in published.collection.version.indicators.select_related("group")
    }
    return tuple(_line(line, indicators[line.indicator_code], context) for line in result.lines.all())


def _last_year(published: PublishedList, result: Result) -> Before:
    ids = lineages([result.region])[result.region_id]
    earlier = (
        Result.objects.filter(
            run__collection__version__system=published.collection.version.system_id,
            run__collection__data_year=published.collection.data_year - 1,
            run__lists__state=ListState.PUBLISHED,
            region__in=ids,
        )
        .select_related("region")
        .order_by("-run__lists__version")
        .first()
    )
    if earlier is None:
        return Before({}, {})
    scores = dict(earlier.lines.values_list("indicator_code", "score"))
    return Before(frozen_figures(earlier.run_id)[earlier.region.code], scores)


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
        weight=context.weights[code],
        previous_score=context.before.scores.get(code),
        rank=context.statistics.line_ranks[code][context.region],
        flags=tuple(Flag(flag).label for flag in line.flags),
        derivation=_derivation(line, indicator, figure, now),
    )


def exact_of(figure: Figure | None) -> Decimal | None:
    """The unrounded figure that was scored; for a list of items their number."""
    if figure is None:
        return None
    measure = figure.measure
    if measure.items:
        return Decimal(len(measure.items))
    if measure.numerator is not None and measure.denominator:
        return measure.numerator / measure.denominator * measure.factor
    return measure.value


def shown(figure: Figure, exact: Decimal | None) -> str:
    """A figure as displayed: two decimals at most, absences in words."""
    if figure.absence is not None:
        return figure.absence.label
    return "—" if exact is None else plain(exact.quantize(_DISPLAY, ROUND_HALF_UP))


def _derivation(
    line: ResultLine, indicator: StoredIndicator, figure: Figure, exact: Decimal | None
) -> Derivation:
    steps = {name: text for name, _, text in line.steps}
    measure = figure.measure
    operands: tuple[Operand, ...] = ()
    if measure.numerator is not None and measure.denominator is not None:
        operands = (
            Operand(indicator.numerator_label, plain(measure.numerator) + indicator.numerator_unit),
            Operand(indicator.denominator_label, plain(measure.denominator) + indicator.denominator_unit),
        )
    return Derivation(
        source=f"{'、'.join(indicator.providers)}（{_STATUS_LABELS[figure.status]}）",
        operands=operands,
        unrounded_text="" if exact is None else plain(exact.quantize(_EXACT, ROUND_HALF_UP)),
        band_text=steps.get("band") or steps.get("items") or steps.get("panel") or "",
        arithmetic=line.derivation,
        rounded=line.score,
    )


def card_evidence(result: Result, scheme: Scheme) -> tuple[EvidenceItem, ...]:
    """Named items as graded, with the points of their kind; year and number from the register."""
    figures = frozen_figures(result.run_id)[result.region.code]
    register = {
        (item.kind.code, item.name): item
        for item in result.submission.evidence.select_related("kind")
    }
    kinds = {
        kind.code: kind
        for kind in EvidenceKind.objects.filter(
            indicator__version=result.submission.collection.version_id
        )
    }
    return tuple(
        _evidence(indicator.name, kind, item.name, kinds[item.kind], register.get((item.kind, item.name)))
        for indicator in scheme.indicators
        if isinstance(indicator.rule, ItemisedRule)
        for item in figures[indicator.code].measure.items
        for kind in indicator.rule.kinds
        if kind.code == item.kind
    )


def _evidence(
    indicator: str, rule: ItemKind, name: str, kind: EvidenceKind, entry: StoredEvidence | None
) -> EvidenceItem:
    return EvidenceItem(
        indicator=indicator,
        name=name,
        kind=rule.name,
        level=kind.level,
        year=entry.year if entry else None,
        approval_number=entry.approval_number if entry else "",
        points=rule.points or Decimal(0),
        counted=rule.points is not None,
        remark="" if rule.points is not None else "酌情计分",
    )


def card_flags(result: Result, scheme: Scheme) -> tuple[CardFlag, ...]:
    """What the reader must know before relying on a line."""
    names = {indicator.code: indicator.name for indicator in scheme.indicators}
    return tuple(
        CardFlag(Flag(flag).label, names[line.indicator_code], _SENTENCES[Flag(flag)])
        for line in result.lines.all()
        for flag in line.flags
        if Flag(flag) not in _NOT_FLAGGED
    )


def rule_notes(scheme: Scheme) -> tuple[str, ...]:
    """How points become a class, in the words of the scheme."""
    limits = "，".join(
        f"{grade.name}类{plain(grade.at_least)}分及以上" for grade in scheme.classes if grade.at_least > 0
    )
    return (
        f"各指标按评分方案分段线性计分或按清单计分，得分四舍五入保留{scheme.places}位小数；"
        "总分为各指标得分之和。",
        "比率指标按未取整的分子、分母计算，不以展示的约数计分；缺报、不适用不等于0。",
        f"分档标准：{limits}，其余为{scheme.classes[-1].name}类。总分相同的位次并列。",
    )
