"""The rendering process: warm, held to its limits, replaced when it dies, never left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from county_portal.documents import pdf
from county_portal.documents.fonts import use_project_fonts
from county_portal.documents.pdf import PdfFailed, PdfTooLarge, render_pdf
from county_portal.documents.renderer_process import SECONDS_OF_GRACE
from county_portal.documents.typesetter import (
    Busy,
    Failed,
    Limits,
    TooMuch,
    Typesetter,
    bare_environment,
)
from tests.documents.reading import needs_pango
from tests.e2e.stack import wait_until

pytestmark = needs_pango

STYLES = ("documents/official.css",)
PROJECT_FOLDER = Path(__file__).resolve().parents[2]
HEADER = {
    "about": {"title": "测试", "author": "", "subject": "", "created_on": None},
    "styles": STYLES,
}
SMALL = "<p>河北省</p>"
# Half a minute and more where a page takes a tenth of a second: words that wrap.
ENDLESS = f"<p>{'county ' * 200_000}</p>"


def long_table(rows: int) -> str:
    cells = "".join("<td>石家庄市</td>" for _ in range(5))
    return f"<table>{''.join(f'<tr>{cells}</tr>' for _ in range(rows))}</table>"


@contextmanager
def typesetter(**more: int) -> Iterator[Typesetter]:
    """One of its own, with its own limits."""
    chosen = {"seconds": 60, "memory": 600, "documents": 100, "memory_kept": 600, "idle": 60}
    environment = bare_environment(use_project_fonts(Path(settings.VAR_DIR)))
    made = Typesetter(Limits(**(chosen | more)), environment)
    try:
        yield made
    finally:
        made.stop()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends_within(seconds: float, pid: int) -> None:
    wait_until(lambda: not is_alive(pid), seconds, f"process {pid} is still there")


def when_begun(press: Typesetter, act) -> threading.Thread:
    """Do `act` to the child's pid a moment after it has begun the next document; it has set one before."""
    pid = press.pid
    assert pid is not None
    idle = cpu_ticks(pid)

    def later() -> None:
        wait_until(lambda: cpu_ticks(pid) > idle + 10, 60, "not begun")
        act(pid)

    thread = threading.Thread(target=later)
    thread.start()
    return thread


