"""Forms of scoring: parsing and wording of input."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain
from indicators.forms.fields import CleanCharField, DayField, words_field
from scoring.actions.publishing import ConsentInput, ListInput
from scoring.models import SchemeVersion
from scoring.rules import panel_score_problem
from scoring.selectors.panel import PanelSheet
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

    city = forms.ChoiceField(label="设区市", required=False)
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


class ListForm(forms.Form):
    """What a list is drafted with; a correction says why."""

    publish_on = DayField(label="公布日期", help_text="印在名单上；到这一天才能公布。")
    correction_reason = words_field(
        "更正原因",
        max_length=MAX_REASON,
        help_text="随更正后的名单公开，原名单继续可查并标明已更正。",
        rows=3,
    )

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["correction_reason"]

    def list_input(self, run_id: UUID) -> ListInput:
        """What the action takes."""
        return ListInput(run_id=run_id, **self.cleaned_data)


class ConsentForm(forms.Form):
    """The leading group's consent (S2-1)."""

    consent_on = DayField(label="同意日期")
    consent_number = CleanCharField(
        label="文号或会议纪要编号",
        max_length=80,
        help_text="例如“冀科领纪〔2022〕2号”。",
        error_messages={"required": "请填写领导小组同意的文号或会议纪要编号。"},
    )

    @property
    def consent(self) -> ConsentInput:
        """What the action takes."""
        return ConsentInput(**self.cleaned_data)


class WithdrawForm(forms.Form):
    """Why a draft is taken back."""

    reason = words_field("撤回原因", max_length=MAX_REASON, rows=3)


class SearchForm(forms.Form):
    """A county by name, code or pinyin."""

    q = CleanCharField(
        label="县（市、区）名称",
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": "例如 霸州、井陉、bazhou"}
        ),
    )

    @property
    def text(self) -> str:
        """What is searched; blank for nothing or nonsense."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class PanelForm(forms.Form):
    """One score field per county; what was typed stays as typed until it is right."""

    def __init__(
        self, *args: Any, sheets: Sequence[PanelSheet], maximum: Decimal, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheets, self.maximum = sheets, maximum
        for sheet in sheets:
            self.fields[_name(sheet)] = _ScoreField(
                label=sheet.submission.region.full_name, maximum=maximum, initial=plain(sheet.score)
            )

    @property
    def rows(self) -> list[tuple[PanelSheet, forms.BoundField]]:
        """Each county beside its field."""
        return [(sheet, self[_name(sheet)]) for sheet in self.sheets]

    @property
    def scores(self) -> dict[UUID, Decimal | None]:
        """What the action takes: None where nothing is given."""
        return {
            sheet.submission.public_id: self.cleaned_data[_name(sheet)] for sheet in self.sheets
        }


def _name(sheet: PanelSheet) -> str:
    return f"score-{sheet.submission.public_id}"


class _ScoreField(forms.CharField):
    """Points of an expert, from 0 to the scheme's maximum; blank is no score."""

    def __init__(self, *, maximum: Decimal, label: str, initial: str) -> None:
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "form-control", "autocomplete": "off"}
        )
        super().__init__(required=False, max_length=12, label=label, initial=initial, widget=widget)
        self.maximum = maximum

    def clean(self, value: Any) -> Any:
        """The number typed, or None. The sentence names the county and what is allowed."""
        text = str(super().clean(value))
        allowed = f"请填写0至{plain(self.maximum)}分，最多两位小数"
        try:
            score = parse_number(text, NumberFormat(unit="分", negative_allowed=True), "评分")
        except Invalid as refusal:
            sentence = f"{refusal.sentence.rstrip('。')}；{allowed}。"
            raise forms.ValidationError(sentence, code=refusal.code) from refusal
        problem = panel_score_problem(score, self.maximum)
        if problem:
            raise forms.ValidationError(problem, code="score_out_of_range")
        return score
