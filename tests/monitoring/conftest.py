"""A call for months, counties that set targets, and what they report."""

from datetime import datetime
from decimal import Decimal

import pytest

from county_portal.common import clock
from indicators.actions.monthly import (
    MonthEntry,
    MonthlyInput,
    TargetEntry,
    open_call,
    report_months,
)
from indicators.selectors.monthly import own_county, read_county
from tests.common.committed import committed_db, owner_may_empty_tables

__all__ = ["committed_db", "owner_may_empty_tables"]

YEAR = 2026


def on(month, day, year=YEAR):
    """Business time: nine in the morning of a day."""
    return clock.playing(datetime(year, month, day, 9, tzinfo=clock.BEIJING))


def report(actor, call, months=(), targets=()):
    """Write months {(code, month): text} and targets {code: (baseline, number)} as one saving."""
    year = read_county(call, own_county(actor, call))
    entered = MonthlyInput(
        year.fingerprint,
        [
            MonthEntry(code, month, Decimal(text) if text else None)
            for (code, month), text in dict(months).items()
        ],
        [
            TargetEntry(code, Decimal(baseline), Decimal(number))
            for code, (baseline, number) in dict(targets).items()
        ],
    )
    return report_months(actor=actor, call_id=call.public_id, entered=entered)


@pytest.fixture
def call(people, version):
    """This year's, of one indicator: 高新技术企业数量, a stock."""
    version.indicators.exclude(code="04").update(monthly="")
    with on(1, 6):
        return open_call(actor=people.manager, version=version, year=YEAR, due_day=10)


@pytest.fixture
def behind(people, call):
    """霸州 aims from 50 to 62 and stands at 51 in March; the other counties lack everything."""
    with on(4, 5):
        report(
            people.filler,
            call,
            {("04", 1): "50", ("04", 2): "51", ("04", 3): "51"},
            {"04": ("50", "62")},
        )
    return call
