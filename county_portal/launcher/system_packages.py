"""Debian packages that pip cannot bring: PDF libraries and, for browser tests, Chromium.

Standard library only and no new syntax: part of bootstrap.py.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

# Library to load → Debian package. Without harfbuzz-subset a PDF takes many times longer.
PDF_LIBRARIES = {
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
PDF_PROGRAMS = {"fc-match": "fontconfig"}
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Playwright's driver needs libatomic; screenshots need one Chinese font, and this is the lightest.
BROWSER_PACKAGES = ("chromium", "libatomic1", "fonts-wqy-zenhei")


def missing_for_pdf() -> List[str]:
    """Return the Debian packages PDF rendering lacks on this machine."""
    missing = [package for library, package in PDF_LIBRARIES.items() if not _loads(library)]
    return missing + [
        package for program, package in PDF_PROGRAMS.items() if not shutil.which(program)
    ]


def missing_for_browser() -> List[str]:
    """Return the Debian packages browser tests lack on this machine."""
    if any(shutil.which(name) for name in BROWSER_NAMES) and _loads("libatomic.so.1"):
        return []
    return list(BROWSER_PACKAGES)


def begin_install(packages: List[str], log: Path) -> Optional["subprocess.Popen[bytes]"]:
    """Start installing beside whatever else goes on; None where we may not or cannot."""
    prefix = _privilege(log.with_name("sudo-declined"))
    if prefix is None or not shutil.which("apt-get"):
        return None
    print("正在安装系统组件：{} ……".format(" ".join(packages)), file=sys.stderr, flush=True)
    # A short wait for another apt, as a freshly started machine may be updating itself.
    options = "-qq -o DPkg::Lock::Timeout=60 -o Acquire::Retries=2"
    install = "apt-get {} install -y --no-install-recommends {}".format(options, " ".join(packages))
    # The package lists are fetched only when what is there does not do.
    script = "{1} || (apt-get {0} update && {1})".format(options, install)
    with log.open("wb") as output:
        return subprocess.Popen(
            [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def report_missing(packages: List[str]) -> None:
    """Say what still lacks, what does not work for it, and what to ask the administrator for."""
    if not packages:
        return
    print(
        "【提示】缺少系统组件，PDF 暂不可用，其余功能正常：请管理员执行 apt-get install -y {}".format(
            " ".join(packages)
        ),
        file=sys.stderr,
        flush=True,
    )


def _privilege(declined: Path) -> Optional[List[str]]:
    """Return what to put before a command to run it as root; None when we may not.

    Who declined to give a password once is not asked again: the file `declined` remembers it.
    """
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    silent = subprocess.run(
        ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    if silent.returncode == 0:
        return ["sudo", "-n"]
    if declined.exists() or not sys.stdin.isatty():
        return None
    print(
        "需要管理员口令来安装系统组件（直接按 Ctrl-C 可跳过，PDF 将不可用）：",
        file=sys.stderr,
        flush=True,
    )
    try:
        agreed = subprocess.run(["sudo", "-v"], check=False).returncode == 0
    except KeyboardInterrupt:
        agreed = False
    if not agreed:
        declined.touch()
    return ["sudo", "-n"] if agreed else None


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
