"""Virus scan of what comes in, by ClamAV's daemon over a socket; without one configured nothing is scanned.

Speaks clamd's INSTREAM: chunks with their length in four bytes, an empty one at the end, one line back.
Whatever is not a clear answer counts as none: a file nobody looked at is not kept.
"""

import logging
import socket
import struct
import time
from collections.abc import Iterable
from contextlib import closing
from http import HTTPStatus

from django.conf import settings

from county_portal.common.errors import Invalid, Refused

_CHUNK = 64 * 1024
# clamd's answers are one short line.
_MAX_ANSWER = 4096
_CLEAN = "stream: OK"
_FOUND = " FOUND"

logger = logging.getLogger(__name__)


class _NoAnswerError(Exception):
    """The scanner said nothing that could be relied on."""


def refuse_infected(chunks: Iterable[bytes], name: str) -> None:
    """Have the content scanned, if a scanner is configured.

    Raises Invalid for an infected file; Refused (503) when the scanner does not answer in time or clearly.
    """
    if not settings.CLAMAV_SOCKET:
        return
    try:
        answer = _ask(chunks)
    except (OSError, _NoAnswerError) as error:
        # Its own words go to the log only: they say where the scanner stands.
        logger.warning("virus scanner unavailable: %s", error)
        raise Refused(
            "scanner_unavailable",
            f"病毒扫描服务暂时不可用，文件“{name}”没有接收，已填写的内容不受影响。请稍后重新上传，或联系系统管理员。",
            HTTPStatus.SERVICE_UNAVAILABLE,
        ) from error
    if answer.endswith(_FOUND):
        virus = answer.removeprefix("stream: ").removesuffix(_FOUND)
        logger.warning("infected upload refused: %s", virus)
        raise Invalid(
            "file_infected",
            f"文件“{name}”含有病毒（{virus}），没有接收。请查杀本机病毒后重新导出文件再上传。",
            "file",
        )


def _ask(chunks: Iterable[bytes]) -> str:
    """The scanner's answer: clean, or what was found. Raises for everything else."""
    deadline = time.monotonic() + settings.CLAMAV_TIMEOUT_SECONDS
    with closing(_connect(deadline)) as connection:
        connection.sendall(b"zINSTREAM\0")
        for chunk in _pieces(chunks):
            connection.settimeout(_left(deadline))
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        answer = _read(connection, deadline)
    if answer == _CLEAN or (answer.startswith("stream: ") and answer.endswith(_FOUND)):
        return answer
    raise _NoAnswerError(f"unclear answer {answer[:200]!r}")


def _pieces(chunks: Iterable[bytes]) -> Iterable[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _CHUNK):
            yield chunk[start : start + _CHUNK]


def _connect(deadline: float) -> socket.socket:
    """A path is a Unix socket, host:port is TCP."""
    address = settings.CLAMAV_SOCKET
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_left(deadline))
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise _NoAnswerError("CLAMAV_SOCKET is neither a path nor host:port")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_left(deadline))


def _read(connection: socket.socket, deadline: float) -> str:
    """One answer up to its closing zero byte; a connection that ends before has not answered."""
    answer = b""
    while b"\0" not in answer:
        connection.settimeout(_left(deadline))
        part = connection.recv(_MAX_ANSWER)
        if not part or len(answer) > _MAX_ANSWER:
            raise _NoAnswerError(f"half an answer {answer[:200]!r}")
        answer += part
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(deadline: float) -> float:
    """Seconds left: the whole scan has one time limit, however the bytes trickle."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _NoAnswerError("time is up")
    return left
