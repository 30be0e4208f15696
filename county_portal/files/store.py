"""The blob store: content under its SHA-256, written aside, synced and renamed, never overwritten."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO

from django.conf import settings

from county_portal.common.errors import Refused

# Names of files still being written; whatever is older than a day was left by a power cut.
ASIDE = "aside-"
_BUFFER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored content."""

    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    """Where a content lies."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def put(chunks: Iterable[bytes]) -> Blob:
    """Store content; the row that names it is written only after this returns.

    Raises Refused (503) when the disk is nearly full or fills up meanwhile; nothing is left behind then.
    """
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free < settings.FILES_MIN_FREE_BYTES:
        raise _disk_full()
    handle, name = tempfile.mkstemp(dir=root, prefix=ASIDE)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            blob = _write(chunks, file)
        _move_into_place(aside, path_of(blob.sha256))
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _disk_full() from error
        raise
    finally:
        aside.unlink(missing_ok=True)
    return blob


def _write(chunks: Iterable[bytes], file: IO[bytes]) -> Blob:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return Blob(digest.hexdigest(), size)


def _move_into_place(aside: Path, final: Path) -> None:
    """Rename, and sync the folder: a rename that a power cut undoes would leave a row without its file."""
    if final.exists():
        return
    final.parent.mkdir(exist_ok=True)
    aside.chmod(0o640)
    aside.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _disk_full() -> Refused:
    return Refused(
        "disk_full",
        "服务器磁盘空间不足，暂不能保存文件；填报数据不受影响，请联系系统管理员。",
        HTTPStatus.SERVICE_UNAVAILABLE,
    )


def put_file(path: Path) -> Blob:
    """Store the content of a file on disk."""
    with path.open("rb") as file:
        return put(iter(lambda: file.read(_BUFFER), b""))
