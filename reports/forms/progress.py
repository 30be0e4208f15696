"""What is entered about progress reports: the table as typed, every fault beside its cell; filters; opinions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms

from applications.models import PilotTarget
from county_portal.common.fields import CONTROL_CHARACTERS, CleanCharField, DayField, words_field
from county_portal.common.list_filters import ListFilter, chip_field
from county_portal.common.numbers import plain
from county_portal.common.text import as_stored, clean_text
from county_portal.common.two_writers import own_change
from indicators.enums import IndicatorKind
from indicators.rules.cells import CellInput, CellSpec
from indicators.selectors.catalogue import spec_of
from reports.actions.filling import ReportInput
from reports.enums import ProgressState, ProgressText
from reports.models import ProgressReport
from reports.rules.progress import ProgressContent, Reading
from reports.rules.typed import LineFigure, read_line
from reports.selectors.progress import LATE, MISSING, ReportFilter
from reports.selectors.progress_content import PARTS, Known

MAX_WORDS = 5000
_STANDINGS = {*ProgressState.values, LATE, MISSING}


class ReportFilterForm(ListFilter[ReportFilter]):
    """What the list of reports is narrowed to."""

    q = CleanCharField(label="试点名称、代码或拼音", required=False, max_length=60)
    year = forms.TypedChoiceField(label="报告年度", required=False, coerce=int, empty_value=None)
    standing = chip_field()

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("year", [(year, f"{year}年度") for year in years])

    @property
    def wanted(self) -> ReportFilter:
        """The filter as understood."""
        return ReportFilter(
            self.number("year"), self.one_of("standing", _STANDINGS), self.said("q")
        )


class OpinionForm(forms.Form):
    """Words that go with a step, or none."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    comment = CleanCharField(
        label="意见",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可不填。填写后县级、市级可见，并记入报告和证据包。",
        error_messages={"max_length": "意见最多%(limit_value)d字，现有%(show_value)d字，请精简。"},
    )


