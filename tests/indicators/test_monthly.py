"""Monthly figures: the straight path, what may be reported when, who is late, what is recorded."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from county_portal.audit.models import Event
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed, Stale
from county_portal.notices.models import Notice
from indicators.actions.monthly import (
    MonthEntry,
    MonthlyInput,
    TargetEntry,
    open_call,
    report_months,
)
from indicators.actions.reminding import send_reminders
from indicators.enums import SubmissionAction as Act
from indicators.models import MonthlyCall
from indicators.rules.monthly import (
    Course,
    due_on,
    fallen_months,
    has_ended,
    month_words,
    pace_word,
)
from indicators.selectors.monthly import read_counties, read_county
from indicators.templatetags.monthly_ui import lead_words, pace_chart
from tests.factories.sheets import ANSWERS, approve, move, open_for_all, submission_of

YEAR = 2026


def D(text):  # noqa: N802 -- reads as the literal it stands for
    return None if text is None else Decimal(text)


def on(month, day, year=YEAR):
    return clock.playing(datetime(year, month, day, 9, tzinfo=clock.BEIJING))


# --- the straight path ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, baseline, target, month, expected",
    [
        ("stock", "50", "62", 1, "51"),
        ("stock", "50", "62", 12, "62"),
        ("stock", "62", "50", 6, "56"),
        ("stock", None, "62", 6, None),
        ("stock", "50", "50", 6, "50"),
        ("stock", "0", "0", 6, "0"),
        ("flow", "7000", "8400", 6, "4200"),
        ("flow", None, "100", 1, "8.333333"),
        ("flow", "5", "0", 6, "0"),
    ],
)
def test_the_path(kind, baseline, target, month, expected):
    assert Course(kind, D(baseline), D(target)).expected(month) == D(expected)


@pytest.mark.parametrize(
    "baseline, target, lower, number, lead, word",
    [
        ("50", "62", False, "57", "1", "快"),
        ("50", "62", False, "56", "0", "持平"),
        ("50", "62", False, "54", "-2", "慢"),
        # 万元GDP能耗: below the path is better.
        ("0.50", "0.44", True, "0.46", "0.01", "快"),
        ("0.50", "0.44", True, "0.48", "-0.01", "慢"),
        ("0", "0", False, "3", "3", "快"),
        ("0", "0", True, "3", "-3", "慢"),
        ("50", "50", False, "50", "0", "持平"),
    ],
)
def test_the_lead_knows_the_direction(baseline, target, lower, number, lead, word):
    found = Course("stock", D(baseline), D(target), lower).lead(6, D(number))

    assert (found, pace_word(found)) == (D(lead), word)


def test_a_lead_in_words():
    assert lead_words(D("1.005"), "家") == "快 1.01家"
    assert lead_words(D("-2"), "家") == "慢 2家"
    assert lead_words(None) == "—"


@pytest.mark.parametrize(
    "kind, numbers, fallen",
    [
        ("flow", {1: 5, 2: 9, 3: 9}, []),
        ("flow", {1: 5, 3: 4}, [3]),
        ("flow", {1: 9, 2: 5, 3: 6}, [2, 3]),
        ("stock", {1: 9, 2: 5}, []),
    ],
)
def test_a_sum_since_january_does_not_fall(kind, numbers, fallen):
    assert fallen_months(kind, {m: Decimal(n) for m, n in numbers.items()}) == fallen


@pytest.mark.parametrize(
    "months, words",
    [
        ([], ""),
        ([4], "4月"),
        ([1, 2], "1、2月"),
        ([5, 1, 2, 3], "1—3、5月"),
        (range(1, 13), "1—12月"),
    ],
)
def test_months_in_words(months, words):
    assert month_words(months) == words


def test_months_end_and_fall_due():
    assert not has_ended(2026, 3, date(2026, 3, 31))
    assert has_ended(2026, 3, date(2026, 4, 1))
    assert has_ended(2026, 12, date(2027, 1, 1))
    assert due_on(2026, 12, 10, date(2026, 1, 5)) == date(2027, 1, 10)
    # A call that comes in June gives ten days for what lies behind it.
    assert due_on(2026, 1, 10, date(2026, 6, 1)) == date(2026, 6, 11)


# --- reporting -----------------------------------------------------------------------------------


@pytest.fixture
def monthly_version(version):
    """01 is a sum since January, 04 and 06 are stocks; 06 the lower the better, for the test."""
    version.indicators.update(monthly="")
    version.indicators.filter(code="01").update(monthly="flow")
    version.indicators.filter(code="04").update(monthly="stock")
    version.indicators.filter(code="06").update(monthly="stock", lower_is_better=True)
    return version


@pytest.fixture
def call(people, monthly_version):
    """This year's, called for in January."""
    with on(1, 5):
        return open_call(actor=people.manager, version=monthly_version, year=YEAR, due_day=10)


