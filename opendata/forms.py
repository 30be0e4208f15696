"""Issuing a token: for which account, what for, how long."""

from typing import Any

from django import forms

from county_portal.accounts.models import User
from county_portal.common.fields import CleanCharField
from opendata.actions.tokens import MAX_DAYS, NewToken
from opendata.enums import Scope
from opendata.selectors.tokens import list_holders

USUAL_DAYS = 180


class TokenForm(forms.Form):
    """A new token."""

    name = CleanCharField(
        label="用途",
        max_length=80,
        help_text="哪个系统使用，例如：市统计局数据平台。",
        error_messages={"required": "请填写用途。"},
    )
    login = CleanCharField(
        label="所属账号（登录名）",
        max_length=60,
        help_text="令牌以这一账号的身份办理，岗位不能办的令牌也不能办。",
        error_messages={"required": "请填写登录名。"},
    )
    scopes = forms.MultipleChoiceField(
        label="范围",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项范围。"},
    )
    days = forms.IntegerField(
        label="有效期（天）",
        min_value=1,
        max_value=MAX_DAYS,
        initial=USUAL_DAYS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"有效期请填写1至{MAX_DAYS}天。"
        ),
    )

    def clean_login(self) -> User:
        """The account itself."""
        login = self.cleaned_data["login"].strip().lower()
        found = list_holders().filter(login=login).first()
        if found is None:
            raise forms.ValidationError(
                f"没有可用令牌的账号“{login}”：须是在用的县级、市级审核或省级业务管理账号，请核对登录名。"
            )
        return found

    @property
    def wanted(self) -> NewToken:
        """What the action takes."""
        data: dict[str, Any] = self.cleaned_data
        return NewToken(data["name"], data["login"], data["scopes"], data["days"])


class RevokeForm(forms.Form):
    """Why a token is stopped."""

    reason = CleanCharField(
        label="停用原因",
        max_length=200,
        error_messages={"required": "请填写停用原因。"},
    )
