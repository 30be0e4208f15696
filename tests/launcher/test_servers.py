"""The embedded servers: sockets only, two roles of unequal rights, one major version."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg2
import pytest
import redis

from county_portal.launcher import refusals
from county_portal.launcher.instance import Instance
from county_portal.launcher.postgres import APP_ROLE, OWNER_ROLE, Postgres
from county_portal.launcher.supervisor import Supervisor
from county_portal.launcher.valkey import Valkey

Connection = psycopg2.extensions.connection


def connect(server: Postgres, role: str) -> Connection:
    parsed = dj_database_url.parse(server.url(role))
    connection = psycopg2.connect(
        dbname=parsed["NAME"], user=parsed["USER"], password=parsed["PASSWORD"], host=parsed["HOST"]
    )
    connection.autocommit = True
    return connection


@pytest.fixture(scope="module")
def owner(postgres: Postgres) -> Iterator[Connection]:
    connection = connect(postgres, OWNER_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ledger (entry integer)")
        cursor.execute("GRANT SELECT, INSERT ON ledger TO portal_app")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def app(postgres: Postgres, owner: Connection) -> Iterator[Connection]:
    connection = connect(postgres, APP_ROLE)
    yield connection
    connection.close()


def test_application_role_reads_and_inserts_what_it_was_granted(app: Connection) -> None:
    with app.cursor() as cursor:
        cursor.execute("INSERT INTO ledger VALUES (1)")
        cursor.execute("SELECT count(*) FROM ledger")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE ledger",
        "ALTER TABLE ledger ADD COLUMN forged integer",
        "ALTER TABLE ledger DISABLE TRIGGER ALL",
        "DROP TABLE ledger",
        "CREATE TABLE forged (entry integer)",
        "CREATE TEMPORARY TABLE ledger (entry integer)",
        "SET ROLE portal_owner",
        "SET SESSION AUTHORIZATION portal_owner",
        "SET session_replication_role = replica",
        "GRANT portal_owner TO portal_app",
        "CREATE DATABASE forged",
        "COPY ledger TO PROGRAM 'true'",
    ],
)
def test_application_role_may_not(app: Connection, statement: str) -> None:
    with app.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(statement)


@pytest.mark.parametrize("role", [OWNER_ROLE, "postgres"])
def test_no_other_role_without_its_password(postgres: Postgres, role: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(
            dbname="portal",
            user=role,
            password=postgres.secrets.app_password,
            host=str(postgres.instance.sockets_dir),
        )


def test_neither_port_nor_public_socket(postgres: Postgres, owner: Connection) -> None:
    with owner.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
    assert postgres.instance.sockets_dir.stat().st_mode & 0o077 == 0


def test_secrets_are_for_this_user_only(postgres: Postgres) -> None:
    assert (postgres.instance.var_dir / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_database_sorts_and_stores_utf8(owner: Connection) -> None:
    with owner.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)


def test_roles_may_be_created_again(postgres: Postgres, owner: Connection) -> None:
    postgres.create_roles(may_create_databases=False)
    with owner.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger")


def test_commits_are_hurried_only_inside_the_block(postgres: Postgres) -> None:
    def waits_for_disk() -> str:
        connection = connect(postgres, APP_ROLE)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SHOW synchronous_commit")
                return str((cursor.fetchone() or ("",))[0])
        finally:
            connection.close()

    usual = waits_for_disk()
    with postgres.hurried_commits():
        assert waits_for_disk() == "off"
    assert waits_for_disk() == usual


def test_launcher_killed_amid_hurried_commits_leaves_none(
    postgres: Postgres, owner: Connection
) -> None:
    with postgres._as_superuser("portal") as cursor:
        cursor.execute("ALTER ROLE portal_app SET synchronous_commit = off")
        postgres.create_roles(may_create_databases=False)
        cursor.execute("SELECT rolconfig FROM pg_roles WHERE rolname = 'portal_app'")
        assert cursor.fetchone() == (None,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
def test_server_of_root_runs_as_nobody(owner: Connection) -> None:
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone() or (0,)
    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_data_of_another_major_version_is_refused(instance: Instance) -> None:
    server = Postgres(instance, instance.secrets())
    server.data_dir.mkdir()
    (server.data_dir / "PG_VERSION").write_text("16\n", encoding="ascii")

    with pytest.raises(refusals.Refusal, match=r"PostgreSQL 16.*PostgreSQL 18.*pg_dump"):
        server.prepare()


def test_restarted_cluster_ignores_the_lock_of_a_dead_postmaster(instance: Instance) -> None:
    server = Postgres(instance, instance.secrets(), ephemeral=True)
    server.prepare()
    (server.data_dir / "postmaster.pid").write_text(f"{os.getpid()}\n", encoding="ascii")
    supervisor = Supervisor(report=print)

    server.prepare()
    child = supervisor.start(server.program(), is_server=True)
    try:
        supervisor.wait_ready(child, server.is_ready, 20)
    finally:
        supervisor.stop()


def test_valkey_keeps_what_it_was_told_over_a_restart(instance: Instance) -> None:
    server = Valkey(instance)
    for expected in (None, b"kept"):
        server.prepare()
        supervisor = Supervisor(report=print)
        child = supervisor.start(server.program(), is_server=True)
        try:
            supervisor.wait_ready(child, server.is_ready, 20)
            with redis.Redis.from_url(server.url) as client:
                assert client.get("message") == expected
                client.set("message", "kept")
        finally:
            supervisor.stop()
