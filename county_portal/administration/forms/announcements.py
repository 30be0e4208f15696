"""An announcement: what it says, to whom, how long; why one is withdrawn."""

from typing import Any

from django import forms

from county_portal.accounts.roles import Level, Role
from county_portal.administration.actions.announcements import Wording
from county_portal.administration.models import Announcement, Audience
from county_portal.common import clock
from county_portal.common.fields import CleanCharField, DayField

_LEVELS = [(each.value, each.label) for each in Level if each != Level.TOWNSHIP]
_POSTS = [(each.value, each.label) for each in Role]


class AnnouncementForm(forms.Form):
    title = CleanCharField(label="标题", max_length=120)
    text = CleanCharField(
        label="正文",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="纯文字，一行一段。",
    )
    audience = forms.ChoiceField(
        label="发布范围",
        choices=Audience.choices,
        widget=forms.RadioSelect,
        help_text="“公开”的公告不登录也能看到，并列在网站首页。",
    )
    levels = forms.MultipleChoiceField(
        label="层级（按层级发布时选择）",
        choices=_LEVELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    roles = forms.MultipleChoiceField(
        label="岗位（按岗位发布时选择）",
        choices=_POSTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    from_on = DayField(label="自")
    until_on = DayField(label="至", required=False, help_text="留空则一直有效，直到撤回。")
    is_pinned = forms.BooleanField(label="置顶", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, announcement: Announcement | None) -> "AnnouncementForm":
        """The form with what is there, or empty from today on."""
        if announcement is None:
            return cls(initial={"from_on": clock.today(), "audience": Audience.EVERYONE})
        names: list[str] = list(cls.base_fields)
        return cls(initial={name: getattr(announcement, name) for name in names})

    @property
    def wording(self) -> Wording:
        """What was entered."""
        data: dict[str, Any] = {**self.cleaned_data}
        data.pop("revision", None)
        return Wording(**data)

    @property
    def seen(self) -> int:
        """The state of the draft that was on the page; one that never was for none."""
        given = self.cleaned_data.get("revision")
        return -1 if given is None else int(given)


class AttachmentForm(forms.Form):
    file = forms.FileField(
        label="附件",
        help_text="PDF、JPG、PNG、XLSX或DOCX，单个不超过20MB。",
        error_messages={"required": "请选择要上传的文件。"},
    )


class WithdrawForm(forms.Form):
    reason = CleanCharField(
        label="撤回原因",
        max_length=200,
        error_messages={"required": "请写明撤回原因。"},
    )
