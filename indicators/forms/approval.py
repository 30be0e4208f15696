"""Forms of the county government's approval."""

from typing import Any

from django import forms
from django.conf import settings

from indicators.actions.approval import ApprovalInput
from indicators.forms.fields import CleanCharField, DayField


class ApprovalForm(forms.Form):
    approved_on = DayField(label="审定日期")
    document_number = CleanCharField(
        label="文号或会议纪要编号",
        max_length=80,
        help_text="例如：霸政字〔2026〕12号；年份括号可用任意括号。",
        error_messages={
            "required": "请填写文号或会议纪要编号。",
            "max_length": "文号最多%(limit_value)d字，请核对。",
        },
    )
    file = forms.FileField(
        label="审定材料扫描件",
        allow_empty_file=True,
        error_messages={"required": "请上传县政府审定材料的扫描件（PDF、JPG或PNG）。"},
    )

    def __init__(self, *args: Any, kept_name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        words = f"PDF、JPG或PNG，不超过{megabytes}MB。"
        if kept_name:
            self.fields["file"].required = False
            words += f"不选择新文件则保留“{kept_name}”。"
        self.fields["file"].help_text = words

    @property
    def approval(self) -> ApprovalInput:
        """What the action takes."""
        data = self.cleaned_data
        return ApprovalInput(data["approved_on"], data["document_number"], data["file"])


class AcknowledgementForm(forms.Form):
    """The tick that changes after the approval have been put before the county government."""

    approval_confirmed = forms.BooleanField(label="改动已报县政府同意", required=False)

    @property
    def is_confirmed(self) -> bool:
        """Whether it was ticked."""
        return self.is_valid() and bool(self.cleaned_data["approval_confirmed"])
