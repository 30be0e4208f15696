"""Fields that keep the portal's input policy."""

from typing import Any

from django import forms

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.accounts.selectors import list_reviewing_offices
from county_portal.common.fields import CleanCharField, DayField, words_field
from county_portal.common.list_filters import ListFilter

__all__ = ["CleanCharField", "DayField", "choose_reviewing_office", "words_field", "year_field"]


def choose_reviewing_office(form: ListFilter[Any], user: User) -> None:
    """Give the form's field `office` its choices, or take it away: only the province has several."""
    form.offer_offices(list_reviewing_offices() if user.level == Level.PROVINCE else None)


def year_field(
    label: str, *, first: int = 2000, last: int = 2100, **kwargs: Any
) -> forms.IntegerField:
    """A year in four digits."""
    words = f"请填写{first}至{last}之间的四位年份。"
    return forms.IntegerField(
        label=label,
        min_value=first,
        max_value=last,
        error_messages={
            "invalid": words,
            "min_value": words,
            "max_value": words,
            "required": words,
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **kwargs,
    )
