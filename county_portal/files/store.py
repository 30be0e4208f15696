"""The blob store: content under its SHA-256, written aside, synced and renamed, never overwritten."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from county_portal.common.errors import Refused

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

    Raises Refused (503) when the disk is nearly full.
    """
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free < settings.FILES_MIN_FREE_BYTES:
        raise Refused("disk_full", "服务器磁盘空间不足，暂不能保存文件；填报数据不受影响，请联系系统管理员。", 503)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as aside:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            aside.write(chunk)
        aside.flush()
        os.fsync(aside.fileno())
    final = path_of(digest.hexdigest())
    final.parent.mkdir(exist_ok=True)
    Path(aside.name).chmod(0o640)
    Path(aside.name).replace(final)
    return Blob(digest.hexdigest(), size)


def put_file(path: Path) -> Blob:
    """Store the content of a file on disk."""
    with path.open("rb") as file:
        return put(iter(lambda: file.read(_BUFFER), b""))
