"""Bare connections: whatever bytes one likes, and what came back."""

import contextlib
import socket
import time
from dataclasses import dataclass

from django.conf import settings

from banso.core.live import tokens
from banso.core.models import Membership, Person
from banso.core.scope import open_workspace
from trials.ground import Side, cookies_of

PERMITS = frozenset({"customers.read", "work.read", "usage.read"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody signed in, and what their browser would send to open a stream."""

    member: Membership
    key: str

    def token(self, *topics: str) -> str:
        asked = list(topics or ("today", "tasks"))
        return tokens.make(self.member, session_key=self.key, asked=asked, permits=PERMITS)

    def request(self, token: str | None = None, *, key: str | None = None) -> bytes:
        """The request for a stream; `token` and `key` (the cookie) its own unless given."""
        given = self.token() if token is None else token
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.key if key is None else key}"
        return get(f"/live/stream?token={given}&age=0", f"Cookie: {cookie}")


def caller(side: Side, person: Person) -> Caller:
    """The person in a new session, as a member of that side."""
    key = cookies_of(person)[settings.SESSION_COOKIE_NAME]
    with open_workspace(side.workspace):
        member = Membership.objects.select_related("person").get(person=person)
    return Caller(member, key)


def get(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def connected(port: int, data: bytes, *, narrow: bool = False) -> socket.socket:
    """A connection that has sent `data`; a narrow one takes in as little as it may."""
    one = socket.socket()
    if narrow:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.settimeout(10)
    one.connect(("127.0.0.1", port))
    with contextlib.suppress(ConnectionError):  # refused before all of it was sent
        one.sendall(data)
    return one


def all_of(one: socket.socket, *, within: float, until: bytes = b"") -> tuple[bytes, bool]:
    """What came until the end, or `until`, or the time was up; and whether it ended."""
    text, deadline = b"", time.monotonic() + within
    while (left := deadline - time.monotonic()) > 0:
        one.settimeout(left)
        try:
            part = one.recv(65536)
        except TimeoutError:
            break
        except ConnectionError:
            return text, True
        if not part:
            return text, True
        text += part
        if until and until in text:
            break
    return text, False


def status_of(answer: bytes) -> int:
    """0 where there is no answer."""
    first = answer.split(b"\r\n", 1)[0].split(b" ")
    return int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
