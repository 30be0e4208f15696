"""Offices and regions: looked for; offices set up and changed."""

from typing import Any

from django import forms

from county_portal.accounts.actions import NewOffice
from county_portal.accounts.models import Region
from county_portal.accounts.roles import Level, OfficeKind
from county_portal.accounts.selectors import (
    OfficesWanted,
    list_office_regions,
)
from county_portal.common.fields import CleanCharField

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
        empty_label="请选择",
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
