"""The monthly table as typed: every cell read by the one normaliser, every fault beside its cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from county_portal.common import clock
from county_portal.common.errors import Invalid
from county_portal.common.fields import CONTROL_CHARACTERS
from county_portal.common.numbers import NumberFormat, parse_number, plain
from county_portal.common.text import clean_text
from indicators.actions.monthly import MonthEntry, MonthlyInput, TargetEntry
from indicators.forms.fields import year_field
from indicators.models import SystemVersion
from indicators.selectors.monthly import CountyYear, Line, Month, list_callable_versions

MAX_NOTE = 500
# A typed number longer than this is none.
MAX_TEXT = 60


class CallForm(forms.Form):
    """A year's call for monthly figures."""

    version = forms.ModelChoiceField(
        label="指标体系版本",
        queryset=SystemVersion.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        error_messages={
            "required": "请选择指标体系版本。",
            "invalid_choice": "所选版本不存在或没有按月报送的指标，请重新选择。",
        },
    )
    year = year_field("年度")
    due_day = forms.IntegerField(
        label="次月几日前报送",
        min_value=1,
        max_value=28,
        initial=10,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "请填写1至28之间的日期。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: Any = self.fields["version"]
        version.queryset = list_callable_versions()
        self.fields["year"].initial = clock.today().year


@dataclass(slots=True)
class Entry:
    """An input of the table: its name, what stands in it, and what is wrong with it."""

    name: str
    text: str = ""
    fault: str = ""


@dataclass(slots=True)
class MonthRow:
    """A month of an indicator as the form shows it."""

    month: Month
    number: Entry
    note: Entry

    @property
    def faults(self) -> list[str]:
        """Sentences beside the row."""
        return [entry.fault for entry in (self.number, self.note) if entry.fault]


@dataclass(slots=True)
class Block:
    """An indicator of the form: its target and its months."""

    line: Line
    baseline: Entry
    target: Entry
    rows: list[MonthRow]
    is_target_fixed: bool

    @property
    def faults(self) -> list[str]:
        """Sentences beside the target."""
        return [entry.fault for entry in (self.baseline, self.target) if entry.fault]


@dataclass(slots=True)
class MonthlyForm:
    """The whole table; `read` understands what was posted."""

    year: CountyYear
    seen: str
    blocks: list[Block] = field(default_factory=list)
    months: list[MonthEntry] = field(default_factory=list)
    targets: list[TargetEntry] = field(default_factory=list)

    @classmethod
    def of(cls, year: CountyYear) -> "MonthlyForm":
        """The form with what is stored; a start that was reviewed last year is proposed."""
        return cls(year, year.fingerprint, [_block(year, line) for line in year.lines])

    @classmethod
    def read(cls, year: CountyYear, data: Mapping[str, str]) -> "MonthlyForm":
        """The form with what was typed; unknown fields are passed over."""
        form = cls(year, data.get("seen", ""), [_block(year, line) for line in year.lines])
        for block in form.blocks:
            form._read_target(block, data)
            for row in block.rows:
                if row.month.has_ended:
                    form._read_month(block, row, data)
        return form

    @property
    def entered(self) -> MonthlyInput:
        """What the action takes."""
        return MonthlyInput(self.seen, self.months, self.targets)

    @property
    def faults(self) -> Sequence[tuple[str, str]]:
        """Input name and sentence of everything that is wrong, in table order."""
        return [(entry.name, entry.fault) for entry in self._entries() if entry.fault]

    def blame(self, name: str, sentence: str) -> None:
        """Put a refusal beside the input it names."""
        for entry in self._entries():
            if entry.name == name:
                entry.fault = sentence

    def _entries(self) -> Iterator[Entry]:
        for block in self.blocks:
            yield from (block.baseline, block.target)
            for row in block.rows:
                yield from (row.number, row.note)

    def _read_month(self, block: Block, row: MonthRow, data: Mapping[str, str]) -> None:
        row.number.text = data.get(row.number.name, row.number.text)
        row.note.text = data.get(row.note.name, row.note.text)
        indicator, month = block.line.indicator, row.month.month
        number = _number(row.number, block.line, f"{indicator.name}（{month}月）")
        note = _note(row.note)
        if not (row.number.fault or row.note.fault):
            self.months.append(MonthEntry(indicator.code, month, number, note))

    def _read_target(self, block: Block, data: Mapping[str, str]) -> None:
        if block.is_target_fixed:
            return
        block.baseline.text = data.get(block.baseline.name, block.baseline.text)
        block.target.text = data.get(block.target.name, "")
        name = block.line.indicator.name
        baseline = _number(block.baseline, block.line, f"{name}（上年数值）")
        number = _number(block.target, block.line, f"{name}（年度目标）")
        if number is None and block.line.target and not block.target.fault:
            block.target.fault = f"“{name}”已有年度目标，可以修改，不能清空。"
        if number is not None and not (block.baseline.fault or block.target.fault):
            self.targets.append(TargetEntry(block.line.indicator.code, baseline, number))


def _block(year: CountyYear, line: Line) -> Block:
    code, target = line.indicator.code, line.target
    is_fixed = target is not None and clock.today() > year.targets_until
    return Block(
        line=line,
        baseline=Entry(f"b-{code}", _shown(line.baseline)),
        target=Entry(f"g-{code}", plain(target.number) if target else ""),
        rows=[
            MonthRow(
                month,
                Entry(f"f-{code}-{month.month}", plain(month.number)),
                Entry(f"t-{code}-{month.month}", month.note),
            )
            for month in line.months
        ],
        is_target_fixed=is_fixed,
    )


def _shown(number: Decimal | None) -> str:
    """A start as it may be typed: six places are all that is kept."""
    return "" if number is None else plain(number.quantize(Decimal("0.000001")))


def _number(entry: Entry, line: Line, label: str) -> Decimal | None:
    indicator = line.indicator
    accepts = NumberFormat(unit=indicator.unit, integer=indicator.is_integer)
    if len(entry.text.strip()) > MAX_TEXT:
        entry.fault = f"“{label}”不是有效的数值，请核对后重新填写。"
        return None
    try:
        return parse_number(entry.text, accepts, label)
    except Invalid as refusal:
        entry.fault = refusal.sentence
        return None


def _note(entry: Entry) -> str:
    try:
        note = clean_text(entry.text)
    except ValueError:
        entry.fault = f"说明{CONTROL_CHARACTERS}"
        return ""
    if len(note) > MAX_NOTE:
        entry.fault = f"说明最多{MAX_NOTE}字，现有{len(note)}字，请精简。"
    return note
