"""A person's own settings, and the choice of notices to mark."""

from typing import Any
from uuid import UUID

from django import forms

from county_portal.accounts.models import User
from county_portal.common.fields import is_uuid


class SettingsForm(forms.Form):
    email = forms.EmailField(
        label="电子邮箱",
        required=False,
        max_length=254,
        help_text="用于接收每日通知摘要，不在页面上公开。不填则不发邮件。",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "邮箱地址无效，请按“name@example.gov.cn”的格式填写。"},
    )
    is_wanted = forms.BooleanField(
        label="每天早上把新通知汇成一封邮件发给我",
        required=False,
        help_text="一天最多一封；没有新通知的日子不发。站内通知始终保留。",
    )

    @classmethod
    def of(cls, user: User, *, is_wanted: bool) -> "SettingsForm":
        """The form with what holds now."""
        return cls(initial={"email": user.email, "is_wanted": is_wanted})


class SeenForm(forms.Form):
    """Which notices were on the page when all of them were marked as read."""

    seen = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen: Any = self.fields["seen"]
        # Any id is taken here: only one's own are marked.
        seen.valid_value = is_uuid

    @property
    def ids(self) -> list[UUID]:
        """The ids; none of a form that was tampered with."""
        return [UUID(text) for text in self.cleaned_data["seen"]] if self.is_valid() else []
