"""Loads of the bench and the trials: one that falters is told, not measured beside."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench import live
from bench.live import House, poured
from trials import steady
from trials.report import Dose, Report

NOBODY: Any = None  # whom a load does not ask for


@contextmanager
def answering(answer: Callable[[int], int]) -> Iterator[House]:
    """A house whose nth event is answered with that status."""
    count = iter(range(10_000))

    class Events(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(answer(next(count)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Events) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield House(server.server_port, "key", "", NOBODY, NOBODY)
        finally:
            server.shutdown()
            thread.join()


def test_a_load_that_is_answered_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LEAST_OF_LOAD", 0.05)  # other tests have the machine too
    with answering(lambda _n: 200) as house, poured(house, 5) as rate:
        time.sleep(0.5)
        assert 5 < rate() < 110


def test_a_sender_that_fails_is_told_at_the_end() -> None:
    failed = threading.Event()

    def once(n: int) -> int:
        if n == 10:
            failed.set()
        return 500 if n == 10 else 200

    with (
        answering(once) as house,
        pytest.raises(ExceptionGroup, match="senders"),
        poured(house, 5),
    ):
        assert failed.wait(20)


def test_a_load_that_was_not_reached_is_told() -> None:
    def slowly(_n: int) -> int:
        time.sleep(0.1)
        return 200

    with (
        answering(slowly) as house,
        pytest.raises(RuntimeError, match="events a second"),
        poured(house, 5),
    ):
        time.sleep(0.5)


def test_requests_that_are_never_answered_are_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "ENDS_SECONDS", 0.5)
    report, asked, over = Report(Dose("x")), threading.Event(), threading.Event()

    def ask(number: int) -> tuple[str, int]:
        if number == 3:
            asked.set()
            over.wait(30)
        return "", 200

    with steady.steadily(100, ask, report):
        assert asked.wait(20)
    over.set()
    assert report.violations == ["1 requests were never answered"]
