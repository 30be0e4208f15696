"""Input policy for text, the same for web forms and workbooks; digests by which a page knows what it showed."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from datetime import date

_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)}
_ZERO_WIDTH = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}
_ALLOWED_CONTROLS = {"\n", "\t"}


def name_in_stead(name: str, absent: str) -> str:
    """A name as records print it: 李某, or 李某（代王某） of somebody who stood in for a colleague."""
    return f"{name}（代{absent}）" if absent else name


def chinese_date(day: date) -> str:
    """A date as official documents write it: Arabic digits, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def as_stored(text: str) -> str:
    """What a browser sends back as it was kept, to compare the two: line ends as \\n, blanks around it gone."""
    return text.replace("\r\n", "\n").strip()


def clean_text(text: str) -> str:
    """NFC, line ends as \\n, zero-width characters dropped, blanks (ideographic too) trimmed.

    Raises ValueError for control characters and direction overrides, which would falsify a document.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(char for char in text if char not in _ZERO_WIDTH)
    for char in text:
        if char in _BIDI or (
            unicodedata.category(char) in {"Cc", "Cs"} and char not in _ALLOWED_CONTROLS
        ):
            raise ValueError(f"U+{ord(char):04X}")
    return text.strip()


def fingerprint(parts: Iterable[object]) -> str:
    """Short digest of what a page showed, by which it is known later whether anybody changed it meanwhile.

    Two lists of parts have the same one only where each part is the same: ("a", "bc") is not ("ab", "c"). Raises
    TypeError for what is no plain value.
    """
    content = json.dumps(list(parts), separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:16]
