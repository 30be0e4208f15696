"""What the rules say of figures that were accepted, and what is still missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from county_portal.common.numbers import plain
from indicators.enums import Absence, IndicatorKind, Severity
from indicators.rules.cells import CellFigure, CellSpec

# A typed rate may differ from the computed one by what rounding to two places explains, and 1 % of itself.
RATE_TOLERANCE = Decimal("0.01")
ROUNDING_SLACK = Decimal("0.005")
JUMP = Decimal(10)
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a figure that was accepted."""

    indicator: str
    code: str
    severity: Severity
    sentence: str


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How many named items a line lists, and how many of them lack a file."""

    listed: int = 0
    without_file: int = 0


def check_figure(
    spec: CellSpec, figure: CellFigure, last_year: Decimal | None, items: ItemCount
) -> list[Finding]:
    """Findings on one figure that was accepted; warnings never change it."""
    findings = [
        *_share_findings(spec, figure),
        *_rate_findings(spec, figure),
        *_jump_findings(spec, figure, last_year),
        *_item_findings(spec, figure, items),
    ]
    return [Finding(spec.code, code, Severity.WARN, sentence) for code, sentence in findings]


def _share_findings(spec: CellSpec, figure: CellFigure) -> Iterable[tuple[str, str]]:
    exact = figure.exact(spec.factor)
    if spec.unit != "%" or exact is None:
        return
    # Known parts leave no doubt about the unit.
    if figure.numerator is None and 0 < exact < 1:
        yield (
            "share_below_one",
            f"“{spec.name}”按{plain(exact.quantize(Decimal('0.0001')))}%计，不足1%。"
            "如果本意是小数形式的比例（例如0.35表示35%），请改填百分数。",
        )
    if exact > WHOLE:
        yield "share_above_whole", f"“{spec.name}”超过100%，请核对分子、分母是否颠倒或单位不一致。"


def _rate_findings(spec: CellSpec, figure: CellFigure) -> Iterable[tuple[str, str]]:
    if spec.kind != IndicatorKind.RATE:
        return
    if figure.number is not None and figure.numerator is None:
        yield (
            "rate_without_parts",
            f"“{spec.name}”未填分子、分母，按所填比率计分，建议补填以便核对。",
        )
    computed = CellFigure(numerator=figure.numerator, denominator=figure.denominator).exact(
        spec.factor
    )
    if figure.number is None or computed is None:
        return
    if abs(figure.number - computed) > max(ROUNDING_SLACK, abs(computed) * RATE_TOLERANCE):
        shown = plain(computed.quantize(Decimal("0.0001")))
        yield (
            "rate_contradicts_parts",
            f"“{spec.name}”填写的{plain(figure.number)}{spec.unit}与分子÷分母算得的{shown}{spec.unit}不一致，"
            "按分子、分母计分，请核对。",
        )


def _jump_findings(
    spec: CellSpec, figure: CellFigure, last_year: Decimal | None
) -> Iterable[tuple[str, str]]:
    exact = figure.exact(spec.factor)
    if exact is None or not last_year:
        return
    if exact > last_year * JUMP or exact * JUMP < last_year:
        yield (
            "jump_against_last_year",
            f"“{spec.name}”与上年（{plain(last_year.quantize(Decimal('0.0001')))}{spec.unit}）相差10倍以上，"
            "请核对单位和口径。",
        )


def _item_findings(
    spec: CellSpec, figure: CellFigure, items: ItemCount
) -> Iterable[tuple[str, str]]:
    if spec.kind != IndicatorKind.ITEMISED:
        return
    if figure.number is not None and figure.number != items.listed:
        yield (
            "count_contradicts_items",
            f"“{spec.name}”填报{plain(figure.number)}项，清单列出{items.listed}项，"
            "按清单计分，请补充清单或更正数量。",
        )
    if items.without_file:
        yield (
            "items_without_file",
            f"“{spec.name}”清单中有{items.without_file}项未附证明材料，请补充上传。",
        )


def list_missing(
    specs: Sequence[CellSpec], figures: Mapping[str, CellFigure], items: Mapping[str, int]
) -> list[Finding]:
    """What still keeps a submission from being handed in, in table order."""
    return [finding for spec in specs for finding in _missing(spec, figures.get(spec.code), items)]


def _missing(
    spec: CellSpec, figure: CellFigure | None, items: Mapping[str, int]
) -> Iterable[Finding]:
    if figure is None or (figure.exact(spec.factor) is None and not figure.absence):
        if spec.kind == IndicatorKind.ITEMISED and items.get(spec.code):
            return
        asks = (
            "请填写情况说明"
            if spec.kind == IndicatorKind.QUALITATIVE
            else "请填写数值或选择缺报、不适用"
        )
        yield Finding(spec.code, "cell_blank", Severity.BLOCK, f"“{spec.name}”未填，{asks}。")
    elif figure.absence in {Absence.MISSING, Absence.NOT_APPLICABLE} and not figure.note:
        label = Absence(figure.absence).label
        yield Finding(
            spec.code,
            "absence_without_reason",
            Severity.BLOCK,
            f"“{spec.name}”为{label}，请在说明中写明原因。",
        )
