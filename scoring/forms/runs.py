"""By which scheme a run grades; what a table of results is narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from county_portal.common.list_filters import ListFilter, chip_field
from county_portal.common.province import words
from indicators.forms.fields import CleanCharField
from scoring.models import SchemeVersion
from scoring.selectors.results import ORDERS, ResultFilter

MAX_REASON = 500


class RunForm(forms.Form):
    """By which scheme to grade; why, if counties are left out."""

    scheme_version = forms.ModelChoiceField(
        label="评分方案",
        queryset=SchemeVersion.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        help_text="只列出已锁定的版本；评价完成后方案不能再换。",
        error_messages={
            "required": "请选择评分方案。",
            "invalid_choice": "所选评分方案不存在，请重新选择。",
        },
    )
    exception_reason = CleanCharField(
        label="例外说明",
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明为何在上列县（市、区）未通过审核时开始评价；这些县不参评，说明载入评价档案。",
    )

    def __init__(
        self, *args: Any, versions: QuerySet[SchemeVersion], asks_reason: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["scheme_version"]
        choice.queryset = versions
        if not asks_reason:
            del self.fields["exception_reason"]


class ResultFilterForm(ListFilter[ResultFilter]):
    """What a table of results is narrowed to."""

    city = forms.ChoiceField(label=words().city, required=False)
    order = forms.ChoiceField(
        label="排序",
        required=False,
        choices=[("", "按位次"), *((key, label) for key, (label, _) in ORDERS.items())],
    )
    klass = chip_field()

    def __init__(self, *args: Any, cities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("city", cities)

    @property
    def wanted(self) -> ResultFilter:
        """The filter as understood."""
        return ResultFilter(self.said("klass"), self.said("city"), self.said("order"))
