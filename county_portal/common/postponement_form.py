"""The form of more time for everybody."""

from collections.abc import Mapping
from typing import Any

from django import forms

from county_portal.common.fields import DayField, words_field
from county_portal.common.postponing import Call, Days

_KEPT = "不延长的保持原日期。"


class PostponementForm(forms.Form):
    county_due_on = DayField(label="县级截止日期", help_text=f"当天24时前有效；{_KEPT}")
    city_due_on = DayField(label="市级截止日期", help_text=_KEPT)
    reason = words_field(
        "延期原因",
        max_length=200,
        help_text="与新的日期一并显示，可写明延期通知的名称和文号。",
        rows=3,
    )

    @classmethod
    def of(cls, call: Call, entered: Mapping[str, Any] | None) -> "PostponementForm":
        """The form with the days that hold, or as entered."""
        initial = {"county_due_on": call.county_due_on, "city_due_on": call.city_due_on}
        return cls(entered, initial=initial)

    @property
    def wanted(self) -> dict[str, Any]:
        """What the actions take."""
        data = self.cleaned_data
        return {
            "days": Days(data["county_due_on"], data["city_due_on"]),
            "reason": data["reason"],
        }
