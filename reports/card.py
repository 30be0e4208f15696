"""A county's report card (得分说明书): what it says, its digest, and its PDF.

The dataclasses hold finished facts, frozen with the grading run they speak of. Nothing here asks the
database or the clock, so the same card gives the same bytes, and a card whose digest is unchanged
need not be rendered again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import groupby

from django.template.loader import render_to_string

from county_portal.documents.digest import canonical_json, content_digest
from county_portal.documents.official import Verification, chinese_date
from county_portal.documents.pdf import RenderedPdf, layout_version, render_pdf
from reports import card_charts

TEMPLATE = "reports/documents/report_card.html"
TEMPLATES = (TEMPLATE, *card_charts.TEMPLATES)
STYLES = ("reports/documents/report_card.css",)
_NOT_SAID = ("verification",)


class Movement(StrEnum):
    """How the class moved against the last published list; the value is what people read."""

    RISE = "跃升"
    HOLD = "持平"
    FALL = "退档"
    FIRST = "首次参评"


@dataclass(frozen=True, slots=True)
class CardCounty:
    """Who the card is about, named as it was in the data year."""

    code: str
    name: str
    parent: (
        str  # what stands before the name: 石家庄市, or 河北省 where the province administers it
    )
    reviewing_office: str


@dataclass(frozen=True, slots=True)
class ClassLimit:
    """A class of the scheme version, best class first; the lowest class has no lower limit."""

    name: str
    lower: Decimal | None  # inclusive


@dataclass(frozen=True, slots=True)
class CardResult:
    """The outcome of the run for this county."""

    total: Decimal
    full_marks: Decimal
    class_name: str
    rank: int
    county_count: int
    rank_in_class: int | None
    class_size: int | None
    movement: Movement
    previous_total: Decimal | None
    previous_class: str
    previous_rank: int | None
    best_rank: int | None
    best_rank_year: int | None  # data year
    province_mean: Decimal | None
    class_median: Decimal | None


@dataclass(frozen=True, slots=True)
class YearResult:
    """One point of the chart over the years; total None where the county was not graded."""

    data_year: int
    total: Decimal | None
    class_name: str
    rank: int | None
    county_count: int | None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A first-level group (创新投入 …): points of this county and of those it is measured against."""

    name: str
    score: Decimal
    weight: Decimal
    class_median: Decimal | None
    province_mean: Decimal | None


@dataclass(frozen=True, slots=True)
class Operand:
    """One number a value was calculated from: 分子, 分母, or a plain count."""

    label: str
    value_text: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """From the figure to the points, in the order a reader checks it."""

    source: str  # 数据提供单位, several joined by 、
    operands: tuple[Operand, ...]
    unrounded_text: str  # the number scored, before any rounding for display
    band_text: str  # the band of the scheme it fell into
    arithmetic: str  # "8 + (50 − 40)/(100 − 40) × (10 − 8) = 8.3333…"
    rounded: Decimal


@dataclass(frozen=True, slots=True)
class CardLine:
    """One indicator. Texts are as displayed, absences in words (缺报, 不适用, 定性)."""

    number: int
    group: str
    name: str
    unit: str
    value_text: str
    previous_text: str  # last year's value, "—" where there was none
    change_text: str  # see `year_on_year`
    score: Decimal
    weight: Decimal
    previous_score: Decimal | None
    rank: int | None
    flags: tuple[str, ...]  # 缺报, 结转上年, 预测值, 自评值 …
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A named item of an itemised indicator, whether it counted or not."""

    indicator: str
    name: str
    kind: str
    level: str  # 国家级, 省级, 市级
    year: int | None
    approval_number: str
    points: Decimal
    counted: bool
    remark: str  # why it did not count, or what capped it


@dataclass(frozen=True, slots=True)
class CardFlag:
    """Something the reader must know before relying on a figure."""

    kind: str  # 缺报, 结转上年, 预测值, 比率不符 …
    indicator: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CardProvenance:
    """What lets anybody grade this again: run, scheme, engine, frozen inputs."""

    issuer: str
    run_number: str
    scheme: str  # name and version
    engine_version: str
    input_digest: str  # sha256 hex of the run's frozen inputs
    issued_on: date
    status: str  # 征求意见稿, 正式, 更正（第2版）


@dataclass(frozen=True, slots=True)
class ReportCard:
    """Everything printed on one county's card."""

    county: CardCounty
    data_year: int
    evaluation_year: int
    published_on: date | None
    result: CardResult
    class_limits: tuple[ClassLimit, ...]
    history: tuple[YearResult, ...]  # oldest first, this year last; three years at most
    groups: tuple[GroupScore, ...]
    lines: tuple[CardLine, ...]
    evidence: tuple[EvidenceItem, ...]
    flags: tuple[CardFlag, ...]
    rule_notes: tuple[str, ...]
    provenance: CardProvenance
    confidentiality: str = "仅供本县（市、区）及其审核单位使用"
    verification: Verification | None = None  # not part of what is said

    @property
    def title(self) -> str:
        """The card's title, county and data year included."""
        return f"{self.county.name}{self.data_year}年度县域科技创新能力评价得分说明书"


