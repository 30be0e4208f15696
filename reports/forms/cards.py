"""Forms of reports: filters that live in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from county_portal.common.province import words
from indicators.forms.fields import CleanCharField
from reports.selectors.files import CardFilter


class CardFilterForm(forms.Form):
    """What a year's counties are narrowed to; nonsense in the address narrows nothing."""

    q = CleanCharField(label="名称、代码或拼音", required=False, max_length=60)
    city = forms.ChoiceField(label=words().city, required=False)
    klass = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cities: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["city"]
        choice.choices = [("", "全部"), *((city, city) for city in cities)]

    @property
    def wanted(self) -> CardFilter:
        """The filter as understood."""
        if not self.is_valid():
            return CardFilter()
        cleaned = self.cleaned_data
        return CardFilter(cleaned["klass"], cleaned["city"], cleaned["q"])
