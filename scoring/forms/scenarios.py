"""The form of a scenario: a name, and changed figures line by line; blank leaves a line as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from county_portal.common.fields import CleanCharField
from scoring.actions.scenarios import ScenarioInput
from scoring.engine.types import Indicator, ItemisedRule, PanelRule
from scoring.ground import Ground
from scoring.scenario_figures import Change, TypedLine, figure_text, is_rate, read_changes

MAX_NAME, MAX_NUMBER = 60, 60
# Parts of a line as `scenario_figures.LineError` names them, with the letter of their field.
PARTS = {"text": "v", "numerator": "n", "denominator": "d", "panel": "p"}


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One indicator with what it is now and its fields: (label, field)."""

    indicator: Indicator
    now: str
    fields: Sequence[tuple[str, forms.BoundField]]
    is_list: bool
    is_changed: bool


class ScenarioForm(forms.Form):
    """Fields `v-`, `n-`, `d-`, `p-` with an indicator's code, `i-` with code and kind of item."""

    name = CleanCharField(
        label="方案名称",
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text="例如“高企增至63家”。",
        error_messages={
            "required": "请给设想方案起一个名称。",
            "max_length": "名称最多%(limit_value)d字，现有%(show_value)d字，请精简。",
        },
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ground: Ground, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ground = ground
        self.changes: dict[str, Change] = {}
        for indicator in ground.scheme.indicators:
            for name, label in self._parts(indicator):
                self.fields[name] = _number_field(f"{indicator.name}：{label}")

    def _parts(self, indicator: Indicator) -> list[tuple[str, str]]:
        """Field names and labels of one line."""
        code, rule = indicator.code, indicator.rule
        if isinstance(rule, PanelRule):
            return [(f"p-{code}", "设想的专家评分")]
        if isinstance(rule, ItemisedRule):
            return [(f"i-{code}-{kind.code}", kind.name) for kind in rule.kinds]
        words = self.ground.words[code]
        value = (f"v-{code}", f"数值（{words.unit}）" if words.unit else "数值")
        if not is_rate(self.ground, code):
            return [value]
        return [
            (f"n-{code}", f"{words.numerator}（{words.numerator_unit}）"),
            (f"d-{code}", f"{words.denominator}（{words.denominator_unit}）"),
            value,
        ]

    def clean(self) -> dict[str, Any]:
        """Read the lines by the rules of the filling page; each error stands at its field."""
        data = super().clean() or self.cleaned_data
        typed = {
            indicator.code: self._typed(indicator, data)
            for indicator in self.ground.scheme.indicators
        }
        self.changes, errors = read_changes(self.ground, typed)
        for wrong in errors:
            letter = PARTS.get(wrong.part)
            name = f"{letter}-{wrong.code}" if letter else f"i-{wrong.code}-{wrong.part}"
            field = name if name in self.fields else None
            self.add_error(field, forms.ValidationError(wrong.sentence, code=wrong.refusal))
        return data

    def _typed(self, indicator: Indicator, data: Mapping[str, Any]) -> TypedLine:
        code = indicator.code
        kinds = [name for name, _ in self._parts(indicator) if name.startswith("i-")]
        return TypedLine(
            text=data.get(f"v-{code}") or "",
            numerator=data.get(f"n-{code}") or "",
            denominator=data.get(f"d-{code}") or "",
            panel=data.get(f"p-{code}") or "",
            items={name.removeprefix(f"i-{code}-"): data.get(name) or "" for name in kinds},
        )

    @property
    def scenario(self) -> ScenarioInput:
        """What the action takes; call on a valid form."""
        return ScenarioInput(self.cleaned_data["name"], self.changes)

    @property
    def rows(self) -> list[ScenarioRow]:
        """The lines in the scheme's order."""
        return [self._row(indicator) for indicator in self.ground.scheme.indicators]

    def _row(self, indicator: Indicator) -> ScenarioRow:
        fields = [(label, self[name]) for name, label in self._parts(indicator)]
        return ScenarioRow(
            indicator=indicator,
            now=figure_text(self.ground, self.ground.figures[indicator.code]),
            fields=fields,
            is_list=isinstance(indicator.rule, ItemisedRule),
            is_changed=any(field.value() or field.errors for _, field in fields),
        )

    @staticmethod
    def initial_of(changes: Mapping[str, Change]) -> dict[str, str]:
        """Stored changes as the form shows them again."""
        shown: dict[str, str] = {}
        for code, change in changes.items():
            items = change.get("items")
            if isinstance(items, Mapping):
                shown |= {f"i-{code}-{kind}": count for kind, count in items.items()}
            for part, letter in (("value", "v"), *list(PARTS.items())[1:]):
                if isinstance(text := change.get(part), str):
                    shown[f"{letter}-{code}"] = text
        return shown


def _number_field(label: str) -> CleanCharField:
    widget = forms.TextInput(
        attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"}
    )
    return CleanCharField(
        label=label,
        required=False,
        max_length=MAX_NUMBER,
        widget=widget,
        error_messages={"max_length": f"“{label}”填写的不是有效的数值，请核对。"},
    )
