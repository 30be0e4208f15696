"""Forms of the county government's papers: its application document, and its approval of the materials."""

from typing import Any

from django import forms
from django.conf import settings

from applications.actions.approval import ApprovalInput
from applications.actions.document import DocumentInput
from applications.models import GovernmentDocument
from county_portal.common.fields import CleanCharField, DayField

MAX_TITLE, MAX_NUMBER = 120, 80


def _number_field(label: str, example: str) -> CleanCharField:
    return CleanCharField(
        label=label,
        max_length=MAX_NUMBER,
        help_text=f"例如：{example}；年份括号可用任意括号，系统统一为〔〕。",
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}最多%(limit_value)d字，请核对。",
        },
    )


def _title_field(label: str, help_text: str) -> CleanCharField:
    return CleanCharField(
        label=label,
        max_length=MAX_TITLE,
        help_text=help_text,
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}最多%(limit_value)d字，现有%(show_value)d字，请精简。",
        },
    )


def _scan_field(what: str) -> forms.FileField:
    megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
    return forms.FileField(
        label="扫描件",
        # The file rules have their own sentence for an empty file.
        allow_empty_file=True,
        help_text=f"PDF、JPG或PNG，不超过{megabytes}MB。",
        error_messages={"required": f"请上传{what}的扫描件（PDF、JPG或PNG）。"},
    )


class DocumentForm(forms.Form):
    title = _title_field("文件名称", "写全称，例如：XX县人民政府关于申报试点的请示。")
    document_number = _number_field("文号", "霸政字〔2026〕8号")
    issued_on = DayField(label="成文日期")
    file = _scan_field("申报文件")
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept_name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kept_name:
            self.fields["file"].required = False
            self.fields["file"].help_text += f"不选择新文件则保留“{kept_name}”。"

    @staticmethod
    def initial_of(stored: GovernmentDocument | None) -> dict[str, Any]:
        """What is on record, as the form shows it again."""
        if stored is None:
            return {}
        return {
            "title": stored.title,
            "document_number": stored.document_number,
            "issued_on": stored.issued_on,
        }

    @property
    def document(self) -> DocumentInput:
        """What the action takes."""
        data = self.cleaned_data
        return DocumentInput(
            data["title"], data["document_number"], data["issued_on"], data["file"]
        )


class ApprovalForm(forms.Form):
    meeting = _title_field("会议名称", "例如：县政府第12次常务会议。")
    met_on = DayField(label="审议日期")
    document_number = _number_field("文号或会议纪要编号", "霸政纪〔2026〕5号")
    file = _scan_field("审议材料")
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def approval(self) -> ApprovalInput:
        """What the action takes."""
        data = self.cleaned_data
        return ApprovalInput(data["meeting"], data["met_on"], data["document_number"], data["file"])
