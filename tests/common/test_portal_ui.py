"""Wording of numbers and times, and the geometry of small charts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context

from county_portal.common import clock
from county_portal.common.templatetags import portal_ui

NOON = datetime(2024, 4, 29, 4, 0, tzinfo=UTC)  # 12:00 in Beijing


@pytest.fixture(autouse=True)
def noon():
    with clock.playing(NOON):
        yield


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("7351.20"), "7,351.2"),
        (Decimal(100), "100"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "0"),
        (Decimal("3.007518796992481203007518797"), "3.007518796992481203007518797"),
        (0, "0"),
        ("12.50", "12.5"),
        (None, "—"),
        ("", "—"),
        ("缺报", "缺报"),
        (True, True),
        (Decimal("NaN"), Decimal("NaN")),
    ],
)
def test_decimal_text_is_exact(value, text):
    assert str(portal_ui.decimal_text(value)) == str(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1067.228261", "1,067.23"),
        ("0.00005", "0.0001"),
        ("1.5", "1.5"),
        ("600", "600"),
        (None, "—"),
    ],
)
def test_computed_numbers_are_cut_to_what_is_read(value, text):
    assert portal_ui.readable_text(value) == text


@pytest.mark.parametrize(
    ("value", "beside", "text"),
    [
        ("1.799272", "1.8", "1.799272"),
        ("1.8", "1.8", "1.8"),
        ("1.791", "1.8", "1.79"),
        (None, "1.8", "—"),
    ],
)
def test_a_computed_number_is_not_taken_for_the_one_beside_it(value, beside, text):
    assert portal_ui.readable_text(value, beside) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("5.025"), "5.03"),
        (Decimal(80), "80.00"),
        (Decimal("1234.5"), "1,234.50"),
        (Decimal("-0.001"), "0.00"),
        (None, "—"),
        ("", "—"),
        ("缺报", "缺报"),
    ],
)
def test_fixed_rounds_halves_up(value, text):
    assert portal_ui.fixed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.44", "+1.44"), ("-0.3", "-0.30"), ("0", "0.00"), ("0.004", "0.00"), (None, "—")],
)
def test_signed_marks_a_gain(value, text):
    assert portal_ui.signed(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "per_cent", "name"),
    [
        (0, 0, "0.0", "pc-0"),
        (64, 167, "38.3", "pc-35"),
        (166, 167, "99.4", "pc-95"),
        (167, 167, "100.0", "pc-100"),
        (200, 167, "100.0", "pc-100"),
        (-1, 167, "0.0", "pc-0"),
        (None, 167, "0.0", "pc-0"),
    ],
)
def test_shares_stay_within_bounds(part, whole, per_cent, name):
    assert portal_ui.percent_of(part, whole) == Decimal(per_cent)
    assert portal_ui.percent_class(part, whole) == name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (date(2020, 4, 9), "2020年4月9日"),
        (datetime(2020, 4, 29, 6, 3, tzinfo=UTC), "2020年4月29日 14:03"),
        (datetime(2020, 4, 29, 16, 3, tzinfo=UTC), "2020年4月30日 00:03"),
        (datetime(2020, 4, 29, 6, 3), "2020年4月29日 06:03"),  # noqa: DTZ001 -- a naive one is taken as local
    ],
)
def test_when_writes_local_time(value, text):
    assert portal_ui.when(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (NOON - timedelta(seconds=20), "刚刚"),
        (NOON - timedelta(minutes=5), "5分钟前"),
        (NOON - timedelta(hours=2), "今天 10:00"),
        (NOON + timedelta(hours=2), "今天 14:00"),
        (NOON - timedelta(days=1), "昨天 12:00"),
        (NOON - timedelta(days=2), "前天 12:00"),
        (NOON + timedelta(days=1), "明天 12:00"),
        (NOON - timedelta(days=30), "30天前"),
        (NOON - timedelta(days=31), "2024年3月29日 12:00"),
        (NOON + timedelta(days=9), "2024年5月8日 12:00"),
        (date(2024, 4, 29), "今天"),
        (date(2024, 4, 26), "3天前"),
    ],
)
def test_ago_speaks_of_days(value, text):
    assert portal_ui.ago(value) == text


@pytest.mark.parametrize(
    ("value", "text", "is_overdue", "is_near"),
    [
        (None, "未定期限", False, False),
        (date(2024, 5, 4), "剩 5 天", False, False),
        (date(2024, 5, 2), "剩 3 天", False, True),
        (date(2024, 4, 29), "今天截止", False, True),
        (date(2024, 4, 27), "已逾期 2 天", True, False),
        (NOON + timedelta(hours=6), "今天 18:00 截止", False, True),
        (NOON - timedelta(hours=1), "今天已逾期", True, False),
        (NOON - timedelta(days=1), "已逾期 1 天", True, False),
    ],
)
def test_until_counts_days_left(value, text, is_overdue, is_near):
    assert portal_ui.until(value) == text
    assert portal_ui.is_overdue(value) is is_overdue
    assert portal_ui.is_near(value) is is_near


def test_unknown_words_fall_back_to_the_neutral_sign():
    assert portal_ui.tone_icon("purple") == portal_ui.TONE_ICONS["neutral"]
    assert portal_ui.movement_mark("?").word == "无可比"
    assert portal_ui.cell_mark("?").word == "未填"


@pytest.mark.parametrize(
    ("tags", "tone"),
    [("error", "danger"), ("warning", "warning"), ("extra success", "success"), ("info", "info")],
)
def test_message_levels_have_tones(tags, tone):
    assert portal_ui.message_tone(tags) == tone


def test_stacked_parts_fill_the_bar():
    parts = portal_ui.stacked([("A", 32), ("B", 66), ("C", 69), ("-", 0)])

    assert [(part.letter, part.count, part.share) for part in parts] == [
        ("A", 32, Decimal("19.2")),
        ("B", 66, Decimal("39.5")),
        ("C", 69, Decimal("41.3")),
    ]
    assert parts[0].x == 0
    assert parts[-1].x + parts[-1].width == 100
    assert portal_ui.stacked([("A", 0)]) == []


def test_line_chart_leaves_a_gap_for_a_missing_value():
    points = [
        ("2018", Decimal("52.64")),
        ("2019", None),
        ("2020", Decimal(70)),
        ("2021", Decimal(80)),
    ]

    chart = portal_ui.line_chart(points, [("A", Decimal(80))])

    assert [dot.label for dot in chart.dots] == ["2018", "2020", "2021"]
    assert [(start.label, end.label) for start, end in chart.lines] == [("2020", "2021")]
    assert chart.summary == "2018 52.64；2019 —；2020 70；2021 80"
    assert chart.limits[0].position == chart.dots[-1].y


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["52.64", "80.1"], ["50", "60", "70", "80", "90"]),
        (["0.32", "0.5"], ["0.3", "0.35", "0.40", "0.45", "0.50"]),
        (["5"], ["4.0", "4.5", "5.0", "5.5", "6.0"]),
        (["-1", "1"], ["-1", "-0.5", "0", "0.5", "1"]),
    ],
)
def test_axis_ticks_enclose_all_values(values, ticks):
    found = portal_ui.axis_ticks([Decimal(value) for value in values])

    assert found == [Decimal(tick) for tick in ticks]


@pytest.mark.parametrize("points", [[], [("2018", None)], [("2018", Decimal(5))]])
def test_line_chart_of_little_or_nothing_is_drawn(points):
    chart = portal_ui.line_chart(points)

    assert len(chart.dots) == sum(value is not None for _, value in points)
    assert chart.lines == ()


def test_csrf_field_without_a_request_is_empty():
    assert portal_ui.csrf_field(Context()) == ""
