"""The process that runs WeasyPrint: `python -m county_portal.documents.renderer_process FD SECONDS MEMORY IDLE`.

Started by `typesetter`, with no Django, no database address and nothing else in its environment. It may be
killed at any moment: it holds nothing but caches. It ends by itself when its parent is gone, when a document
takes too much time or memory, and when nobody has asked for long.
"""

import gc
import logging
import os
import resource
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from county_portal.documents.frames import (
    Frame,
    FrameClosed,
    FrameTimeout,
    receive_frame,
    send_frame,
)

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
# How the parent learns why: no exit code of Python or of a signal.
EXIT_MEMORY = 77
# The parent kills at the limit; this is for a parent that cannot.
SECONDS_OF_GRACE = 5
# Beyond the watched limit, for memory that grows faster than the watch looks.
HARD_MEMORY_SHARE = 1.5
_LOOK_EVERY_MS = 100
_MIB = 1 << 20
# Fonts, style sheets and the channel; a document opens nothing.
_OPEN_FILES = 64

_FORBIDDEN_EVENTS = frozenset(
    {
        "ctypes.dlopen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
        "pty.spawn", "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr",
        "socket.gethostbyname", "socket.sendmsg", "socket.sendto", "subprocess.Popen", "urllib.Request",
    }
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Answer orders until the parent closes the channel or nobody has asked for long."""
    descriptor, seconds, memory, idle = (int(argument) for argument in arguments)
    channel = socket.socket(fileno=descriptor)
    # Ctrl-C at a terminal reaches the whole group; the parent decides what becomes of the document.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    _limit(memory)
    _watch(channel, memory)
    try:
        from county_portal.documents import renderer  # noqa: F401, PLC0415 -- loads pango
    except (ImportError, OSError):
        send_frame(channel, Frame({"ready": False}))
        return 0
    _shut_in()
    gc.disable()
    with suppress(FrameClosed, FrameTimeout):
        send_frame(channel, Frame({"ready": True}))
        while True:
            order = receive_frame(channel, idle)
            send_frame(channel, Frame({"begun": True}))
            # Ends the process even inside a library that never comes back; the parent kills earlier.
            signal.setitimer(signal.ITIMER_REAL, seconds + SECONDS_OF_GRACE)
            answer = _answer(order)
            signal.setitimer(signal.ITIMER_REAL, 0)
            send_frame(channel, answer)
            # While the parent keeps what it got: the document's boxes go, what stays is never walked again.
            del answer, order
            gc.collect()
            gc.freeze()
    return 0


def _answer(order: Frame) -> Frame:
    from county_portal.documents import renderer  # noqa: PLC0415 -- loads pango

    about: dict[str, Any] = dict(order.header["about"])
    day = about["created_on"]
    about["created_on"] = date.fromisoformat(day) if day else None
    try:
        content, page_count, places = renderer.write_pdf(
            order.body.decode("utf-8"),
            renderer.Information(**about),
            tuple(order.header["styles"]),
        )
    except MemoryError:
        os._exit(EXIT_MEMORY)  # what is left of this process is not to be trusted
    except Exception as error:  # noqa: BLE001 -- WeasyPrint lets through whatever its parsers raise
        return Frame({"error": f"{type(error).__name__}: {error}"[:2000], "memory": _resident()})
    header = {"pages": page_count, "places": places, "memory": _resident()}
    return Frame(header, content)


def _limit(memory: int) -> None:
    """What the kernel holds this process to."""
    hard = int(memory * HARD_MEMORY_SHARE) * _MIB
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # if the machine runs short, this process rather than the database
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


def _watch(channel: socket.socket, memory: int) -> None:
    """End this process when its parent is gone or its memory has grown too far.

    A thread, not PR_SET_PDEATHSIG: that signal comes when the *thread* ends that started us, and a web
    server's threads come and go.
    """
    poll = select.poll()
    poll.register(channel, select.POLLRDHUP)

    def look() -> None:
        while True:
            if poll.poll(_LOOK_EVERY_MS):
                os._exit(0)
            if _resident() > memory:
                os._exit(EXIT_MEMORY)

    threading.stack_size(256 * 1024)
    threading.Thread(target=look, daemon=True).start()


def _resident() -> int:
    """MiB of memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // _MIB


def _shut_in() -> None:
    """From now on Python here opens no connection, starts no program, writes no file, reads only the layout's.

    Behind the fetcher that denies every address: should WeasyPrint find another way, it ends here.
    """
    roots = tuple(
        f"{folder}{os.sep}"
        for folder in {
            sys.prefix,
            sys.base_prefix,
            str(PROJECT_FOLDER / "static"),
            str(PROJECT_FOLDER / "templates"),
            str(PROJECT_FOLDER / "county_portal" / "documents"),
        }
    )
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def deny(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN_EVENTS:
            raise PermissionError(f"{event} is not for the rendering process")
        if event == "open" and not isinstance(arguments[0], int):
            path = os.path.normpath(os.path.abspath(os.fsdecode(arguments[0])))  # noqa: PTH100 -- hot, and no I/O
            if path == "/proc/self/statm":
                return
            if (arguments[2] or 0) & writing or not path.startswith(roots):
                raise PermissionError("the rendering process opens only the files of its layout")

    sys.addaudithook(deny)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
