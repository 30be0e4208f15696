"""A mail server of a few lines that speaks real SMTP over a real socket, and can misbehave."""

import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy


@dataclass
class Mailbox:
    """What came in, and how the server answers next."""

    port: int = 0
    mails: list[tuple[str, str, object]] = field(default_factory=list)
    # What it says to RCPT, and whether it hangs up after a mail was handed over.
    to_recipient: str = "250 ok"
    hangs_up: bool = False


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        box = self.server.box
        self.say("220 mail.test ESMTP")
        sender = recipient = ""
        for raw in iter(self.rfile.readline, b""):
            verb = raw.decode().strip().upper()
            if verb.startswith(("EHLO", "HELO")):
                self.say("250 mail.test")
            elif verb.startswith("MAIL FROM"):
                sender = raw.decode().strip()
                self.say("250 ok")
            elif verb.startswith("RCPT TO"):
                recipient = raw.decode().strip()
                self.say(box.to_recipient)
            elif verb == "DATA":
                self.say("354 go on")
                content = self.read_data()
                if box.hangs_up:
                    return
                box.mails.append(
                    (sender, recipient, message_from_bytes(content, policy=policy.default))
                )
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def read_data(self):
        lines = []
        for raw in iter(self.rfile.readline, b".\r\n"):
            if not raw:
                break
            lines.append(raw)
        return b"".join(lines)


@contextmanager
def mail_server():
    """A running server."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
    server.daemon_threads = True
    server.box = Mailbox(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.box
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
