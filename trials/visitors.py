"""Browsers and attackers on a socket: every header as given, each from an address of its own."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from select import select
from socket import socket
from urllib.parse import urlencode

from banso.core.models import Person
from banso.core.tests.builders import PASSWORD
from banso.core.tests.programs import Program
from trials.ground import cookies_of

TOKEN = "t" * 32  # a browser may choose its own CSRF token: cookie and field must agree
LOGIN = "/accounts/login/"
RESETS = 3
FORM = "application/x-www-form-urlencoded"
_places = itertools.count(2)
Headers = list[tuple[str, str]]
Fields = list[tuple[str, str]] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, read to its end."""

    status: int
    headers: Headers
    body: str

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def location(self) -> str:
        return self.header("Location")


@dataclass(frozen=True, slots=True)
class Heard:
    """An open stream: its status and its first words."""

    status: int
    first: str
    answer: HTTPResponse
    socket: socket

    def until_closed(self, over: threading.Event) -> None:
        """Read on until the other side closes, or nobody wants to know any more."""
        while not over.is_set():
            readable, _writable, _broken = select([self.socket], [], [], 0.1)
            if readable and not self.answer.fp.read1(4096):
                return


@dataclass
class Visitor:
    """Somebody at one loopback address, with cookies; nobody signed in at first."""

    port: int
    host: str = ""
    ip: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    headers: Headers = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ip = self.ip or next_ip()
        self.cookies.setdefault("csrftoken", TOKEN)

    def get(self, path: str, headers: Headers | None = None) -> Reply:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Fields, headers: Headers | None = None) -> Reply:
        """A form as a browser sends it."""
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        data = urlencode([*pairs, ("csrfmiddlewaretoken", TOKEN)]).encode()
        return self.ask("POST", path, data, [("Content-Type", FORM), *(headers or [])])

    def ask(
        self,
        method: str,
        path: str,
        data: bytes = b"",
        headers: Headers | None = None,
        *,
        hosts: list[str] | None = None,
    ) -> Reply:
        """Exactly these bytes: `path` as it stands in the request line, a Host line for each of
        `hosts` (the visitor's own unless given). Cookies that come back are kept. A server that
        refuses the head may close before the body has come, and its answer is lost with it: then
        the same is asked again.
        """
        for _again in range(RESETS):
            with suppress(ConnectionResetError):
                return self._asked(method, path, data, headers, hosts)
        return self._asked(method, path, data, headers, hosts)

    def _asked(
        self,
        method: str,
        path: str,
        data: bytes,
        headers: Headers | None,
        hosts: list[str] | None,
    ) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.ip, 0))
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for host in [self.host or f"127.0.0.1:{self.port}"] if hosts is None else hosts:
                connection.putheader("Host", host)
            for name, value in [*self.headers, *(headers or []), *self._always(data)]:
                connection.putheader(name, value)
            connection.endheaders(data)
            return self._kept(connection.getresponse())
        finally:
            connection.close()

    def sign_in(self, person: Person, password: str = PASSWORD, next: str = "/") -> Reply:
        return self.post(LOGIN, {"login": person.email, "password": password, "next": next})

    @contextmanager
    def listening(self, path: str) -> Iterator["Heard"]:
        """A stream that stays open for the block."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10, source_address=(self.ip, 0))
        try:
            headers = {"Host": self.host or f"127.0.0.1:{self.port}", **dict(self._always(b""))}
            connection.request("GET", path, headers=headers)
            wire = connection.sock  # the answer takes it over
            answer = connection.getresponse()
            first = answer.read1(4096).decode("utf-8", "replace")
            yield Heard(answer.status, first, answer, wire)
        finally:
            connection.close()

    def twin(self) -> "Visitor":
        """The same browser's cookies at another address."""
        return Visitor(self.port, cookies=dict(self.cookies))

    @property
    def is_in(self) -> bool:
        """Whether the pages know who this is."""
        return self.get("/settings/").status == 200

    def _always(self, data: bytes) -> Headers:
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        length = [("Content-Length", str(len(data)))] if data else []
        return [("Cookie", told), ("Accept-Language", "ja"), ("Connection", "close"), *length]

    def _kept(self, answer: HTTPResponse) -> Reply:
        body = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if name == "csrftoken":
                    continue  # it keeps its own
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return Reply(answer.status, answer.getheaders(), body)


def visitor(program: Program, person: Person | None = None) -> Visitor:
    """A fresh browser at the served program, signed in as `person` if one is given."""
    return Visitor(program.port, cookies=cookies_of(person) if person else {})


def next_ip() -> str:
    """A loopback address that nobody has come from yet."""
    number = next(_places)
    return f"127.{1 + number // 62_500 % 250}.{number // 250 % 250}.{1 + number % 250}"
