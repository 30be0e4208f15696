"""A wording of an official text, and why."""

from django import forms

from county_portal.administration.actions.texts import Rewording
from county_portal.common.fields import CleanCharField


class TextForm(forms.Form):
    text = CleanCharField(
        label="文本",
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text="一行一段；双花括号中的名称由系统填写，请原样保留。",
    )
    reason = CleanCharField(label="修改原因", max_length=200, required=False)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @property
    def rewording(self) -> Rewording:
        """What was entered."""
        return Rewording(**self.cleaned_data)


class RestoreForm(forms.Form):
    number = forms.TypedChoiceField(label="恢复到", coerce=int)
    reason = CleanCharField(label="恢复原因", max_length=200)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: object, numbers: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        field = self.fields["number"]
        named = [(number, f"第{number}版") for number in numbers]
        field.choices = [(0, "随平台提供的文本"), *named]  # type: ignore[attr-defined]  # a choice field
