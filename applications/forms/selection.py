"""What the province types while it chooses: filters."""

from collections.abc import Sequence
from typing import Any

from django import forms

from applications.enums import Stage
from applications.selectors.narrowing import DECISIONS, ORDERS, Wanted
from applications.selectors.selection import Candidate
from county_portal.common.fields import CleanCharField
from county_portal.common.list_filters import ListFilter


class CandidateFilterForm(ListFilter[Wanted]):
    """What the table is narrowed to."""

    text = CleanCharField(label="县（市、区）", required=False, max_length=30)
    city = forms.ChoiceField(label="推荐单位", required=False)
    decision = forms.ChoiceField(
        label="决定", required=False, choices=[("", "全部"), *DECISIONS.items()]
    )
    order = forms.ChoiceField(
        label="排序",
        required=False,
        choices=[("", "按区划代码"), *((key, label) for key, (label, _) in ORDERS.items())],
    )
    stage = forms.ChoiceField(
        required=False, choices=[("", "全部"), *Stage.choices], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = {each.application.reviewing_office for each in candidates}
        ordered = sorted(offices, key=lambda office: (office.order, office.name))
        self.offer("city", [(str(office.public_id), office.short_name) for office in ordered])

    @property
    def wanted(self) -> Wanted:
        """The filter as understood."""
        return Wanted(**{name: self.said(name) for name in self.fields})
