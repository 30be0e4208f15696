"""Tests that really commit: several connections at once, or other processes, see what they do."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from county_portal.common.errors import Refused

# Filled by migrations, which do not run again.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session")
def owner_may_empty_tables():
    """Lets tests that commit (transactional_db, live_server) empty the tables afterwards.

    Django's own flush cannot do it: append-only tables refuse TRUNCATE even to their owner,
    unless the owner takes their triggers away first, which is what happens here.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: wipe())
        yield


@pytest.fixture
def committed_db(owner_may_empty_tables, transactional_db):
    """The test database without a surrounding transaction; emptied afterwards."""


def wipe() -> None:
    assert connection.settings_dict["NAME"].startswith("test_")
    tables = sorted(set(connection.introspection.table_names()) - KEPT)
    names = [connection.ops.quote_name(table) for table in tables]
    with connection.cursor() as cursor:
        statements = [
            "BEGIN",
            *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names),
            f"TRUNCATE {', '.join(names)}",
            *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names),
            "COMMIT",
        ]
        cursor.execute(";".join(statements))


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work(number)` in `count` threads that start together, each on its own connection.

    Returns what each returned; the first exception of any of them is raised.
    """
    together = threading.Barrier(count)
    results: list[Any] = [None] * count
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            together.wait(timeout=20)
            results[number] = work(number)
        except BaseException as fault:  # noqa: BLE001 -- raised again in the test's own thread
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return results


@contextmanager
def held_open(act):
    """Another connection does `act` and commits only once this block is left; tells when it has done it."""
    done, leave = threading.Event(), threading.Event()
    faults = []

    def run():
        try:
            with transaction.atomic():
                act()
                done.set()
                assert leave.wait(20)
        except BaseException as fault:  # noqa: BLE001 -- raised again in the test's own thread
            faults.append(fault)
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert done.wait(20)
    try:
        yield
    finally:
        leave.set()
        thread.join()
    if faults:
        raise faults[0]


def in_thread(act):
    """Start `act` on a connection of its own; returns what joins it and gives its outcome or refusal."""
    outcome = []

    def run():
        try:
            outcome.append(act())
        except Refused as fault:
            outcome.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def join():
        thread.join(20)
        return outcome[0]

    return join


def await_waiting():
    """Until some connection waits for a lock another one holds."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.05)
    raise AssertionError("nobody waits: the two did not meet")
