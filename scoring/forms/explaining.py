"""What tables of differences between statuses are narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms

from county_portal.common.province import words
from scoring.selectors.statuses import DifferenceFilter


class DifferenceForm(forms.Form):
    """In the address; nonsense there narrows nothing."""

    city = forms.ChoiceField(label=words().city, required=False)
    indicator = forms.ChoiceField(label="指标", required=False)
    unexplained = forms.BooleanField(label="只看没有说明原因的", required=False)

    def __init__(
        self,
        *args: Any,
        cities: Sequence[tuple[str, str]],
        indicators: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        city: Any = self.fields["city"]
        city.choices = [("", "全部"), *cities]
        indicator: Any = self.fields["indicator"]
        indicator.choices = [("", "全部"), *indicators]

    @property
    def wanted(self) -> DifferenceFilter:
        """The filter as understood."""
        if not self.is_valid():
            return DifferenceFilter()
        cleaned = self.cleaned_data
        return DifferenceFilter(cleaned["city"], cleaned["indicator"], cleaned["unexplained"])
