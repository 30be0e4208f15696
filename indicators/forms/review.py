"""Forms of review: the revision that was seen, and what a return asks of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from county_portal.common.fields import is_uuid
from indicators.actions.returns import Wanted
from indicators.enums import ReturnReason
from indicators.forms.fields import CleanCharField, DayField, words_field
from indicators.selectors import Sheet
from indicators.selectors.returns import APPROVAL_NAME

MAX_COMMENT = 2000
MAX_WORDS, MAX_EVIDENCE = 500, 200
# How the county government's approval, which is no indicator, is called in the form.
APPROVAL = "approval"


class RevisionForm(forms.Form):
    """Carries the revision that was on the page."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def seen(self) -> int:
        """The revision seen; one that never existed when the form was tampered with."""
        return int(self.cleaned_data["revision"]) if self.is_valid() else -1


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of one line as the page draws them again."""

    code: str
    name: str
    is_chosen: bool
    reason: str
    words: str
    evidence: str

    @property
    def reasons(self) -> list[tuple[str, str, bool]]:
        """Choices: value, label, whether chosen."""
        return [(str(each), str(each.label), each == self.reason) for each in ReturnReason]


class GiveBackForm(forms.Form):
    """Words for the county, the day, and for each ticked line its reason and what is wanted."""

    comment = words_field(
        "退回意见",
        max_length=MAX_COMMENT,
        help_text="写明须改正的内容和要求，县级科技局可见。",
        rows=5,
    )
    due_on = DayField(
        label="改正期限", required=False, help_text="县级须在这一天（含）之前改正并重新提交。"
    )
    flagged = forms.MultipleChoiceField(
        label="须修改的指标",
        error_messages={
            "required": "请在“须修改”栏至少勾选一项指标，并选择退回原因。",
            "invalid_choice": "勾选的指标不在本表中，请刷新页面后重新勾选。",
        },
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flagged: Any = self.fields["flagged"]
        self.names = {row.spec.code: row.spec.name for row in sheet.rows}
        self.names[APPROVAL] = APPROVAL_NAME
        flagged.choices = list(self.names.items())

    @property
    def chosen(self) -> Sequence[str]:
        """Codes ticked now, whether or not the form was accepted."""
        data: Any = self.data
        return list(data.getlist("flagged")) if self.is_bound else []

    @property
    def asked(self) -> Mapping[str, Asked]:
        """Every line's fields as typed."""
        chosen = set(self.chosen)
        return {
            code: Asked(
                code,
                name,
                code in chosen,
                *(self._typed(part, code) for part in ("reason", "words", "evidence")),
            )
            for code, name in self.names.items()
        }

    def _typed(self, part: str, code: str) -> str:
        return str(self.data.get(f"{part}-{code}", "")) if self.is_bound else ""

    def clean(self) -> dict[str, Any]:
        """Every ticked line has a reason, and words where the reason alone says nothing."""
        data = super().clean() or {}
        data["wanted"] = [self._wanted(code) for code in data.get("flagged", [])]
        return data

    def _wanted(self, code: str) -> Wanted:
        asked = self.asked[code]
        if asked.reason not in ReturnReason.values:
            self.add_error("flagged", f"请为“{asked.name}”选择退回原因。")
        words = self._cleaned(asked.words, MAX_WORDS, f"“{asked.name}”的具体要求")
        if asked.reason == ReturnReason.OTHER and not words:
            self.add_error("flagged", f"“{asked.name}”的退回原因为“其他”，请在“具体要求”中写明。")
        evidence = self._cleaned(asked.evidence, MAX_EVIDENCE, f"“{asked.name}”的须补材料")
        return Wanted("" if code == APPROVAL else code, asked.reason, words, evidence)

    def _cleaned(self, text: str, limit: int, label: str) -> str:
        field = CleanCharField(required=False, max_length=limit)
        try:
            return str(field.clean(text))
        except forms.ValidationError:
            self.add_error("flagged", f"{label}最多{limit}字，且不能含有控制字符，请修改。")
            return ""


class BatchForm(forms.Form):
    """Which submissions a bulk step concerns."""

    act = forms.ChoiceField(
        choices=[("accept", "受理"), ("approve", "审核通过")],
        error_messages={"required": "请选择办理事项。", "invalid_choice": "请选择办理事项。"},
    )
    chosen = forms.TypedMultipleChoiceField(
        coerce=UUID, error_messages={"required": "没有勾选任何填报表，请至少勾选一份。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Any id is taken here: each is checked on its own when its turn comes.
        chosen: Any = self.fields["chosen"]
        chosen.valid_value = is_uuid

    @property
    def label(self) -> str:
        """The step in words."""
        act: Any = self.fields["act"]
        return str(dict(act.choices)[self.cleaned_data["act"]])


class AnswerForm(forms.Form):
    """The county's answer to one item of a return."""

    answer = words_field("答复", max_length=MAX_WORDS, rows=2)


class CommentForm(forms.Form):
    """A remark on one line, and where to go on from there."""

    text = words_field("批注", max_length=1000, rows=2)
