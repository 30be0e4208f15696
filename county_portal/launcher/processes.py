"""Starting child processes so that none of them outlives the launcher."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
PR_SET_PDEATHSIG = 1
# What the portal writes is for the account it runs under.
PRIVATE_UMASK = 0o077

# Loaded before any fork: between fork and exec only async-signal-safe work is sound.
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """The uid and gid a child runs under."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """A long-running child: what to execute, as whom, and which signals end it."""

    name: str
    title: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    cwd: Path
    log: Path
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    umask: int = PRIVATE_UMASK


def die_with_parent(orphan_signal: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """Return a hook for the child: the kernel sends it `orphan_signal` when its parent dies, however it dies.

    The signal comes when the *thread* that forked ends, so only the launcher's main thread may start children.
    The hook must run after the privilege drop, which clears the setting.
    """
    parent = os.getpid()

    def arrange() -> None:
        signal.pthread_sigmask(
            signal.SIG_SETMASK, ()
        )  # the supervisor blocks SIGCHLD, children must not
        _LIBC.prctl(PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the kernel was told
            os._exit(1)

    return arrange


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """Start `program` in a session of its own, so that Ctrl-C at the terminal reaches only the launcher."""
    account = program.account
    with program.log.open("ab") as log:
        return subprocess.Popen(
            list(program.argv),
            env=dict(program.environment),
            cwd=program.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=program.umask,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=die_with_parent(program.orphan_signal),  # noqa: PLW1509 -- the launcher has one thread
        )


def begin(
    argv: Sequence[str],
    environment: Mapping[str, str],
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
    umask: int = -1,
) -> subprocess.Popen[bytes]:
    """Begin a command in the project that ends by itself; it shares the terminal, Ctrl-C included."""
    return subprocess.Popen(
        list(argv),
        env=dict(environment),
        cwd=PROJECT_DIR,
        stdout=stdout,
        stderr=stderr,
        umask=umask,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 -- the launcher has one thread
    )


def started_at(pid: int) -> str:
    """Return the kernel's start tick of a process, empty when there is none: with the pid it names one process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def signal_group(pid: int, number: signal.Signals) -> None:
    """Signal a child and everything it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
