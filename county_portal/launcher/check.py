"""`make check`: every tool runs, whatever the others say; one summary, one exit code."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from county_portal.launcher.processes import PROJECT_DIR, begin
from county_portal.launcher.stack import manage, say

AT_ONCE = 2
# Enough for Django to load; no tool connects to either.
OFFLINE = {
    "DATABASE_URL": "postgres://check@127.0.0.1:1/check",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "VAR_DIR": str(PROJECT_DIR / "var" / "check"),
    "DJANGO_SETTINGS_MODULE": "county_portal.settings.test",
    # makemigrations warns that it cannot ask a database which migrations were applied.
    "PYTHONWARNINGS": "ignore::RuntimeWarning",
}


@dataclass(frozen=True)
class Tool:
    """One check: a name for the summary, a command line and what its environment has on top."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """A tool at work."""

    tool: Tool
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    started: float

    def tell(self) -> bool:
        """Print the outcome, and what the tool said when it failed; return whether it passed."""
        passed = self.process.returncode == 0
        seconds = time.monotonic() - self.started
        say(f"{'通过' if passed else '未通过'}  {self.tool.name}（{seconds:.1f} 秒）")
        if not passed:
            self.output.seek(0)
            say(self.output.read().decode(errors="replace").rstrip())
        self.output.close()
        return passed


def check(_arguments: Sequence[str]) -> int:
    """Run every check, two at a time; print what the failing ones said and a summary."""
    failed = [tool.name for tool, passed in _results(_tools()) if not passed]
    say(
        f"make check：{len(failed)} 项未通过：{'、'.join(failed)}"
        if failed
        else "make check：全部通过"
    )
    return 1 if failed else 0


def _tools() -> list[Tool]:
    """Return the checks, the slowest first so that it does not run alone at the end."""
    templates = [
        str(path.relative_to(PROJECT_DIR))
        for path in sorted(PROJECT_DIR.glob("templates/**/*.html"))
    ]
    production = {
        "DJANGO_SETTINGS_MODULE": "county_portal.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "portal.example",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "CLAMAV_SOCKET": "/run/clamav/clamd.ctl",
        "DOCUMENT_KEYS_DIR": "/etc/county-portal/keys",
        "PORTAL_URL": "https://portal.example",
    }
    return [
        Tool("mypy", _module("mypy")),
        Tool("ruff format", [_script("ruff"), "format", "--check", "."]),
        Tool("ruff check", [_script("ruff"), "check", "."]),
        Tool("import-linter", [_script("lint-imports")]),
        Tool("djade", [_script("djade"), "--check", "--target-version", "5.2", *templates]),
        Tool("djlint", [_script("djlint"), "--lint", "--quiet", "templates"]),
        Tool("migrations", manage("makemigrations", "--check", "--dry-run")),
        Tool("check --deploy", manage("check", "--deploy", "--fail-level", "WARNING"), production),
    ]


def _results(tools: Sequence[Tool]) -> Iterator[tuple[Tool, bool]]:
    waiting = list(tools)
    running: list[Running] = []
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            running.append(_start(waiting.pop(0)))
        for ended in [one for one in running if one.process.poll() is not None]:
            running.remove(ended)
            yield ended.tool, ended.tell()
        time.sleep(0.05)


def _start(tool: Tool) -> Running:
    output = tempfile.TemporaryFile()  # noqa: SIM115 -- read and closed when the tool has ended
    environment = {**os.environ, **OFFLINE, **tool.environment}
    return Running(tool, begin(tool.argv, environment, output, output), output, time.monotonic())


def _script(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]
