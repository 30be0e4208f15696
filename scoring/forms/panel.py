"""An expert's scores."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from county_portal.common.errors import Invalid
from county_portal.common.fields import words_field
from county_portal.common.numbers import NumberFormat, parse_number, plain
from scoring.actions.panel import Agreement
from scoring.rules import panel_score_problem
from scoring.selectors.panel import PanelSheet
from scoring.selectors.panel_spread import PanelSpread


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


class AgreedForm(forms.Form):
    """What a panel agreed on for one county; the page's own count guards against a second clerk."""

    county = forms.ChoiceField(
        label="县（市、区）",
        error_messages={
            "required": "请选择县（市、区）。",
            "invalid_choice": "所选县（市、区）不在已有专家评分之列，请重新选择。",
        },
    )
    minutes = words_field(
        "评议纪要",
        max_length=500,
        help_text="议定的日期、参加人员和理由，或评议纪要编号；随得分说明公开给该县。",
        rows=3,
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, spread: PanelSpread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county: Any = self.fields["county"]
        county.choices = [
            ("", "请选择"),
            *(
                (str(row.submission.public_id), row.submission.region.full_name)
                for row in spread.rows
                if row.spread.given
            ),
        ]
        maximum = spread.rule.maximum
        self.fields["score"] = _ScoreField(label="议定得分", maximum=maximum, initial="")
        self.fields["score"].required = True
        self.fields["score"].error_messages["required"] = f"请填写0至{plain(maximum)}分的议定得分。"
        self.fields["score"].help_text = f"0至{plain(maximum)}分，最多两位小数。"
        self.order_fields(["county", "score", "minutes", "seen"])
        self.initial["seen"] = sum(len(row.agreed) for row in spread.rows)

    @property
    def agreement(self) -> Agreement:
        """What the action takes."""
        cleaned = self.cleaned_data
        return Agreement(
            UUID(cleaned["county"]), cleaned["score"], cleaned["minutes"], cleaned["seen"] or 0
        )
