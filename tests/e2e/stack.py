"""A live portal for tests: servers, migrations, grants, web, worker and scheduler, as `make run` starts them.

Each lives in a directory of its own on a port of its own and vanishes with its data, even when the tests
that started it are killed.
"""

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from county_portal.launcher.commands import OWNER_COMMANDS
from county_portal.launcher.instance import Instance
from county_portal.launcher.processes import PROJECT_DIR, die_with_parent, started_at
from county_portal.launcher.stack import manage

# What `make test` exports about the instance it runs on itself, and what Django set on the way.
_FOREIGN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PORTAL_APP_ROLE",
    "PORTAL_COMMIT",
    "DJANGO_SETTINGS_MODULE",
    "LOG_FILE",
    "HOST",
    "FONTCONFIG_FILE",
)
# What says of a portal's directory who runs in it; the servers' data may be elsewhere, behind a link.
_OF_ONE_RUN = {"servers", "log", "lock", "state.json"}
START_SECONDS = 1500.0
STOP_SECONDS = 15.0
# Tests of this machine do not ask a proxy about it.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Account:
    """Somebody who may log in."""

    role: str
    office: str
    login: str
    password: str


class LiveStack:
    """A running portal."""

    def __init__(
        self,
        var_dir: Path,
        process: subprocess.Popen[bytes],
        port: int,
        given: Mapping[str, str] | None = None,
    ) -> None:
        self.instance = Instance(var_dir)
        self.given = given or {}
        self.process = process
        self.url = f"http://127.0.0.1:{port}"

    @cached_property
    def environment(self) -> dict[str, str]:
        """What web and worker were started with: the application role's database, not the owner's."""
        published = self.instance.read_state()["environment"]
        assert isinstance(published, dict)
        return {str(name): str(value) for name, value in published.items()}

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """The demonstration accounts by login."""
        rows = [Account(**row) for row in json.loads(self.manage("demo_accounts", "--json"))]
        return {row.login: row for row in rows}

    def manage(self, *command: str) -> str:
        """Run a management command with the rights it has on a server; returns what it printed."""
        environment = {**_clean_environment(), **self.given, **self.environment}
        if command[0] in OWNER_COMMANDS:
            environment["DATABASE_URL"] = environment["DATABASE_OWNER_URL"]
        done = subprocess.run(
            manage(*command), env=environment, cwd=PROJECT_DIR, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        return done.stdout.decode()

    def pid_of(self, child: str) -> int:
        """The present process of a supervised child."""
        children = self.instance.read_state()["children"]
        assert isinstance(children, dict)
        return int(children[child][0])

    def children(self) -> dict[str, tuple[int, str]]:
        """Pid and start tick of every supervised child."""
        children = self.instance.read_state()["children"]
        assert isinstance(children, dict)
        return {name: (int(pid), start) for name, (pid, start) in children.items()}

    def await_restart(self, child: str, old_pid: int, seconds: float = 20.0) -> int:
        """Wait until the supervisor has started a child anew; returns its pid."""
        wait_until(lambda: self.pid_of(child) != old_pid, seconds, f"{child} was not restarted")
        return self.pid_of(child)

    def ready(self) -> dict[str, str]:
        """What `/readyz` says."""
        with _DIRECT.open(f"{self.url}/readyz", timeout=5) as response:
            answer = json.load(response)
        assert isinstance(answer, dict)
        return answer

    def logs(self) -> str:
        """The ends of all logs, for whoever reads a failure."""
        return "\n".join(
            f"== {path.name}\n{path.read_text(encoding='utf-8', errors='replace')[-2000:]}"
            for path in sorted(self.instance.log_dir.glob("*"))
        )


def wait_until(
    condition: Callable[[], object], seconds: float, complaint: str | Callable[[], str]
) -> None:
    """Wait for a condition; fail with a sentence when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, complaint if isinstance(complaint, str) else complaint()
        time.sleep(0.1)


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A directory that the servers' account can pass through, removed with the servers' data in it."""
    with tempfile.TemporaryDirectory(
        prefix="county-portal-", ignore_cleanup_errors=True
    ) as directory:
        home = Path(directory).resolve()
        home.chmod(0o711)
        try:
            yield home
        finally:
            for servers in home.glob("*/servers"):
                shutil.rmtree(servers.resolve(), ignore_errors=True)


def copy_loaded(home: Path, var_dir: Path) -> None:
    """Make `var_dir` a portal with the demonstration, stopped; whichever process comes first loads it, once."""
    loaded, done = home / "loaded", home / "loaded.done"
    with (home / "loaded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            with live_stack(loaded, demonstration=True):
                pass  # it is loaded once it answers
            done.touch()
    instance = Instance(var_dir)
    instance.prepare()
    servers = Instance(loaded).servers_dir
    others = [path for path in loaded.iterdir() if path.name not in _OF_ONE_RUN]
    subprocess.run(["cp", "-a", *others, var_dir], check=True)
    subprocess.run(["cp", "-a", f"{servers}/.", instance.servers_dir], check=True)


@contextmanager
def live_stack(
    var_dir: Path, *, demonstration: bool, environment: Mapping[str, str] | None = None
) -> Iterator[LiveStack]:
    """Run the portal in `var_dir` until the block ends; nothing of it is left afterwards."""
    instance = Instance(var_dir)
    instance.prepare()
    if not demonstration:
        instance.marker("demo-loaded").write_text("", encoding="utf-8")
    port = _free_port()
    with instance.log("launcher").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "county_portal.launcher", "run"],
            cwd=PROJECT_DIR,
            env={
                **_clean_environment(),
                "VAR_DIR": str(var_dir),
                "PORT": str(port),
                **(environment or {}),
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- no thread is running yet
        )
    stack = LiveStack(var_dir, process, port, environment)
    known: dict[str, tuple[int, str]] = {}
    try:
        _await_start(stack)
        known = stack.children()
        yield stack
        known |= stack.children()
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    orphans = [name for name, (pid, start) in known.items() if started_at(pid) == start]
    assert orphans == [], f"the launcher left {orphans} behind"


def _await_start(stack: LiveStack) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert stack.process.poll() is None, f"the launcher ended:\n{stack.logs()}"
        assert time.monotonic() < deadline, f"the portal did not start:\n{stack.logs()}"
        try:
            if stack.ready()["state"] == "ok":
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _FOREIGN}


def _free_port() -> int:
    """A port that stays free while the province loads: below those the kernel gives to whoever calls out."""
    while True:
        port = random.randint(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
