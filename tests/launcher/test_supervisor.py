"""Children are restarted when they die, and none is left when the supervisor goes, however it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from county_portal.launcher import refusals
from county_portal.launcher.processes import Program, started_at
from county_portal.launcher.supervisor import Child, Supervisor, end_leftovers

# Starts a grandchild, as gunicorn and Celery do, and leaves both pids in a file.
WITH_GRANDCHILD = """
import os, signal, sys, time
{ignoring}
if os.fork() == 0:
    time.sleep(60)
    os._exit(0)
time.sleep(60)
"""
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
SUPERVISING = """
import sys
from pathlib import Path
from county_portal.launcher.processes import Program
from county_portal.launcher.supervisor import Supervisor
supervisor = Supervisor(report=print)
log = Path(sys.argv[1])
child = supervisor.start(Program("sleeper", "睡眠", ["sleep", "60"], {}, Path("/"), log))
print(child.process.pid, flush=True)
supervisor.watch()
"""


class Said(list[str]):
    """Collects what the supervisor reports."""


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def supervisor(said: Said) -> Iterator[Supervisor]:
    supervisor = Supervisor(report=said.append)
    yield supervisor
    supervisor.stop()


def program(tmp_path: Path, *argv: str) -> Program:
    return Program(
        "sleeper",
        "睡眠进程",
        argv or ("sleep", "60"),
        dict(os.environ),
        Path("/"),
        tmp_path / "log",
    )


def tend_until(supervisor: Supervisor, happened: Callable[[], bool], seconds: float) -> float:
    started = time.monotonic()
    while not happened():
        assert time.monotonic() - started < seconds
        supervisor.tend()
        time.sleep(0.01)
    return time.monotonic() - started


def wait_until(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def kill_and_await_restart(supervisor: Supervisor, child: Child) -> float:
    killed = child.process.pid
    os.kill(killed, signal.SIGKILL)
    return tend_until(supervisor, lambda: child.process.pid != killed, 5)


def test_killed_child_is_back_within_two_seconds_and_it_is_said_in_one_line(
    tmp_path: Path, supervisor: Supervisor, said: Said
) -> None:
    child = supervisor.start(program(tmp_path))

    assert kill_and_await_restart(supervisor, child) < 2
    assert child.process.poll() is None
    assert len(said) == 1
    assert "睡眠进程" in said[0]
    assert "SIGKILL" in said[0]
    assert "\n" not in said[0]


def test_child_that_keeps_dying_waits_ever_longer(tmp_path: Path, supervisor: Supervisor) -> None:
    child = supervisor.start(program(tmp_path, "false"))

    delays = []
    for _ in range(2):
        tend_until(supervisor, lambda: child.restart_at is not None, 5)
        delays.append(child.delay)
        tend_until(supervisor, lambda: child.restart_at is None, 5)

    assert delays == [0.5, 1.0]


def test_stable_child_restarts_at_once(tmp_path: Path, supervisor: Supervisor) -> None:
    child = supervisor.start(program(tmp_path))
    child.started -= 60

    kill_and_await_restart(supervisor, child)

    assert child.delay == 0


def test_watch_restarts_and_leaves_signals_as_they_were(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    class Enough(Exception):
        pass

    def enough(_number: int, _frame: object) -> None:
        raise Enough

    child = supervisor.start(program(tmp_path))
    child.started -= 60
    killed = child.process.pid
    before = signal.signal(signal.SIGALRM, enough)
    try:
        os.kill(killed, signal.SIGKILL)
        signal.setitimer(signal.ITIMER_REAL, 2)
        with pytest.raises(Enough):
            supervisor.watch()
    finally:
        signal.signal(signal.SIGALRM, before)

    assert child.process.pid != killed
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
    status = Path(f"/proc/{child.process.pid}/status").read_text(encoding="ascii")
    assert "SigBlk:\t0000000000000000" in status


@pytest.mark.parametrize("ignoring", ["", STUBBORN])
def test_stop_ends_child_and_grandchild_in_time(tmp_path: Path, ignoring: str) -> None:
    supervisor = Supervisor(report=print)
    source = WITH_GRANDCHILD.format(ignoring=ignoring)
    child = supervisor.start(program(tmp_path, sys.executable, "-c", source))
    group = child.process.pid
    wait_until(lambda: len(_members(group)) == 2, 5)

    started = time.monotonic()
    supervisor.stop()

    assert time.monotonic() - started < 10
    wait_until(lambda: _members(group) == [], 1)


def test_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", SUPERVISING, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout
    pid = int(launcher.stdout.readline())
    assert started_at(pid)

    launcher.kill()
    launcher.wait()

    wait_until(lambda: not started_at(pid), 2)


def test_leftovers_of_a_killed_launcher_are_ended_but_not_a_stranger_with_the_same_pid() -> None:
    leftover = subprocess.Popen(["sleep", "60"], start_new_session=True)
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    recorded = {
        "worker": [str(leftover.pid), started_at(leftover.pid)],
        "web": [str(stranger.pid), "1"],
    }

    end_leftovers(recorded, seconds=0.2)

    assert leftover.wait(timeout=2) == -signal.SIGKILL
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_child_that_dies_at_once_is_refused_with_its_log(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    child = supervisor.start(program(tmp_path, "false"))

    with pytest.raises(refusals.Refusal, match="睡眠进程未能启动") as refusal:
        supervisor.wait_ready(child, lambda _pid: False, 5)
    assert str(tmp_path / "log") in refusal.value.sentence


def _members(group: int) -> list[str]:
    """Return the living processes of a group."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _ppid, pgrp = (
                stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
            )
        except OSError:
            continue
        if int(pgrp) == group and state != "Z":
            members.append(stat.parent.name)
    return members
