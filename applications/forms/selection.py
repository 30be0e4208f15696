"""What the province types while it chooses: filters."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django import forms

from applications.enums import Stage
from applications.models import PilotRound
from applications.selectors.comparison import GROWTH, LAST, SHOWN
from applications.selectors.layout import list_trials
from applications.selectors.narrowing import DECISIONS, ORDERS, Wanted
from applications.selectors.selection import Candidate
from county_portal.common.fields import CleanCharField
from county_portal.common.list_filters import ListFilter
from indicators.enums import IndicatorKind
from indicators.selectors import list_indicators


class CandidateFilterForm(ListFilter[Wanted]):
    """What the table is narrowed to."""

    text = CleanCharField(label="名称", required=False, max_length=30)
    city = forms.ChoiceField(label="推荐单位", required=False)
    decision = forms.ChoiceField(
        label="决定", required=False, choices=[("", "全部"), *DECISIONS.items()]
    )
    trial = forms.ChoiceField(label="方案", required=False)
    order = forms.ChoiceField(
        label="排序",
        required=False,
        choices=[("", "按区划代码"), *((key, label) for key, (label, _) in ORDERS.items())],
    )
    stage = forms.ChoiceField(
        required=False, choices=[("", "全部"), *Stage.choices], widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, candidates: Sequence[Candidate], call: PilotRound, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = call.get_unit_level_display()
        offices = {each.application.reviewing_office for each in candidates}
        ordered = sorted(offices, key=lambda office: (office.order, office.name))
        self.offer("city", [(str(office.public_id), office.short_name) for office in ordered])
        self._trials = {str(each.public_id): each for each in list_trials(call)}
        if self._trials:
            self.offer("trial", [(key, f"{each.name}所选") for key, each in self._trials.items()])
        else:
            self.withhold("trial")

    @property
    def wanted(self) -> Wanted:
        """The filter as understood."""
        names = {each.name for each in fields(Wanted)} & set(self.fields)
        trial = self._trials.get(self.said("trial"))
        among = frozenset(each.pk for each in trial.chosen.all()) if trial else None
        return Wanted(**{name: self.said(name) for name in names}, among=among)


class FiguresForm(CandidateFilterForm):
    """The same over the rows of the table: what of a row is shown, and by which row candidates are ordered."""

    show = forms.ChoiceField(label="显示", required=False)
    by = forms.TypedChoiceField(label="按指标排序", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, call: PilotRound, **kwargs: Any) -> None:
        super().__init__(*args, call=call, **kwargs)
        years = [call.last_year, *call.target_years]
        show: Any = self.fields["show"]
        show.choices = [
            ("" if key == LAST else key, f"{label}（{years[place]}年）" if key != GROWTH else label)
            for place, (key, label) in enumerate(SHOWN.items())
        ]
        rows = list_indicators(call.version)
        measured = [row for row in rows if row.kind != IndicatorKind.QUALITATIVE]
        self.offer("by", [(row.order, f"{row.order}　{row.name}") for row in measured], "不按指标")

    @property
    def shown(self) -> str:
        """A key of SHOWN."""
        return str(self.said("show") or LAST)

    @property
    def row(self) -> int | None:
        """The order of the row that orders the candidates."""
        return self.number("by")
