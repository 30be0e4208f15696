"""The one normaliser of numbers, for web forms and workbooks. It never guesses between 0.35 and 35."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NoReturn

from county_portal.common.errors import Invalid

MAX_INTEGER_DIGITS = 12
MAX_DECIMALS = 6
# Characters of a faulty entry that its refusal repeats.
SHOWN = 24

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％＋－−–—\u3000\u00a0", "0123456789.,%+----  ")
# ASCII: elsewhere \d, like Decimal, takes the digits of every script.
_PLAIN = re.compile(r"[+-]?(\d+)(?:\.(\d+))?", re.ASCII)
_DIGITS = re.compile(r"[+-]?[\d.,]+", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a cell accepts: its unit (a trailing % is dropped only where the unit is %), sign, decimals."""

    unit: str = ""
    negative_allowed: bool = False
    integer: bool = False


def parse_number(text: str, accepts: NumberFormat, label: str) -> Decimal | None:
    """The number typed in `text`, or None for blank.

    Full-width digits, thousands commas in groups of three and a trailing % are accepted.
    Raises Invalid with a sentence naming `label`, the reason and the remedy.
    """
    plain = text.translate(_FULL_WIDTH).strip()
    if not plain:
        return None
    if plain.endswith("%"):
        if accepts.unit != "%":
            _refuse(
                "number_percent_sign", label, text, f"单位是{accepts.unit or '个数'}，请去掉百分号"
            )
        plain = plain[:-1].rstrip()
    if "," in plain and _DIGITS.fullmatch(plain):
        if not _THOUSANDS.fullmatch(plain):
            _refuse("number_commas", label, text, "逗号只能用作千分位，请去掉逗号或按三位一组书写")
        plain = plain.replace(",", "")
    return _exact(plain, accepts, label, text)


def _exact(plain: str, accepts: NumberFormat, label: str, text: str) -> Decimal:
    match = _PLAIN.fullmatch(plain)
    if not match:
        _refuse("number_not_a_number", label, text, "不是数字，请只填写数字，单位不用填写")
    integer_part, decimals = match[1].lstrip("0"), match[2] or ""
    if len(integer_part) > MAX_INTEGER_DIGITS:
        _refuse("number_too_large", label, text, f"整数部分超过{MAX_INTEGER_DIGITS}位，请核对单位")
    if len(decimals) > MAX_DECIMALS:
        _refuse(
            "number_too_many_decimals",
            label,
            text,
            f"小数超过{MAX_DECIMALS}位，请按统计口径取舍后填写",
        )
    if accepts.integer and decimals.strip("0"):
        _refuse("number_not_an_integer", label, text, "应为整数，请核对")
    number = Decimal(plain)
    if number < 0 and not accepts.negative_allowed:
        _refuse("number_negative", label, text, "不能为负数，请核对")
    # No negative zero: it would print with its sign.
    return number or Decimal(0)


def _refuse(code: str, label: str, text: str, reason: str) -> NoReturn:
    shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    raise Invalid(code, f"“{label}”填写的“{shown}”{reason}。", label)


def plain(number: Decimal | None) -> str:
    """Decimal text without exponent or trailing zeros; blank for None."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# A small share needs its places to say anything; a large figure is not read beyond hundredths.
_HUNDREDTHS, _TEN_THOUSANDTHS = Decimal("0.01"), Decimal("0.0001")


def readable(number: Decimal, beside: Decimal | None = None) -> Decimal:
    """A figure as people read it: two decimals, four below 1, halves up. Nothing is computed from it.

    Beside another it would then be taken for, it stays exact: 1.799272 does not reach 1.8.
    """
    step = _HUNDREDTHS if abs(number) >= 1 else _TEN_THOUSANDTHS
    rounded = number.quantize(step, ROUND_HALF_UP)
    return number if rounded == beside else rounded
