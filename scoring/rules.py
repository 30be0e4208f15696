"""Pure decisions on lists: movement against the last list, what a document number looks like."""

import re
from collections.abc import Sequence

from county_portal.common.errors import Invalid
from scoring.enums import Movement

# Six-corner brackets, no 第, no leading zero (GB/T 9704-2012, 7.2.5).
_DOCUMENT_NUMBER = re.compile(r"\S{1,20}〔\d{4}〕[1-9]\d{0,4}号")
_LOOSE_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "［": "〔", "］": "〕", "（": "〔", "）": "〕", "(": "〔", ")": "〕"})


def movement_between(before: str, after: str, classes: Sequence[str]) -> Movement:
    """Movement from class `before` to `after`; `classes` stand best first."""
    if not before or before not in classes:
        return Movement.FIRST
    change = classes.index(before) - classes.index(after)
    return Movement.RISE if change > 0 else Movement.FALL if change < 0 else Movement.SAME


def read_document_number(text: str) -> str:
    """The number in its standard form: brackets of any kind become 〔〕. Raises Invalid otherwise."""
    number = text.strip().translate(_LOOSE_BRACKETS)
    if not _DOCUMENT_NUMBER.fullmatch(number):
        raise Invalid(
            "document_number_malformed",
            f"发文字号“{text.strip()}”格式不符，应如“冀科领〔2021〕1号”：年份用六角括号，序号不加“第”、不编虚位。",
            "document_number",
        )
    return number
