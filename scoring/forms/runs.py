"""By which scheme a run grades; what a table of results is narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

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


class ResultFilterForm(forms.Form):
    """What a table of results is narrowed to, in the address; nonsense there narrows nothing."""

    city = forms.ChoiceField(label=words().city, required=False)
    order = forms.ChoiceField(
        label="排序",
        required=False,
        choices=[("", "按位次"), *((key, label) for key, (label, _) in ORDERS.items())],
    )
    klass = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["city"]
        choice.choices = [("", "全部"), *cities]

    @property
    def wanted(self) -> ResultFilter:
        """The filter as understood."""
        if not self.is_valid():
            return ResultFilter()
        cleaned = self.cleaned_data
        return ResultFilter(cleaned["klass"], cleaned["city"], cleaned["order"])
