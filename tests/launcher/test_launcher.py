"""The launcher as a process: starts, refuses, stops, and dies without leaving anything."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from county_portal.launcher.instance import Instance
from county_portal.launcher.processes import PROJECT_DIR, started_at
from tests.launcher.conftest import Launch


def await_ready(instance: Instance) -> list[int]:
    """Wait for `serve`, return the pids of its servers."""
    deadline = time.monotonic() + 20
    while not instance.marker("ready").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    children = instance.read_state()["children"]
    assert isinstance(children, dict)
    assert set(children) == {"postgres", "valkey"}
    return [int(pid) for pid, _start in children.values()]


def all_gone(pids: list[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(started_at(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def assert_refused(process: subprocess.Popen[str], part_of_sentence: str) -> None:
    _out, complaints = process.communicate(timeout=20)
    assert process.returncode == 2
    assert part_of_sentence in complaints
    assert "Traceback" not in complaints
    assert len(complaints.strip().splitlines()) == 1


@pytest.mark.parametrize("asking", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_everything_in_time(
    instance: Instance, launch: Launch, asking: signal.Signals
) -> None:
    launcher = launch("serve")
    pids = await_ready(instance)

    started = time.monotonic()
    launcher.send_signal(asking)
    _out, complaints = launcher.communicate(timeout=10)

    assert time.monotonic() - started < 10
    assert all_gone(pids, 0)
    assert complaints == ""
    assert not instance.is_locked()


def test_killed_it_leaves_no_orphan_and_the_next_one_starts(
    instance: Instance, launch: Launch
) -> None:
    launcher = launch("serve")
    pids = await_ready(instance)

    launcher.kill()
    launcher.wait()
    instance.marker("ready").unlink()
    launch("serve")  # at once, while the servers are still going down

    assert not set(await_ready(instance)) & set(pids)
    assert all_gone(pids, 0)


def test_second_launcher_on_the_directory_is_refused(instance: Instance, launch: Launch) -> None:
    launch("serve")
    await_ready(instance)

    assert_refused(launch("serve"), "正在被另一个实例使用")


def test_management_command_uses_the_running_servers(instance: Instance, launch: Launch) -> None:
    launch("serve")
    await_ready(instance)

    listing = subprocess.run(
        [sys.executable, "-m", "county_portal.launcher", "manage", "version"],
        cwd=PROJECT_DIR,
        env={**os.environ, "VAR_DIR": str(instance.var_dir)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (listing.returncode, listing.stdout.strip()[:4]) == (0, "5.2.")


def test_taken_port_ends_with_one_sentence(launch: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert_refused(launch("run", PORT=str(port)), f"端口 {port} 已被占用")


def test_foreign_data_ends_with_one_sentence(instance: Instance, launch: Launch) -> None:
    instance.secrets()
    data = instance.servers_dir / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("15\n", encoding="ascii")

    assert_refused(launch("serve"), "由 PostgreSQL 15 创建")
