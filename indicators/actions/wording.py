"""Reading the words somebody gives for an act."""

from county_portal.common.errors import Invalid
from county_portal.common.wording import read_words

MAX_REASON = 500


def read_reason(typed: str) -> str:
    """The reason as it is kept; raises Invalid for nothing, too much, or characters that deceive."""
    missing = Invalid("reason_required", "请写明数值属实的原因，不能为空。", "reason")
    return read_words(typed, "原因", "reason", most=MAX_REASON, missing=missing)
