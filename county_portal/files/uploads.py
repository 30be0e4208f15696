"""Stop an upload that is too large while it streams in, before it fills memory or disk."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    StopFutureHandlers,
    TemporaryFileUploadHandler,
)

from county_portal.common.errors import Invalid

View = TypeVar("View", bound=Callable[..., Any])


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes to a temporary file and refuses once a file passes FILES_MAX_BYTES."""

    received = 0
    oversize = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Forget the previous file's count."""
        self.received, self.oversize = 0, False
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Count bytes as they come; the declared length is not believed."""
        self.received = start + len(raw_data)
        if self.received > settings.FILES_MAX_BYTES:
            self.oversize = True
            return
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Hand over the file, marked when it was cut off."""
        file: Any = super().file_complete(min(file_size, settings.FILES_MAX_BYTES))
        file.oversize = self.oversize  # read by refuse_oversize
        return cast(UploadedFile, file)


def refuse_oversize(file: UploadedFile, label: str) -> None:
    """Raise Invalid for a file the handler cut off."""
    if getattr(file, "oversize", False) or (file.size or 0) > settings.FILES_MAX_BYTES:
        megabytes = settings.FILES_MAX_BYTES // (1024 * 1024)
        raise Invalid(
            "file_too_large",
            f"“{label}”超过{megabytes}MB，请压缩或拆分后重新上传，原有内容未变。",
            "file",
        )


class DigestedUpload(UploadedFile):
    """What is left of an upload that only its digest was wanted of."""

    def __init__(self, name: str, content_type: str, size: int, sha256: str) -> None:
        super().__init__(BytesIO(), name, content_type, size)
        self.sha256 = sha256
        self.oversize = size > settings.FILES_MAX_BYTES


class DigestUploadHandler(FileUploadHandler):
    """For views marked `digests_uploads`: hashes a file while it streams in and keeps nothing of it.

    Stands before the handler that writes; known from the view, since the form is parsed before the view runs.
    """

    digest: Any = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a digest, and keep the other handlers out of it."""
        super().new_file(*args, **kwargs)
        match = self.request.resolver_match if self.request else None
        if match is None or not getattr(match.func, "digests_uploads", False):
            self.digest = None
            return
        self.digest = hashlib.sha256()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take in a piece, or hand it on; beyond the limit it is only counted."""
        if self.digest is None:
            return raw_data
        if start <= settings.FILES_MAX_BYTES:
            self.digest.update(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The digest in place of a file."""
        if self.digest is None:
            return None
        return DigestedUpload(
            self.file_name or "", self.content_type or "", file_size, self.digest.hexdigest()
        )


def digests_uploads(view: View) -> View:
    """Mark a view that wants the digests of what is uploaded, not the files."""
    view.digests_uploads = True  # type: ignore[attr-defined]  # read by DigestUploadHandler
    return view
