"""The filter of a ledger's lines; it lives in the address."""

from typing import Any

from django import forms

from county_portal.common.fields import CleanCharField
from county_portal.common.list_filters import ListFilter, chip_field
from measures.enums import Standing
from measures.rules.lines import LATE_WORDS, Line, Wanted


class LineFilterForm(ListFilter[Wanted]):
    """What a ledger's lines are narrowed to."""

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
    state = chip_field()

    def __init__(self, data: Any, *, lines: list[Line]) -> None:
        super().__init__(data)
        self.offer("part", {str(line.part): line.part_title for line in lines}.items())
        units = [duty for line in lines for duty in line.active_duties]
        names = dict.fromkeys([duty.source_words for duty in units] + [duty.name for duty in units])
        self.offer("unit", [(name, name) for name in names])
        self.offer("late", LATE_WORDS.items())

    @property
    def wanted(self) -> Wanted:
        """The filter."""
        return Wanted(
            part=self.number("part"),
            unit=self.said("unit"),
            state=self.one_of("state", Standing.values),
            late=self.said("late"),
            has_goal=self.said("goal") == "1",
            text=self.said("q"),
        )