def render_report_card(card: ReportCard) -> RenderedPdf:
    """The card as PDF; the same card gives the same bytes."""
    return render_pdf(
        report_card_html(card),
        title=card.title,
        styles=STYLES,
        created_on=card.provenance.issued_on,
        author=card.provenance.issuer,
        subject=card.provenance.run_number,
    )


def card_content(card: ReportCard) -> str:
    """What the card says, as sealed in its paper; the line that lets one verify it speaks of this text."""
    return canonical_json(card, without=_NOT_SAID)


def said_digest(card: ReportCard) -> str:
    """The sha256 (hex) of what the card says, printed on it."""
    return content_digest(card, without=_NOT_SAID)


def card_digest(card: ReportCard) -> str:
    """Changes when the content or the layout does: render again only then (sha256 hex)."""
    layout = layout_version(TEMPLATES, STYLES)
    return hashlib.sha256(f"{said_digest(card)} {layout}".encode()).hexdigest()


def report_card_html(card: ReportCard) -> str:
    """The card's page source; everything a county could have typed is escaped by the template."""
    result = card.result
    return render_to_string(
        TEMPLATE,
        {
            "card": card,
            "digest": said_digest(card),
            "qr": card_charts.qr_code(card.verification.url) if card.verification else None,
            "published_on": chinese_date(card.published_on) if card.published_on else "尚未公布",
            "issued_on": chinese_date(card.provenance.issued_on),
            "gap": class_gap(result.total, card.class_limits),
            "rank_change": rank_change(result.rank, result.previous_rank),
            "gauge": card_charts.gauge(
                result.total, result.full_marks, tuple((c.name, c.lower) for c in card.class_limits)
            ),
            "years": card_charts.years(
                tuple((y.data_year, y.total, y.class_name, y.rank) for y in card.history),
                result.full_marks,
                tuple((c.name, c.lower) for c in card.class_limits if c.lower is not None),
            ),
            "bars": card_charts.group_bars(
                tuple(
                    (g.name, g.score, g.weight, g.class_median, g.province_mean)
                    for g in card.groups
                )
            ),
            "groups": tuple(GroupRow(group, lead_text(group)) for group in card.groups),
            "line_groups": tuple(grouped_lines(card)),
        },
    )


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group's row in the table under the chart."""

    group: GroupScore
    lead: str  # over the province's mean, with its sign


@dataclass(frozen=True, slots=True)
class LineGroup:
    """The lines of one first-level group with their sum."""

    name: str
    score: Decimal
    weight: Decimal
    lines: tuple[CardLine, ...]


def grouped_lines(card: ReportCard) -> Iterator[LineGroup]:
    """Lines under their groups, in the order of the scheme."""
    for name, members in groupby(card.lines, key=lambda line: line.group):
        lines = tuple(members)
        yield LineGroup(
            name,
            sum((line.score for line in lines), Decimal(0)),
            sum((line.weight for line in lines), Decimal(0)),
            lines,
        )


def lead_text(group: GroupScore) -> str:
    """How far the group lies above (+) or below (−) the province's mean."""
    if group.province_mean is None:
        return ""
    return signed((group.score - group.province_mean).quantize(Decimal("0.01"), ROUND_HALF_UP))


def signed(number: Decimal) -> str:
    """With a sign as printed: a true minus, none before zero."""
    return f"{number:+f}".replace("-", "−") if number else f"{abs(number):f}"


def class_gap(total: Decimal, limits: tuple[ClassLimit, ...]) -> str:
    """How far it is to the next better class, or how far above the limit of the best."""
    lowers = [(limit.name, limit.lower) for limit in limits if limit.lower is not None]
    better = [(name, lower) for name, lower in lowers if lower > total]
    if better:
        name, lower = better[-1]
        return f"距{name}类（{lower.normalize():f}分）还差{lower - total:.2f}分"
    if not lowers:
        return ""
    name, lower = lowers[0]
    return f"已进入{name}类，高出下限（{lower.normalize():f}分）{total - lower:.2f}分"


def rank_change(rank: int, previous: int | None) -> str:
    """Places won or lost against the last list, in words."""
    if previous is None:
        return "上年度未参评"
    if rank == previous:
        return "与上年度持平"
    return (
        f"较上年度上升{previous - rank}位"
        if rank < previous
        else f"较上年度下降{rank - previous}位"
    )


def year_on_year(value: Decimal | None, previous: Decimal | None, *, is_percentage: bool) -> str:
    """Growth in per cent, for percentages in points; "—" where either is missing or was 0."""
    if value is None or previous is None:
        return "—"
    if value == previous:
        return "持平"
    if is_percentage:
        return signed((value - previous).quantize(Decimal("0.01"), ROUND_HALF_UP)) + "个百分点"
    if previous == 0:
        return "—"
    growth = (value - previous) / abs(previous) * 100
    return signed(growth.quantize(Decimal("0.1"), ROUND_HALF_UP)) + "%"
