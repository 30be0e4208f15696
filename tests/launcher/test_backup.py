"""A copy of an instance brings back what was in it, and nothing damaged or half."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from county_portal.launcher import backup, refusals
from county_portal.launcher.postgres import OWNER_ROLE, Postgres
from tests.launcher.test_servers import connect

TITLE = "积石山保安族东乡族撒拉族自治县"


@pytest.fixture
def ledger(postgres: Postgres) -> Iterator[Postgres]:
    """A server whose database holds one table with one row."""
    connection = connect(postgres, OWNER_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (title text NOT NULL)")
        cursor.execute("INSERT INTO kept VALUES (%s)", [TITLE])
    yield postgres
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kept")
    connection.close()


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    """Files and a key, as an instance keeps them, and a log that is not copied."""
    home = tmp_path / "one"
    (home / "files" / "ab").mkdir(parents=True)
    (home / "files" / "ab" / "cd").write_bytes(b"%PDF-1.7")
    (home / "keys").mkdir()
    (home / "keys" / "1.pem").write_text("key")
    (home / "log").mkdir()
    (home / "log" / "portal.jsonl").write_text("{}")
    return home


def rows(server: Postgres) -> list[tuple[str, ...]]:
    connection = connect(server, OWNER_ROLE)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT title FROM kept")
        return cursor.fetchall()


def test_what_was_copied_comes_back(ledger: Postgres, var_dir: Path, tmp_path: Path) -> None:
    url, folder, other = ledger.url(OWNER_ROLE), tmp_path / "copy", tmp_path / "two"
    contents = backup.write(url, var_dir, folder)
    connection = connect(ledger, OWNER_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kept")  # the disk is gone
    connection.close()

    backup.read(url, other, folder)

    assert rows(ledger) == [(TITLE,)]
    assert (other / "files" / "ab" / "cd").read_bytes() == b"%PDF-1.7"
    assert (other / "keys" / "1.pem").read_text() == "key"
    assert not (other / "log").exists()
    assert json.loads((folder / backup.LIST).read_text()) == contents
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("name", [backup.DUMP, backup.FILES, backup.LIST])
def test_a_damaged_copy_is_refused_before_anything_is_written(
    ledger: Postgres, var_dir: Path, tmp_path: Path, name: str
) -> None:
    folder, other = tmp_path / "copy", tmp_path / "two"
    backup.write(ledger.url(OWNER_ROLE), var_dir, folder)
    with (folder / name).open("r+b") as file:
        file.write(b"\0\0\0")

    with pytest.raises(refusals.Refusal, match=name):
        backup.read(ledger.url(OWNER_ROLE), other, folder)
    assert not other.exists()


def test_nothing_is_restored_over_what_is_there(
    ledger: Postgres, var_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    backup.write(ledger.url(OWNER_ROLE), var_dir, folder)

    with pytest.raises(refusals.Refusal, match="数据库"):
        backup.read(ledger.url(OWNER_ROLE), tmp_path / "two", folder)
    with pytest.raises(refusals.Refusal, match="不是空的"):
        backup.write(ledger.url(OWNER_ROLE), var_dir, folder)
    assert rows(ledger) == [(TITLE,)]


def test_a_server_that_is_not_there_is_named(var_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(refusals.Refusal, match="pg_dump"):
        backup.write(f"postgres://nobody:x@/none?host={tmp_path}", var_dir, tmp_path / "copy")
