"""What the province types while it checks an application formally."""

from collections.abc import Mapping
from typing import Any

from django import forms

from applications.actions.formal import ByHand, Correction, FormalInput
from applications.actions.moving import Wanted
from applications.enums import Section
from applications.rules.formal import BY_HAND
from county_portal.common.fields import CleanCharField, DayField, words_field

_MET = [("yes", "符合"), ("no", "不符合")]


class FormalForm(forms.Form):
    """The items only a person can see, the words, and which conclusion was pressed."""

    comment = CleanCharField(
        label="审查意见",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不通过的必须写明原因；将作为不予入选的依据。",
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[("pass", "通过"), ("fail", "不通过")], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in BY_HAND:
            self.fields[item.key] = forms.ChoiceField(
                label=item.name,
                choices=_MET,
                widget=forms.RadioSelect,
                error_messages={"required": "请选择符合或不符合。"},
            )
            self.fields[f"{item.key}-note"] = CleanCharField(
                label=f"{item.name}：说明", required=False, max_length=200
            )

    @property
    def by_hand(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each item with its note."""
        return [(self[item.key], self[f"{item.key}-note"]) for item in BY_HAND]

    @property
    def is_failure(self) -> bool:
        """Whether 不通过 was pressed."""
        return bool(self.cleaned_data["act"] == "fail")

    @property
    def check(self) -> FormalInput:
        """What the action takes."""
        data: Mapping[str, Any] = self.cleaned_data
        return FormalInput(
            by_hand={
                item.key: ByHand(data[item.key] == "yes", data[f"{item.key}-note"])
                for item in BY_HAND
            },
            comment=data["comment"],
            revision=data["revision"],
        )


class SendBackForm(forms.Form):
    """What is wanted section by section, in words, and by when."""

    comment = words_field("退回意见", max_length=1000, rows=3)
    due_on = DayField(label="补正期限", help_text="县级须在这一天（含）之前补正并重新报送。")
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in Section:
            self.fields[f"wanted-{section}"] = CleanCharField(
                label=f"{section.label}：补正要求",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def correction(self) -> Correction:
        """What the action takes."""
        data: Mapping[str, Any] = self.cleaned_data
        wanted = [
            Wanted(str(section), data[f"wanted-{section}"])
            for section in Section
            if data[f"wanted-{section}"]
        ]
        return Correction(data["comment"], data["due_on"], wanted, data["revision"])
