"""Changing an account, and bringing in many."""

from typing import Any

from django import forms

from county_portal.accounts.actions import PersonChange
from county_portal.accounts.models import Office, User
from county_portal.accounts.roles import Role
from county_portal.accounts.selectors import list_standing_offices, stamp_of
from county_portal.common.fields import CleanCharField


class PersonForm(forms.Form):
    display_name = CleanCharField(label="姓名", max_length=60)
    role = forms.ChoiceField(label="岗位", choices=Role.choices)
    office = forms.ModelChoiceField(
        label="单位",
        queryset=Office.objects.none(),
        to_field_name="public_id",
        empty_label="请选择",
    )
    phone = CleanCharField(label="电话", max_length=30, required=False)
    email = forms.EmailField(
        label="电子邮箱",
        required=False,
        max_length=254,
        error_messages={"invalid": "邮箱地址无效，请按“name@example.gov.cn”的格式填写。"},
    )
    stamp = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office: Any = self.fields["office"]
        office.queryset = list_standing_offices()

    @classmethod
    def of(cls, user: User) -> "PersonForm":
        """The form with what the account says now."""
        said = {"display_name": user.display_name, "role": user.role, "phone": user.phone}
        office = user.office.public_id
        return cls(initial={**said, "office": office, "email": user.email, "stamp": stamp_of(user)})

    @property
    def change(self) -> PersonChange:
        """What was entered."""
        data = self.cleaned_data
        return PersonChange(**{**data, "role": Role(data["role"])})


class PeopleFileForm(forms.Form):
    file = forms.FileField(
        label="填好的人员表",
        allow_empty_file=True,
        help_text="本页下载的模板（.xlsx），每次最多200人，不超过5MB。",
        error_messages={"required": "请选择要上传的人员表。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class CheckedForm(forms.Form):
    """What a preview showed, signed, so that just that is made."""

    checked = forms.CharField(widget=forms.HiddenInput)
