"""A list drafted, agreed to, taken back; a county looked for."""

from typing import Any
from uuid import UUID

from django import forms

from indicators.forms.fields import CleanCharField, DayField, words_field
from scoring.actions.publishing import ConsentInput, ListInput

MAX_REASON = 500


class ListForm(forms.Form):
    """What a list is drafted with; a correction says why."""

    publish_on = DayField(label="公布日期", help_text="印在名单上；到这一天才能公布。")
    correction_reason = words_field(
        "更正原因",
        max_length=MAX_REASON,
        help_text="随更正后的名单公开，原名单继续可查并标明已更正。",
        rows=3,
    )

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["correction_reason"]

    def list_input(self, run_id: UUID) -> ListInput:
        """What the action takes."""
        return ListInput(run_id=run_id, **self.cleaned_data)


class ConsentForm(forms.Form):
    """The leading group's consent (S2-1)."""

    consent_on = DayField(label="同意日期")
    consent_number = CleanCharField(
        label="文号或会议纪要编号",
        max_length=80,
        help_text="例如“×科领纪〔2022〕2号”。",
        error_messages={"required": "请填写领导小组同意的文号或会议纪要编号。"},
    )

    @property
    def consent(self) -> ConsentInput:
        """What the action takes."""
        return ConsentInput(**self.cleaned_data)


class WithdrawForm(forms.Form):
    """Why a draft is taken back."""

    reason = words_field("撤回原因", max_length=MAX_REASON, rows=3)


class SearchForm(forms.Form):
    """A county by name, code or pinyin."""

    q = CleanCharField(
        label="县（市、区）名称",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "名称、拼音或首字母"}),
    )

    @property
    def text(self) -> str:
        """What is searched; blank for nothing or nonsense."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""
