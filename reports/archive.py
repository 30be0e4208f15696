"""Archives written to disk piece by piece: the same members give the same bytes, and each is counted and hashed."""

import hashlib
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest the format knows
_MODE = 0o644 << 16
_UNIX = 3
_BUFFER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive; `sha256` in hex."""

    path: str
    size: int
    sha256: str


class Archive:
    """A zip being written; nothing of it is held in memory. Members come in the order they are added."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self.members: list[Member] = []
        self._taken: set[str] = set()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def add_file(self, name: str, source: Path) -> Member:
        """Copy a file from disk. A name that is taken gets a number."""
        path, digest, size = self._free(name), hashlib.sha256(), 0
        info = self._info(path)
        # Told beforehand, so that a file beyond 2 GiB gets the header it needs.
        info.file_size = source.stat().st_size
        with source.open("rb") as reader, self._zip.open(info, "w") as writer:
            while chunk := reader.read(_BUFFER):
                digest.update(chunk)
                size += len(chunk)
                writer.write(chunk)
        return self._note(Member(path, size, digest.hexdigest()))

    def add_bytes(self, name: str, content: bytes) -> Member:
        """Add what was made here."""
        path = self._free(name)
        self._zip.writestr(self._info(path), content)
        return self._note(Member(path, len(content), hashlib.sha256(content).hexdigest()))

    def _note(self, member: Member) -> Member:
        self.members.append(member)
        return member

    def _info(self, path: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, _STAMP)
        info.compress_type, info.create_system, info.external_attr = (
            zipfile.ZIP_DEFLATED,
            _UNIX,
            _MODE,
        )
        return info

    def _free(self, name: str) -> str:
        folder, slash, last = name.rpartition("/")
        stem, dot, ending = last.rpartition(".")
        candidate, number = name, 1
        # Windows unpacks a.pdf and A.pdf into one file.
        while candidate.casefold() in self._taken:
            number += 1
            again = f"{stem}（{number}）{dot}{ending}" if dot else f"{last}（{number}）"
            candidate = f"{folder}{slash}{again}"
        self._taken.add(candidate.casefold())
        return candidate


# Devices: Windows opens no file so named, whatever its ending.
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)


def safe_name(text: str, longest: int = 60) -> str:
    """A name that every system takes as one part of a path: no separators, no control or reserved characters.

    Marks that turn the direction of writing or take no room are left out: they would show another name.
    """
    kept = "".join(
        "_" if char in '\\/:*?"<>|' or unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text
        if unicodedata.category(char) != "Cf"
    )
    kept = kept.strip(" .")
    kept = (kept[:longest] or "未命名").strip(" .") or "未命名"
    return f"_{kept}" if kept.partition(".")[0].casefold() in _DEVICES else kept
