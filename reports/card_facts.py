"""What a county's report card (得分说明书) says: finished facts, frozen with the grading run they speak of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from county_portal.documents.official import Verification
from reports.outlook import Outlook


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
    parent: str  # what stands before the name: 石家庄市, or the province's where the province administers it
    reviewing_office: str


@dataclass(frozen=True, slots=True)
class ClassLimit:
    """A class of the scheme version, best class first; the lowest class has no lower limit."""

    name: str
    lower: Decimal | None  # inclusive


@dataclass(frozen=True, slots=True)
class CityStanding:
    """Among the counties of the same city, or those directly under the province."""

    name: str
    rank: int
    size: int
    median: Decimal | None  # None where it would tell a neighbour's score


@dataclass(frozen=True, slots=True)
class Marks:
    """What a score is measured against; a median of fewer than three counties is not told."""

    class_median: Decimal | None
    city_median: Decimal | None
    province_mean: Decimal | None


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
    city: CityStanding
    previous_name: str = ""  # under which the unit was graded the year before, where it was another


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
    marks: Marks


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
class ConfirmedDerivation(Derivation):
    """One whose run kept who stated the figure and who confirmed it.

    A kind of its own: a card of an earlier run says not a byte more than it did, and is not issued again.
    """

    confirmation: str


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
    marks: Marks


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
    outlook: Outlook
    confidentiality: str = "仅供本县（市、区）及其审核单位使用"
    verification: Verification | None = None  # not part of what is said

    @property
    def title(self) -> str:
        """The card's title, county and data year included."""
        return f"{self.county.name}{self.data_year}年度县域科技创新能力评价得分说明书"
