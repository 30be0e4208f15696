"""A server on this machine that notes who calls: documents must not."""

import http.server
import threading

import pytest

# What nobody may find in a document: it answers every call, and lies in a file beside.
SECRET = "the-secret-of-this-machine"


@pytest.fixture(scope="module")
def listener():
    """The server's address, and the paths that were asked for."""
    calls: list[str] = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()
