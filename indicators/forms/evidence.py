"""The form of one named item of an itemised indicator."""

from typing import Any

from django import forms
from django.conf import settings

from indicators.actions.evidence import EvidenceInput
from indicators.forms.fields import CleanCharField, year_field
from indicators.models import EvidenceItem, EvidenceKind, Indicator

FIRST_YEAR = 1949


class EvidenceForm(forms.Form):
    kind = forms.ModelChoiceField(
        label="类别",
        queryset=EvidenceKind.objects.none(),
        to_field_name="code",
        empty_label="请选择",
        error_messages={
            "required": "请选择类别。",
            "invalid_choice": "所选类别不属于本指标，请重新选择。",
        },
    )
    name = CleanCharField(
        label="名称",
        max_length=120,
        help_text="与批准文件一致，不用简称。",
        error_messages={
            "required": "请填写名称。",
            "max_length": "名称最多%(limit_value)d字，现有%(show_value)d字，请精简。",
        },
    )
    approval_number = CleanCharField(
        label="批准文号",
        max_length=80,
        required=False,
        help_text="例如：×科平〔2024〕1号。",
        error_messages={"max_length": "批准文号最多%(limit_value)d字，请核对。"},
    )
    file = forms.FileField(
        label="证明材料",
        required=False,
        # The file rules have their own sentence for an empty file.
        allow_empty_file=True,
    )

    def __init__(
        self, *args: Any, indicator: Indicator, last_year: int, kept_name: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.queryset = indicator.evidence_kinds.select_related("indicator")
        self.fields["year"] = year_field(
            "认定年份", first=FIRST_YEAR, last=last_year, required=False, help_text="四位年份。"
        )
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        self.fields["file"].help_text = f"PDF、JPG、PNG、XLSX或DOCX，不超过{megabytes}MB。"
        if kept_name:
            self.fields["file"].help_text += f"不选择新文件则保留“{kept_name}”。"
            self.fields["no_file"] = forms.BooleanField(label="去掉原有证明材料", required=False)
        self.order_fields(["kind", "name", "year", "approval_number", "file", "no_file"])

    @staticmethod
    def initial_of(item: EvidenceItem) -> dict[str, Any]:
        """An item as the form shows it again."""
        return {
            "kind": item.kind.code,
            "name": item.name,
            "year": item.year,
            "approval_number": item.approval_number,
        }

    @property
    def removes_file(self) -> bool:
        """Whether the file there is shall be taken away."""
        return bool(self.cleaned_data.get("no_file"))

    @property
    def evidence(self) -> EvidenceInput:
        """What the action takes."""
        data = self.cleaned_data
        return EvidenceInput(
            kind=data["kind"],
            name=data["name"],
            year=data["year"],
            approval_number=data["approval_number"],
            upload=data["file"],
        )
