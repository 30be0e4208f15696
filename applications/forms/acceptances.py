"""Forms of the final acceptance: the summary, moves, records, experts, the proposal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from applications.actions.acceptance_moves import AcceptanceMove
from applications.actions.accepting import FigureInput, SummaryInput
from applications.actions.judging import OpinionInput, ProposalInput, RecordInput
from applications.enums import AcceptanceAction, AcceptanceOutcome, RecordKind
from applications.forms.pilots import file_words
from applications.rules.acceptance import TEXTS, FinalLine, Summary
from county_portal.accounts.models import User
from county_portal.common.fields import CleanCharField, DayField, words_field
from county_portal.common.numbers import plain
from county_portal.common.two_writers import own_change

MAX_TEXT, MAX_WORDS, MAX_REASONS = 5000, 1000, 2000


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field of the page; `stored` goes out with it and tells what its reader changed, `theirs` is a colleague's."""

    bound: Any
    stored: str
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """An indicator with its fields as the page draws them."""

    line: FinalLine
    number: KeptField | None
    words: KeptField


class SummaryForm(forms.Form):
    """Four texts, and a figure and words for each indicator; blanks may be saved."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, summary: Summary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: Sequence[FinalLine] = summary.lines
        self._theirs: dict[str, str] = {}
        for name, label in TEXTS.items():
            self.fields[name] = words_field(label, max_length=MAX_TEXT, rows=6)
            self.fields[name].required = False
            self.fields[name].initial = summary.texts[name]
        for line in summary.lines:
            self._add(line)

    def _add(self, line: FinalLine) -> None:
        if not line.is_qualitative:
            number = CleanCharField(label=f"{line.name}实际值", max_length=30, required=False)
            number.initial = plain(line.number)
            number.widget.attrs |= {"inputmode": "decimal", "class": "form-control"}
            self.fields[f"number_{line.key}"] = number
        words = CleanCharField(
            label=f"{line.name}说明",
            max_length=MAX_WORDS,
            required=False,
            initial=line.words,
            widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        )
        self.fields[f"words_{line.key}"] = words

    @property
    def texts(self) -> list[KeptField]:
        """The four."""
        return [self._kept(name) for name in TEXTS]

    def _kept(self, name: str) -> KeptField:
        return KeptField(self[name], self._stored(name), self._theirs.get(name, ""))

    def _stored(self, name: str) -> str:
        return str(self.fields[name].initial or "")

    def merge(self, data: Mapping[str, str]) -> None:
        """Take over what the sender of an old page changed; where a colleague changed the same, say what."""
        for name in self.fields.keys() - {"revision"}:
            mine = own_change(data, name, self._stored(name))
            if mine is not None:
                self.initial[name], self._theirs[name] = mine.text, mine.theirs

    @property
    def rows(self) -> list[FigureRow]:
        """Every indicator with its fields."""
        return [
            FigureRow(
                line,
                None if line.is_qualitative else self._kept(f"number_{line.key}"),
                self._kept(f"words_{line.key}"),
            )
            for line in self.lines
        ]

    @property
    def summary(self) -> SummaryInput:
        """What the action takes."""
        data = self.cleaned_data
        return SummaryInput(
            data["revision"],
            {name: data[name] for name in TEXTS},
            {
                line.key: FigureInput(data.get(f"number_{line.key}", ""), data[f"words_{line.key}"])
                for line in self.lines
            },
        )


class EvidenceForm(forms.Form):
    """One piece of evidence."""

    name = CleanCharField(
        label="材料名称", max_length=120, error_messages={"required": "请填写材料名称。"}
    )
    file = forms.FileField(
        label="文件", allow_empty_file=True, error_messages={"required": "请选择要上传的文件。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = file_words()


class MoveForm(forms.Form):
    """One step of the table; which fields it asks for follows from the step."""

    comment = words_field("意见", max_length=MAX_REASONS)
    due_on = DayField(label="改正期限", help_text="县级须在这一天（含）之前改正并重新报送。")
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: AcceptanceAction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        if action not in GIVING_BACK:
            del self.fields["comment"], self.fields["due_on"]

    @property
    def move(self) -> AcceptanceMove:
        """What the action takes."""
        data = self.cleaned_data
        return AcceptanceMove(
            self.action, data["revision"], data.get("comment", ""), data.get("due_on")
        )


GIVING_BACK = (AcceptanceAction.RETURN, AcceptanceAction.SEND_BACK)


class RecordForm(forms.Form):
    """A defence or a visit."""

    kind = forms.ChoiceField(label="类别", choices=RecordKind.choices)
    held_on = DayField(label="日期")
    place = CleanCharField(
        label="地点", max_length=120, error_messages={"required": "请填写地点。"}
    )
    participants = CleanCharField(
        label="参加人员", max_length=500, error_messages={"required": "请填写参加人员。"}
    )
    findings = words_field("情况记录", max_length=MAX_REASONS)
    file = forms.FileField(label="附件", required=False, allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = file_words()

    @property
    def record(self) -> RecordInput:
        """What the action takes."""
        data = self.cleaned_data
        return RecordInput(
            RecordKind(data["kind"]),
            data["held_on"],
            data["place"],
            data["participants"],
            data["findings"],
            data["file"],
        )


class ExpertsForm(forms.Form):
    """Whom to ask."""

    experts = forms.TypedMultipleChoiceField(
        label="专家",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选择一名专家。",
            "invalid_choice": "所选专家已经分派或不存在，请刷新页面后重新选择。",
        },
    )

    def __init__(self, *args: Any, experts: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["experts"]
        by_key = {str(each.public_id): each.public_id for each in experts}
        field.choices = [(str(each.public_id), each.display_name) for each in experts]
        field.coerce = by_key.__getitem__


def _outcome_field(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=AcceptanceOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": f"请选择{label}。",
            "invalid_choice": f"请选择{label}。",
        },
    )


class ExpertOpinionForm(forms.Form):
    """What an expert says."""

    outcome = _outcome_field("建议结论")
    comment = words_field(
        "评议意见",
        max_length=MAX_REASONS,
        help_text="写明目标完成、建设成效、存在问题和定性指标的评价。",
    )

    @property
    def opinion(self) -> OpinionInput:
        """What the action takes."""
        data = self.cleaned_data
        return OpinionInput(AcceptanceOutcome(data["outcome"]), data["comment"])


class ConflictForm(forms.Form):
    """回避, with the reason."""

    conflict = words_field("回避原因", max_length=300, rows=2)


class ProposalForm(forms.Form):
    """The conclusion proposed."""

    outcome = _outcome_field("结论")
    reasons = words_field("理由", max_length=MAX_REASONS, help_text="将写入公布的通知。")
    rectify_by = DayField(label="整改期限", required=False, help_text="结论为限期整改时选择。")
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def proposal(self) -> ProposalInput:
        """What the action takes."""
        data = self.cleaned_data
        return ProposalInput(
            data["revision"],
            AcceptanceOutcome(data["outcome"]),
            data["reasons"],
            data["rectify_by"],
        )


class DeclineForm(forms.Form):
    """Why the proposal is not followed."""

    comment = words_field("退回重拟的意见", max_length=MAX_REASONS)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