def county(call, province):
    return read_county(call, province.counties["bazhou"])


def report(people, province, call, *months, targets=(), seen=None):
    entered = MonthlyInput(
        county(call, province).fingerprint if seen is None else seen,
        [MonthEntry(code, month, D(number), *note) for code, month, number, *note in months],
        [TargetEntry(code, D(baseline), D(number)) for code, baseline, number in targets],
    )
    return report_months(actor=people.filler, call_id=call.public_id, entered=entered)


def line(call, province, code):
    return next(row for row in county(call, province).lines if row.indicator.code == code)


def test_a_call_is_made_once_and_told(people, monthly_version, call):
    assert Notice.objects.filter(kind="monthly", recipient=people.filler).count() == 1
    with pytest.raises(Invalid, match="call_exists"):
        open_call(actor=people.manager, version=monthly_version, year=YEAR, due_day=10)
    with pytest.raises(NotAllowed):
        open_call(actor=people.lead, version=monthly_version, year=YEAR + 1, due_day=10)
    monthly_version.indicators.update(monthly="")
    with pytest.raises(Invalid, match="nothing_monthly"):
        open_call(actor=people.manager, version=monthly_version, year=YEAR + 1, due_day=10)


def test_figures_stand_against_the_path_and_gaps_stay_gaps(people, province, call):
    with on(4, 3):
        report(
            people, province, call, ("04", 1, "51"), ("04", 3, "52"), targets=[("04", "50", "62")]
        )
        row = line(call, province, "04")

        assert [month.number for month in row.months[:4]] == [51, None, 52, None]
        assert (row.months[0].lead, row.months[2].lead) == (0, -1)
        assert row.latest.month == 3
        chart = pace_chart(row)
        assert len(chart.dots) == 2
        assert chart.lines == ()
        assert "2月" not in chart.summary


def test_only_what_differs_is_written_and_recorded(people, province, call):
    with on(4, 3):
        assert report(people, province, call, ("04", 1, "51"), ("04", 2, "52")) == 2
        assert report(people, province, call, ("04", 1, "51"), ("04", 2, "53")) == 1
        assert report(people, province, call, ("04", 2, None)) == 1

    events = Event.objects.filter(act="report_months").order_by("serial")
    assert [event.detail for event in events] == [
        {"04/1": [["", ""], ["51", ""]], "04/2": [["", ""], ["52", ""]]},
        {"04/2": [["52", ""], ["53", ""]]},
        {"04/2": [["53", ""], ["", ""]]},
    ]
    assert events[0].region_code == "131081"
    assert line(call, province, "04").months[1].number is None


def test_a_month_that_is_not_over_is_refused(people, province, call):
    with on(3, 31), pytest.raises(Invalid, match="month_not_over"):
        report(people, province, call, ("04", 3, "51"))
    assert not call.figures.exists()


def test_a_falling_sum_needs_a_note_a_falling_stock_does_not(people, province, call):
    with on(4, 3):
        report(people, province, call, ("04", 1, "51"), ("04", 2, "40"))
        report(people, province, call, ("01", 1, "900"))
        with pytest.raises(Invalid, match="flow_fell") as refused:
            report(people, province, call, ("01", 2, "800"))
        assert refused.value.field == "t-01-2"

        assert report(people, province, call, ("01", 2, "800", "一笔支出退回财政。")) == 1


def test_raising_an_earlier_month_over_a_later_one_asks_for_the_note_there(people, province, call):
    with on(4, 3):
        report(people, province, call, ("01", 1, "900"), ("01", 2, "950"))
        with pytest.raises(Invalid) as refused:
            report(people, province, call, ("01", 1, "990"))

    assert refused.value.field == "t-01-2"


def test_nobody_writes_over_a_colleague(people, province, call):
    seen = county(call, province).fingerprint
    with on(4, 3):
        report(people, province, call, ("04", 1, "51"))
        with pytest.raises(Stale, match="edited_meanwhile"):
            report(people, province, call, ("04", 1, "52"), seen=seen)

    assert line(call, province, "04").months[0].number == 51


