"""Programs that go on sending usage, one after the other numbered, and remember what was taken."""

import base64
import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from types import TracebackType

from django.db import connections
from django.test import Client

SENDERS = 4
PATIENCE = 30.0
AT = "2026-11-20T00:00:00Z"
NOBODY = 0  # refused, cut or silent
Post = Callable[[bytes], tuple[int, str]]  # the status, and what was said


def over_http(base: str, key: str) -> Post:
    """Knocks at the served program."""
    headers = {**_authorization(key), "Content-Type": "application/json"}

    def post(body: bytes) -> tuple[int, str]:
        asking = urllib.request.Request(f"{base}/v1/batch", body, headers)  # noqa: S310 (loopback)
        try:
            with urllib.request.urlopen(asking, timeout=30) as answer:  # noqa: S310
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError as error:
            return NOBODY, str(error)

    return post


def in_process(key: str) -> Post:
    """The same pages, asked in this process."""

    def post(body: bytes) -> tuple[int, str]:
        headers = {**_authorization(key), "Host": "localhost"}
        answer = Client().post("/v1/batch", body, content_type="application/json", headers=headers)
        return answer.status_code, answer.content.decode()

    return post


def _authorization(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


class Load:
    """Four senders in threads of their own, each sending its next event once the last was taken.

    Messages are called "sender 2#17". `pad` makes each so many bytes larger.
    """

    def __init__(self, post: Post, *, pad: int = 0) -> None:
        self.post, self.pad = post, "x" * pad
        self.over = threading.Event()
        self.taken = {f"sender {n}": 0 for n in range(SENDERS)}
        self.begun = dict(self.taken)
        self.statuses: Counter[int] = Counter()
        self.said: dict[int, str] = {}
        self.last_taken = 0.0
        self.threads = [threading.Thread(target=self._send, args=[name]) for name in self.taken]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE)

    def wait(self, *, each: int) -> None:
        """Every sender has had this many taken."""
        end = time.monotonic() + PATIENCE
        while min(self.taken.values()) < each:
            if time.monotonic() > end:
                raise TimeoutError(f"nothing is taken: {self.said}")
            time.sleep(0.01)

    def acknowledged(self) -> dict[str, int]:
        """How many of each sender's events were taken by now: these must not be missing."""
        return dict(self.taken)

    def sent(self) -> dict[str, int]:
        """How many each has sent by now, answered or not: more cannot be there."""
        return dict(self.begun)

    def _send(self, name: str) -> None:
        while not self.over.is_set():
            number = self.taken[name]
            self.begun[name] = number + 1
            status, said = self.post(self._body(name, number))
            self.statuses[status] += 1
            if status == 200:
                self.taken[name] = number + 1
                self.last_taken = time.monotonic()
            else:
                self.said[status] = said
                self.over.wait(0.1)
        connections.close_all()

    def _body(self, name: str, number: int) -> bytes:
        message = {
            "userId": name,
            "event": "load",
            "type": "track",
            "messageId": f"{name}#{number}",
            "timestamp": AT,
            "properties": {"number": number, "pad": self.pad},
        }
        return json.dumps({"batch": [message], "sentAt": AT}).encode()
