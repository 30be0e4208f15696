"""One process that starts, watches, restarts and stops all the others."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from county_portal.launcher import refusals
from county_portal.launcher.processes import (
    Program,
    signal_group,
    spawn,
    started_at,
)

# A child that lived this long and then died is started again at once; a shorter-lived one waits, ever longer.
STABLE_SECONDS = 5.0
FIRST_DELAY = 0.5
LONGEST_DELAY = 15.0
# Programs get this long to end by themselves, then the servers; together under the promised ten seconds.
PROGRAM_GRACE = 5.0
SERVER_GRACE = 3.5
FOREGROUND_GRACE = 5.0


class Interrupted(BaseException):
    """Somebody asked the launcher to stop (Ctrl-C, SIGTERM, closed terminal)."""


@dataclass
class Child:
    """A supervised program and its present process."""

    program: Program
    is_server: bool
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    restart_at: float | None = None
    delay: float = 0.0


@dataclass
class Supervisor:
    """Starts children from the main thread only (see `die_with_parent`) and keeps them running until stopped."""

    report: Callable[[str], None]
    changed: Callable[[dict[str, list[str]]], None] = lambda _pids: None
    children: list[Child] = field(default_factory=list)

    def start(self, program: Program, *, is_server: bool = False) -> Child:
        """Start a program and keep it running from now on."""
        child = Child(program, is_server, spawn(program))
        self.children.append(child)
        self._record()
        return child

    def wait_ready(self, child: Child, is_ready: Callable[[int], bool], seconds: float) -> None:
        """Wait until a freshly started child is ready; refuse when it dies or takes too long."""
        deadline = time.monotonic() + seconds
        while not is_ready(child.process.pid):
            if child.process.poll() is not None or time.monotonic() > deadline:
                raise refusals.child_failed(child.program.title, str(child.program.log))
            time.sleep(0.02)

    def tend(self) -> None:
        """Restart what died and is due; call it often."""
        now = time.monotonic()
        for child in self.children:
            if child.restart_at is None and child.process.poll() is not None:
                self._schedule_restart(child, now)
            if child.restart_at is not None and now >= child.restart_at:
                child.process = spawn(child.program)
                child.started, child.restart_at = now, None
                self._record()

    def watch(self) -> None:
        """Tend the children until interrupted."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        try:
            while True:
                self.tend()
                pending = [
                    child.restart_at for child in self.children if child.restart_at is not None
                ]
                pause = min((due - time.monotonic() for due in pending), default=60.0)
                signal.sigtimedwait({signal.SIGCHLD}, max(pause, 0.0))
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})

    def finish(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for a command to end, tending the others meanwhile; return its exit code.

        After Ctrl-C it may finish its own way for a while.
        """
        try:
            while True:
                try:
                    return process.wait(timeout=0.2)
                except subprocess.TimeoutExpired:
                    self.tend()
        except Interrupted:
            _end(process)
            raise

    def stop(self) -> None:
        """Stop the programs, then the servers they use; nothing is left after `PROGRAM_GRACE + SERVER_GRACE`."""
        self._stop([child for child in self.children if not child.is_server], PROGRAM_GRACE)
        self._stop([child for child in self.children if child.is_server], SERVER_GRACE)
        self.children.clear()
        self._record()

    def _schedule_restart(self, child: Child, now: float) -> None:
        # What the dead process started must not meet its successor.
        signal_group(child.process.pid, signal.SIGKILL)
        was_stable = now - child.started >= STABLE_SECONDS
        child.delay = 0.0 if was_stable else min(max(child.delay * 2, FIRST_DELAY), LONGEST_DELAY)
        child.restart_at = now + child.delay
        when = "立即重启" if not child.delay else f"{child.delay:g} 秒后重启"
        self.report(
            f"{child.program.title}已退出（{_ending(child.process.returncode)}），{when}；日志：{child.program.log}"
        )

    def _stop(self, children: Sequence[Child], grace: float) -> None:
        for child in children:
            if child.process.poll() is None:
                child.process.send_signal(child.program.stop_signal)
        deadline = time.monotonic() + grace
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(timeout=max(deadline - time.monotonic(), 0.01))
            signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()

    def _record(self) -> None:
        self.changed(
            {
                child.program.name: [str(child.process.pid), started_at(child.process.pid)]
                for child in self.children
            }
        )


def raise_on_interrupt() -> None:
    """Turn the three ways of asking for an end into one exception, which the caller's `finally` answers."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        ignore_interrupts()
        raise Interrupted

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def ignore_interrupts() -> None:
    """Let the stopping in progress finish: it is bounded, and impatience would leave orphans."""

    def remain(_number: int, _frame: FrameType | None) -> None:
        """A handler instead of SIG_IGN, which children would inherit."""

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, remain)


def end_leftovers(recorded: object, seconds: float = 6.0) -> None:
    """Wait for the children of a killed launcher to obey their death signal, then end what is left of them."""
    if not isinstance(recorded, dict):
        return
    known = {int(pid): start for pid, start in recorded.values() if start}
    deadline = time.monotonic() + seconds
    while any(started_at(pid) == start for pid, start in known.items()):
        if time.monotonic() > deadline:
            for pid, start in known.items():
                if started_at(pid) == start:
                    signal_group(pid, signal.SIGKILL)
            return
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Give an interrupted command time to end by itself, then less and less."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=FOREGROUND_GRACE)
        process.send_signal(number)  # does nothing to a command that ended
    process.wait()


def _ending(returncode: int) -> str:
    if returncode >= 0:
        return f"退出码 {returncode}"
    try:
        return f"信号 {signal.Signals(-returncode).name}"
    except ValueError:
        return f"信号 {-returncode}"
