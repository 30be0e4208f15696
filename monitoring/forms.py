"""Forms of warnings: the list's filter, the county's answer, words of city and province."""

from typing import Any

from django import forms

from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.common.errors import Invalid
from county_portal.common.fields import DayField, words_field
from county_portal.common.list_filters import ListFilter, chip_field, region_field
from monitoring.actions.answering import Answer
from monitoring.enums import Severity, Stage, WarningKind, WarningState
from monitoring.selectors.warnings import (
    OPEN,
    WarningFilter,
    list_responsible,
    list_warned_indicators,
    list_warning_offices,
    list_years,
)

MAX_WORDS = 1000
_STATES = [("", "全部"), (OPEN, "未解除"), *WarningState.choices]


class WarningFilterForm(ListFilter[WarningFilter]):
    """What the list of warnings is narrowed to."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    office = forms.ChoiceField(label="市级单位", required=False)
    q = region_field()
    indicator = forms.ChoiceField(label="指标", required=False)
    kind = forms.ChoiceField(label="种类", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=_STATES)
    stage = forms.ChoiceField(label="办理层级", required=False)
    unit = forms.ChoiceField(label="责任单位", required=False)
    severity = chip_field()

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.offer("year", [(str(year), f"{year}年") for year in list_years(user)], "全部年度")
        self.offer("indicator", list_warned_indicators(user), "全部指标")
        self.offer("kind", WarningKind.choices)
        self.offer("stage", Stage.choices)
        self.offer("unit", [(unit, unit) for unit in list_responsible(user)])
        self.offer_offices(list_warning_offices(user) if user.level == Level.PROVINCE else None)
        if user.level == Level.COUNTY:
            self.withhold("q")

    @property
    def wanted(self) -> WarningFilter:
        """The filter the selectors take."""
        return WarningFilter(
            year=self.number("year"),
            office=self.identity("office"),
            text=self.said("q"),
            indicator=self.said("indicator"),
            kind=self.said("kind"),
            severity=self.one_of("severity", Severity.values),
            state=self.said("state"),
            stage=self.said("stage"),
            unit=self.said("unit"),
        )


class SeenForm(forms.Form):
    """A form that knows from which state of the warning its page was drawn."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def show(self, refusal: Invalid) -> None:
        """Put a refusal where it belongs."""
        name = {"comment": "words" if "words" in self.fields else "cause"}.get(
            refusal.field, refusal.field
        )
        self.add_error(name if name in self.fields else None, refusal.sentence)


class AnswerForm(SeenForm):
    """Why, what is done, until when."""

    cause = words_field("原因说明", max_length=MAX_WORDS, rows=3, asks="写明为什么偏离目标")
    steps = words_field(
        "整改措施",
        max_length=MAX_WORDS,
        rows=3,
        help_text="写明由哪个单位做什么、做到什么程度。",
        asks="写明由哪个单位做什么",
    )
    promised_on = DayField(label="承诺日期", help_text="预计何时回到序时进度；逾期转市级督办。")

    @property
    def answer(self) -> Answer:
        """What the action takes."""
        data = self.cleaned_data
        return Answer(data["cause"], data["steps"], data["promised_on"], data["seen"])


class FollowForm(SeenForm):
    """Urge the county once more, or settle it with a reason."""

    verdict = forms.ChoiceField(
        label="办理方式",
        widget=forms.RadioSelect,
        choices=[("urge", "督办：退回县级限期说明"), ("close", "解除预警")],
        error_messages={"required": "请选择办理方式。", "invalid_choice": "请选择办理方式。"},
    )
    words = words_field("督办要求或解除理由", max_length=MAX_WORDS, rows=3)
