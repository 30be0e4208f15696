"""A plan's beginning, its heading, and the words that go with a step."""

from typing import Any

from django import forms

from county_portal.common.fields import CleanCharField, words_field
from indicators.forms.fields import year_field
from indicators.models import SystemVersion
from indicators.selectors.monthly import list_callable_versions
from uplift.actions.drafts import NewPlan
from uplift.rules.text import PlanText

_TITLE = {"required": "请填写计划名称。", "max_length": "计划名称最多120字，请精简。"}


class NewPlanForm(forms.Form):
    """What a plan begins with."""

    title = CleanCharField(
        label="计划名称",
        max_length=120,
        error_messages=_TITLE,
        help_text="写全称和年限，例如“石家庄市县域科技创新跃升计划（2022—2025年）”。",
    )
    system_version = forms.ModelChoiceField(
        label="指标体系版本",
        queryset=SystemVersion.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        error_messages={
            "required": "请选择指标体系版本。",
            "invalid_choice": "所选版本不存在，请重新选择。",
        },
    )
    base_year = year_field(
        "基期数据年度",
        help_text="各县现状以这一数据年度的评价结果为准，默认为最近一年有效名单的年度。",
    )
    from_year = year_field("起始年")
    to_year = year_field("终止年")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["system_version"]
        field.queryset = list_callable_versions()

    @property
    def plan(self) -> NewPlan:
        """What the action takes."""
        return NewPlan(**self.cleaned_data)


class RevisionForm(forms.Form):
    """Which saving of a draft a page showed."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def seen(self) -> int:
        """The saving; for nonsense one that no draft has, so that it is refused as stale."""
        return int(self.cleaned_data["revision"]) if self.is_valid() else -2


class HeadingForm(forms.Form):
    """Name, number, years, and the counts of the base year."""

    title = CleanCharField(label="计划名称", max_length=120, error_messages=_TITLE)
    document_number = CleanCharField(
        label="印发文号",
        max_length=80,
        required=False,
        help_text="例如“石政办函〔2022〕17号”；尚未印发的可以空着。",
    )
    base_year = year_field("基期数据年度")
    from_year = year_field("起始年")
    to_year = year_field("终止年")
    sentence = CleanCharField(
        label="基期原文",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="文件中说明现状的原句。",
    )

    def __init__(self, *args: Any, text: PlanText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        head = text.heading
        self.classes = head.classes
        names = ("title", "document_number", "base_year", "from_year", "to_year", "sentence")
        self.initial = {**{name: getattr(head, name) for name in names}, **self.initial}
        for name in head.classes:
            self.fields[f"count-{name}"] = count_field(f"基期{name}类县数")
            self.initial[f"count-{name}"] = head.base_counts.get(name)

    def edit(self, text: PlanText) -> PlanText:
        """The text with this heading."""
        data = dict(self.cleaned_data)
        counts = {name: data.pop(f"count-{name}") for name in self.classes}
        return text.with_heading(**data, base_counts=counts)


def count_field(label: str, *, required: bool = True) -> forms.IntegerField:
    """How many counties."""
    words = f"{label}请填写0至999的整数。"
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=999,
        required=required,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), words),
    )


class CommentForm(RevisionForm):
    """Words that go with a step."""

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["comment"] = words_field("意见", max_length=500)
        else:
            self.fields["comment"] = CleanCharField(
                label="意见",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )


class AmendForm(forms.Form):
    """Why a plan is amended."""

    reason = words_field("修订原因", max_length=500)


class PlanFileForm(RevisionForm):
    """A workbook with targets."""

    file = forms.FileField(
        label="Excel工作簿（*.xlsx）",
        allow_empty_file=True,
        error_messages={"required": "请选择要导入的文件。"},
    )
