"""Form fields that keep the portal's input policy."""

from typing import Any
from uuid import UUID

from django import forms

from county_portal.common.text import clean_text

CONTROL_CHARACTERS = "含有不可见的控制字符，请删去后重新输入。"


class CleanCharField(forms.CharField):
    """Text normalised by the policy; hidden control characters are refused in words."""

    def to_python(self, value: Any) -> str:
        """Normalise before length is counted."""
        text = super().to_python(value)
        try:
            return clean_text(str(text or ""))
        except ValueError as error:
            raise forms.ValidationError(
                CONTROL_CHARACTERS, code="text_control_character"
            ) from error


def words_field(
    label: str,
    *,
    max_length: int,
    help_text: str = "",
    rows: int = 4,
    asks: str = "写明原因和要求",
) -> CleanCharField:
    """Several lines of required words; blanks alone do not count. `asks` says what is wanted where they lack."""
    return CleanCharField(
        label=label,
        max_length=max_length,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": f"请填写{label}，{asks}。",
            "max_length": f"{label}最多%(limit_value)d字，现有%(show_value)d字，请精简。",
        },
    )


class DayField(forms.DateField):
    """A date picked in the browser."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        words = {"required": "请选择日期。", "invalid": "日期无效，请按“2026-03-31”的格式填写。"}
        super().__init__(widget=widget, error_messages=words, **kwargs)


def is_uuid(text: str) -> bool:
    """Whether the text is a well-formed id, of whatever: for a choice whose rows the act itself checks."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
