"""The filter of applications on the first page of the programme."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from applications.models import PilotRound
from applications.selectors.overview import Wanted
from applications.selectors.rounds import STAGES
from county_portal.accounts.models import User
from county_portal.accounts.selectors import list_reviewing_offices
from county_portal.common.list_filters import ListFilter
from indicators.forms.fields import choose_reviewing_office


class OverviewForm(ListFilter[Wanted]):
    """What the applications on the first page are narrowed to."""

    round = forms.ModelChoiceField(
        label="批次",
        queryset=PilotRound.objects.none(),
        to_field_name="public_id",
        empty_label="全部",
        required=False,
    )
    office = forms.ChoiceField(label="推荐单位", required=False)
    stage = forms.ChoiceField(
        required=False,
        choices=[("", "全部"), *((stage, label) for stage, (label, _) in STAGES.items())],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, user: User, rounds: QuerySet[PilotRound], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call: Any = self.fields["round"]
        call.queryset = rounds
        choose_reviewing_office(self, user)

    @property
    def wanted(self) -> Wanted:
        """The filter; an unknown round, office or stage narrows nothing."""
        office_id = self.said("office")
        office = list_reviewing_offices().filter(public_id=office_id).first() if office_id else None
        return Wanted(self.said("round") or None, office, self.said("stage"))
