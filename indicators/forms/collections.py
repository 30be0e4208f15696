"""The province's forms: a collection, reasons, extensions, the choice of what to receive."""

import re
from typing import Any
from uuid import UUID

from django import forms

from county_portal.common.fields import is_uuid
from indicators.actions.collecting import CollectionInput
from indicators.actions.reminding import Timetable
from indicators.forms.fields import CleanCharField, DayField, words_field, year_field
from indicators.models import Collection, SystemVersion
from indicators.selectors import list_versions

MAX_REASON = 200
MAX_DAYS = 60
MAX_REMINDERS = 6


def day_count_field(label: str) -> forms.IntegerField:
    """A number of days after a deadline."""
    words = f"请填写1至{MAX_DAYS}之间的整数。"
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MAX_DAYS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), words),
    )


class CollectionForm(forms.Form):
    version = forms.ModelChoiceField(
        label="指标体系版本",
        queryset=SystemVersion.objects.none(),
        to_field_name="public_id",
        empty_label="请选择",
        error_messages={
            "required": "请选择指标体系版本。",
            "invalid_choice": "所选版本不存在，请重新选择。",
        },
    )
    title = CleanCharField(
        label="任务名称",
        max_length=120,
        help_text="写明年度，例如：2025年度评价指标填报。",
        error_messages={"required": "请填写任务名称。"},
    )
    data_year = year_field("数据年度", help_text="填报哪一年的数据。")
    evaluation_year = year_field("评价年度", help_text="在哪一年评价，晚于数据年度。")
    opens_on = DayField(label="开始日期")
    county_due_on = DayField(label="县级截止日期", help_text="当天24时前可以填报和提交。")
    city_due_on = DayField(label="市级截止日期", help_text="市级审核、退回和县级改正的最后一天。")
    notes = CleanCharField(
        label="填报说明",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="显示在各县填报页上方，可不填。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: Any = self.fields["version"]
        version.queryset = list_versions()

    @classmethod
    def of(cls, collection: Collection) -> "CollectionForm":
        """The form with what a collection has now."""
        initial = {name: getattr(collection, name) for name in cls.base_fields}
        return cls(initial={**initial, "version": collection.version.public_id})

    @property
    def collection(self) -> CollectionInput:
        """What the action takes."""
        return CollectionInput(**self.cleaned_data)


class ReasonForm(forms.Form):
    reason = words_field("原因", max_length=MAX_REASON, help_text="记入办理记录。", rows=3)


class ExtensionForm(forms.Form):
    until = DayField(label="延期至", help_text="当天24时前可以填报和提交。")
    reason = words_field("延期原因", max_length=MAX_REASON, rows=3)


class LateOpeningForm(forms.Form):
    until = DayField(label="开放至", help_text="当天24时前可以填报和提交，过后自动结束。")
    reason = words_field("补开原因", max_length=MAX_REASON, rows=3)


class TimetableForm(forms.Form):
    """When people are reminded of a collection's days, and who is told after them."""

    before = forms.CharField(
        label="截止前几天提醒",
        max_length=40,
        help_text="用逗号隔开，例如：7，3，1。提醒当时该办理的县级或市级人员。",
        error_messages={"required": "请填写天数；不需要提前提醒请填0。"},
    )
    county = day_count_field("逾期几天告知县级负责人")
    city = day_count_field("逾期几天上报市级")
    province = day_count_field("逾期几天上报省级")

    @classmethod
    def of(cls, collection: Collection) -> "TimetableForm":
        """The form with what holds now."""
        county, city, province = collection.escalate_after
        before = "，".join(str(days) for days in collection.remind_before)
        return cls(initial={"before": before, "county": county, "city": city, "province": province})

    def clean_before(self) -> list[int]:
        """Whole days, commas of either width."""
        parts = re.split(r"[,，、\s]+", str(self.cleaned_data["before"]).strip())
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise forms.ValidationError("请只填写天数，用逗号隔开，例如：7，3，1。")
        days = {int(part) for part in parts}
        if max(days) > MAX_DAYS or len(days) > MAX_REMINDERS:
            raise forms.ValidationError(
                f"提前天数不超过{MAX_DAYS}天，提醒不超过{MAX_REMINDERS}次，请减少。"
            )
        return sorted(days, reverse=True)

    @property
    def timetable(self) -> Timetable:
        """What the action takes."""
        data = self.cleaned_data
        return Timetable(data["before"], (data["county"], data["city"], data["province"]))


class ReceiveForm(forms.Form):
    """Which of the submissions on the page to receive."""

    chosen = forms.TypedMultipleChoiceField(
        coerce=UUID, error_messages={"required": "没有勾选任何填报表，请至少勾选一份。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Any id is taken here: each is checked on its own when it is received.
        chosen: Any = self.fields["chosen"]
        chosen.valid_value = is_uuid
