"""Real servers on loopback for tests: one that takes mail, one that answers POSTs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """Every mail the server took, and what it says to recipients (250: fine).

    One that `hangs_up` takes the mail and ends the connection without an answer.
    """

    port: int = 0
    answer: str = "250 OK"
    hangs_up: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(envelope.rcpt_tos)
        if self.hangs_up:
            server.transport.abort()
        return "250 OK"


class OnAnyPort(Controller):
    """A controller that lets the system choose its port."""

    server: Any

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """An SMTP server on a free port of 127.0.0.1."""
    box = Mailbox()
    controller = OnAnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Ear:
    """Every POST the server heard: path, headers, body; and the status it answers with."""

    url: str = ""
    status: int = 200
    location: str = ""
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def web_server() -> Iterator[Ear]:
    """An HTTP server on a free port of 127.0.0.1."""
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.heard.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(ear.status)
            if ear.location:
                self.send_header("Location", ear.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        ear.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield ear
        finally:
            server.shutdown()
            thread.join()
