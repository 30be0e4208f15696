"""Decisions on regions: of the fields, those that each kind needs."""

from typing import Any

from django import forms

from county_portal.accounts.actions import Decision, Part
from county_portal.accounts.models import Office, Region, RegionChangeKind
from county_portal.accounts.selectors import (
    list_alive_counties,
    list_city_bureaus,
    list_parents,
    list_townships_of,
)
from county_portal.common.fields import CleanCharField, DayField

_HEIRS = [
    ("", "请选择"),
    ("0", "转入分设的第一个县（市、区）"),
    ("1", "转入分设的第二个县（市、区）"),
    ("none", "留在原区划，逐个调出后撤销单位"),
]


class _RegionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A region by its full name and code: 桥西区 exists twice."""

    def label_from_instance(self, region: Any) -> str:
        return f"{region.full_name}（{region.code}）"


class ChangeForm(forms.Form):
    """A decision on a region; of the fields, those its kind needs."""

    name = CleanCharField(label="新名称", max_length=60, help_text="例如：定州市、雄县。")
    code = forms.CharField(label="区划代码", max_length=6, help_text="六位；代码不变的照填。")
    parent = _RegionField(
        label="上级区划",
        queryset=Region.objects.none(),
        to_field_name="public_id",
        empty_label="请选择",
    )
    successor = _RegionField(
        label="并入",
        queryset=Region.objects.none(),
        to_field_name="public_id",
        empty_label="请选择",
    )
    reviewing_office = forms.ModelChoiceField(
        label="审核单位",
        queryset=Office.objects.none(),
        to_field_name="public_id",
        empty_label="请选择",
    )
    name_1 = CleanCharField(label="第一个县（市、区）的名称", max_length=60)
    code_1 = forms.CharField(label="第一个县（市、区）的代码", max_length=6, help_text="六位。")
    name_2 = CleanCharField(label="第二个县（市、区）的名称", max_length=60)
    code_2 = forms.CharField(label="第二个县（市、区）的代码", max_length=6, help_text="六位。")
    second_townships = forms.ModelMultipleChoiceField(
        label="划入第二个县（市、区）的乡镇",
        queryset=Region.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="其余划入第一个。",
    )
    heir = forms.ChoiceField(
        label="原科技局、数据提供部门及其账号",
        choices=_HEIRS,
        help_text="没有转入单位的一方，同时新设科学技术局。",
    )
    effective_on = DayField(label="生效日期", help_text="晚于今天的，到日自动生效。")
    document_number = CleanCharField(
        label="批准文号", max_length=80, help_text="例如：国函〔2026〕12号。"
    )
    confirmed = CleanCharField(label="确认", max_length=60)

    _NEEDED = {
        RegionChangeKind.CREATE: ("name", "code", "parent", "reviewing_office"),
        RegionChangeKind.RENAME: ("name", "code"),
        RegionChangeKind.MERGE: ("successor",),
        RegionChangeKind.SPLIT: (
            *("name_1", "code_1", "name_2", "code_2"),
            *("second_townships", "heir"),
        ),
        RegionChangeKind.REVIEWER: ("reviewing_office",),
    }
    _ALWAYS = ("effective_on", "document_number", "confirmed")

    def __init__(
        self,
        *args: Any,
        kind: RegionChangeKind,
        region: Region | None,
        is_look: bool = False,
        **kwargs: Any,
    ) -> None:
        """`is_look`: what would become of it is looked at first, and nothing confirmed yet."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in set(self.fields) - {*self._NEEDED[kind], *self._ALWAYS}:
            del self.fields[name]
        self.fields["confirmed"].required = not is_look
        if kind == RegionChangeKind.CREATE:
            self.fields["name"].label = "名称"
            self.fields["code"].help_text = "六位。"
        choices = {
            "parent": list_parents,
            "successor": list_alive_counties,
            "reviewing_office": list_city_bureaus,
        }
        fields: Any = self.fields
        for name in self._NEEDED[kind]:
            if name in choices:
                fields[name].queryset = choices[name]()
        if region and "second_townships" in fields:
            fields["second_townships"].queryset = list_townships_of(region)
            if not fields["second_townships"].queryset:
                del fields["second_townships"]
        called = f"“{region.name}”" if region else "新设区划的名称"
        fields["confirmed"].help_text = f"请输入{called}，以免办错。"

    @property
    def decision(self) -> Decision:
        """What was entered."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}
        if self.kind == RegionChangeKind.SPLIT:
            data = _as_split(data)
        return Decision(kind=self.kind, **data)


def _as_split(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "effective_on": data["effective_on"],
        "document_number": data["document_number"],
        "parts": tuple(Part(data[f"name_{each}"], data[f"code_{each}"]) for each in (1, 2)),
        "heir": None if data["heir"] == "none" else int(data["heir"]),
        "second_townships": tuple(data.get("second_townships", ())),
    }
