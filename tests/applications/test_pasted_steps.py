"""Steps copied from a table of Excel or Word."""

from datetime import date

import pytest

from applications.rules.pasted_steps import read_pasted


@pytest.mark.parametrize(
    "line, starts, ends",
    [
        ("建库\t2026-03-01\t2026-06-30", date(2026, 3, 1), date(2026, 6, 30)),
        ("建库\t2026年3月\t2026年6月", date(2026, 3, 1), date(2026, 6, 30)),
        ("建库\t2026年3月15日\t2027年2月", date(2026, 3, 15), date(2027, 2, 28)),
        ("建库\t2026.3—2026.12", date(2026, 3, 1), date(2026, 12, 31)),
        ("建库\t2026年3月至6月", date(2026, 3, 1), date(2026, 6, 30)),
        ("建库\t２０２６年３月\t2026/6/30", date(2026, 3, 1), date(2026, 6, 30)),
        ("1\t建库\t2028年2月", date(2028, 2, 1), date(2028, 2, 29)),
        ("（一）\t建库\t尽快\t年底", None, None),
        ("建库\t2026年13月\t2026年2月30日", None, None),
        ("建库", None, None),
    ],
    ids=[
        "iso",
        "months",
        "days",
        "dash",
        "one year",
        "full width",
        "numbered",
        "words",
        "no days",
        "bare",
    ],
)
def test_a_line_is_a_step(line, starts, ends):
    (step,) = read_pasted(line)

    assert (step.name, step.starts_on, step.ends_on) == ("建库", starts, ends)


def test_headings_and_blank_lines_are_no_steps():
    text = "序号\t工作内容\t开始\t完成\r\n\r\n1\t印发方案\t2026年1月\t2026年3月\r\n工作内容\t起止\n"

    assert [step.name for step in read_pasted(text)] == ["印发方案"]
