"""Messages between the portal and its rendering process: a JSON header and a body of bytes. No pickles:

what a rendering process sends back must not be able to run anything in the portal.
"""

import json
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LENGTHS = struct.Struct(">IQ")
_PIECE = 1 << 20


class FrameTimeout(Exception):
    """The other side did not answer in time."""


class FrameClosed(Exception):
    """The other side is gone."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    header: Mapping[str, Any]
    body: bytes = b""


def send_frame(channel: socket.socket, frame: Frame, seconds: float | None = None) -> None:
    """Send a message; raises FrameTimeout or FrameClosed."""
    header = json.dumps(frame.header, separators=(",", ":")).encode()
    channel.settimeout(seconds)
    try:
        channel.sendall(_LENGTHS.pack(len(header), len(frame.body)) + header)
        channel.sendall(frame.body)
    except TimeoutError as error:
        raise FrameTimeout from error
    except OSError as error:
        raise FrameClosed from error


def receive_frame(channel: socket.socket, seconds: float | None = None) -> Frame:
    """The next message, all of it within `seconds`; raises FrameTimeout or FrameClosed."""
    deadline = None if seconds is None else time.monotonic() + seconds
    header_length, body_length = _LENGTHS.unpack(_receive(channel, _LENGTHS.size, deadline))
    header = json.loads(_receive(channel, header_length, deadline))
    return Frame(header, _receive(channel, body_length, deadline))


def _receive(channel: socket.socket, length: int, deadline: float | None) -> bytes:
    received = bytearray()
    while len(received) < length:
        # Zero would make the socket non-blocking instead of timing out.
        left = None if deadline is None else max(deadline - time.monotonic(), 0.001)
        channel.settimeout(left)
        try:
            piece = channel.recv(min(length - len(received), _PIECE))
        except TimeoutError as error:
            raise FrameTimeout from error
        except OSError as error:
            raise FrameClosed from error
        if not piece:
            raise FrameClosed
        received += piece
    return bytes(received)
