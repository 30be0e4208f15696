"""The calendar of days off."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from county_portal.accounts.actions import read_days, replace_year
from county_portal.accounts.requests import AuthenticatedRequest
from county_portal.accounts.roles import Permission
from county_portal.accounts.selectors import calendar_years, list_calendar, working_day
from county_portal.administration.forms.calendar import CalendarForm
from county_portal.administration.views.people import status_of
from county_portal.common import clock
from county_portal.common.access import page
from county_portal.common.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from county_portal.accounts.models import CalendarDay

_WORDS = {"off": "放假", "work": "上班"}


@page(Permission.MANAGE_CALENDAR, methods="GET POST")
def calendar(request: AuthenticatedRequest) -> HttpResponse:
    """A year's days, and the form that replaces them."""
    year = _year(request.GET.get("year", ""))
    days = list_calendar(year)
    form = CalendarForm(request.POST or None, initial=_initial(year, days))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            typed = read_days(data["year"], data["text"])
            count = replace_year(
                actor=request.user, year=data["year"], days=typed, source=data["source"]
            )
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"已保存{data['year']}年的{count}天；已定的截止日期不变。")
            return redirect(f"{reverse('administration:calendar')}?year={data['year']}")
    context = {
        "form": form,
        "year": year,
        "days": days,
        "years": calendar_years(),
        "example": working_day(5),
    }
    return render(request, "administration/calendar.html", context, status=status_of(form))


def _year(text: str) -> int:
    """The year asked for; this one for nonsense."""
    first, last = 2015, 2100
    is_year = text.isascii() and text.isdecimal() and first <= int(text[:6]) <= last
    return int(text) if is_year else clock.today().year


def _initial(year: int, days: "Sequence[CalendarDay]") -> dict[str, object]:
    lines = [f"{each.day:%Y-%m-%d} {_WORDS[each.kind]} {each.name}".strip() for each in days]
    return {"year": year, "source": days[0].source if days else "", "text": "\n".join(lines)}
