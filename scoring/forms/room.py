"""What the tables of the grading room are narrowed to, in the address; nonsense there narrows nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from county_portal.common.province import words
from scoring.comparison import CHANGES, ORDERS, ComparisonFilter
from scoring.models import GradingRun
from scoring.selectors.gaps import GAPS, GapFilter

Choices = Sequence[tuple[str, str]]


class EarlierRunForm(forms.Form):
    """Which run to compare with; the usual one unless another is chosen."""

    before = forms.ChoiceField(label="与哪次评价比较", required=False)

    def __init__(
        self, *args: Any, runs: Sequence[GradingRun], usual: GradingRun | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.runs, self.usual = runs, usual
        choice: Any = self.fields["before"]
        choice.choices = [(str(row.public_id), str(row)) for row in runs]
        self.fields["before"].initial = str(usual.public_id) if usual else ""

    @property
    def before_id(self) -> UUID | None:
        """The run chosen, or the usual one; None where there is none to compare with."""
        chosen = self.cleaned_data.get("before") if self.is_valid() else ""
        row = next((row for row in self.runs if str(row.public_id) == chosen), self.usual)
        return row.public_id if row else None


class ComparisonForm(EarlierRunForm):
    """The same, and what the table is narrowed to and sorted by."""

    city = forms.ChoiceField(label=words().city, required=False)
    order = forms.ChoiceField(label="排序", required=False, choices=list(ORDERS.items()))
    change = forms.ChoiceField(
        required=False, choices=[("", ""), *CHANGES.items()], widget=forms.HiddenInput
    )
    source = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)
    target = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)

    def offer_cities(self, cities: Choices) -> None:
        """Cities are known only when both runs are read."""
        choice: Any = self.fields["city"]
        choice.choices = [("", "全部"), *cities]

    @property
    def wanted(self) -> ComparisonFilter:
        """The filter as understood."""
        self.full_clean()
        names = ("change", "city", "source", "target", "order")
        return ComparisonFilter(*(self.cleaned_data.get(name, "") for name in names))


class GapForm(forms.Form):
    """Which gaps to list."""

    city = forms.ChoiceField(label=words().city, required=False)
    indicator = forms.ChoiceField(label="指标", required=False)
    kind = forms.ChoiceField(
        required=False,
        choices=[("", ""), *((str(flag), flag.label) for flag in GAPS)],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, cities: Choices, indicators: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["city"].choices = [("", "全部"), *cities]
        fields["indicator"].choices = [("", "全部"), *indicators]

    @property
    def wanted(self) -> GapFilter:
        """The filter as understood."""
        self.full_clean()
        return GapFilter(
            *(self.cleaned_data.get(name, "") for name in ("kind", "city", "indicator"))
        )
