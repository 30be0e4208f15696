"""Keeping files."""

from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile

from county_portal.accounts.models import User
from county_portal.common.errors import Invalid
from county_portal.common.text import clean_text
from county_portal.files import rules, scanning, store
from county_portal.files.models import StoredFile
from county_portal.files.uploads import refuse_oversize

MAX_NAME = 120


def keep_upload(*, actor: User | None, upload: UploadedFile) -> StoredFile:
    """Check and keep what somebody uploaded; None: from outside. Raises Invalid naming file, reason and remedy."""
    name = _clean_name(upload.name or "文件")
    refuse_oversize(upload, name)
    content_type = rules.content_type_of(upload, name)
    scanning.refuse_infected(upload.chunks(), name)
    blob = store.put(upload.chunks())
    return StoredFile.objects.create(
        sha256=blob.sha256, size=blob.size, name=name, content_type=content_type, created_by=actor
    )


# A scan is read by people: nothing that needs an office program.
SCANS = frozenset({"application/pdf", "image/jpeg", "image/png"})


def keep_scan(*, actor: User | None, scan: UploadedFile | StoredFile, matter: str) -> StoredFile:
    """Keep a scanned document, or pass on one kept already. Raises Invalid `scan_type` for anything else."""
    file = scan if isinstance(scan, StoredFile) else keep_upload(actor=actor, upload=scan)
    if file.content_type not in SCANS:
        raise Invalid(
            "scan_type", f"“{file.name}”不是PDF、JPG或PNG，请上传{matter}的扫描件。", "file"
        )
    return file


def keep_generated(*, content: bytes, name: str, content_type: str) -> StoredFile:
    """Keep what the portal made."""
    return _row(store.put([content]), name, content_type)


def keep_blob(*, blob: store.Blob, name: str, content_type: str) -> StoredFile:
    """Name a blob already stored."""
    return _row(blob, name, content_type)


def _row(blob: store.Blob, name: str, content_type: str) -> StoredFile:
    return StoredFile.objects.create(
        sha256=blob.sha256, size=blob.size, name=name, content_type=content_type
    )


def _clean_name(name: str) -> str:
    try:
        name = clean_text(PurePath(name.replace("\\", "/")).name)
    except ValueError as error:
        raise Invalid(
            "file_name_invalid", "文件名含有不可见的控制字符，请改名后重新上传。", "file"
        ) from error
    name = name.replace("\n", " ").replace("\t", " ")
    if len(name) <= MAX_NAME:
        return name or "文件"
    stem, dot, ending = name.rpartition(".")
    return stem[: MAX_NAME - len(ending) - 1] + dot + ending if dot else name[:MAX_NAME]