def cpu_ticks(pid: int) -> int:
    """Processor time in hundredths of a second; starting takes about fifty."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_one_warm_process_sets_one_document_after_another():
    with typesetter() as press:
        bodies, pids = zip(
            *((press.set(HEADER, SMALL).body, press.pid) for _ in range(3)), strict=True
        )
        assert len(set(bodies)) == len(set(pids)) == 1
        assert bodies[0].startswith(b"%PDF-")


def test_same_bytes_as_in_this_process(tmp_path):
    program = textwrap.dedent(f"""
        import sys
        from county_portal.documents import renderer
        content, _, _ = renderer.write_pdf({SMALL!r}, renderer.Information("测试", "", "", None), {STYLES!r})
        sys.stdout.buffer.write(content)
    """)
    environment = {**os.environ, "FONTCONFIG_FILE": str(use_project_fonts(Path(settings.VAR_DIR)))}
    alone = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT_FOLDER,
        env=environment,
        check=True,
        capture_output=True,
    )
    assert alone.stdout == render_pdf(SMALL, title="测试", styles=STYLES).content


def test_a_child_killed_from_outside_is_replaced_and_the_document_set():
    with typesetter() as press:
        whole = press.set(HEADER, long_table(800)).body
    with typesetter() as press:
        press.set(HEADER, SMALL)
        killed: list[int] = []
        thread = when_begun(press, lambda pid: (killed.append(pid), os.kill(pid, signal.SIGKILL)))
        again = press.set(HEADER, long_table(800)).body
        thread.join()
        assert killed != [press.pid]
        assert again == whole


def test_a_child_that_dies_of_a_document_fails_that_document_alone():
    with typesetter() as press:
        press.set(HEADER, SMALL)
        thread = when_begun(press, lambda pid: os.kill(pid, signal.SIGSEGV))
        with pytest.raises(Failed, match=str(-signal.SIGSEGV)):
            press.set(HEADER, ENDLESS)
        thread.join()
        assert press.set(HEADER, SMALL).body.startswith(b"%PDF-")


def test_overtime_is_ended_and_the_next_document_is_set():
    with typesetter(seconds=2) as press:
        press.set(HEADER, SMALL)
        late, begun = press.pid, time.monotonic()
        with pytest.raises(TooMuch):
            press.set(HEADER, ENDLESS)
        # Before the child's own alarm, which allows it some seconds more.
        assert time.monotonic() - begun < 2 + SECONDS_OF_GRACE
        assert not is_alive(late)
        assert press.set(HEADER, SMALL).body.startswith(b"%PDF-")


def test_too_much_memory_is_ended_and_the_next_document_is_set():
    with typesetter(memory=110) as press:
        with pytest.raises(TooMuch):
            press.set(HEADER, long_table(3000))
        assert press.set(HEADER, SMALL).body.startswith(b"%PDF-")


def test_memory_that_grows_at_once_meets_the_kernel_s_limit():
    """One allocation larger than all that is allowed: between two looks of the watch."""
    with typesetter(memory=110) as press:
        with pytest.raises((TooMuch, Failed)):
            press.set(HEADER, "<p>" + "文" * 30_000_000)
        assert press.set(HEADER, SMALL).body.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "limit", [{"documents": 2}, {"memory_kept": 1}], ids=["its documents", "its memory"]
)
def test_a_child_is_replaced_after(limit):
    with typesetter(**limit) as press:
        pids = []
        for _ in range(4):
            press.set(HEADER, SMALL)
            pids.append(press.pid)
        assert press.pid is None  # the last one has gone too


def test_a_child_nobody_asks_ends_and_the_next_order_starts_another():
    with typesetter(idle=1) as press:
        press.set(HEADER, SMALL)
        first = press.pid
        ends_within(5, first)
        assert press.set(HEADER, SMALL).body.startswith(b"%PDF-")
        assert press.pid != first


def test_threads_get_each_their_own_document():
    texts = [f"<p>第{number}县</p>" for number in range(12)]
    with typesetter() as press:
        alone = [press.set(HEADER, text).body for text in texts]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda text: press.set(HEADER, text).body, texts))
    assert together == alone
    assert len(set(alone)) == len(texts)


def test_who_waits_too_long_for_the_others_is_told_so():
    with (
        typesetter(seconds=1) as press,
        press._turn,
        ThreadPoolExecutor(1) as pool,
        pytest.raises(Busy),
    ):
        pool.submit(press.set, HEADER, SMALL).result(5)


def test_a_child_that_hangs_before_it_takes_an_order_is_replaced():
    with typesetter(seconds=1) as press:
        press.set(HEADER, SMALL)
        hanging = press.pid
        os.kill(hanging, signal.SIGSTOP)
        assert press.set(HEADER, SMALL).body.startswith(b"%PDF-")
        assert not is_alive(hanging)


SCRIPT = """
import os, sys
from pathlib import Path
from county_portal.documents.fonts import use_project_fonts
from county_portal.documents.typesetter import Limits, bare_environment, make_typesetter
press = make_typesetter(Limits({seconds}, 600, 100, 600, 60), bare_environment(use_project_fonts(Path({var!r}))))
def say(*words):
    print(*words, flush=True)
