"""A copy of an instance in one folder, and an instance made of such a copy.

The folder holds the database as pg_dump writes it, the files, the keys and seals as one tar archive, and a list with
the SHA-256 of both. The database is copied first: a file is kept before the row that names it, so every row of the
copy has its file.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tarfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from county_portal.launcher import refusals
from county_portal.launcher.postgres import binary
from county_portal.launcher.processes import PRIVATE_UMASK

DUMP, FILES, LIST = "portal.dump", "files.tar", "backup.json"
# Folders of VAR_DIR that nothing else can bring back.
KEPT = ("files", "keys", "seals")
_BLOCK = 2**20
_COUNT_TABLES = (
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public' "
    "AND table_type = 'BASE TABLE'"
)


def write(database_url: str, var_dir: Path, folder: Path) -> dict[str, object]:
    """Copy database and files into an empty folder, and return what its list says.

    Raises Refusal for a folder that holds something, and when pg_dump fails.
    """
    if folder.exists() and any(folder.iterdir()):
        raise refusals.backup_folder_not_empty(str(folder))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={folder / DUMP}"], database_url)
    with tarfile.open(folder / FILES, "w") as archive:
        for name in KEPT:
            if (var_dir / name).exists():
                archive.add(var_dir / name, arcname=name)
    contents: dict[str, object] = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: _described(folder / name) for name in (DUMP, FILES)},
    }
    (folder / LIST).write_text(json.dumps(contents, indent=2), encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(0o600)
    return contents


def check(folder: Path) -> None:
    """Refuse a copy that is incomplete or not byte for byte what was written."""
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError) as error:
        raise refusals.backup_incomplete(str(folder), LIST) from error
    for name in (DUMP, FILES):
        if not (folder / name).is_file() or listed.get(name) != _described(folder / name):
            raise refusals.backup_incomplete(str(folder), name)


def read(database_url: str, var_dir: Path, folder: Path) -> None:
    """Fill an empty database and an instance without files from a copy; all of the database or nothing.

    Raises Refusal for a copy that is damaged, a database that has tables, and files that are there already.
    """
    check(folder)
    if _run(["psql", "-XAtc", _COUNT_TABLES], database_url).strip() != "0":
        raise refusals.restore_over_something("数据库")
    for name in KEPT:
        if (var_dir / name).exists() and any((var_dir / name).iterdir()):
            raise refusals.restore_over_something(str(var_dir / name))
    target = f"--dbname={unquote(urlsplit(database_url).path.lstrip('/'))}"
    options = ["--single-transaction", "--exit-on-error", "--no-owner", target]
    _run(["pg_restore", *options, str(folder / DUMP)], database_url)
    before = os.umask(PRIVATE_UMASK)
    try:
        with tarfile.open(folder / FILES) as archive:
            archive.extractall(var_dir, filter="data")
    finally:
        os.umask(before)


def _run(command: list[str], database_url: str) -> str:
    """Run a PostgreSQL tool; the password goes by the environment, where `ps` does not show it."""
    name, *arguments = command
    done = subprocess.run(
        [str(binary(name)), *arguments],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **_connection(database_url)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise refusals.database_tool_failed(name, done.stderr.strip()[-500:])
    return done.stdout


def _connection(database_url: str) -> Mapping[str, str]:
    """The parts of a URL as libpq's own variables; a socket's directory stands as the host or as ?host=."""
    parts = urlsplit(database_url)
    host = parse_qs(parts.query).get("host", [parts.netloc.rpartition("@")[2].partition(":")[0]])[0]
    known = {
        "PGHOST": unquote(host),
        "PGPORT": str(parts.port or 5432) if "%" not in parts.netloc.rpartition("@")[2] else "5432",
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in known.items() if value}


def _described(path: Path) -> dict[str, object]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return {"sha256": digest.hexdigest(), "bytes": path.stat().st_size}
