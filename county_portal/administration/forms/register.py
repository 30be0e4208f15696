"""Offices and regions: looked for, set up, changed."""

from typing import Any

from django import forms

from county_portal.accounts.actions import Decision, NewOffice
from county_portal.accounts.models import Office, Region, RegionChangeKind
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.accounts.selectors import (
    OfficesWanted,
    list_alive_counties,
    list_city_bureaus,
    list_office_regions,
    list_parents,
)
from county_portal.common.fields import CleanCharField, DayField

_LEVELS = [(each.value, each.label) for each in Level if each != Level.TOWNSHIP]
_STANDING = [("yes", "现有"), ("no", "已撤销"), ("all", "全部")]


class OfficeFilterForm(forms.Form):
    q = CleanCharField(label="单位名称（含曾用名）", required=False, max_length=60)
    level = forms.ChoiceField(label="层级", required=False, choices=[("", "全部"), *_LEVELS])
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *OfficeKind.choices]
    )
    standing = forms.ChoiceField(label="状态", required=False, choices=_STANDING)

    @property
    def wanted(self) -> OfficesWanted:
        """What is looked for; nonsense in the address looks for all that stand."""
        self.is_valid()
        data = self.cleaned_data
        return OfficesWanted(
            data.get("q", ""), data.get("level", ""), data.get("kind", ""), _standing(data)
        )


def _standing(data: dict[str, Any]) -> str:
    chosen = data.get("standing") or "yes"
    return "" if chosen == "all" else str(chosen)


class OfficeForm(forms.Form):
    name = CleanCharField(label="单位名称", max_length=120, help_text="全称，例如：××县财政局。")
    short_name = CleanCharField(label="简称", max_length=60)
    level = forms.ChoiceField(label="层级", choices=_LEVELS)
    kind = forms.ChoiceField(label="类别", choices=OfficeKind.choices)
    region = forms.ModelChoiceField(
        label="所属区划",
        queryset=Region.objects.none(),
        to_field_name="public_id",
        required=False,
        help_text="县级、市级单位必选，层级须与区划一致。",
    )
    order = forms.IntegerField(label="排序", min_value=0, max_value=9999, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        region.queryset = list_office_regions()

    @property
    def office(self) -> NewOffice:
        """What was entered."""
        data = self.cleaned_data
        kind, level = OfficeKind(data["kind"]), Level(data["level"])
        return NewOffice(**{**data, "kind": kind, "level": level})


class OfficeNameForm(forms.Form):
    name = CleanCharField(label="单位名称", max_length=120)
    short_name = CleanCharField(label="简称", max_length=60)
    basis = CleanCharField(
        label="更名依据", max_length=200, help_text="文件名或文号。已发的公文和记录保留原名称。"
    )


class OfficeOrderForm(forms.Form):
    order = forms.IntegerField(label="排序", min_value=0, max_value=9999)


class OfficeCloseForm(forms.Form):
    basis = CleanCharField(label="撤销依据", max_length=200, help_text="文件名或文号。")


class RegionFilterForm(forms.Form):
    q = CleanCharField(label="名称、代码或拼音", required=False, max_length=60)
    standing = forms.ChoiceField(label="状态", required=False, choices=_STANDING)

    @property
    def text(self) -> str:
        """What is searched."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    @property
    def whether_standing(self) -> str:
        """yes, no, or blank for all."""
        self.is_valid()
        return _standing(self.cleaned_data)


class _RegionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A region by its full name and code: 桥西区 exists twice."""

    def label_from_instance(self, region: Any) -> str:
        return f"{region.full_name}（{region.code}）"


class ChangeForm(forms.Form):
    """A decision on a region; of the fields, those its kind needs."""

    name = CleanCharField(label="新名称", max_length=60, help_text="例如：定州市、雄县。")
    code = forms.CharField(label="区划代码", max_length=6, help_text="六位；代码不变的照填。")
    parent = _RegionField(
        label="上级区划", queryset=Region.objects.none(), to_field_name="public_id"
    )
    successor = _RegionField(
        label="并入", queryset=Region.objects.none(), to_field_name="public_id"
    )
    reviewing_office = forms.ModelChoiceField(
        label="审核单位", queryset=Office.objects.none(), to_field_name="public_id"
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
        RegionChangeKind.REVIEWER: ("reviewing_office",),
    }
    _ALWAYS = ("effective_on", "document_number", "confirmed")

    def __init__(
        self, *args: Any, kind: RegionChangeKind, region: Region | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in set(self.fields) - {*self._NEEDED[kind], *self._ALWAYS}:
            del self.fields[name]
        choices = {
            "parent": list_parents,
            "successor": list_alive_counties,
            "reviewing_office": list_city_bureaus,
        }
        fields: Any = self.fields
        for name in self._NEEDED[kind]:
            if name in choices:
                fields[name].queryset = choices[name]()
        called = f"“{region.name}”" if region else "新设区划的名称"
        fields["confirmed"].help_text = f"请输入{called}，以免办错。"

    @property
    def decision(self) -> Decision:
        """What was entered."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}
        return Decision(kind=self.kind, **data)
