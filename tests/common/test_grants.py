"""The application's own role against the append-only tables, over a connection of its own."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from county_portal.accounts.models import User
from county_portal.audit.actions import Entry, record
from county_portal.audit.models import Event
from county_portal.common.grants import append_only_tables
from county_portal.launcher.instance import Instance
from county_portal.launcher.postgres import APP_ROLE, Postgres

COLUMNS = (
    "serial, at, actor_login, actor_role, actor_office, act, kind, object_id, region_code, detail"
)


@pytest.fixture
def app_role(committed_db):
    """A cursor of the role that web and worker use; what it does is rolled back."""
    call_command("apply_grants")
    with transaction.atomic():
        record(None, Entry("start", "test", "1", {}))
    instance = Instance(Path(settings.VAR_DIR).resolve())
    url = urlsplit(Postgres(instance, instance.secrets()).url(APP_ROLE))
    own = psycopg2.connect(
        host=unquote(url.hostname or ""),
        user=url.username,
        password=url.password,
        dbname=connection.settings_dict["NAME"],
    )
    try:
        yield own.cursor()
    finally:
        own.close()


def test_append_only_tables_are_those_that_say_so():
    assert {"audit_event", "files_storedfile"} <= set(append_only_tables())
    assert "jobs_job" not in append_only_tables()


def test_the_command_refuses_without_a_role(settings):
    settings.PORTAL_APP_ROLE = ""

    with pytest.raises(CommandError, match="PORTAL_APP_ROLE"):
        call_command("apply_grants")


def test_the_application_may_read_and_add(app_role):
    app_role.execute(
        f"INSERT INTO audit_event ({COLUMNS}, previous_digest, digest) "
        "VALUES (2, now(), 'a', '', '', 'x', 'test', '1', '', '{}', 'p', 'd')"
    )
    app_role.execute("SELECT count(*) FROM audit_event")

    assert app_role.fetchone() == (2,)


def test_the_application_may_change_ordinary_tables(app_role):
    app_role.execute("UPDATE jobs_job SET title = title")
    app_role.execute("DELETE FROM jobs_jobunit")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET act = 'y'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "TRUNCATE audit_event CASCADE",
        "ALTER TABLE audit_event ADD COLUMN extra int",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE audit_event DISABLE TRIGGER USER",
        "ALTER TABLE audit_event OWNER TO portal_app",
        "DROP TABLE audit_event",
        "DROP TRIGGER pgtrigger_append_only_rows_7eae2 ON audit_event",
        "CREATE TRIGGER mine BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION mine()",
        "CREATE RULE mine AS ON INSERT TO audit_event DO INSTEAD NOTHING",
        "SET session_replication_role = replica",
        "SET ROLE portal_owner",
        "CREATE TABLE public.audit_event_2 (LIKE audit_event)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (id) DO UPDATE SET act = 'y'",
        "MERGE INTO audit_event t USING audit_event s ON t.id = s.id WHEN MATCHED THEN DELETE",
        "COPY audit_event FROM PROGRAM 'true'",
        "UPDATE files_storedfile SET id = id",
    ],
)
def test_the_application_may_not(app_role, statement):
    app_role.execute("SELECT count(*) FROM audit_event")
    assert app_role.fetchone() == (1,)

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        app_role.execute(statement)


def test_the_application_cannot_give_itself_rights(app_role):
    app_role.execute(
        "GRANT UPDATE ON audit_event TO portal_app"
    )  # only a warning: nothing is granted

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        app_role.execute("UPDATE audit_event SET act = 'y'")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET act = 'y'", "DELETE FROM audit_event", "TRUNCATE audit_event"],
)
@pytest.mark.django_db
def test_triggers_stop_even_the_owner(statement):
    record(None, Entry("start", "test", "1", {}))

    with (
        pytest.raises(Exception, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert Event.objects.get().act == "start"


@pytest.mark.django_db
def test_every_append_only_model_has_its_triggers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_%' AND tgenabled = 'O' GROUP BY 1"
        )
        counts = dict(cursor.fetchall())

    assert [table for table in append_only_tables() if counts.get(table, 0) < 2] == []
    assert getattr(User, "append_only", False) is False
