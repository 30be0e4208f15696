"""A workbook's way in: the file, the choices, and the words of a preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import Truncator

from indicators.enums import FillMode, IndicatorKind
from indicators.rules import CellInput, CellSpec, Finding
from indicators.selectors.workbooks import Change, Preview
from indicators.workbook.merge import Outcome

CHOICE = "choice-"
BLANK = "（空）"
_NOTE = 120
_WORDS = {
    Outcome.FILE: ("将写入", "info"),
    Outcome.SERVER: ("保留系统中的", "neutral"),
    Outcome.CONFLICT: ("须选择", "danger"),
    Outcome.LOCKED: ("不能修改，不写入", "warning"),
}
SETTLED_WORDS = {
    Outcome.FILE: ("已写入文件的", "success"),
    Outcome.SERVER: ("保留系统中的", "neutral"),
    Outcome.LOCKED: ("不能修改，未写入", "warning"),
    "problem": ("有问题，未写入", "danger"),
}


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label="填好的工作簿",
        # The file rules have their own sentence for an empty file.
        allow_empty_file=True,
        error_messages={"required": "请选择要上传的工作簿。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        self.fields["file"].help_text = f"从本表下载的XLSX文件，不超过{min(5, megabytes)}MB。"
        self.fields["file"].widget.attrs["accept"] = ".xlsx"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the preview in words."""

    code: str
    name: str
    base: Sequence[str]
    server: Sequence[str]
    file: Sequence[str]
    word: str
    tone: str
    by: str
    at: datetime | None
    findings: Sequence[Finding]
    choice: str

    @property
    def is_conflict(self) -> bool:
        """Whether somebody must choose."""
        return self.word == _WORDS[Outcome.CONFLICT][0]

    @property
    def field(self) -> str:
        """Name of the choice."""
        return f"{CHOICE}{self.code}"


def shown_lines(preview: Preview, choices: Mapping[str, str]) -> list[ShownLine]:
    """Conflicts first: they are what somebody must do; then what will be written, then the rest."""
    order = [Outcome.CONFLICT, Outcome.FILE, Outcome.LOCKED, Outcome.SERVER]
    return [
        _shown(change, choices.get(change.code, ""))
        for outcome in order
        for change in preview.of(outcome)
    ]


def _shown(change: Change, choice: str) -> ShownLine:
    merged, value = change.merged, change.value
    word, tone = _WORDS[merged.outcome]
    is_theirs = merged.outcome in {Outcome.CONFLICT, Outcome.SERVER} and value is not None
    return ShownLine(
        code=change.code,
        name=change.spec.name,
        base=summary_of(change.spec, merged.base),
        server=summary_of(change.spec, merged.server),
        file=summary_of(change.spec, merged.file),
        word=word,
        tone=tone,
        by=value.updated_by.display_name if value and is_theirs else "",
        at=value.updated_at if value and is_theirs else None,
        findings=change.findings,
        choice=choice,
    )


def summary_of(spec: CellSpec, typed: CellInput) -> list[str]:
    """A line's content in a few phrases, as a county would say it."""
    note = Truncator(typed.note).chars(_NOTE)
    if spec.kind == IndicatorKind.QUALITATIVE:
        return [note or BLANK]
    phrases = _figure(spec, typed)
    if note:
        phrases.append(f"说明：{note}")
    return phrases


def _figure(spec: CellSpec, typed: CellInput) -> list[str]:
    label = str(FillMode(typed.mode).label)
    if typed.mode in {FillMode.MISSING, FillMode.NOT_APPLICABLE}:
        return [label]
    phrases = [f"{typed.text.rstrip('%')}{spec.unit}"] if typed.text else []
    if typed.numerator or typed.denominator:
        phrases.append(f"分子{typed.numerator or BLANK}，分母{typed.denominator or BLANK}")
    phrases = phrases or [BLANK]
    return [*phrases, label] if typed.mode == FillMode.FORECAST else phrases


def read_choices(data: Mapping[str, str]) -> dict[str, str]:
    """Indicator code -> file or server, as chosen."""
    return {
        name.removeprefix(CHOICE): str(chosen)
        for name, chosen in data.items()
        if name.startswith(CHOICE)
    }
