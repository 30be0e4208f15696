"""Numbers as official documents write them: 发文字号, dates, ordinals; and citations brought into that form."""

import re
import unicodedata
from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_OPENING = r"[\[［【〖﹝〔（(]"
_CLOSING = r"[\]］】〗﹞〕）)]"
_YEAR = r"((?:19|20)\d\d)"
_YEAR_IN_BRACKETS = re.compile(rf"{_OPENING}\s*{_YEAR}\s*{_CLOSING}", re.ASCII)
# 代字 before and 号 behind make a citation of it; a house has a number too (号楼), a year is no 代字.
_CITATION = re.compile(
    rf"(?<=[㐀-鿿])(?<![年月日度])[ \t　]*第?{_OPENING}[ \t　]*{_YEAR}[ \t　]*{_CLOSING}"
    r"[ \t　]*第?[ \t　]*0*([1-9]\d{0,4})[ \t　]*号(?![楼院线门机库室厂])",
    re.ASCII,
)
_QUOTED = re.compile(r"(《[^《》]*》)")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
# Six-corner brackets, no 第, no leading zero (GB/T 9704-2012, 7.2.5).
_STANDARD = re.compile(r"[^\s〔〕]{1,20}〔\d{4}〕[1-9]\d{0,4}号", re.ASCII)


def document_number(prefix: str, year: int, serial: int) -> str:
    """发文字号: six-corner brackets, four-digit year, serial without 第 and without leading zeros."""
    return f"{prefix}〔{year}〕{serial}号"


def chinese_ordinal(number: int) -> str:
    """一 … 九十九, for headings 一、 and （一）."""
    tens, ones = divmod(number, 10)
    if number < 1 or tens >= len(_DIGITS):
        raise ValueError(f"no heading has the number {number}")
    leading = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return leading + (_DIGITS[ones] if ones else "")


def read_ordinal(words: str) -> int | None:
    """The number of 一 … 九十九; None for what is written otherwise."""
    return _ORDINALS.get(words)


_ORDINALS = {chinese_ordinal(number): number for number in range(1, 100)}


def text_width(text: str) -> Decimal:
    """Width in characters as printed: Latin letters and digits take half a character."""
    full = sum(1 for char in text if unicodedata.east_asian_width(char) not in {"Na", "H", "N"})
    return Decimal(full) + Decimal(len(text) - full) / 2


def standard_year(number: str) -> str:
    """A number somebody typed, its digits half-width and its year in six-corner brackets, however it was written.

    Nothing else of it changes: minutes of a meeting are numbered in many ways.
    """
    return _YEAR_IN_BRACKETS.sub(r"〔\1〕", number.translate(_HALF_WIDTH))


def is_document_number(number: str) -> bool:
    """Whether it is a 发文字号 to the letter."""
    return _STANDARD.fullmatch(number) is not None


def normalise_citations(text: str) -> str:
    """Numbers of documents quoted in a text as the standard writes them: 冀科平[2019]第05号 → 冀科平〔2019〕5号.

    What stands in 《》 is quoted to the letter and stays; so do years in brackets that belong to no number.
    """
    parts = _QUOTED.split(text)
    return "".join(part if place % 2 else _normalise(part) for place, part in enumerate(parts))


def _normalise(text: str) -> str:
    # Full-width digits are looked for at the same places, and changed only inside a citation.
    narrow = text.translate(_HALF_WIDTH)
    made, done = [], 0
    for found in _CITATION.finditer(narrow):
        made += [text[done : found.start()], f"〔{found[1]}〕{found[2]}号"]
        done = found.end()
    return "".join([*made, text[done:]])
