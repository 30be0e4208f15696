"""Stop an upload that is too large while it streams in, before it fills memory or disk."""

from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from county_portal.common.errors import Invalid


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
