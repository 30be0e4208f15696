"""The part that runs before anything is installed."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from county_portal.launcher import bootstrap, refusals, system_packages

BEFORE_INSTALL = ("bootstrap.py", "system_packages.py", "refusals.py")
LAUNCHER = Path(bootstrap.__file__).parent
# Debian 10's; older ones are told the same by their own SyntaxError at worst.
OLDEST_PARSING = (3, 7)


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point bootstrap at an empty project with three requirement files."""
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        (tmp_path / name).write_text("x==1\n", encoding="utf-8")
    (tmp_path / "var").mkdir()
    venv = tmp_path / ".venv"
    venv.mkdir()
    monkeypatch.setattr(bootstrap, "PROJECT_DIR", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "WORK_DIR", tmp_path / "var")
    return venv


@pytest.mark.parametrize("name", BEFORE_INSTALL)
def test_needs_nothing_but_python(name: str) -> None:
    tree = ast.parse((LAUNCHER / name).read_text(encoding="utf-8"), feature_version=OLDEST_PARSING)

    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert imported <= sys.stdlib_module_names | {"county_portal"}


def test_launcher_never_imports_django() -> None:
    for path in LAUNCHER.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "import django" not in source, path
        assert "from django" not in source, path


def test_stamp_changes_with_requirements_and_python(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bootstrap._stamp(with_dev=False)
    assert bootstrap._stamp(with_dev=False) == first
    assert bootstrap._stamp(with_dev=True) != first

    (venv.parent / "constraints.txt").write_text("x==2\n", encoding="utf-8")
    second = bootstrap._stamp(with_dev=False)
    monkeypatch.setattr(sys, "version", "4.0")
    assert len({first, second, bootstrap._stamp(with_dev=False)}) == 3


@pytest.mark.parametrize(
    ("stamped_dev", "wanted_dev"), [(True, True), (True, False), (False, False)]
)
def test_nothing_is_installed_twice(
    venv: Path, monkeypatch: pytest.MonkeyPatch, stamped_dev: bool, wanted_dev: bool
) -> None:
    bootstrap._stamp(with_dev=stamped_dev).touch()
    monkeypatch.setattr(subprocess, "run", None)

    bootstrap._provide_venv(with_dev=wanted_dev)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not find a version (from versions: none)", "检查网络"),
        ("OSError: [Errno 28] No space left on device", "磁盘已写满"),
    ],
)
def test_failing_pip_is_one_sentence_and_leaves_no_stamp(
    venv: Path, monkeypatch: pytest.MonkeyPatch, said: str, sentence: str
) -> None:
    (venv / "bin").mkdir()
    fake = venv / "bin" / "python"
    fake.write_text(f"#!/bin/sh\necho '{said}'\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(bootstrap, "_is_usable", lambda: True)

    with pytest.raises(refusals.Refusal, match=sentence):
        bootstrap._provide_venv(with_dev=False)
    assert not list(venv.glob(".installed*"))


def test_venv_of_another_python_is_made_anew(venv: Path) -> None:
    (venv / "bin").mkdir()
    fake = venv / "bin" / "python"
    fake.write_text("#!/bin/sh\necho 3.9\n", encoding="utf-8")
    fake.chmod(0o755)

    assert not bootstrap._is_usable()


def test_without_sudo_nothing_is_installed_and_the_administrator_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}"
    )

    assert system_packages.begin_install(["libpangoft2-1.0-0"], tmp_path / "apt.log") is None

    system_packages.report_missing(["libpangoft2-1.0-0"])
    assert "请管理员执行 apt-get install -y libpangoft2-1.0-0" in capsys.readouterr().err


def test_every_refusal_is_one_chinese_sentence_with_a_remedy() -> None:
    samples = [
        refusals.old_python("3.9"),
        refusals.no_venv_module(),
        refusals.pip_failed("log"),
        refusals.disk_full("/", 1, 2),
        refusals.port_forbidden(80),
        refusals.secrets_lost("x"),
        refusals.no_chromium(),
        refusals.no_out_dir(),
        refusals.not_ready("u", 1, "l"),
        refusals.step_failed("t", "l"),
    ]
    for refusal in samples:
        assert refusal.sentence.endswith("。")
        assert refusal.sentence.count("。") == 1
        assert "：" in refusal.sentence


def test_refusal_ends_the_process_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> int:
        raise refusals.no_out_dir()

    assert refusals.exiting(refuse) == 2
    assert capsys.readouterr().err.startswith("【无法继续】")


def test_disk_that_runs_full_on_the_way_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def fill() -> int:
        raise OSError(28, "No space left on device", "/var/x")

    assert refusals.exiting(fill) == 2
    assert "磁盘已写满（/var/x）" in capsys.readouterr().err
