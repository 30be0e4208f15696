"""The filter of a ledger's lines; it lives in the address."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from county_portal.common.fields import CleanCharField
from measures.enums import Standing
from measures.rules.lines import LATE_WORDS, Line, Wanted


class LineFilterForm(forms.Form):
    """Whatever cannot be understood narrows nothing."""

    part = forms.ChoiceField(label="部分", required=False)
    unit = forms.ChoiceField(label="责任单位", required=False)
    late = forms.ChoiceField(label="逾期", required=False)
    goal = forms.ChoiceField(
        label="量化目标", required=False, choices=[("", "全部"), ("1", "有量化目标")]
    )
    q = CleanCharField(
        label="原文",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "原文中的字词"}),
    )
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, lines: list[Line]) -> None:
        super().__init__(data)
        self._choose("part", {str(line.part): line.part_title for line in lines})
        units = [duty for line in lines for duty in line.active_duties]
        names = dict.fromkeys([duty.source_words for duty in units] + [duty.name for duty in units])
        self._choose("unit", {name: name for name in names})
        self._choose("late", LATE_WORDS)
        self.is_valid()

    def _choose(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "全部"), *choices.items()]

    @property
    def wanted(self) -> Wanted:
        """The filter."""
        data = self.cleaned_data
        state = data.get("state", "")
        return Wanted(
            part=int(data["part"]) if data.get("part") else None,
            unit=data.get("unit", ""),
            state=state if state in Standing.values else "",
            late=data.get("late", ""),
            has_goal=data.get("goal") == "1",
            text=data.get("q", ""),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the list."""
        return self.wanted != Wanted()

    def address(self, **changed: str) -> str:
        """The query string with other filters."""
        kept = {**self.cleaned_data, **changed}
        return "?" + urlencode({key: text for key, text in kept.items() if text})
