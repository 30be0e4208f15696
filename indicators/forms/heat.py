"""The choices of the heat view, read from the address."""

from typing import Any

from django import forms

from county_portal.accounts.models import User
from county_portal.common.list_filters import ListFilter
from indicators.enums import SubmissionState
from indicators.forms.fields import choose_reviewing_office
from indicators.rules.heat import MEASURE_WORDS, Measure
from indicators.selectors.heat import HeatFilter

SORTS = [("name", "区划"), ("warnings", "未说明的提示"), ("stake", "得分影响")]


class HeatForm(ListFilter[HeatFilter]):
    """What the heat view shows."""

    measure = forms.CharField(required=False, widget=forms.HiddenInput)
    office = forms.ChoiceField(label="审核单位", required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *SubmissionState.choices]
    )
    sort = forms.ChoiceField(label="排序", required=False, choices=SORTS)
    only_class = forms.BooleanField(label="只看可能改变分档的县", required=False)
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        choose_reviewing_office(self, user)

    @property
    def wanted(self) -> HeatFilter:
        """The filter the selector takes."""
        measure = self.said("measure")
        return HeatFilter(
            measure=Measure(measure) if measure in set(Measure) else Measure.FINDINGS,
            office=self.identity("office"),
            state=self.said("state"),
            only_class=bool(self.said("only_class")),
            sort=self.said("sort") or "name",
        )

    @property
    def is_list(self) -> bool:
        """Whether the plain table is wanted instead of the grid."""
        return bool(self.said("view") == "list")

    @property
    def measures(self) -> list[tuple[str, str, bool]]:
        """Label, address and whether current, of each measure."""
        return [
            (words, self.address(measure=str(each)), each == self.wanted.measure)
            for each, words in MEASURE_WORDS.items()
        ]
