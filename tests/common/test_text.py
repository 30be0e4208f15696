import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from county_portal.common.text import clean_text, fingerprint


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


plain_values = st.none() | st.booleans() | st.integers() | st.text()
parts = st.lists(plain_values | st.lists(plain_values))


@given(parts, parts)
def test_a_fingerprint_tells_any_two_lists_apart(one, other):
    """1 and True are the same to Python; what a page shows of them is not."""
    assert (fingerprint(one) == fingerprint(other)) == (repr(one) == repr(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["a", "bc"], ["ab", "c"]),
        (["a\x1fb"], ["a", "b"]),
        (["", "a"], ["a", ""]),
        ([["a"], "b"], [["a", "b"]]),
        ([None], [""]),
    ],
    ids=["cut-elsewhere", "separator-inside", "blank-first", "nesting", "nothing-and-blank"],
)
def test_parts_are_not_run_together(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_what_is_no_plain_value_has_no_fingerprint():
    with pytest.raises(TypeError):
        fingerprint([object()])
