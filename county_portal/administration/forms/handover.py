"""Who goes on with whose work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from county_portal.accounts.models import User
from county_portal.administration.actions.handover import Handover
from county_portal.common.fields import CleanCharField


class HandoverForm(forms.Form):
    successor = forms.ChoiceField(label="接手人", required=False)
    drafts = forms.BooleanField(label="公文文稿：改由接手人拟稿", required=False)
    unread = forms.BooleanField(label="未读通知：抄送接手人", required=False)
    disable = forms.BooleanField(
        label="同时停用本账号",
        required=False,
        help_text="停用后不能登录，已登录的会话随之失效；办理过的记录保留。",
    )
    reason = CleanCharField(
        label="移交原因",
        max_length=200,
        help_text="例如：调离、退休、岗位调整。",
        error_messages={"required": "请写明移交原因，例如：调离。"},
    )

    def __init__(
        self, *args: Any, colleagues: Sequence[User], may_disable: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        successor: Any = self.fields["successor"]
        named = [
            (str(each.public_id), f"{each.display_name}（{each.login}）") for each in colleagues
        ]
        successor.choices = [("", "请选择"), *named]
        if not colleagues:
            for name in ("successor", "drafts", "unread"):
                del self.fields[name]
        if not may_disable:
            del self.fields["disable"]

    @property
    def handover(self) -> Handover:
        """What was entered."""
        data = self.cleaned_data
        successor = data.get("successor")
        return Handover(
            successor=UUID(successor) if successor else None,
            reason=data["reason"],
            drafts=data.get("drafts", False),
            unread=data.get("unread", False),
            disable=data.get("disable", False),
        )
