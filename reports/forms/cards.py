"""Forms of reports: filters that live in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from county_portal.common.fields import CleanCharField
from county_portal.common.list_filters import ListFilter, chip_field
from county_portal.common.province import words
from reports.selectors.files import CardFilter


class CardFilterForm(ListFilter[CardFilter]):
    """What a year's counties are narrowed to."""

    q = CleanCharField(label="名称、代码或拼音", required=False, max_length=60)
    city = forms.ChoiceField(label=words().city, required=False)
    klass = chip_field()

    def __init__(self, *args: Any, cities: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("city", [(city, city) for city in cities])

    @property
    def wanted(self) -> CardFilter:
        """The filter as understood."""
        return CardFilter(self.said("klass"), self.said("city"), self.said("q"))
