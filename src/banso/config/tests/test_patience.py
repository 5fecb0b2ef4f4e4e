"""Clients that neither send nor read, before a real uvicorn with little patience."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import uvicorn

from banso.config import patience
from banso.config.front import Front, Limits
from banso.config.patience import PatientProtocol
from banso.core.plain import Receive, Scope, Send

MEGABYTE = 1024 * 1024
LARGE = 8 * MEGABYTE  # more than the buffers of both ends take on loopback
PATIENCE = 15  # seconds; the limits below are shorter, those of the program longer
Connect = Callable[..., socket.socket]


def pages(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    size = LARGE if environ["PATH_INFO"] == "/large" else 5
    start_response("200 OK", [("content-type", "text/plain"), ("content-length", str(size))])
    return [b"x" * size]


async def endless(scope: Scope, _receive: Receive, send: Send) -> None:
    """Writes until nobody takes it any more, then has the connection dropped."""
    wire = scope["extensions"]["banso.wire"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while wire["push"](b"x" * 65536):
        pass
    wire["cut"]()


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(patience, "WINDOW_SECONDS", 0.5)
    front = Front(pages, threads=2, streams={"/live/stream": endless}, limits=Limits())
    config = uvicorn.Config(front, host="127.0.0.1", port=0, log_config=None, http=PatientProtocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    opened: list[socket.socket] = []

    def one(data: bytes, *, narrow: bool = True) -> socket.socket:
        opened.append(socket.socket())
        if narrow:
            opened[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        opened[-1].settimeout(PATIENCE)
        opened[-1].connect(("127.0.0.1", port))
        opened[-1].sendall(data)
        return opened[-1]

    yield one
    for connection in opened:
        connection.close()
    server.should_exit = True
    thread.join(10)
    PatientProtocol.slow.clear()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def is_dropped(connection: socket.socket) -> bool:
    """Whether the server has let go in time."""
    try:
        while connection.recv(MEGABYTE):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def has_page(connection: socket.socket) -> bool:
    """Whether the small page arrives."""
    text = b""
    while b"xxxxx" not in text and (part := connection.recv(4096)):
        text += part
    return b"xxxxx" in text


def held() -> int:
    return len(PatientProtocol.slow)


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Half"])
def test_a_head_that_does_not_come_is_not_waited_for(connect: Connect, begun: bytes) -> None:
    assert is_dropped(connect(begun))


def test_a_second_head_that_does_not_come_is_not_waited_for(connect: Connect) -> None:
    connection = connect(get("/"))
    assert has_page(connection)
    connection.sendall(b"GET / HTT")
    assert is_dropped(connection)


def test_who_does_not_read_is_dropped_and_nothing_stays(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "WINDOW_SECONDS", 1.5)
    connection = connect(get("/large"))
    eventually(lambda: held() == 1)
    eventually(lambda: held() == 0)
    assert is_dropped(connection)


def test_who_reads_slowly_but_steadily_gets_everything(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "WINDOW_SECONDS", 1.5)
    connection = connect(get("/large"), narrow=False)
    got = 0
    for _pause in range(8):  # slower than a window, but more than the least in each
        time.sleep(0.3)
        got += len(connection.recv(MEGABYTE // 2, socket.MSG_WAITALL))
    while got < LARGE and (part := connection.recv(MEGABYTE)):
        got += len(part)
    assert got >= LARGE


def test_all_slow_readers_together_hold_a_bounded_amount(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "MOST_UNREAD", LARGE)
    monkeypatch.setattr(patience, "WINDOW_SECONDS", 30)
    for _one in range(6):
        connect(get("/large"))
    eventually(lambda: held() >= 1)
    time.sleep(0.7)  # the others' turn
    assert held() >= 1
    assert sum(one.transport.get_write_buffer_size() for one in PatientProtocol.slow) <= LARGE
    assert has_page(connect(get("/")))


def test_a_stream_can_write_at_once_until_its_reader_is_behind(connect: Connect) -> None:
    connection = connect(get("/live/stream"))
    taken = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(MEGABYTE):
            taken += part
    assert taken.startswith(b"HTTP/1.1 200") and b"\r\n10000\r\n" in taken
