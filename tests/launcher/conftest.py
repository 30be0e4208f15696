"""Instances on which the launcher's tests run real servers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from county_portal.launcher.instance import Instance
from county_portal.launcher.postgres import Postgres
from county_portal.launcher.processes import PROJECT_DIR
from county_portal.launcher.supervisor import Supervisor

OURS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "VAR_DIR",
    "PORT",
    "HOST",
    "PORTAL_APP_ROLE",
)

Launch = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the instance that `make test` itself runs on."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    """Return a prepared instance in a directory of its own."""
    yield from _instance(tmp_path)


@pytest.fixture
def launch(instance: Instance) -> Iterator[Launch]:
    """Return a function that starts a launcher command on the instance, as a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(command: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "county_portal.launcher", command],
            cwd=PROJECT_DIR,
            env={**os.environ, "VAR_DIR": str(instance.var_dir), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=15)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Return a running PostgreSQL with its roles."""
    for instance in _instance(tmp_path_factory.mktemp("postgres")):
        server = Postgres(instance, instance.secrets(), ephemeral=True)
        server.prepare()
        supervisor = Supervisor(report=print)
        child = supervisor.start(server.program(), is_server=True)
        supervisor.wait_ready(child, server.is_ready, 20)
        server.create_roles(may_create_databases=False)
        yield server
        supervisor.stop()


def _instance(directory: Path) -> Iterator[Instance]:
    instance = Instance(directory.resolve() / "var")
    instance.prepare()
    servers, sockets = instance.servers_dir, instance.sockets_dir
    yield instance
    shutil.rmtree(servers, ignore_errors=True)
    shutil.rmtree(sockets, ignore_errors=True)
