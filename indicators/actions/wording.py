"""Reading the words somebody gives for an act."""

from county_portal.common.errors import Invalid
from county_portal.common.text import clean_text

MAX_REASON = 500


def read_reason(typed: str) -> str:
    """The reason as it is kept; raises Invalid for nothing, too much, or characters that deceive."""
    try:
        words = clean_text(typed)
    except ValueError as error:
        raise Invalid(
            "text_control_character", f"原因含有不可见的控制字符（{error}），请重新输入。", "reason"
        ) from error
    if not words:
        raise Invalid("reason_required", "请写明数值属实的原因，不能为空。", "reason")
    if len(words) > MAX_REASON:
        sentence = f"原因有{len(words)}字，最多{MAX_REASON}字，请精简。"
        raise Invalid("text_too_long", sentence, "reason")
    return words
