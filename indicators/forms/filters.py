"""The filters of the list of submissions, read from the address."""

from typing import Any

from django import forms

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.common.list_filters import ListFilter, chip_field, region_field
from indicators.enums import SubmissionState
from indicators.forms.fields import choose_reviewing_office
from indicators.selectors import SubmissionFilter, list_collections

ALL = "all"


class SubmissionFilterForm(ListFilter[SubmissionFilter]):
    """What the list of sheets is narrowed to."""

    collection = forms.ChoiceField(label="采集任务", required=False)
    office = forms.ChoiceField(label="审核单位", required=False)
    q = region_field()
    state = chip_field()

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

    @property
    def wanted(self) -> SubmissionFilter:
        """The filter the selectors take."""
        return SubmissionFilter(
            collection=self.identity("collection") if self.said("collection") != ALL else None,
            office=self.identity("office"),
            state=self.one_of("state", SubmissionState.values),
            overdue=self.said("state") == "overdue",
            text=self.said("q"),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the collection narrows the list."""
        wanted = self.wanted
        return bool(wanted.state or wanted.overdue or wanted.text or wanted.office)
