"""Forms of login, passwords and accounts."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.http import HttpRequest

from county_portal.accounts.models import Office, User, canonical_login
from county_portal.accounts.roles import Level, Role
from county_portal.accounts.selectors import STATES, Wanted, list_standing_offices


class LoginForm(forms.Form):
    login = forms.CharField(
        label="登录名",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean_login(self) -> str:
        """Bring the name into the spelling by which failed logins are counted."""
        return canonical_login(self.cleaned_data["login"])

    def clean(self) -> dict[str, Any]:
        """Authenticate; unknown, wrong and disabled get the same sentence."""
        data = super().clean() or {}
        if data.get("login") and data.get("password"):
            user = authenticate(self.request, username=data["login"], password=data["password"])
            if not isinstance(user, User):
                raise forms.ValidationError(
                    "登录名或密码不正确。连续5次错误后，该登录名在当前地址将锁定15分钟。",
                    code="login_failed",
                )
            self.user = user
        return data


class PasswordForm(forms.Form):
    old_password = forms.CharField(
        label="原密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password = forms.CharField(
        label="新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeat_password = forms.CharField(
        label="再次输入新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new_password"].help_text = "".join(password_validators_help_texts())

    def clean_old_password(self) -> str:
        """The old password must be right."""
        old = str(self.cleaned_data["old_password"])
        if not self.user.check_password(old):
            raise forms.ValidationError("原密码不正确，请重新输入。", code="old_password_wrong")
        return old

    def clean(self) -> dict[str, Any]:
        """The two entries must agree and satisfy the policy."""
        data = super().clean() or {}
        new, repeat = data.get("new_password"), data.get("repeat_password")
        if new and repeat and new != repeat:
            self.add_error("repeat_password", "两次输入的新密码不一致，请重新输入。")
        elif new:
            try:
                validate_password(new, self.user)
            except forms.ValidationError as error:
                self.add_error("new_password", error)
        return data


class AccountForm(forms.Form):
    login = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,59}$",
        label="登录名",
        help_text="3至60位小写字母、数字、点、横线或下划线。",
        error_messages={"invalid": "登录名只能用小写字母、数字、点、横线或下划线，至少3位。"},
    )
    display_name = forms.CharField(label="姓名", max_length=60)
    office = forms.ModelChoiceField(
        label="单位",
        queryset=Office.objects.none(),
        to_field_name="public_id",
        empty_label="请选择",
    )
    department = forms.CharField(
        label="新建数据提供部门",
        max_length=40,
        required=False,
        help_text="部门还不在“单位”中时填写，例如：财政局。“单位”请选该县科技局，岗位选部门数据员。",
    )
    role = forms.ChoiceField(label="岗位", choices=[("", "请选择"), *Role.choices])
    phone = forms.CharField(label="电话", max_length=30, required=False)
    email = forms.EmailField(
        label="电子邮箱", required=False, help_text="用于每日至多一封的摘要，可由本人以后填写。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office: Any = self.fields["office"]
        office.queryset = list_standing_offices()


class AccountFilterForm(forms.Form):
    q = forms.CharField(
        label="登录名、姓名或单位",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = forms.ChoiceField(label="岗位", required=False, choices=[("", "全部"), *Role.choices])
    level = forms.ChoiceField(
        label="层级",
        required=False,
        choices=[
            ("", "全部"),
            *((each.value, each.label) for each in Level if each != Level.TOWNSHIP),
        ],
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), *((key, label) for key, (label, _) in STATES.items())],
    )

    @property
    def wanted(self) -> Wanted:
        """What is looked for; nonsense in the address looks for everything."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            text=data.get("q", "").strip(),
            role=data.get("role", ""),
            level=data.get("level", ""),
            state=data.get("state", ""),
        )