def test_a_target_may_be_changed_until_the_first_quarter_is_reported(people, province, call):
    with on(4, 10):
        report(people, province, call, targets=[("04", "50", "62")])
        report(people, province, call, targets=[("04", "50", "60")])
    with on(4, 11):
        with pytest.raises(Stale, match="target_settled"):
            report(people, province, call, targets=[("04", "50", "70")])
        # The first one may come late.
        assert report(people, province, call, targets=[("06", "341", "400")]) == 1

    details = [event.detail for event in Event.objects.filter(act="set_monthly_targets")]
    assert {"04": [["50", "62"], ["50", "60"]]} in details


@pytest.mark.parametrize("who", ["reviewer", "manager", "publisher"])
def test_only_the_county_reports(people, province, call, who):
    entered = MonthlyInput(county(call, province).fingerprint, [MonthEntry("04", 1, D("1"))])
    with on(4, 3), pytest.raises(NotAllowed):
        report_months(actor=getattr(people, who), call_id=call.public_id, entered=entered)


def test_last_years_reviewed_figure_is_proposed_as_the_start(people, province, monthly_version):
    collection = open_for_all(people.manager, monthly_version)
    submission = submission_of(collection, "131081")
    year = collection.data_year + 1
    call = open_call(actor=people.manager, version=monthly_version, year=year, due_day=10)
    assert line(call, province, "04").proposed is None

    approve(people.lead, people.reviewer, submission)
    move(people.manager, submission, Act.RECEIVE)

    assert line(call, province, "04").proposed == Decimal(ANSWERS["04"].text)
    assert line(call, province, "04").baseline == line(call, province, "04").proposed


def test_a_target_of_nought_divides_nothing(people, province, call):
    with on(4, 3):
        report(people, province, call, ("04", 1, "3"), targets=[("04", "0", "0")])
        row = line(call, province, "04")

    assert row.share is None
    assert row.months[0].lead == 3


def test_all_counties_cost_no_more_queries_than_one(
    people, province, call, django_assert_num_queries
):
    regions = list(province.counties.values())
    with on(4, 3):
        report(people, province, call, ("04", 1, "3"), targets=[("04", "0", "9")])
        with django_assert_num_queries(5):
            read_counties(call, regions[:1])
        with django_assert_num_queries(5):
            years = read_counties(call, regions)

    assert [bool(year.lines[1].latest) for year in years] == [True, False, False, False]


# --- the calendar --------------------------------------------------------------------------------


def told(person):
    return list(
        Notice.objects.filter(recipient=person).order_by("pk").values_list("title", flat=True)
    )


def test_months_are_reminded_of_and_reported_upwards(people, province, call):
    Notice.objects.all().delete()
    with on(2, 6):
        send_reminders()
    assert not Notice.objects.exists()
    with on(2, 7):
        send_reminders()
        send_reminders()
    assert told(people.filler) == ["请于2026年2月10日前报送2026年1月月报"]
    with on(2, 13):
        send_reminders()
    assert told(people.filler)[1:] == ["2026年1月月报已逾期（2026年2月10日截止），请尽快补报"]
    assert told(people.reviewer) == ["1个县（市、区）逾期未报2026年1月月报"]
    assert told(people.manager) == []
    with on(2, 17):
        send_reminders()
        send_reminders()
    assert told(people.manager) == ["4个县（市、区）逾期未报2026年1月月报"]


def test_who_has_reported_is_left_alone(people, province, call):
    with on(2, 3):
        report(people, province, call, ("01", 1, "3"), ("04", 1, "3"), ("06", 1, "3"))
    Notice.objects.all().delete()
    for day in (7, 11, 17):
        with on(2, day):
            send_reminders()

    assert told(people.filler) == []
    assert told(people.manager) == ["3个县（市、区）逾期未报2026年1月月报"]


def test_a_year_is_called_for_once_a_version(call):
    assert MonthlyCall.objects.count() == 1


def test_months_before_a_late_call_are_told_of_together_and_not_for_ever(
    people, province, monthly_version
):
    with on(6, 1):
        call = open_call(actor=people.manager, version=monthly_version, year=YEAR, due_day=10)
        report(people, province, call, ("01", 2, "3"), ("04", 2, "3"), ("06", 2, "3"))
    Notice.objects.all().delete()
    with on(6, 9):
        send_reminders()
    assert told(people.filler) == ["请于2026年6月11日前报送2026年1、3—5月月报"]
    Notice.objects.all().delete()
    with on(8, 1):
        send_reminders()
    assert not [title for title in told(people.filler) if "1、3—5月" in title]
