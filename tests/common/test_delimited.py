"""Text that spreadsheets open: no formula comes to life, numbers stay exact."""

from datetime import date
from decimal import Decimal

import pytest

from county_portal.common.delimited import delimited_lines, guarded


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\tx",
        "\r=1",
        "  =1",
        "\n=1",
        "\u3000=1",
    ],
)
def test_formula_becomes_text(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["霸州市", "", "1-2", "a=b", "'=1"])
def test_other_text_stays(text):
    assert guarded(text) == text


def test_lines_come_one_by_one_and_hold_what_they_were_given():
    asked = []

    def rows():
        for row in [
            ("井陉县", Decimal("-1.50"), None),
            ('a"b,c', 7, date(2026, 1, 2)),
            ("=1", "", 0),
        ]:
            asked.append(row)
            yield row

    lines = delimited_lines(("县", "分", "日"), rows())

    assert next(lines) == "\ufeff县,分,日\r\n"
    assert asked == []
    assert next(lines) == "井陉县,-1.50,\r\n"
    assert len(asked) == 1
    assert list(lines) == ['"a""b,c",7,2026-01-02\r\n', "'=1,,0\r\n"]
