"""One request to a served program, and the status it was answered with."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

NOBODY = 0  # the connection was refused, cut or silent


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the API takes it; `cookie` instead of a key for pages."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    key: str = ""
    cookie: str = ""

    def headers(self) -> dict[str, str]:
        told = {"Host": "localhost"}
        if self.key:
            told["Authorization"] = f"Bearer {self.key}"
        if self.cookie:
            told["Cookie"] = self.cookie
        if self.body is not None:
            told["Content-Type"] = "application/json"
        return told


def ask(base: str, asked: Asked, *, seconds: float = 30.0) -> int:
    """The status of the whole answer; NOBODY where there was none."""
    return answer(base, asked, seconds=seconds)[0]


def answer(base: str, asked: Asked, *, seconds: float = 30.0) -> tuple[int, bytes]:
    parts = urlsplit(base)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=seconds)
    body = None if asked.body is None else json.dumps(asked.body)
    try:
        connection.request(asked.method, asked.path, body, asked.headers())
        given = connection.getresponse()
        return given.status, given.read()
    except (OSError, HTTPException):
        return NOBODY, b""
    finally:
        connection.close()
