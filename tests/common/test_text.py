import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_portal.common.text import clean_text


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("  霸州市 ", "霸州市"),
        ("\u3000霸州市\u3000", "霸州市"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("列\t列", "列\t列"),
        ("霸\u200b州\ufeff市", "霸州市"),
        ("e\u0301", "é"),
        ("", ""),
        ("𠮷", "𠮷"),
    ],
)
def test_kept(typed, kept):
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "a\x00b",
        "a\x07b",
        "a\x1bb",
        "a\x7fb",
        "a\x85b",
        "\u202egpj.exe",
        "\u2066x",
        "a\u200eb",
        "\ud800",
    ],
)
def test_refused(typed):
    with pytest.raises(ValueError, match=r"^U\+[0-9A-F]{4}$"):
        clean_text(typed)


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    try:
        once = clean_text(text)
    except ValueError:
        return
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once


def test_every_character_of_the_basic_plane_is_kept_or_refused():
    for code in range(0x10000):
        with suppress(ValueError):
            clean_text(f"甲{chr(code)}乙").encode()
