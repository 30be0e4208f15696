"""The virus scan, spoken to a small server that speaks clamd's own protocol over real sockets."""

import socket
import socketserver
import struct
import threading
import time
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from county_portal.common.errors import Invalid, Refused
from county_portal.files.actions import keep_upload
from county_portal.files.checks import uploads_are_scanned
from county_portal.files.models import StoredFile
from county_portal.files.scanning import refuse_infected
from tests.accounts.people import make_user
from tests.files import samples

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """What clamd does with INSTREAM: takes chunks to the empty one, then answers one line."""

    def handle(self):
        command = self.rfile.read(len(b"zINSTREAM\0"))
        assert command == b"zINSTREAM\0", command
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)
        self.server.respond(self.wfile, content)


def answer(wfile, content):
    found = EICAR in content
    wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


def start(respond, *, address=None, limit=10**8):
    kind = socketserver.ThreadingUnixStreamServer if address else socketserver.ThreadingTCPServer
    server = kind(address or ("127.0.0.1", 0), Clamd)
    server.daemon_threads, server.block_on_close = True, False
    server.respond, server.limit, server.seen = respond, limit, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def clamd(settings):
    """Starts a scanner that answers in a given way, and tells the portal where it is."""
    started = []

    def begin(respond=answer, **options):
        server = start(respond, **options)
        started.append(server)
        settings.CLAMAV_SOCKET = options.get("address") or f"127.0.0.1:{server.server_address[1]}"
        settings.CLAMAV_TIMEOUT_SECONDS = 1.0
        return server

    yield begin
    for server in started:
        server.shutdown()
        server.server_close()


def scan(content, name="认定.pdf"):
    refuse_infected([content], name)


def refusal_of(content=b"x"):
    with pytest.raises(Refused) as refused:
        scan(content)
    return refused.value


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 1_000_000])
def test_the_whole_content_reaches_the_scanner(clamd, size):
    server = clamd()
    content = bytes(range(256)) * (size // 256 + 1)

    scan(content[:size])

    assert server.seen == [content[:size]]


def test_over_a_unix_socket_too(clamd, tmp_path):
    server = clamd(address=str(tmp_path / "clamd.ctl"))

    scan(b"clean")

    assert server.seen == [b"clean"]


def test_an_infected_file_is_refused_by_name(clamd):
    clamd()

    refusal = refusal_of(b"%PDF" + EICAR)

    assert isinstance(refusal, Invalid)
    assert (refusal.code, refusal.field) == ("file_infected", "file")
    assert "“认定.pdf”含有病毒（Eicar-Test-Signature）" in refusal.sentence


@pytest.mark.parametrize(
    "respond",
    [
        lambda wfile, content: wfile.write(b"stream: Can't allocate memory ERROR\0"),
        lambda wfile, content: wfile.write(b"UNKNOWN COMMAND\0"),
        lambda wfile, content: wfile.write(b"stream: OK"),
        lambda wfile, content: wfile.write(b"\0"),
        lambda wfile, content: wfile.write(b"\xff\xfe\0"),
        lambda wfile, content: None,
        lambda wfile, content: wfile.write(b"x" * 100_000),
    ],
    ids=["error", "unknown", "half", "empty", "binary", "closed", "endless"],
)
def test_no_clear_answer_is_no_clean_file(clamd, respond):
    clamd(respond)

    refusal = refusal_of()

    assert (refusal.code, refusal.status) == ("scanner_unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
    assert "没有接收" in refusal.sentence
    assert "127.0.0.1" not in refusal.sentence


def test_a_scanner_that_hangs_is_given_up(clamd):
    clamd(lambda wfile, content: time.sleep(5))
    began = time.monotonic()

    assert refusal_of().code == "scanner_unavailable"
    assert time.monotonic() - began < 3


def test_a_scanner_that_trickles_is_given_up(clamd):
    def trickle(wfile, content):
        for _ in range(50):
            wfile.write(b"s")
            wfile.flush()
            time.sleep(0.1)

    clamd(trickle)
    began = time.monotonic()

    assert refusal_of().code == "scanner_unavailable"
    assert time.monotonic() - began < 3


def test_a_stream_beyond_the_scanners_limit_is_not_taken_for_clean(clamd):
    clamd(limit=1000)

    assert refusal_of(b"x" * 5_000_000).code == "scanner_unavailable"


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "clamd", "host:"])
def test_nobody_there_keeps_nothing(settings, address):
    settings.CLAMAV_SOCKET = address

    assert refusal_of().code == "scanner_unavailable"


def test_without_a_scanner_nothing_is_asked(settings, monkeypatch):
    settings.CLAMAV_SOCKET = ""
    monkeypatch.setattr(socket, "create_connection", None)

    scan(EICAR)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [samples.PDF + EICAR, samples.PDF])
def test_what_is_refused_is_not_kept(clamd, settings, files_dir, content):
    respond = answer if EICAR in content else (lambda wfile, content: None)
    clamd(respond)

    with pytest.raises(Refused):
        keep_upload(actor=make_user(), upload=SimpleUploadedFile("认定.pdf", content))

    assert not StoredFile.objects.exists()
    assert not [path for path in files_dir.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_what_is_clean_is_kept_whole(clamd):
    server = clamd()

    file = keep_upload(actor=make_user(), upload=SimpleUploadedFile("认定.pdf", samples.PDF))

    assert server.seen == [samples.PDF]
    assert file.size == len(samples.PDF)


def test_a_deployment_without_a_scanner_is_warned_of():
    with override_settings(CLAMAV_SOCKET=""):
        assert [warning.id for warning in uploads_are_scanned(None)] == ["files.W001"]
    with override_settings(CLAMAV_SOCKET="/run/clamav/clamd.ctl"):
        assert uploads_are_scanned(None) == []