class GiveBackForm(forms.Form):
    """Why it goes back, and by when it is to come again."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    comment = words_field("退回意见", max_length=2000, help_text="写明哪一项、为什么、怎样改。")
    due_on = DayField(label="改正期限", help_text="须晚于今天。")


class FileForm(forms.Form):
    """A piece of evidence."""

    name = CleanCharField(
        label="材料名称",
        max_length=120,
        help_text="与原件标题一致，例如：2024年度统计公报。",
        error_messages={
            "required": "请填写材料名称，与原件标题一致。",
            "max_length": "材料名称最多%(limit_value)d字，请精简。",
        },
    )
    target = forms.TypedChoiceField(
        label="证明哪项指标",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "所选指标不属于本试点，请重新选择。"},
    )
    upload = forms.FileField(
        label="文件",
        allow_empty_file=True,
        help_text="PDF、JPG、PNG、XLSX或DOCX。",
        error_messages={"required": "请选择要上传的文件。"},
    )

    def __init__(self, *args: Any, targets: Sequence[PilotTarget], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._targets = {target.order: target for target in targets}
        choice: Any = self.fields["target"]
        choice.choices = [
            ("", "整份报告"),
            *((target.order, f"{target.order} {target.name}") for target in targets),
        ]

    @property
    def proves(self) -> PilotTarget | None:
        """The indicator it proves; None for the whole report."""
        order = self.cleaned_data["target"]
        return None if order is None else self._targets[order]


@dataclass(slots=True)
class Entry:
    """An input: its name, label and unit, what stands in it, where that came from, what is wrong with it."""

    name: str
    label: str = ""
    unit: str = ""
    text: str = ""
    source: str = ""
    fault: str = ""
    stored: str = (
        ""  # what stands in the report, which the page sends back to tell what its reader changed
    )
    theirs: str = ""  # what a colleague made of it meanwhile
    before: str = ""  # what last year's report said


@dataclass(slots=True)
class LineBlock:
    """An indicator of the table as the form shows it."""

    reading: Reading
    spec: CellSpec
    parts: list[Entry]  # text; then numerator and denominator of a rate; none of a qualitative one
    words: Entry

    @property
    def entries(self) -> list[Entry]:
        """All inputs, in the order of the page."""
        return [*self.parts, self.words]

    @property
    def faults(self) -> list[str]:
        """Sentences beside the row."""
        return [entry.fault for entry in self.entries if entry.fault]


@dataclass(slots=True)
class ProgressForm:
    """The whole report as it is filled; `read` understands what was posted."""

    revision: int
    blocks: list[LineBlock]
    texts: list[Entry]
    figures: dict[int, LineFigure] = field(default_factory=dict)
    seen: int | None = None

    @classmethod
    def of(
        cls,
        report: ProgressReport,
        targets: Sequence[PilotTarget],
        content: ProgressContent,
        known: Mapping[tuple[int, str], Known],
    ) -> "ProgressForm":
        """With what is stored; a line nobody saved yet has the figures that are known."""
        stored = {line.target_id: line for line in report.lines.all()}
        blocks = []
        for target, reading in zip(targets, content.readings, strict=True):
            line = stored.get(target.pk)
            offered = {} if line else _offered(target, known)
            parts = _parts(target, reading, line.text if line else "", offered)
            for entry, part in zip(parts, PARTS, strict=False):
                entry.stored = "" if part in offered else entry.text
                entry.source = entry.source or _compared(entry, known.get((target.order, part)))
            words = _words_entry(f"{target.order}-words", "说明", reading.words)
            blocks.append(LineBlock(reading, _spec(target), parts, words))
        texts = [
            _words_entry(str(text), text.label, getattr(report, text)) for text in ProgressText
        ]
        return cls(report.revision, blocks, texts)

    def read(self, data: Mapping[str, str]) -> None:
        """Understand what was typed; fields that are missing stay as they were, unknown ones are passed over."""
        seen = data.get("revision", "")
        self.seen = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None  # noqa: PLR2004 -- no revision has ten digits
        for block in self.blocks:
            self._read_block(block, data)
        for entry in self.texts:
            entry.text = data.get(entry.name, entry.text)
            _clean(entry, MAX_WORDS)

    @property
    def entries(self) -> list[Entry]:
        """Every input, in the order of the page."""
        return [entry for block in self.blocks for entry in block.entries] + self.texts

    def merge(self, data: Mapping[str, str]) -> None:
        """Take over what the sender of an old page changed; where a colleague changed the same, say what."""
        for entry in self.entries:
            mine = own_change(data, entry.name, entry.stored)
            if mine is not None:
                entry.text, entry.theirs, entry.source = mine.text, mine.theirs, ""

    def propose(self, drafts: Mapping[str, str]) -> int:
        """Put drafts into texts that are blank; returns how many."""
        blank = [each for each in self.texts if not each.text.strip() and each.name in drafts]
        for entry in blank:
            entry.text, entry.source = drafts[entry.name], "系统拟写的初稿，请修改充实，保存后生效"
        return len(blank)

    def remember(self, texts: Mapping[str, str]) -> None:
        """Put what last year's report said beside each text."""
        for entry in self.texts:
            entry.before = texts.get(entry.name, "")

    def _read_block(self, block: LineBlock, data: Mapping[str, str]) -> None:
        for entry in block.entries:
            entry.text = data.get(entry.name, entry.text)
        texts = [entry.text for entry in block.parts] + ["", "", ""]
        typed = CellInput(texts[0], texts[1], texts[2], note=block.words.text)
        figure, errors = read_line(block.spec, typed)
        places = dict(zip(PARTS, block.parts, strict=False))
        for error in errors:
            places.get(error.part, block.words).fault = error.sentence
        if not errors:
            if not block.parts:
                figure = replace(figure, text="")
            self.figures[block.reading.order] = figure

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Input name and sentence of everything that is wrong, in the order of the page."""
        return [(entry.name, entry.fault) for entry in self.entries if entry.fault]

    @property
    def offered(self) -> int:
        """How many figures stand in the form that nobody saved yet."""
        return sum(
            any(entry.source.startswith("取自") for entry in block.parts) for block in self.blocks
        )

    @property
    def entered(self) -> ReportInput:
        """What the action takes."""
        return ReportInput(self.figures, {each.name: each.text for each in self.texts}, self.seen)


def _spec(target: PilotTarget) -> CellSpec:
    kind = IndicatorKind.QUALITATIVE if target.is_qualitative else IndicatorKind.NUMBER
    if target.indicator is None:
        return CellSpec(str(target.order), target.name, kind, target.unit)
    return replace(spec_of(target.indicator), code=str(target.order), name=target.name)


def _words_entry(name: str, label: str, text: str) -> Entry:
    return Entry(name, label, text=text, stored=as_stored(text))


def _is_rate(target: PilotTarget) -> bool:
    return target.indicator is not None and target.indicator.kind == IndicatorKind.RATE


def _offered(target: PilotTarget, known: Mapping[tuple[int, str], Known]) -> dict[str, Known]:
    """Figures for a line nobody filled: the number itself, or both parts of a rate, never one alone."""
    wanted = PARTS[1:] if _is_rate(target) else PARTS[:1]
    found = {part: known[target.order, part] for part in wanted if (target.order, part) in known}
    return found if len(found) == len(wanted) else {}


def _parts(
    target: PilotTarget, reading: Reading, text: str, offered: Mapping[str, Known]
) -> list[Entry]:
    if target.is_qualitative:
        return []
    name, indicator = str(target.order), target.indicator
    parts = [Entry(f"{name}-text", "实际值", target.unit, text or plain(reading.number))]
    if indicator is not None and _is_rate(target):
        # A rate that its parts make was not typed.
        if not text and reading.numerator is not None:
            parts[0].text = ""
        parts += [
            Entry(
                f"{name}-numerator",
                indicator.numerator_label,
                indicator.numerator_unit,
                plain(reading.numerator),
            ),
            Entry(
                f"{name}-denominator",
                indicator.denominator_label,
                indicator.denominator_unit,
                plain(reading.denominator),
            ),
        ]
    for entry, part in zip(parts, PARTS, strict=False):
        if part in offered:
            entry.text = offered[part].text
            entry.source = f"取自数据台账（{offered[part].label}），保存后生效"
    return parts


def _compared(entry: Entry, known: Known | None) -> str:
    """How what stands there compares with the register."""
    if known is None:
        return ""
    if entry.text.replace(",", "").strip() == known.text:
        return f"与数据台账一致（{known.label}）"
    return f"数据台账为{known.text}（{known.label}）"


def _clean(entry: Entry, longest: int) -> None:
    try:
        entry.text = clean_text(entry.text)
    except ValueError:
        entry.fault = f"“{entry.label}”{CONTROL_CHARACTERS}"
        return
    if len(entry.text) > longest:
        entry.fault = f"“{entry.label}”最多{longest}字，现有{len(entry.text)}字，请精简。"
