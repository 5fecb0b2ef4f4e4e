"""The front before a real uvicorn on loopback, with two threads and clients that misbehave."""

import asyncio
import contextlib
import io
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
import uvicorn

from banso.config.front import Front, Limit, Limits, _spool
from banso.config.patience import PatientProtocol
from banso.core.plain import Asgi, Message, Receive, Scope, Send

THREADS = 2
LIMITS = Limits(usual=Limit(1000, 1.0), special={"/imports/": Limit(300_000, 60)})
PATIENCE = 20  # seconds: what is blocked stays so for longer


def pages(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers with what arrived. /slow answers with more than any socket buffer holds."""
    if environ["PATH_INFO"] == "/slow":
        start_response("200 OK", [("content-type", "text/plain")])
        return (b"x" * 1_000_000 for _ in range(20))
    body = environ["wsgi.input"].read()
    text = f"{environ['REQUEST_METHOD']} {environ.get('CONTENT_LENGTH', '-')} {len(body)}"
    cookie = SimpleCookie({"a": "1"}).output(header="")  # as Django writes it
    start_response("200 OK", [("content-type", "text/plain"), ("Set-Cookie", cookie)])
    return [text.encode(), b"!"]


async def stream(scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a stream"})


Talk = Callable[..., socket.socket]


@pytest.fixture
def talk() -> Iterator[Talk]:
    """Opens a connection and sends bytes; every one is closed at the end."""
    streams: dict[str, Asgi] = {"/live/events": stream}
    front = Front(pages, threads=THREADS, streams=streams, limits=LIMITS)
    config = uvicorn.Config(
        front,
        host="127.0.0.1",
        port=0,
        log_level="error",
        lifespan="on",
        http=PatientProtocol,
        h11_max_incomplete_event_size=64 * 1024,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    opened: list[socket.socket] = []

    def connect(data: bytes = b"") -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        opened[-1].sendall(data)
        return opened[-1]

    yield connect
    for one in opened:
        one.close()
    server.should_exit = True
    thread.join(10)


def request(
    path: str = "/", *, headers: str = "", body: bytes = b"", method: str = "POST"
) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode() + body
    )


def answer(connection: socket.socket) -> str:
    """Everything up to the end of the connection."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


def page(talk: Talk, **asked: Any) -> str:
    return answer(talk(request(**asked)))


def test_half_sent_bodies_do_not_block_a_page(talk: Talk) -> None:
    for _ in range(THREADS * 3):
        talk(request("/imports/new", headers="Content-Length: 900\r\n", body=b"half"))
    time.sleep(0.2)
    assert "GET" in page(talk, method="GET")


def test_an_answer_may_set_a_cookie(talk: Talk) -> None:
    told = page(talk, method="GET")
    assert told.startswith("HTTP/1.1 200") and "\r\nset-cookie: a=1\r\n" in told


def test_clients_that_read_slowly_do_not_block_a_page(talk: Talk) -> None:
    for _ in range(THREADS * 2):
        talk(request("/slow", method="GET")).recv(10)
    assert "GET" in page(talk, method="GET")


def test_who_asks_before_sending_too_much_is_refused_at_once(talk: Talk) -> None:
    asking = "Content-Length: 1001\r\nExpect: 100-continue\r\nAccept-Language: en\r\n"
    told = page(talk, headers=asking)
    assert told.startswith("HTTP/1.1 413") and "too large" in told


def test_who_sends_too_much_hears_so_instead_of_a_reset_connection(talk: Talk) -> None:
    size = 20_000_000
    told = page(talk, headers=f"Content-Length: {size}\r\n", body=b"a" * size)
    assert told.startswith("HTTP/1.1 413")


def test_who_declares_too_much_and_stops_is_refused_in_time(talk: Talk) -> None:
    assert page(talk, headers="Content-Length: 1001\r\n").startswith("HTTP/1.1 413")


def test_an_undeclared_body_over_the_limit_is_refused(talk: Talk) -> None:
    chunked = b"1f4\r\n" + b"a" * 500 + b"\r\n"
    told = page(talk, headers="Transfer-Encoding: chunked\r\n", body=chunked * 3 + b"0\r\n\r\n")
    assert told.startswith("HTTP/1.1 413")


def test_a_body_that_never_ends_is_refused_in_time(talk: Talk) -> None:
    begin = time.monotonic()
    told = page(talk, headers="Content-Length: 900\r\n", body=b"half")
    assert told.startswith("HTTP/1.1 408")
    assert time.monotonic() - begin > 0.9


def test_imports_may_be_larger(talk: Talk) -> None:
    told = page(
        talk, path="/imports/new", headers="Content-Length: 200000\r\n", body=b"a" * 200_000
    )
    assert "POST 200000 200000!" in told


def test_a_body_without_a_length_gets_its_true_one(talk: Talk) -> None:
    chunked = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    assert "POST 11 11!" in page(talk, headers="Transfer-Encoding: chunked\r\n", body=chunked)
    assert "POST - 0!" in page(talk)


def test_a_broken_length_is_a_bad_request(talk: Talk) -> None:
    assert page(talk, headers="Content-Length: many\r\n").startswith("HTTP/1.1 400")


def test_an_oversized_header_is_refused(talk: Talk) -> None:
    told = page(talk, method="GET", headers=f"X-Long: {'a' * 200_000}\r\n")
    assert told.startswith("HTTP/1.1 400") or told == ""


def test_streams_are_found_by_prefix_and_others_are_not_found(talk: Talk) -> None:
    assert "a stream" in page(talk, path="/live/events?from=1", method="GET")
    assert page(talk, path="/live/other", method="GET").startswith("HTTP/1.1 404")


def test_programs_are_refused_in_their_own_format(talk: Talk) -> None:
    told = page(talk, path="/api/v1/x", headers="Content-Length: 5000\r\n", body=b"a" * 5000)
    assert "application/problem+json" in told and '"status": 413' in told


def test_a_client_that_leaves_midway_harms_nobody(talk: Talk) -> None:
    for _ in range(5):
        talk(request(headers="Content-Length: 900\r\n", body=b"half")).close()
    assert "GET" in page(talk, method="GET")


def test_an_undeclared_body_over_the_limit_is_kept_nowhere() -> None:
    parts = iter([b"a" * 600, b"b" * 600, b"c" * 600])

    async def receive() -> Message:
        part = next(parts)
        return {"type": "http.request", "body": part, "more_body": not part.startswith(b"c")}

    kept = io.BytesIO()
    assert asyncio.run(_spool(receive, kept, 1000)) is True
    assert kept.getvalue() == b"a" * 600
