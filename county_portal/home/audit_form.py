"""What the auditor looks for in the record."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms

from county_portal.audit.selectors import list_events
from county_portal.common.clock import BEIJING
from county_portal.common.fields import CleanCharField, DayField
from county_portal.home.acts import acts_called

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from county_portal.audit.models import Event


class AuditFilterForm(forms.Form):
    login = CleanCharField(label="登录名", required=False, max_length=150)
    act = CleanCharField(label="事项", required=False, max_length=60)
    region = CleanCharField(label="区划代码", required=False, max_length=12)
    since = DayField(label="自", required=False)
    until = DayField(label="至", required=False)

    @property
    def events(self) -> "QuerySet[Event]":
        """The entries looked for; what cannot be read in the address narrows nothing. Both days are included."""
        self.is_valid()
        data: dict[str, Any] = self.cleaned_data
        act = data.get("act", "")
        return list_events(
            region_code=data.get("region", ""),
            login=data.get("login", ""),
            acts=acts_called(act) if act else (),
            since=_midnight(data.get("since"), 0),
            before=_midnight(data.get("until"), 1),
        )


def _midnight(day: "date | None", later: int) -> datetime | None:
    return datetime.combine(day + timedelta(days=later), time.min, BEIJING) if day else None
