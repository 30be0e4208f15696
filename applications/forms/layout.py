"""A selection as it is tried out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from applications.rules.layout import SEVERAL
from applications.selectors.selection import Candidate
from county_portal.common.fields import CleanCharField
from county_portal.common.province import words


class TrialForm(forms.Form):
    """Ticked candidates, the name it is saved under, from how many in a city a flag is set."""

    chosen = forms.MultipleChoiceField(label="拟入选", required=False)
    bound = forms.IntegerField(
        label=f"同一{words().city}拟选超过几个时标记", min_value=1, max_value=20, initial=SEVERAL
    )
    name = CleanCharField(label="方案名称", required=False, max_length=60)
    act = forms.ChoiceField(choices=[("preview", "预览"), ("save", "保存")], required=False)

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(each.application.public_id): each for each in candidates}
        field: Any = self.fields["chosen"]
        field.choices = [
            (key, each.application.region.full_name) for key, each in self.by_key.items()
        ]

    @property
    def keys(self) -> set[UUID]:
        """What the action takes."""
        return {UUID(key) for key in self.cleaned_data["chosen"]}

    @property
    def picked(self) -> set[int]:
        """The same as rows."""
        return {self.by_key[key].application.pk for key in self.cleaned_data["chosen"]}

    @property
    def is_saved(self) -> bool:
        """Whether it is to be kept."""
        return bool(self.cleaned_data["act"] == "save")
