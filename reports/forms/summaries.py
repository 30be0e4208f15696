"""The province's summary of a year."""

from django import forms

from county_portal.common.fields import words_field


class SummaryForm(forms.Form):
    """Words that everybody will read."""

    text = words_field(
        "总体情况",
        max_length=20_000,
        rows=14,
        help_text="公布后与各试点的目标、实际值一起对外公开。拟定人与公布人须为两人。",
    )
