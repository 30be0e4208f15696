"""Tests that really commit: several connections at once, or other processes, see what they do."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

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
