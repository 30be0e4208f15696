"""Pure decisions on figures: reading a cell, plausibility, what is still missing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal

from county_portal.common.errors import Invalid, Stale
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.common.text import clean_text
from indicators.enums import (
    EDITABLE,
    Absence,
    CollectionState,
    FillMode,
    IndicatorKind,
    Severity,
    SubmissionState,
)

MAX_NOTE = 2000
# What the table keeps of a figure as typed; a longer one is no figure.
MAX_TEXT = 60
# A typed rate may differ from the computed one by what rounding to two places explains, and 1 % of itself.
RATE_TOLERANCE = Decimal("0.01")
ROUNDING_SLACK = Decimal("0.005")
JUMP = Decimal(10)
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class CellSpec:
    """What a cell needs to know of its indicator."""

    code: str
    name: str
    kind: str
    unit: str
    is_integer: bool = False
    numerator_label: str = ""
    denominator_label: str = ""
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class CellInput:
    """A cell as typed, on the web or in a workbook."""

    text: str = ""
    numerator: str = ""
    denominator: str = ""
    mode: str = FillMode.ACTUAL
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """Short digest by which a form knows later whether a cell was touched."""
        content = "\x1f".join(str(part).strip() for part in astuple(self))
        return hashlib.sha256(content.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A cell as understood: a figure, its parts, or an absence."""

    text: str = ""
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    absence: str = ""
    note: str = ""
    is_forecast: bool = False

    def exact(self, factor: Decimal) -> Decimal | None:
        """The unrounded figure: from its parts where they are known, else as typed."""
        if self.numerator is not None and self.denominator:
            return self.numerator / self.denominator * factor
        return self.number


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell cannot be accepted; `part` is the input it concerns."""

    indicator: str
    part: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a figure that was accepted."""

    indicator: str
    code: str
    severity: Severity
    sentence: str


def read_cell(spec: CellSpec, typed: CellInput) -> tuple[CellFigure, list[CellError]]:
    """Understand a cell; with errors the figure must not be used."""
    errors: list[CellError] = []
    note = _read_note(spec, typed.note, errors)
    if spec.kind == IndicatorKind.QUALITATIVE:
        absence = Absence.QUALITATIVE if note else ""
        return CellFigure(absence=absence, note=note), errors
    if typed.mode not in FillMode.values:
        sentence = f"“{spec.name}”的填报方式无效，请重新选择。"
        return CellFigure(), [*errors, CellError(spec.code, "mode", "mode_unknown", sentence)]
    if typed.mode in {FillMode.MISSING, FillMode.NOT_APPLICABLE}:
        return _read_absence(spec, typed, note, errors)
    number = _read_part(spec, "text", typed.text, errors)
    numerator = denominator = None
    if spec.kind == IndicatorKind.RATE:
        numerator = _read_part(spec, "numerator", typed.numerator, errors)
        denominator = _read_part(spec, "denominator", typed.denominator, errors)
        if not errors:
            errors.extend(_parts_errors(spec, numerator, denominator))
    figure = CellFigure(
        text=typed.text.strip(),
        number=number,
        numerator=numerator,
        denominator=denominator,
        note=note,
        is_forecast=typed.mode == FillMode.FORECAST,
    )
    return figure, errors


def _read_note(spec: CellSpec, note: str, errors: list[CellError]) -> str:
    try:
        note = clean_text(note)
    except ValueError as error:
        sentence = f"“{spec.name}”的说明含有不可见的控制字符（{error}），请重新输入。"
        errors.append(CellError(spec.code, "note", "text_control_character", sentence))
        return ""
    if len(note) > MAX_NOTE:
        sentence = f"“{spec.name}”的说明有{len(note)}字，最多{MAX_NOTE}字，请精简。"
        errors.append(CellError(spec.code, "note", "text_too_long", sentence))
    return note


def _read_absence(
    spec: CellSpec, typed: CellInput, note: str, errors: list[CellError]
) -> tuple[CellFigure, list[CellError]]:
    if any(text.strip() for text in (typed.text, typed.numerator, typed.denominator)):
        label = FillMode(typed.mode).label
        sentence = f"“{spec.name}”选择了“{label}”又填写了数值，请清空数值或改选“实际数”。"
        errors.append(CellError(spec.code, "mode", "absent_with_figure", sentence))
    return CellFigure(absence=typed.mode, note=note), errors


