"""A year's days off."""

from django import forms

from county_portal.common.fields import CleanCharField


class CalendarForm(forms.Form):
    year = forms.IntegerField(label="年份", min_value=2015, max_value=2100)
    source = CleanCharField(
        label="依据",
        max_length=120,
        help_text="国务院办公厅关于节假日安排的通知，例如：国办发明电〔2025〕7号。",
    )
    text = CleanCharField(
        label="放假和调休上班的日期",
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="一行一段，例如“2026-10-01至2026-10-07 放假 国庆节”“2026-10-10 上班 国庆节调休”。",
    )
