"""Who stands in for whom, from when until when."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from county_portal.accounts.models import User
from county_portal.administration.actions.deputies import DeputyInput
from county_portal.common.fields import CleanCharField, DayField


class DeputyForm(forms.Form):
    deputy = forms.ChoiceField(label="代办人", error_messages={"required": "请选择代办人。"})
    from_day = DayField(label="自")
    to_day = DayField(label="至（含当日）")
    reason = CleanCharField(
        label="原因",
        max_length=200,
        help_text="例如：出差、休假、住院。",
        error_messages={"required": "请写明代办原因，例如：出差、休假、住院。"},
    )

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy: Any = self.fields["deputy"]
        named = [
            (str(each.public_id), f"{each.display_name}（{each.get_role_display()}）")
            for each in colleagues
        ]
        deputy.choices = [("", "请选择"), *named]

    @property
    def data_entered(self) -> DeputyInput:
        """What was entered."""
        data = self.cleaned_data
        return DeputyInput(UUID(data["deputy"]), data["from_day"], data["to_day"], data["reason"])
