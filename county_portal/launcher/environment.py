"""What the launcher reads from the environment, and the environment it gives to the portal."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from county_portal.launcher import refusals
from county_portal.launcher.instance import Instance, Secrets
from county_portal.launcher.postgres import APP_ROLE, OWNER_ROLE, Postgres
from county_portal.launcher.processes import PROJECT_DIR
from county_portal.launcher.valkey import Valkey

LARGEST_PORT = 65535
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Address:
    """Where the web listens."""

    host: str
    port: int

    @property
    def bind(self) -> str:
        """The address in gunicorn's form."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """An address a browser on this machine can open."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 -- recognised, not bound
        shown = everywhere.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)
        return f"http://{shown}:{self.port}"

    def require_free(self) -> None:
        """Refuse an address that is taken, forbidden or not this machine's."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
                probe.listen()
            except OSError as error:
                raise self._refusal(error) from error

    def _refusal(self, error: OSError) -> refusals.Refusal:
        if isinstance(error, PermissionError):
            return refusals.port_forbidden(self.port)
        if error.errno == errno.EADDRINUSE:
            return refusals.port_taken(self.host, self.port)
        return refusals.host_unknown(self.host)


def read_address() -> Address:
    """Read HOST and PORT."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_PORT):
        raise refusals.port_malformed(text)
    return Address(os.environ.get("HOST") or "127.0.0.1", int(text))


def read_var_dir(default: str) -> Path:
    """Read VAR_DIR; a relative one is under the project, wherever the command was called from."""
    return (PROJECT_DIR / (os.environ.get("VAR_DIR") or default)).resolve()


@dataclass(frozen=True)
class Services:
    """The servers of an instance: embedded ones, or None where the environment names another."""

    secrets: Secrets
    postgres: Postgres | None
    valkey: Valkey | None

    @classmethod
    def choose(cls, instance: Instance, *, ephemeral: bool) -> Services:
        """Embed what the environment does not name."""
        secrets = instance.secrets()
        return cls(
            secrets,
            None if os.environ.get("DATABASE_URL") else Postgres(instance, secrets, ephemeral),
            None if os.environ.get("REDIS_URL") else Valkey(instance, ephemeral),
        )

    def environment(self, instance: Instance, settings: str) -> dict[str, str]:
        """Return the environment of web and worker: the application role, and no other role's password."""
        ours = dict(os.environ)
        ours.pop("DATABASE_OWNER_URL", None)
        ours["VAR_DIR"] = str(instance.var_dir)
        ours["PYTHONUNBUFFERED"] = "1"
        ours.setdefault("DJANGO_SETTINGS_MODULE", settings)
        ours.setdefault("SECRET_KEY", self.secrets.secret_key)
        ours.setdefault("PORTAL_COMMIT", _commit())
        if self.postgres:
            ours["DATABASE_URL"] = self.postgres.url(APP_ROLE)
            ours["PORTAL_APP_ROLE"] = APP_ROLE
        if self.valkey:
            ours["REDIS_URL"] = self.valkey.url
        return ours

    def owner_url(self) -> str:
        """Return the URL of the role that owns the tables."""
        if self.postgres:
            return self.postgres.url(OWNER_ROLE)
        return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def as_owner(environment: Mapping[str, str], owner_url: str) -> dict[str, str]:
    """Return the environment in which migrations run."""
    return {**environment, "DATABASE_URL": owner_url, "DATABASE_OWNER_URL": owner_url}


def find_browser() -> str:
    """Return the path of a Chromium the system has, empty when it has none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def _commit() -> str:
    if not shutil.which("git"):
        return ""
    found = subprocess.run(
        ["git", "-C", str(PROJECT_DIR), "rev-parse", "--short=12", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() if found.returncode == 0 else ""
