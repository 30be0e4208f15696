"""Forms of the reviewing office: remarks, what a return asks, the ranking."""

from django import forms

from county_portal.common.fields import words_field

MAX_TEXT, MAX_ANSWER = 1000, 500


class GuidanceForm(forms.Form):
    """A remark on one section; the act says which sections there are."""

    text = words_field("指导意见", max_length=MAX_TEXT, rows=3)
    section = forms.CharField(required=False, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The county's answer to one thing a return asks."""

    answer = words_field("答复", max_length=MAX_ANSWER, rows=2)
