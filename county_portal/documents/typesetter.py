"""The portal's side of the rendering process: one warm child for each process that makes PDFs.

Subprocess and a socket rather than multiprocessing: Celery's workers are daemons, which may not have such
children, and forking a web server with threads and database connections is unsound.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from county_portal.documents.frames import (
    Frame,
    FrameClosed,
    FrameTimeout,
    receive_frame,
    send_frame,
)
from county_portal.documents.renderer_process import EXIT_MEMORY, PROJECT_FOLDER

START_SECONDS = 60.0  # a machine under load, the font cache not yet written
END_SECONDS = 2.0
# Nobody but the process itself: the system short of memory, an administrator. Worth a second try.
_FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP}


class Unavailable(Exception):
    """The child cannot load pango."""


class Busy(Exception):
    """Another document takes as long as one may."""


class TooMuch(Exception):
    """The document needs more time or memory than it may have."""


class Failed(Exception):
    """The document cannot be set, or the child died of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document and a child may take; settings.PDF_* give them and the reasons."""

    seconds: int
    memory: int  # MiB a child may hold
    documents: int  # a child sets, before a fresh one takes over
    memory_kept: int  # MiB; a child that holds more afterwards is replaced
    idle: int  # seconds without an order, after which a child ends


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    channel: socket.socket
    documents: int = 0

    def end(self) -> int:
        """Close the channel and see it die; its exit code."""
        self.channel.close()
        try:
            return self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def kill(self) -> int:
        """Kill it at once; its exit code, which is its own if it died before."""
        self.process.kill()
        self.channel.close()
        return self.process.wait()


class Typesetter:
    """Hands documents to its child, one at a time, and replaces it when it dies, ages or grows."""

    def __init__(self, limits: Limits, environment: Mapping[str, str]) -> None:
        self._limits = limits
        self._environment = dict(environment)
        self._turn = threading.Lock()
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        """The child's, while there is one."""
        return self._child.process.pid if self._child else None

    def set(self, header: Mapping[str, Any], html: str) -> Frame:
        """The child's answer. Raises Unavailable, Busy, TooMuch or Failed."""
        order = Frame(header, html.encode("utf-8", "replace"))
        with self._my_turn():
            try:
                return self._ask(order)
            except _Killed:
                pass
            try:
                return self._ask(order)
            except _Killed as error:
                raise Failed("the rendering process was killed twice") from error

    def stop(self) -> None:
        """End the child, if there is one."""
        with self._turn:
            self._retire()

    def forget(self) -> None:
        """In a forked process: the child is the other's; keep nothing that would hold it alive."""
        self._turn = threading.Lock()
        if self._child:
            self._child.channel.close()
            self._child.process.returncode = 0  # not ours to wait for
            self._child = None

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._limits.seconds):
            raise Busy
        try:
            yield
        finally:
            self._turn.release()

    def _ask(self, order: Frame) -> Frame:
        child = self._ready_child(order)
        try:
            answer = receive_frame(child.channel, self._limits.seconds)
        except FrameTimeout as error:
            self._child = None
            child.kill()
            raise TooMuch(f"not set within {self._limits.seconds} s") from error
        except FrameClosed as error:
            self._child = None
            raise _reason(child.end()) from error
        self._age(child, answer)
        if "error" in answer.header:
            raise Failed(answer.header["error"])
        return answer

    def _ready_child(self, order: Frame) -> _Child:
        """A child that has taken the order; a second one where the first had gone while nobody asked."""
        if self._child:
            with suppress(FrameClosed, FrameTimeout):
                return self._hand_over(self._child, order)
            self._retire()
        self._child = self._start()
        try:
            return self._hand_over(self._child, order)
        except (FrameClosed, FrameTimeout) as error:
            child, self._child = self._child, None
            raise _reason(child.kill()) from error

    def _hand_over(self, child: _Child, order: Frame) -> _Child:
        send_frame(child.channel, order, self._limits.seconds)
        receive_frame(child.channel, self._limits.seconds)
        return child

    def _start(self) -> _Child:
        ours, theirs = socket.socketpair()
        limits = self._limits
        numbers = (theirs.fileno(), limits.seconds, limits.memory, limits.idle)
        with theirs:
            process = subprocess.Popen(  # noqa: S603 -- our own module
                [
                    sys.executable,
                    "-m",
                    "county_portal.documents.renderer_process",
                    *map(str, numbers),
                ],
                env=self._environment,
                cwd=PROJECT_FOLDER,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        child = _Child(process, ours)
        try:
            greeting = receive_frame(ours, START_SECONDS)
        except (FrameClosed, FrameTimeout) as error:
            raise _reason(child.kill()) from error
        if not greeting.header["ready"]:
            child.end()
            raise Unavailable
        return child

    def _age(self, child: _Child, answer: Frame) -> None:
        child.documents += 1
        limits = self._limits
        if child.documents >= limits.documents or answer.header["memory"] > limits.memory_kept:
            self._retire()

    def _retire(self) -> None:
        if self._child:
            self._child.end()
            self._child = None


class _Killed(Exception):
    """By somebody else."""


def _reason(exit_code: int) -> Exception:
    if exit_code in {EXIT_MEMORY, -signal.SIGALRM}:
        return TooMuch("more memory or time than a document may have")
    if exit_code in _FROM_OUTSIDE:
        return _Killed()
    return Failed(f"the rendering process ended with {exit_code}")


def bare_environment(fontconfig_file: Path) -> dict[str, str]:
    """What a child is told of this machine: its fonts, where libraries lie, and nothing else."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    # One heap: a thread's own would be 64 MiB of address space for nothing.
    return {
        **kept,
        "FONTCONFIG_FILE": str(fontconfig_file),
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "1",
    }


def make_typesetter(limits: Limits, environment: Mapping[str, str]) -> Typesetter:
    """A typesetter that ends with this process and is not shared with what this process forks."""
    made = Typesetter(limits, environment)
    atexit.register(made.stop)
    os.register_at_fork(after_in_child=made.forget)
    return made
