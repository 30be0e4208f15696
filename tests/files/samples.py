"""Contents of files, real and dishonest."""

import io
import struct
import zipfile
import zlib

import openpyxl

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200
PNG = (
    bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + b"\0" * 32
)
JPG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\0" * 32
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
WORD_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx():
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["县（市、区）", 1])
    book.save(out)
    return out.getvalue()


def docx(extra=None):
    parts = {
        "[Content_Types].xml": WORD_TYPES,
        "word/document.xml": "<w:document/>",
        **(extra or {}),
    }
    return zipped(parts)


def with_part(content, name, data):
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def bomb(megabytes=300):
    """A workbook whose one sheet inflates to `megabytes`, honest about its size."""
    return with_part(xlsx(), "xl/worksheets/sheet2.xml", b"0" * (megabytes * 1024 * 1024))


def lying_bomb(megabytes=300):
    """The same, but every size it declares is small; the CRC too is that of the small content."""
    content = bytearray(bomb(megabytes))
    small = struct.pack("<III", zlib.crc32(b"0" * 100), 100, 100)
    name = b"xl/worksheets/sheet2.xml"
    for signature, crc, at in ((b"PK\x03\x04", 14, 30), (b"PK\x01\x02", 16, 46)):
        position = 0
        while (position := content.find(signature, position)) >= 0:
            if content[position + at : position + at + len(name)] == name:
                # keep the compressed size, which readers need to find the next part
                compressed = content[position + crc + 4 : position + crc + 8]
                content[position + crc : position + crc + 12] = small
                content[position + crc + 4 : position + crc + 8] = compressed
            position += 4
    return bytes(content)


def many_parts(count=5000):
    return zipped({"xl/workbook.xml": "<x/>", **{f"part{number}": "" for number in range(count)}})


def encrypted():
    content = bytearray(xlsx())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = 0
        while (position := content.find(signature, position)) >= 0:
            content[position + at] |= 1
            position += 4
    return bytes(content)
