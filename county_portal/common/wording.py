"""Words somebody gives for an act, read by one policy: neither empty, nor too long, nor able to deceive."""

from county_portal.common.errors import Invalid
from county_portal.common.text import clean_text


def read_words(typed: str, label: str, field: str, *, most: int, missing: Invalid | None) -> str:
    """The words as they are kept.

    Raises `missing` where there are none (None: there need be none), and Invalid for more than `most`
    characters and for characters that deceive.
    """
    try:
        words = clean_text(typed)
    except ValueError as error:
        raise Invalid(
            "text_control_character",
            f"{label}含有不可见的控制字符（{error}），请删去后重新输入。",
            field,
        ) from error
    if missing is not None and not words:
        raise missing
    if len(words) > most:
        raise Invalid("text_too_long", f"{label}有{len(words)}字，最多{most}字，请精简。", field)
    return words