def _read_part(spec: CellSpec, part: str, text: str, errors: list[CellError]) -> Decimal | None:
    labels = {
        "text": spec.name,
        "numerator": spec.numerator_label,
        "denominator": spec.denominator_label,
    }
    is_own = part == "text"
    if len(text.strip()) > MAX_TEXT:
        sentence = (
            f"“{labels[part]}”填写了{len(text.strip())}个字符，不是有效的数值，请核对后重新填写。"
        )
        errors.append(CellError(spec.code, part, "number_too_long", sentence))
        return None
    accepts = NumberFormat(unit=spec.unit if is_own else "", integer=spec.is_integer and is_own)
    try:
        return parse_number(text, accepts, labels[part])
    except Invalid as refusal:
        errors.append(CellError(spec.code, part, refusal.code, refusal.sentence))
        return None


def _parts_errors(
    spec: CellSpec, numerator: Decimal | None, denominator: Decimal | None
) -> Iterable[CellError]:
    if (numerator is None) != (denominator is None):
        lacking = "denominator" if denominator is None else "numerator"
        label = spec.denominator_label if denominator is None else spec.numerator_label
        sentence = f"“{spec.name}”只填了分子、分母之一，请补填“{label}”，或两项都不填、只填比率。"
        yield CellError(spec.code, lacking, "rate_part_missing", sentence)
    if denominator is not None and denominator == 0:
        sentence = (
            f"“{spec.denominator_label}”为0，不能作分母，请核对；确无此数据请选“不适用”并说明。"
        )
        yield CellError(spec.code, "denominator", "denominator_zero", sentence)


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


def typed_of(figure: CellFigure | None) -> CellInput:
    """A stored figure as the form shows it again: what was typed, parts in plain digits."""
    if figure is None:
        return CellInput()
    mode = FillMode.FORECAST if figure.is_forecast else FillMode.ACTUAL
    if figure.absence in {FillMode.MISSING, FillMode.NOT_APPLICABLE}:
        mode = FillMode(figure.absence)
    return CellInput(
        text=figure.text,
        numerator=plain(figure.numerator),
        denominator=plain(figure.denominator),
        mode=str(mode),
        note=figure.note,
    )


def recorded_figure(content: Mapping[str, str] | None) -> CellFigure:
    """A figure as the audit record keeps it; the counterpart of `records.plain_figure`."""
    content = content or {}
    return CellFigure(
        text=content.get("text", ""),
        number=_recorded_number(content, "number"),
        numerator=_recorded_number(content, "numerator"),
        denominator=_recorded_number(content, "denominator"),
        absence=content.get("absence", ""),
        note=content.get("note", ""),
        is_forecast="forecast" in content,
    )


def _recorded_number(content: Mapping[str, str], key: str) -> Decimal | None:
    return Decimal(content[key]) if content.get(key) else None


@dataclass(frozen=True, slots=True)
class FillingTime:
    """What decides whether a county may still change its figures."""

    collection_state: str
    state: str
    due_on: date
    today: date


def filling_refusal(time: FillingTime) -> Stale | None:
    """Why figures may not be changed now, or None."""
    if time.collection_state != CollectionState.OPEN:
        return Stale(
            "collection_closed",
            "本次采集已截止，不能再修改。确需更正请联系省科技厅重新开放填报。",
        )
    if time.state not in EDITABLE:
        label = SubmissionState(time.state).label
        return Stale(
            "not_editable",
            f"填报表当前为“{label}”，不能修改。如需修改，请先撤回或由审核单位退回。",
        )
    if time.today > time.due_on:
        return Stale(
            "deadline_passed",
            f"填报已于{_day(time.due_on)}截止，不能再修改。确需补报请联系省科技厅申请延期。",
        )
    return None


def recall_refusal(time: FillingTime) -> Stale | None:
    """Why a recall would lead nowhere: what is taken back after the day could not be handed in again.

    `time` is as it would be after the recall.
    """
    if filling_refusal(time) is None:
        return None
    return Stale(
        "recall_too_late",
        f"县级填报已于{_day(time.due_on)}截止，撤回后将无法重新提交，本次撤回未执行。"
        "如需修改，请联系审核单位退回。",
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
