"""Fixtures of jobs tests."""

import pytest

from county_portal.accounts.roles import Role
from county_portal.jobs.actions import Order, start_job
from tests.accounts.people import make_user
from tests.common.committed import committed_db, owner_may_empty_tables
from tests.jobs import kinds

__all__ = ["committed_db", "owner_may_empty_tables"]


@pytest.fixture(autouse=True)
def _nothing_abandoned():
    kinds.ABANDONED.clear()


@pytest.fixture
def start():
    """Start a job; its requester may be given."""

    def start(kind, keys, actor=None, subject="2024", **params):
        order = Order(f"test.{kind}", "试验任务", subject, [str(key) for key in keys], params)
        return start_job(actor=actor or make_user(Role.PROVINCE_MANAGER), order=order)[0]

    return start
