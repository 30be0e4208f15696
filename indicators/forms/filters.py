"""The filters of the list of submissions, read from the address."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from indicators.enums import SubmissionState
from indicators.forms.fields import choose_reviewing_office
from indicators.selectors import SubmissionFilter, list_collections

ALL = "all"


class SubmissionFilterForm(forms.Form):
    """Whatever cannot be understood narrows nothing."""

    collection = forms.ChoiceField(label="采集任务", required=False)
    office = forms.ChoiceField(label="审核单位", required=False)
    q = forms.CharField(
        label="县（市、区）",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "名称、拼音或区划代码"}),
    )
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User) -> None:
        choices = [(str(row.public_id), row.title) for row in list_collections(user)]
        data = data.copy()
        # A reviewer's list opens on the newest collection; older ones are a choice away.
        is_own = user.level == Level.COUNTY
        data.setdefault("collection", choices[0][0] if choices and not is_own else ALL)
        super().__init__(data)
        collection: Any = self.fields["collection"]
        collection.choices = [*choices, (ALL, "全部任务")]
        choose_reviewing_office(self, user)
        self.is_valid()

    @property
    def wanted(self) -> SubmissionFilter:
        """The filter the selectors take."""
        data = self.cleaned_data
        collection, state = data.get("collection") or ALL, data.get("state", "")
        return SubmissionFilter(
            collection=None if collection == ALL else UUID(collection),
            office=UUID(data["office"]) if data.get("office") else None,
            state=state if state in SubmissionState.values else "",
            overdue=state == "overdue",
            text=data.get("q", ""),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the collection narrows the list."""
        wanted = self.wanted
        return bool(wanted.state or wanted.overdue or wanted.text or wanted.office)

    def address(self, state: str) -> str:
        """The query string of this list with another state."""
        kept = {key: text for key, text in self.cleaned_data.items() if text and key != "state"}
        return "?" + urlencode({**kept, "state": state} if state else kept)
