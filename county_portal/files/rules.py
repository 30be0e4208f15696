"""What an uploaded file must be: judged by content, never by name or by what the browser says."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from typing import IO, NoReturn

import filetype

from county_portal.common.errors import Invalid

# Extension by content -> the name endings that may claim it.
ACCEPTED = {
    "pdf": ("application/pdf", {"pdf"}),
    "jpg": ("image/jpeg", {"jpg", "jpeg"}),
    "png": ("image/png", {"png"}),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {"xlsx"}),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", {"docx"}),
}
_ZIPPED = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
MAX_ENTRIES = 2000
MAX_INFLATED = 100 * 1024 * 1024
MAX_RATIO = 200
# A small file may be as repetitive as it likes.
FREE_OF_RATIO = 8 * 1024 * 1024
_CHUNK = 1024 * 1024
# Office programs store and deflate; the other methods only serve to hide something.
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# RuntimeError is a password, ValueError and OSError are offsets outside the file.
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
)
_HEAD_BYTES = 8192


def content_type_of(file: IO[bytes], name: str) -> str:
    """The MIME type by content.

    Raises Invalid for an empty file, a type that is not accepted, an ending that belies the content, a bomb.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if not head:
        raise Invalid("file_empty", f"文件“{name}”是空文件（0字节），请检查后重新上传。", "file")
    kind = _kind_of(file, head)
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if kind not in ACCEPTED:
        raise Invalid(
            "file_type_not_accepted",
            f"文件“{name}”的实际内容不是PDF、JPG、PNG、XLSX或DOCX，请转换格式后重新上传。",
            "file",
        )
    content_type, endings = ACCEPTED[kind]
    if ending not in endings:
        raise Invalid(
            "file_ending_belies_content",
            f"文件“{name}”的扩展名与实际内容（{kind.upper()}）不符，请上传原始文件。",
            "file",
        )
    file.seek(0)
    return content_type


def _kind_of(file: IO[bytes], head: bytes) -> str:
    if head[:2] == b"PK":
        return _zipped_kind(file)
    guess = filetype.guess(head)
    return str(guess.extension) if guess else ""


def _zipped_kind(file: IO[bytes]) -> str:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            _refuse_bomb(archive)
    except _UNREADABLE as error:
        raise Invalid(
            "file_damaged", "文件已损坏或加了密码，无法读取，请重新保存后上传。", "file"
        ) from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid("file_has_macros", "文件含有宏，请另存为不含宏的文件后上传。", "file")
    return next((kind for kind, part in _ZIPPED.items() if part in names), "")


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Count what really inflates: the declared sizes may lie."""
    entries = archive.infolist()
    compressed = sum(entry.compress_size for entry in entries) or 1
    total = 0
    if len(entries) > MAX_ENTRIES:
        _refuse_as_bomb()
    for entry in entries:
        before = total
        for chunk in _inflate(archive, entry):
            total += len(chunk)
            if total > MAX_INFLATED or (total > FREE_OF_RATIO and total > compressed * MAX_RATIO):
                _refuse_as_bomb()
        if total - before != entry.file_size:
            raise zipfile.BadZipFile(f"{entry.filename} is not as long as it says")


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Everything the entry holds: by itself zipfile stops at the length the entry declares."""
    if entry.compress_type not in _METHODS:
        raise NotImplementedError(entry.compress_type)
    endless = copy(entry)
    endless.file_size = 2 * MAX_INFLATED
    with archive.open(endless) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


def _refuse_as_bomb() -> NoReturn:
    raise Invalid(
        "file_inflates",
        "文件解压后过大，疑似异常压缩文件，未予接收。请重新导出或精简后上传。",
        "file",
    )
