"""An expert's scores."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from county_portal.common.errors import Invalid
from county_portal.common.numbers import NumberFormat, parse_number, plain
from scoring.rules import panel_score_problem
from scoring.selectors.panel import PanelSheet


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
