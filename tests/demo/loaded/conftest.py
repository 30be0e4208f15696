"""The whole demonstration, loaded once for the tests of this folder, rolled back afterwards."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """What load_demo printed; its rows are there until the last test here."""
    output = StringIO()
    files = tmp_path_factory.mktemp("demo-files")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # Thousands of tests have rolled back their rows: what the planner knows of the tables is that hardly
        # a page of them holds anything, and it would plan the province's queries for a handful of rows.
        cursor.execute("VACUUM")
    with (
        django_db_blocker.unblock(),
        override_settings(FILES_DIR=files),
        transaction.atomic(),
    ):
        call_command("load_demo", stdout=output)
        yield output.getvalue()
        transaction.set_rollback(True)
