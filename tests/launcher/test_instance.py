"""VAR_DIR: one launcher at a time, private secrets, short sockets, room on the disk."""

from __future__ import annotations

import os
import shutil
import stat
from collections import namedtuple
from pathlib import Path

import pytest

from county_portal.launcher import refusals
from county_portal.launcher.instance import (
    LONGEST_SOCKET_NAME,
    SOCKET_PATH_LIMIT,
    Instance,
    private_directory,
    server_account,
)


def test_second_launcher_is_refused_until_the_first_ends(instance: Instance) -> None:
    held = instance.lock()
    assert instance.is_locked()

    with pytest.raises(refusals.Refusal, match="正在被另一个实例使用"):
        instance.lock()

    os.close(held)
    assert not instance.is_locked()


def test_secrets_stay_the_same_and_are_private(instance: Instance) -> None:
    first = instance.secrets()

    assert instance.secrets() == first
    assert len({first.superuser_password, first.owner_password, first.app_password}) == 3
    assert stat.S_IMODE((instance.var_dir / "secrets.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"owner_password": "x"}'])
def test_damaged_secrets_are_refused(instance: Instance, damage: str) -> None:
    (instance.var_dir / "secrets.json").write_text(damage, encoding="utf-8")

    with pytest.raises(refusals.Refusal, match="口令文件"):
        instance.secrets()


def test_new_secrets_are_not_invented_for_an_old_database(instance: Instance) -> None:
    (instance.servers_dir / "postgres").mkdir()

    with pytest.raises(refusals.Refusal, match="口令文件"):
        instance.secrets()


@pytest.mark.parametrize("name", ["short", "d" * 120, "目录", "with space"])
def test_sockets_are_short_and_plain_whatever_the_directory(tmp_path: Path, name: str) -> None:
    sockets = str(Instance(tmp_path / name).sockets_dir)

    assert len(os.fsencode(sockets + LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    assert sockets.isascii()
    assert " " not in sockets


def test_two_instances_share_no_sockets(tmp_path: Path) -> None:
    assert (
        Instance(tmp_path / ("d" * 120)).sockets_dir != Instance(tmp_path / ("e" * 120)).sockets_dir
    )


def test_socket_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    open_to_all = tmp_path / "sockets"
    private_directory(open_to_all, server_account())
    open_to_all.chmod(0o777)

    with pytest.raises(refusals.Refusal, match="不属于本实例"):
        private_directory(open_to_all, server_account())


def test_socket_directory_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir(mode=0o700)
    (tmp_path / "sockets").symlink_to(tmp_path / "target")

    with pytest.raises(refusals.Refusal, match="不属于本实例"):
        private_directory(tmp_path / "sockets", server_account())


def test_full_disk_is_refused_with_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, 5 * 2**20))

    with pytest.raises(refusals.Refusal, match="剩余 5 MB，至少需要 300 MB"):
        Instance(tmp_path / "var").prepare()


def test_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").touch()

    with pytest.raises(refusals.Refusal, match="无法写入目录"):
        Instance(tmp_path / "var").prepare()


def test_servers_directory_whose_target_was_removed_is_made_anew(instance: Instance) -> None:
    was_link = (instance.var_dir / "servers").is_symlink()
    shutil.rmtree(instance.servers_dir)

    instance.prepare()

    assert instance.servers_dir.is_dir()
    assert (instance.var_dir / "servers").is_symlink() == was_link
    shutil.rmtree(instance.servers_dir)


def test_state_survives_and_damage_counts_as_none(instance: Instance) -> None:
    instance.write_state({"pid": 7})
    assert instance.read_state() == {"pid": 7}

    (instance.var_dir / "state.json").write_text("half", encoding="utf-8")
    assert instance.read_state() == {}
