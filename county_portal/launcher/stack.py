"""The servers of one instance, running under a supervisor, and the portal's processes on top of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from county_portal.launcher import refusals
from county_portal.launcher.environment import Address, Services, as_owner
from county_portal.launcher.instance import Instance
from county_portal.launcher.processes import PRIVATE_UMASK, PROJECT_DIR, Program, begin
from county_portal.launcher.supervisor import (
    Child,
    Supervisor,
    end_leftovers,
    ignore_interrupts,
    raise_on_interrupt,
)

SERVER_START_SECONDS = 30.0
WEB_START_SECONDS = 60


@dataclass(frozen=True)
class Step:
    """A preparing command under way."""

    title: str
    log: Path
    process: subprocess.Popen[bytes]
    supervisor: Supervisor

    def finish(self) -> None:
        """Wait for its end; refuse, pointing to its log, when it failed."""
        if self.supervisor.finish(self.process) != 0:
            raise refusals.step_failed(self.title, str(self.log))


@dataclass
class Stack:
    """Running servers of an instance, and what runs on them."""

    instance: Instance
    supervisor: Supervisor
    services: Services
    environment: dict[str, str]

    @property
    def owner_environment(self) -> dict[str, str]:
        """The environment in which migrations run."""
        return as_owner(self.environment, self.services.owner_url())

    def prepare_database(self) -> None:
        """Bring the tables and the application role's rights up to date."""
        self.step("升级数据库结构", ["migrate", "--noinput"], self.owner_environment)
        self.step("设置数据库权限", ["apply_grants"], self.owner_environment)

    def hurried_commits(self) -> AbstractContextManager[None]:
        """Return a block in which the embedded database need not wait for its disk; a given one is left alone."""
        postgres = self.services.postgres
        return postgres.hurried_commits() if postgres else nullcontext()

    def step(
        self, title: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Run a management command quietly; refuse, pointing to its log, when it fails."""
        self.begin_step(title, command, environment).finish()

    def begin_step(
        self, title: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> Step:
        """Begin a management command beside whatever else goes on."""
        log = self.instance.log(command[0])
        with log.open("wb") as output:
            process = begin(
                manage(*command), environment or self.environment, output, output, PRIVATE_UMASK
            )
        return Step(title, log, process, self.supervisor)

    def ask(self, *command: str) -> str:
        """Return what a management command prints."""
        with self.instance.log(command[0]).open("wb") as complaints:
            asked = begin(manage(*command), self.environment, subprocess.PIPE, complaints)
            answer, _nothing = asked.communicate()
        return answer.decode(errors="replace").rstrip()

    def foreground(self, argv: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
        """Run a command at the terminal and return its exit code as a shell would."""
        code = self.supervisor.finish(begin(argv, environment or self.environment))
        return code if code >= 0 else 128 - code

    def start_program(self, name: str, title: str, argv: Sequence[str]) -> Child:
        """Start a process of the portal and keep it running."""
        program = Program(
            name=name,
            title=title,
            argv=[sys.executable, "-m", *argv],
            environment=self.environment,
            cwd=PROJECT_DIR,
            log=self.instance.log(name),
        )
        return self.supervisor.start(program)

    def start_web(self, address: Address) -> Child:
        """Start gunicorn: two processes of four threads."""
        options = (
            "--workers",
            "2",
            "--threads",
            "4",
            "--worker-class",
            "gthread",
            "--bind",
            address.bind,
        )
        config = ("--config", "python:county_portal.launcher.gunicorn_config")
        argv = ("gunicorn", *config, *options, "county_portal.wsgi:application")
        return self.start_program("web", "网站服务", argv)

    def start_worker(self) -> Child:
        """Start the Celery worker; without gossip and mingle, which only greet other workers."""
        options = (
            "--concurrency",
            "2",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
        )
        return self.start_program(
            "worker", "后台任务进程", ("celery", "-A", "county_portal.celery", "worker", *options)
        )

    def start_scheduler(self) -> Child:
        """Start Celery's scheduler, its memory in VAR_DIR."""
        schedule = str(self.instance.var_dir / "celerybeat-schedule")
        options = ("--schedule", schedule, "--pidfile", "", "--loglevel", "INFO")
        return self.start_program(
            "scheduler", "定时任务进程", ("celery", "-A", "county_portal.celery", "beat", *options)
        )

    def wait_for_web(self, web: Child, address: Address) -> None:
        """Wait until `/readyz` says yes."""
        deadline = time.monotonic() + WEB_START_SECONDS
        while not _answers(f"{address.url}/readyz"):
            if web.process.poll() is not None:
                raise refusals.child_failed(web.program.title, str(web.program.log))
            if time.monotonic() > deadline:
                raise refusals.not_ready(address.url, WEB_START_SECONDS, str(self.instance.log_dir))
            self.supervisor.tend()
            time.sleep(0.05)


@contextmanager
def running_stack(
    instance: Instance,
    settings: str,
    *,
    ephemeral: bool = False,
    may_create_databases: bool = False,
) -> Iterator[Stack]:
    """Start the servers of an instance, and stop everything when the block ends, however it ends."""
    services = Services.choose(instance, ephemeral=ephemeral)
    end_leftovers(instance.read_state().get("children"))
    _shorten_logs(instance)
    environment = services.environment(instance, settings)

    def record(children: dict[str, list[str]]) -> None:
        owner = as_owner(environment, services.owner_url())
        exported = {name: owner[name] for name in _EXPORTED if name in owner}
        exported["DATABASE_URL"] = environment["DATABASE_URL"]
        instance.write_state({"pid": os.getpid(), "environment": exported, "children": children})

    supervisor = Supervisor(report=say, changed=record)
    raise_on_interrupt()
    try:
        for server in (services.postgres, services.valkey):
            if server:
                server.prepare()
        started = [
            (server, supervisor.start(server.program(), is_server=True))
            for server in (services.postgres, services.valkey)
            if server
        ]
        for server, child in started:
            supervisor.wait_ready(child, server.is_ready, SERVER_START_SECONDS)
        if services.postgres:
            services.postgres.create_roles(may_create_databases=may_create_databases)
        yield Stack(instance, supervisor, services, environment)
    finally:
        ignore_interrupts()
        supervisor.stop()


_EXPORTED = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "VAR_DIR",
    "PORTAL_URL",
    "PORTAL_APP_ROLE",
    "DJANGO_SETTINGS_MODULE",
)
LOG_LIMIT = 10 * 2**20


def manage(*command: str) -> list[str]:
    """Return the command line of a management command."""
    return [sys.executable, str(PROJECT_DIR / "manage.py"), *command]


def say(sentence: str) -> None:
    """Tell the user something, on a line of its own."""
    print(sentence, flush=True)


def _answers(url: str) -> bool:
    # A proxy from the environment must not be asked about this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return bool(response.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def _shorten_logs(instance: Instance) -> None:
    """Keep one older generation of a log that grew."""
    for log in instance.log_dir.glob("*.log"):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
