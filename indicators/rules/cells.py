"""Reading a cell: what was typed, on the web or in a workbook, as a figure or as errors in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.common.text import clean_text, fingerprint
from indicators.enums import Absence, FillMode, IndicatorKind

MAX_NOTE = 2000
# What the table keeps of a figure as typed; a longer one is no figure.
MAX_TEXT = 60


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
    lower_is_better: bool = False
    # Keys of the facts that the figure and its parts state.
    fact: int | None = None
    numerator_fact: int | None = None
    denominator_fact: int | None = None


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
        # By name: `astuple` copies deeply, and a sheet asks this of every line several times.
        parts = (self.text, self.numerator, self.denominator, self.mode, self.note)
        return fingerprint(str(part).strip() for part in parts)


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
