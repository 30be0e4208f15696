"""What boards are narrowed to, in the address. What is not offered narrows nothing, and the page says so."""

from collections.abc import Sequence
from typing import Any

from django import forms

from dashboards.enums import Of, Order, Show

Choices = Sequence[tuple[str, Any]]
ALL = ("", "全部")


class FilterForm(forms.Form):
    """A form sent by GET whose fields have values they open with.

    A value that is not offered counts as not given.
    """

    def __init__(self, data: Any, *, opens_with: dict[str, str]) -> None:
        data = data.copy()
        self._opens_with = opens_with
        for name, value in opens_with.items():
            data.setdefault(name, value)
        super().__init__(data)

    def offer(self, name: str, choices: Choices) -> None:
        """Say what may be chosen; one that leaves no choice is not asked."""
        field: Any = self.fields[name]
        field.choices = choices

    def chosen(self, name: str) -> str:
        """What was chosen, or what the field opens with."""
        self.is_valid()
        return self.cleaned_data.get(name, self._opens_with.get(name, "")) or ""

    @property
    def ignored(self) -> str:
        """The sentence about what was asked and is not offered; blank without."""
        if self.is_valid():
            return ""
        names = "、".join(f"“{self.fields[name].label}”" for name in self.errors)
        return f"网址中的{names}不在可选范围内，已按默认显示。"

    @property
    def idle(self) -> tuple[str, ...]:
        """Fields that change nothing as the others stand."""
        return ()

    @property
    def filled(self) -> dict[str, str]:
        """The filter as an address holds it, so that a file is of just what the page shows."""
        return {name: self.chosen(name) for name in self.fields}


class GridForm(FilterForm):
    """What the tiles show."""

    show = forms.ChoiceField(label="显示", required=False)
    indicator = forms.ChoiceField(label="指标（显示指标得分时）", required=False)
    city = forms.ChoiceField(label="设区市", required=False)
    klass = forms.ChoiceField(label="分档", required=False)
    year = forms.ChoiceField(label="数据年度", required=False, widget=forms.HiddenInput)

    @property
    def idle(self) -> tuple[str, ...]:
        """The indicator counts only where an indicator is shown."""
        return () if self.chosen("show") == Show.INDICATOR else ("indicator",)

    def without_points(self) -> None:
        """For the public: nothing that could show a score."""
        self.offer("show", [(str(each), each.label) for each in (Show.CLASS, Show.MOVEMENT)])
        del self.fields["indicator"]


class RankingForm(FilterForm):
    """What a ranking is narrowed to."""

    city = forms.ChoiceField(label="设区市", required=False)
    klass = forms.ChoiceField(label="分档", required=False)
    order = forms.ChoiceField(label="排序", required=False, choices=Order.choices)
    year = forms.ChoiceField(label="数据年度", required=False, widget=forms.HiddenInput)


class MovesForm(FilterForm):
    """Between which two years."""

    before = forms.ChoiceField(label="从（数据年度）", required=False)
    year = forms.ChoiceField(label="到（数据年度）", required=False)
    city = forms.ChoiceField(label="设区市", required=False)


class SpreadForm(FilterForm):
    """Which indicator, of what, with which county marked."""

    indicator = forms.ChoiceField(label="指标", required=False)
    of = forms.ChoiceField(label="内容", required=False, choices=Of.choices)
    county = forms.ChoiceField(label="标出的县（市、区）", required=False)
    year = forms.ChoiceField(label="数据年度", required=False, widget=forms.HiddenInput)


class CountyForm(FilterForm):
    """Which year of a county."""

    year = forms.ChoiceField(label="数据年度", required=False, widget=forms.HiddenInput)


class MonthsForm(FilterForm):
    """Which monthly figures."""

    year = forms.ChoiceField(label="年度", required=False)
    indicator = forms.ChoiceField(label="指标", required=False)
    city = forms.ChoiceField(label="设区市", required=False)
    county = forms.ChoiceField(label="县（市、区）", required=False)
    pace = forms.ChoiceField(
        label="进度",
        required=False,
        choices=[ALL, *((word, word) for word in ("快", "持平", "慢", "未报"))],
    )
