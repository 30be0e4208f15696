"""One instance of the stack: its directory, its lock, its secrets and what is running in it."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from county_portal.launcher import refusals
from county_portal.launcher.processes import Account

# Where servers of an instance under root's private home keep their files, reachable for `nobody`.
SYSTEM_HOME = Path("/var/lib/county-portal")
SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
NEEDED_MB = 300


@dataclass(frozen=True)
class Secrets:
    """What only this instance knows; kept in a file of mode 0600."""

    superuser_password: str
    owner_password: str
    app_password: str
    secret_key: str

    @classmethod
    def generate(cls) -> Secrets:
        """Return fresh random secrets; hexadecimal, so that they need no quoting in URLs or SQL."""
        return cls(
            superuser_password=secrets.token_hex(24),
            owner_password=secrets.token_hex(24),
            app_password=secrets.token_hex(24),
            secret_key=secrets.token_hex(40),
        )


@dataclass(frozen=True)
class Instance:
    """The directories of one VAR_DIR, all absolute."""

    var_dir: Path

    @property
    def log_dir(self) -> Path:
        """Directory of the children's logs."""
        return self.var_dir / "log"

    @property
    def servers_dir(self) -> Path:
        """Directory of the embedded servers' data: a link when they cannot reach VAR_DIR."""
        return (self.var_dir / "servers").resolve()

    @property
    def sockets_dir(self) -> Path:
        """Directory of the Unix sockets: short enough for the kernel, plain enough to stand in a URL unquoted."""
        inside = self.servers_dir / "sockets"
        if len(f"{inside}{LONGEST_SOCKET_NAME}") <= SOCKET_PATH_LIMIT and PLAIN_PATH.fullmatch(
            str(inside)
        ):
            return inside
        digest = hashlib.sha256(os.fsencode(self.var_dir)).hexdigest()[:12]
        return Path(f"/tmp/county-portal-{digest}")  # noqa: S108 -- ownership is checked in prepare()

    def log(self, name: str) -> Path:
        """Return the log file of the child `name`."""
        return self.log_dir / f"{name}.log"

    def marker(self, name: str) -> Path:
        """Return the file that remembers that a step was done."""
        return self.var_dir / f".{name}"

    def prepare(self) -> None:
        """Create the directories, and refuse one that is not writable, not ours or nearly full."""
        try:
            _create_var_dir(self.var_dir)
            require_space(self.var_dir, NEEDED_MB)
            self.log_dir.mkdir(mode=0o700, exist_ok=True)
            _create_servers_dir(self.var_dir)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            raise refusals.not_writable(str(self.var_dir)) from error
        require_space(self.servers_dir, NEEDED_MB)

    def lock(self) -> int:
        """Take the instance for this process; the kernel gives it back when the process ends, however it ends."""
        held = os.open(self.var_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(held)
            raise refusals.already_running(str(self.var_dir)) from error
        return held

    def is_locked(self) -> bool:
        """Tell whether another process holds the instance."""
        try:
            os.close(self.lock())
        except refusals.Refusal:
            return True
        except FileNotFoundError:
            return False
        return False

    def secrets(self) -> Secrets:
        """Read the secrets, generating them for a new instance."""
        path = self.var_dir / "secrets.json"
        if not path.exists() and (self.servers_dir / "postgres").exists():
            raise refusals.secrets_lost(str(path))
        if not path.exists():
            write_private(path, asdict(Secrets.generate()))
        try:
            return Secrets(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise refusals.secrets_lost(str(path)) from error

    def write_state(self, state: Mapping[str, object]) -> None:
        """Record what is running, for `make manage` and for the next launcher."""
        write_private(self.var_dir / "state.json", state)

    def read_state(self) -> dict[str, object]:
        """Return what the last launcher recorded, empty when there is nothing readable."""
        try:
            state = json.loads((self.var_dir / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}


def server_account() -> Account | None:
    """Return the account the servers run under: `nobody` when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def private_directory(path: Path, account: Account | None) -> None:
    """Create a 0700 directory for the servers, or check that the existing one is just that."""
    owner = account.uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        pass
    else:
        if account:
            os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if (
        not stat.S_ISDIR(found.st_mode)
        or found.st_uid != owner
        or stat.S_IMODE(found.st_mode) & 0o077
    ):
        raise refusals.foreign_directory(str(path))


def require_space(path: Path, need_mb: int) -> None:
    """Refuse when the partition of `path` has less than `need_mb` left."""
    free_mb = shutil.disk_usage(path).free // 2**20
    if free_mb < need_mb:
        raise refusals.disk_full(str(path), free_mb, need_mb)


def write_private(path: Path, content: Mapping[str, object]) -> None:
    """Write JSON that only this user may read, all of it or nothing."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(content, file)
    part.replace(path)


def _create_var_dir(var_dir: Path) -> None:
    if var_dir.is_dir():
        return
    var_dir.mkdir(parents=True)
    # `nobody`, who runs root's servers, must pass through.
    var_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _create_servers_dir(var_dir: Path) -> None:
    servers = var_dir / "servers"
    if servers.is_dir():
        return
    if servers.is_symlink():  # its target was removed
        servers.unlink()
    if os.geteuid() != 0 or _reachable_for_nobody(var_dir):
        _passable_directory(servers)
        return
    target = SYSTEM_HOME / secrets.token_hex(6)
    _passable_directory(SYSTEM_HOME)
    _passable_directory(target)
    (target / "belongs-to").write_text(f"{var_dir}\n", encoding="utf-8")
    servers.symlink_to(target)


def _passable_directory(path: Path) -> None:
    path.mkdir(exist_ok=True)
    path.chmod(0o711)  # whatever the umask says


def _reachable_for_nobody(path: Path) -> bool:
    account = server_account()
    if account is None:
        return True
    try:
        probe = subprocess.run(
            ["/bin/sh", "-c", 'test -x "$0"', str(path)],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
    except OSError as error:  # a container may forbid changing accounts
        raise refusals.cannot_drop_root() from error
    return probe.returncode == 0
