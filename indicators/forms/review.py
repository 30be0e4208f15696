"""Forms of a decision: the revision that was seen, and the words that go back with a sheet."""

from collections.abc import Sequence
from typing import Any

from django import forms

from indicators.forms.fields import words_field
from indicators.selectors import Sheet

MAX_COMMENT = 2000


class RevisionForm(forms.Form):
    """Carries the revision that was on the page."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def seen(self) -> int:
        """The revision seen; one that never existed when the form was tampered with."""
        return int(self.cleaned_data["revision"]) if self.is_valid() else -1


class GiveBackForm(forms.Form):
    """Words for the county, and the lines they concern."""

    comment = words_field(
        "退回意见",
        max_length=MAX_COMMENT,
        help_text="写明须改正的内容和要求，县级科技局可见。",
        rows=5,
    )
    flagged = forms.MultipleChoiceField(
        label="须修改的指标",
        required=False,
        error_messages={"invalid_choice": "勾选的指标不在本表中，请刷新页面后重新勾选。"},
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flagged: Any = self.fields["flagged"]
        flagged.choices = [(row.spec.code, row.spec.name) for row in sheet.rows]

    @property
    def chosen(self) -> Sequence[str]:
        """Codes ticked now, whether or not the form was accepted."""
        data: Any = self.data
        return list(data.getlist("flagged")) if self.is_bound else []
