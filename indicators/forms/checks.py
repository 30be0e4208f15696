"""Forms of rules and reasons: what the province sets, what a county says of a warning or of two figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from county_portal.common.errors import Invalid
from indicators.actions.checks import RuleChange
from indicators.actions.wording import MAX_REASON
from indicators.enums import Severity
from indicators.forms.fields import words_field
from indicators.models import CheckRule
from indicators.rules.checks import CHECKS, Param
from indicators.rules.checks.values import OPERATORS, typed_param
from indicators.selectors.findings import rule_of

PREFIX = "p-"
_OPERATOR_WORDS = {"<=": "不大于", ">=": "不小于", "=": "等于"}


class ReasonForm(forms.Form):
    """Why a warned figure stands; which finding it speaks of comes with it."""

    indicator = forms.CharField(max_length=20)
    rule = forms.CharField(max_length=60)
    reason = words_field("原因", max_length=MAX_REASON, rows=2)


class FindingForm(forms.Form):
    """Which finding."""

    indicator = forms.CharField(max_length=20)
    rule = forms.CharField(max_length=60)


class FactReasonForm(forms.Form):
    """Why a sheet states another figure than the one that stands."""

    meaning = forms.SlugField(max_length=60)
    reason = words_field("原因", max_length=MAX_REASON, rows=2)


class FactNumberForm(forms.Form):
    """The figure to be written wherever the sheet states the fact."""

    meaning = forms.SlugField(max_length=60)
    number = forms.DecimalField(
        max_digits=20,
        decimal_places=6,
        min_value=Decimal(0),
        error_messages={
            "required": "请选择以哪个数为准。",
            "invalid": "请选择以哪个数为准。",
        },
    )


class RuleForm(forms.Form):
    """A rule's severity, lines and parameters; the fields follow its kind."""

    severity = forms.ChoiceField(label="处理方式", choices=Severity.choices)
    indicators = forms.MultipleChoiceField(
        label="适用指标",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "勾选的指标不适用这条规则，请刷新页面后重新勾选。"},
    )

    def __init__(self, *args: Any, rule: CheckRule, **kwargs: Any) -> None:
        self.check = CHECKS[rule.kind]
        self._params = {f"{PREFIX}{param.key}": param for param in self.check.params}
        read = rule_of(rule).params
        initial = {name: typed_param(read[param.key]) for name, param in self._params.items()}
        initial |= {"severity": rule.severity, "indicators": rule.indicators}
        super().__init__(*args, **{**kwargs, "initial": initial})
        lines: Any = self.fields["indicators"]
        lines.choices = [
            (code, f"{code} {name}")
            for code, name, kind in rule.version.indicators.order_by("order").values_list(
                "code", "name", "kind"
            )
            if kind in self.check.lines
        ]
        if not self.check.names_lines:
            lines.help_text = "都不勾选表示适用全部指标。"
        for name, param in self._params.items():
            self.fields[name] = _field(param)

    @property
    def change(self) -> RuleChange:
        """What was typed; the action reads and judges the parameters."""
        data: Mapping[str, Any] = self.cleaned_data
        params = {param.key: data.get(name) for name, param in self._params.items()}
        return RuleChange(data["severity"], data["indicators"], params)

    def refuse(self, refusal: Invalid) -> None:
        """Show a refusal at the field it names."""
        name = f"{PREFIX}{refusal.field}"
        field = name if name in self._params else refusal.field
        self.add_error(field if field in self.fields else None, refusal.sentence)


def _field(param: Param) -> forms.Field:
    if param.form == "flag":
        return forms.BooleanField(label=param.label, required=False, help_text=param.hint)
    if param.form == "operator":
        choices = [(sign, f"{_OPERATOR_WORDS[sign]}（{OPERATORS[sign]}）") for sign in OPERATORS]
        return forms.ChoiceField(label=param.label, choices=choices)
    widget: forms.Widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    if param.form == "terms":
        widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=param.label,
        required=not param.optional,
        help_text=param.hint,
        widget=widget,
        error_messages={"required": f"请填写{param.label}。"},
    )