header = {header!r}
press.set(header, {small!r})
say(press.pid)
"""
# As `ENDLESS`, which is too long for a command line.
GO_ON = 'press.set(header, "<p>" + "county " * 200_000)'


@contextmanager
def other_process(rest: str, seconds: int = 60) -> Iterator[subprocess.Popen[str]]:
    """A process that has set one document, says its child's pid, and goes on with `rest`."""
    start = SCRIPT.format(seconds=seconds, var=str(settings.VAR_DIR), header=HEADER, small=SMALL)
    process = subprocess.Popen(
        [sys.executable, "-c", start + textwrap.dedent(rest)],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_parent_dies_in_the_middle_of_a_document(number):
    with other_process(GO_ON) as parent:
        child = int(parent.stdout.readline())
        wait_until(lambda: cpu_ticks(child) > 80, 30, "not begun")
        parent.send_signal(number)
        parent.wait()
        ends_within(2, child)


def test_a_child_ends_in_time_even_if_its_parent_is_stopped():
    with other_process(GO_ON, seconds=3) as parent:
        child = int(parent.stdout.readline())
        wait_until(lambda: cpu_ticks(child) > 80, 30, "not begun")
        parent.send_signal(signal.SIGSTOP)
        try:
            ends_within(12, child)
        finally:
            parent.send_signal(signal.SIGCONT)


def test_a_forked_process_has_a_child_of_its_own():
    rest = """
        forked = os.fork()
        if forked == 0:
            press.set(header, "<p>二</p>")
            say("fork", os.getpid(), press.pid)
            __import__("time").sleep(60)
        press.set(header, "<p>一</p>")
        say("parent", os.getpid(), press.pid)
        os.waitpid(forked, 0)
    """
    with other_process(rest) as parent:
        first = int(parent.stdout.readline())
        said = {name: pids for name, *pids in (parent.stdout.readline().split() for _ in range(2))}
        forked, second = map(int, said["fork"])
        try:
            assert said["parent"] == [str(parent.pid), str(first)]
            assert second != first
            # The fork holds nothing of the first child's: that one ends with the parent alone.
            parent.kill()
            ends_within(2, first)
            assert is_alive(second)
        finally:
            os.kill(forked, signal.SIGKILL)
        ends_within(2, second)


def test_a_child_knows_nothing_of_the_portal(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://portal:secret@localhost/portal")
    with Path(__file__).open() as held, typesetter() as press:
        os.set_inheritable(held.fileno(), True)
        press.set(HEADER, SMALL)
        told = Path(f"/proc/{press.pid}/environ").read_bytes().split(b"\0")
        names = {entry.partition(b"=")[0].decode() for entry in told if entry}
        held_open = {str(entry.readlink()) for entry in Path(f"/proc/{press.pid}/fd").iterdir()}
    assert names <= {"FONTCONFIG_FILE", "LANG", "MALLOC_ARENA_MAX", "LD_LIBRARY_PATH"}
    fonts = str(PROJECT_FOLDER / "static" / "fonts")
    others = {path for path in held_open if not path.startswith(("/dev/null", "socket:", fonts))}
    assert not others


ACTS = {
    "connect": "socket.create_connection(('127.0.0.1', 9))",
    "ask for a name": "socket.getaddrinfo('example.org', 80)",
    "send": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "open an address": "urllib.request.urlopen('http://127.0.0.1:9/')",
    "start a program": "subprocess.run(['true'])",
    "system": "os.system('true')",
    "fork": "os.fork()",
    "read another file": "open('/etc/passwd')",
    "read the project's settings": f"open({str(PROJECT_FOLDER / 'county_portal/settings/base.py')!r})",
    "climb out": f"open({str(PROJECT_FOLDER / 'static/../manage.py')!r})",
    "write": f"open({str(PROJECT_FOLDER / 'static/fonts/new')!r}, 'w')",
    "read the environment": "open('/proc/self/environ')",
}


@pytest.mark.parametrize("name", ACTS)
def test_a_shut_in_process_cannot(name):
    program = textwrap.dedent(f"""
        import os, socket, subprocess, sys, urllib.request
        from county_portal.documents.renderer_process import _shut_in
        _shut_in()
        open({str(PROJECT_FOLDER / "static/fonts/fonts.conf")!r}).close()
        try:
            {ACTS[name]}
        except PermissionError as error:
            sys.exit(0 if "rendering process" in str(error) else 3)
        sys.exit(4)
    """)
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_FOLDER, check=False)
    assert done.returncode == 0


def test_refusals_name_reason_and_remedy(settings):
    settings.PDF_SECONDS = 3
    pdf._typesetter().stop()
    pdf._typesetter.cache_clear()
    try:
        render_pdf(SMALL, title="测试", styles=STYLES)
        with pytest.raises(PdfTooLarge) as refusal:
            render_pdf(ENDLESS, title="测试", styles=STYLES)
        assert "分批" in refusal.value.sentence
        with pytest.raises(PdfFailed):
            render_pdf("<div>" * 3000, title="测试", styles=STYLES)
        assert render_pdf(SMALL, title="测试", styles=STYLES).page_count == 1
    finally:
        pdf._typesetter().stop()
        pdf._typesetter.cache_clear()
