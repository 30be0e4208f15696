"""A selection as it is tried out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from applications.rules.layout import Bound
from applications.selectors.selection import Candidate
from county_portal.common.fields import CleanCharField
from county_portal.common.province import words

CHOSEN, WHOLE = "chosen", "whole"
_BOUND = Bound()


class BoundForm(forms.Form):
    """Beyond how many in a city a flag is set, and of which; read from an address it forgives what makes no sense."""

    counted = forms.ChoiceField(
        label="标记时计入",
        choices=[(CHOSEN, "本批拟选的"), (WHOLE, "本批拟选的和现有试点")],
        initial=CHOSEN,
        required=False,
    )
    bound = forms.IntegerField(
        label=f"同一{words().city}超过几个时标记",
        min_value=1,
        max_value=20,
        initial=_BOUND.most,
        required=False,
    )

    @property
    def limit(self) -> Bound:
        """What was said, the rest as it is without saying."""
        self.is_valid()
        data = self.cleaned_data if self.is_bound else {}
        return Bound(data.get("bound") or _BOUND.most, data.get("counted") == WHOLE)

    @staticmethod
    def said(limit: Bound) -> dict[str, str]:
        """The fields that say this bound, for an address or as they stand at first."""
        return {"counted": WHOLE if limit.is_whole else CHOSEN, "bound": str(limit.most)}


class TrialForm(BoundForm):
    """Ticked candidates, the name they are saved under, and the bound."""

    chosen = forms.MultipleChoiceField(label="拟入选", required=False)
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
        """The same as rows; what was ticked stays ticked though something else is wrong."""
        return {self.by_key[key].application.pk for key in self.cleaned_data.get("chosen", ())}

    @property
    def is_saved(self) -> bool:
        """Whether it is to be kept."""
        return bool(self.cleaned_data["act"] == "save")
