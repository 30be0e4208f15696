"""What an uploaded file must be: judged by content, never by name or by what the browser says."""

import zipfile
from typing import IO

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
_CHUNK = 1024 * 1024
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
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise Invalid("file_damaged", "文件已损坏或加了密码，无法读取，请重新保存后上传。", "file") from error
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
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                total += len(chunk)
                if total > MAX_INFLATED or (total > _CHUNK * 8 and total > compressed * MAX_RATIO):
                    _refuse_as_bomb()


def _refuse_as_bomb() -> None:
    raise Invalid(
        "file_inflates", "文件解压后过大，疑似异常压缩文件，未予接收。请重新导出或精简后上传。", "file"
    )
