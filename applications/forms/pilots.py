"""Forms of pilots: the list's filters, acts on the term, requests to change a target, progress of tasks."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings

from applications.actions.changes import ChangeInput
from applications.actions.handing_over import HandOverInput
from applications.actions.terms import TermInput
from applications.enums import PilotAct, PilotState
from applications.models import Pilot
from applications.selectors.changes import askable_goals
from applications.selectors.offices import list_building_offices, list_reviewers
from applications.selectors.pilots import PilotFilter, list_pilot_offices, list_pilot_rounds
from county_portal.accounts.models import User
from county_portal.accounts.roles import Level
from county_portal.common.fields import CleanCharField, DayField, words_field
from county_portal.common.list_filters import ListFilter, chip_field, region_field
from county_portal.common.numbers import plain

MAX_REASON = 1000


class PilotFilterForm(ListFilter[PilotFilter]):
    """What the list of pilots is narrowed to."""

    round = forms.ChoiceField(label="批次", required=False)
    office = forms.ChoiceField(label="审核单位", required=False)
    q = region_field("试点地区")
    state = chip_field()

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        rounds = list_pilot_rounds(user)
        self.offer("round", [(str(row.public_id), row.title) for row in rounds], "全部批次")
        self.offer_offices(list_pilot_offices(user) if user.level == Level.PROVINCE else None)

    @property
    def wanted(self) -> PilotFilter:
        """The filter the selectors take."""
        return PilotFilter(
            round=self.identity("round"),
            office=self.identity("office"),
            state=self.one_of("state", PilotState.values),
            text=self.said("q"),
        )


class TermForm(forms.Form):
    """One act on a pilot's term; which fields it asks for follows from the act."""

    until = DayField(label="延期至", help_text="须晚于现定的建设期结束日期。")
    document_number = CleanCharField(
        label="依据文号",
        max_length=80,
        help_text="例如：×科区〔2026〕12号；年份括号可用任意括号。",
        error_messages={
            "required": "请填写依据文号。",
            "max_length": "文号最多%(limit_value)d字，请核对。",
        },
    )
    reason = words_field("原因", max_length=MAX_REASON)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, act: PilotAct, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act = act
        if act != PilotAct.EXTEND:
            del self.fields["until"]
        self.fields["document_number"].required = act != PilotAct.RESUME

    @property
    def term_input(self) -> TermInput:
        """What the action takes."""
        data = self.cleaned_data
        return TermInput(
            self.act, data["reason"], data["document_number"], data.get("until"), data["seen"]
        )


class HandOverForm(forms.Form):
    """The offices a pilot goes to, with the reason."""

    office = forms.TypedChoiceField(
        label="建设单位",
        coerce=UUID,
        error_messages={
            "required": "请选择建设单位。",
            "invalid_choice": "所选单位已经撤销，请重新选择。",
        },
    )
    reviewing_office = forms.TypedChoiceField(
        label="审核单位",
        coerce=UUID,
        error_messages={
            "required": "请选择审核单位。",
            "invalid_choice": "所选单位不再审核县级，请重新选择。",
        },
    )
    document_number = CleanCharField(
        label="依据文号",
        max_length=80,
        error_messages={
            "required": "请填写依据文号。",
            "max_length": "文号最多%(limit_value)d字，请核对。",
        },
    )
    reason = words_field(
        "原因", max_length=MAX_REASON, help_text="例如：行政区划调整，县并入邻县。"
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offices in (
            ("office", list_building_offices()),
            ("reviewing_office", list_reviewers()),
        ):
            field: Any = self.fields[name]
            named = [(str(each.public_id), each.name) for each in offices]
            field.choices = [("", "请选择"), *named]

    @property
    def hand_over(self) -> HandOverInput:
        """What the action takes."""
        data = self.cleaned_data
        return HandOverInput(
            data["office"],
            data["reviewing_office"],
            data["reason"],
            data["document_number"],
            data["seen"],
        )


class ChangeForm(forms.Form):
    """A request to change one year's target."""

    year_target = forms.TypedChoiceField(
        label="指标和年度",
        coerce=int,
        error_messages={
            "required": "请选择要调整的指标和年度。",
            "invalid_choice": "所选目标不能申请调整：不属于本试点、该年已报送进展，或已有申请正在办理。请重新选择。",
        },
    )
    after = CleanCharField(
        label="调整后目标",
        max_length=30,
        help_text="只填数字，单位与原目标相同。",
        error_messages={"required": "请填写调整后的目标。"},
    )
    reason = words_field(
        "调整理由", max_length=MAX_REASON, help_text="写明情况变化和测算依据，市、省两级可见。"
    )
    file = forms.FileField(label="依据材料", required=False, allow_empty_file=True)

    def __init__(self, *args: Any, pilot: Pilot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals: Any = self.fields["year_target"]
        goals.choices = [("", "请选择")] + [
            (
                goal.pk,
                f"{goal.target.order}. {goal.target.name}：{goal.year}年，现定{plain(goal.number)}{goal.target.unit}",
            )
            for goal in askable_goals(pilot)
        ]
        self.fields["file"].help_text = file_words()

    @property
    def change(self) -> ChangeInput:
        """What the action takes."""
        data = self.cleaned_data
        return ChangeInput(data["year_target"], data["after"], data["reason"], data["file"])


class OpinionForm(forms.Form):
    """One opinion for or against, with words."""

    verdict = forms.ChoiceField(
        label="意见",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择意见。", "invalid_choice": "请选择意见。"},
    )
    comment = words_field("理由", max_length=MAX_REASON)

    def __init__(self, *args: Any, yes: str, no: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict: Any = self.fields["verdict"]
        verdict.choices = [("yes", yes), ("no", no)]

    @property
    def is_yes(self) -> bool:
        """Which of the two."""
        return bool(self.cleaned_data["verdict"] == "yes")


class ProgressForm(forms.Form):
    """How far a task has come."""

    done = forms.IntegerField(
        label="完成进度（%）",
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "请填写0至100之间的整数。"
        ),
    )
    words = words_field("进展情况", max_length=MAX_REASON)
    why_less = words_field(
        "进度下降的原因",
        max_length=300,
        rows=2,
        help_text="完成进度低于上次填写时须写明，其他情况不填。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why_less"].required = False


class TownshipForm(forms.Form):
    """A township to be registered."""

    name = CleanCharField(
        label="名称",
        max_length=30,
        help_text="乡、镇、街道的全名，例如：胜芳镇。",
        error_messages={"required": "请填写名称。", "max_length": "名称最多%(limit_value)d字。"},
    )
    code = CleanCharField(
        label="区划代码",
        max_length=12,
        help_text="统计用区划代码前九位，以本县六位代码开头。",
        error_messages={
            "required": "请填写区划代码。",
            "max_length": "区划代码为九位数字，请核对。",
        },
    )


def file_words() -> str:
    """What may be uploaded."""
    megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
    return f"PDF、JPG、PNG、XLSX或DOCX，不超过{megabytes}MB。"
