"""From a bare machine to the launcher: virtual environment, pinned packages, system libraries, then hand over.

Runs under the system's python3 with the standard library only, before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
# Started as a script, Python puts this directory first on the path; the project's packages are meant instead.
sys.path[0] = str(PROJECT_DIR)

from county_portal.launcher import refusals, system_packages  # noqa: E402 -- after the path is right

VENV = PROJECT_DIR / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
WORK_DIR = PROJECT_DIR / "var"
OLDEST_PYTHON = (3, 11)
# The packages take 260 MB, with those for checking and testing 570 MB, and pip needs room to unpack.
NEEDED_MB = 900
NEEDS_DEV = frozenset({"test", "e2e", "screenshots", "check", "bench", "env"})
NEEDS_PDF = frozenset({"run", "test", "e2e", "screenshots", "demo", "bench"})
NEEDS_BROWSER = frozenset({"e2e", "screenshots"})


def main(argv: List[str]) -> int:
    """Prepare the machine for the command `argv[0]`, then become the launcher."""
    if sys.version_info < OLDEST_PYTHON:
        raise refusals.old_python(platform.python_version())
    command = argv[0] if argv else "run"
    with _one_at_a_time():
        packages = _missing_system_packages(command)
        installing = (
            system_packages.begin_install(packages, WORK_DIR / "apt.log") if packages else None
        )
        try:
            _provide_venv(with_dev=command in NEEDS_DEV)
        finally:
            if installing:
                installing.wait()
    if packages:
        system_packages.report_missing(system_packages.missing_for_pdf())
    os.chdir(PROJECT_DIR)
    handed_over = [str(VENV_PYTHON), "-m", "county_portal.launcher", command, *argv[1:]]
    os.execv(VENV_PYTHON, handed_over)  # noqa: S606 -- no shell is wanted


def _missing_system_packages(command: str) -> List[str]:
    packages: List[str] = []
    if command in NEEDS_PDF:
        packages += system_packages.missing_for_pdf()
    if command in NEEDS_BROWSER:
        packages += system_packages.missing_for_browser()
    return packages


def _provide_venv(*, with_dev: bool) -> None:
    """Make the virtual environment hold what requirements and constraints name; do nothing when it already does."""
    if _stamp(with_dev=True).exists() or (not with_dev and _stamp(with_dev=False).exists()):
        return
    free_mb = shutil.disk_usage(PROJECT_DIR).free // 2**20
    if free_mb < NEEDED_MB and not VENV.exists():
        raise refusals.disk_full(str(PROJECT_DIR), free_mb, NEEDED_MB)
    if not _is_usable():
        _say("正在创建 Python 环境（.venv）……")
        _make_venv()
    _say("正在安装 Python 依赖（首次约需一分钟）……")
    _install("requirements-dev.txt" if with_dev else "requirements.txt")
    _stamp(with_dev=with_dev).touch()


def _stamp(*, with_dev: bool) -> Path:
    """Return the file that says that this venv holds just these requirements on just this Python."""
    digest = hashlib.sha256(sys.version.encode())
    names = ["requirements.txt", "constraints.txt", *(["requirements-dev.txt"] if with_dev else [])]
    for name in names:
        digest.update((PROJECT_DIR / name).read_bytes())
    return VENV / ".installed-{}-{}".format("dev" if with_dev else "run", digest.hexdigest()[:16])


def _is_usable() -> bool:
    """Tell whether the venv works and belongs to this Python, which a system upgrade may have replaced."""
    if not VENV_PYTHON.exists():
        return False
    probe = [str(VENV_PYTHON), "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"]
    found = subprocess.run(probe, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return found.returncode == 0 and found.stdout.decode().strip() == sysconfig.get_python_version()


def _make_venv() -> None:
    log = WORK_DIR / "venv.log"
    # Debian splits ensurepip off into python3-venv.
    _run_logged(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], log, refusals.no_venv_module()
    )


def _install(requirements: str) -> None:
    log = WORK_DIR / "pip.log"
    command = [
        *(str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
        # Byte code is made when a module is first imported: most of what is installed never is.
        *("--no-compile", "--only-binary", ":all:", "--progress-bar", "off", "--retries", "3"),
        *("-r", str(PROJECT_DIR / requirements), "-c", str(PROJECT_DIR / "constraints.txt")),
    ]
    _run_logged(command, log, refusals.pip_failed(str(log)))


def _run_logged(command: List[str], log: Path, refusal: refusals.Refusal) -> None:
    """Run a command quietly; raise `refusal` when it fails for another reason than a full disk."""
    with log.open("wb") as output:
        done = subprocess.run(command, stdout=output, stderr=output, check=False)
    if done.returncode == 0:
        return
    if b"No space left on device" in log.read_bytes():
        raise refusals.disk_full_while_writing(str(VENV))
    raise refusal


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let `make run` and `make test` started together not build the venv at the same time."""
    try:
        WORK_DIR.mkdir(exist_ok=True)
        lock = os.open(str(WORK_DIR / "bootstrap.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise refusals.not_writable(str(WORK_DIR)) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("正在等待另一个安装过程结束……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _say(sentence: str) -> None:
    # To stderr: `env` prints shell code on stdout.
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(refusals.exiting(main, sys.argv[1:]))
