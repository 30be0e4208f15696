"""Forms of the county's own rows, and of files that prove a row."""

from django import forms
from django.conf import settings

from applications.actions.rows import OwnRowInput, RowEvidenceInput
from applications.models import TableRow
from county_portal.common.fields import CleanCharField


def _line(label: str, most: int, help_text: str, *, required: bool = True) -> CleanCharField:
    return CleanCharField(
        label=label,
        max_length=most,
        help_text=help_text,
        required=required,
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}最多%(limit_value)d字，现有%(show_value)d字，请精简。",
        },
    )


class OwnRowForm(forms.Form):
    name = _line("指标名称", 120, "例如：县域特色产业集群营业收入。不与表中其他指标重复。")
    unit = _line("单位", 20, "例如：亿元、家、%。")
    direction = forms.ChoiceField(
        label="方向",
        choices=[("high", "越高越好"), ("low", "越低越好")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择方向。",
            "invalid_choice": "请选择“越高越好”或“越低越好”。",
        },
    )
    definition = CleanCharField(
        label="口径",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="统计什么、范围、数据由哪个部门提供。",
        error_messages={
            "required": "请写明口径。",
            "max_length": "口径最多%(limit_value)d字，现有%(show_value)d字，请精简。",
        },
    )

    @staticmethod
    def initial_of(row: TableRow) -> dict[str, str]:
        """A row as the form shows it again."""
        return {
            "name": row.own_name,
            "unit": row.own_unit,
            "direction": "low" if row.own_lower_is_better else "high",
            "definition": row.own_definition,
        }

    @property
    def own(self) -> OwnRowInput:
        """What the action takes."""
        data = self.cleaned_data
        return OwnRowInput(
            data["name"], data["unit"], data["definition"], data["direction"] == "low"
        )


class RowEvidenceForm(forms.Form):
    name = _line("材料名称", 120, "与文件标题一致，例如：中共XX县委、XX县人民政府关于……的意见。")
    document_number = _line("文号", 80, "有文号的填写，例如：霸发〔2025〕3号。", required=False)
    file = forms.FileField(
        label="文件",
        # The file rules have their own sentence for an empty file.
        allow_empty_file=True,
        error_messages={"required": "请选择要上传的文件。"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        self.fields["file"].help_text = f"PDF、JPG、PNG、XLSX或DOCX，不超过{megabytes}MB。"

    @property
    def evidence(self) -> RowEvidenceInput:
        """What the action takes."""
        data = self.cleaned_data
        return RowEvidenceInput(data["name"], data["document_number"], data["file"])
