"""Which scheme to try on past years."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from scoring.models import SchemeVersion


class RehearsalForm(forms.Form):
    """One version, draft or not."""

    version = forms.ModelChoiceField(
        label="评分方案",
        queryset=SchemeVersion.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        help_text="拟定中、已验证、已锁定的版本都可以试算；试算不影响任何评价结果。",
        error_messages={
            "required": "请选择评分方案。",
            "invalid_choice": "所选评分方案不存在，请重新选择。",
        },
    )

    def __init__(self, *args: Any, versions: QuerySet[SchemeVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["version"]
        choice.queryset = versions
        choice.label_from_instance = lambda row: f"{row}（{row.get_state_display()}）"
