"""The form in which a county begins an application."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from county_portal.accounts.models import Region


class BeginForm(forms.Form):
    """Asks nothing of a county; in a round of townships, which of them applies."""

    def __init__(self, *args: Any, townships: QuerySet[Region] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if townships is not None:
            self.fields["township"] = forms.ModelChoiceField(
                label="乡镇（街道）",
                queryset=townships,
                to_field_name="public_id",
                empty_label="请选择",
                error_messages={
                    "required": "请选择申报的乡镇（街道）。",
                    "invalid_choice": "所选乡镇（街道）不属于本县，请重新选择。",
                },
            )

    @property
    def township(self) -> Region | None:
        """The township chosen; None in a round of counties."""
        chosen: Region | None = self.cleaned_data.get("township")
        return chosen
