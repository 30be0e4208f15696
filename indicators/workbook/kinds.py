"""Files that are no workbook of the accepted kind, each told by its own sentence."""

from typing import IO

from county_portal.common.errors import Invalid

_HEAD_BYTES = 8192
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# The directory of an OLE file lies anywhere; an encrypted workbook names its one stream there.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_BYTES = 4 * 1024 * 1024
_SAVE_AS = "请在Excel或WPS中打开，选“另存为”，类型选“Excel工作簿（*.xlsx）”后重新上传。"


def refuse_other_kinds(file: IO[bytes], name: str) -> None:
    """Raise Invalid for what people upload instead of an xlsx. Leaves the file at its start."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    code, reason = _reason(file, head)
    file.seek(0)
    if code:
        raise Invalid(code, f"文件“{name}”{reason}", "file")


def _reason(file: IO[bytes], head: bytes) -> tuple[str, str]:
    if head.startswith(_OLE):
        if _ENCRYPTED in file.read(_OLE_BYTES):
            return "workbook_encrypted", "设有打开密码，无法读取。请取消密码保护后重新上传。"
        return "workbook_old_format", f"是旧版xls或WPS的et格式，无法读取。{_SAVE_AS}"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] == b"<":
        return "workbook_is_html", f"实际是网页（HTML）或XML文本，只是改了扩展名。{_SAVE_AS}"
    if head and not head.startswith(b"PK") and b"\x00" not in head and _is_text(head):
        return "workbook_is_text", f"是文本（CSV）文件，缺少表格格式和校验信息。{_SAVE_AS}"
    return "", ""


def _is_text(head: bytes) -> bool:
    if head.startswith((b"%PDF", b"{\\rtf")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # The head may end within a character.
            head[:-4].decode(encoding) if len(head) == _HEAD_BYTES else head.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
