"""Asking servers that an owner has named, without being sent around our own network.

The name is resolved once, every address of it is judged, and the connection goes to the address
that was judged: a name that changes its answer in between wins nothing. No redirect is followed.
"""

import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings

SECONDS = 8.0
MOST_BYTES = 512 * 1024
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
# Page threads are few: a service that hangs may hold this many of them, and no more.
_slots = threading.BoundedSemaphore(2)


class Unreachable(Exception):
    """The other server was not asked, or gave no answer that can be used. Says why, for owners."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object; raises Unreachable for anything else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreachable("not JSON") from error
        if not isinstance(found, dict):
            raise Unreachable("not a JSON object")
        return cast("dict[str, Any]", found)


def get_json(url: str, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at `url`. Raises Unreachable, also for any status but 200."""
    answer = ask("GET", url, headers=headers)
    if answer.status != 200:
        raise Unreachable(f"status {answer.status}")
    return answer.json()


def post_form(url: str, values: Mapping[str, str], *, headers: Mapping[str, str]) -> Answer:
    """What the server says to a form."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask("POST", url, headers={**headers, **kind}, body=urlencode(values).encode())


def ask(
    method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """One request, 512 KB and 8 s at most, or as long as the system seeks the name. Raises Unreachable."""
    ends = time.monotonic() + SECONDS
    if not _slots.acquire(timeout=1):
        raise Unreachable("too many waiting for other servers")
    try:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        given = {"Accept": "application/json", "User-Agent": "Banso", **(headers or {})}
        with _connected(parts.scheme, parts.hostname or "", _port(url), ends) as connection:
            connection.request(method, path, body, given)
            return _answer(connection, ends)
    except (OSError, HTTPException, UnicodeError, ValueError) as error:
        is_late = time.monotonic() >= ends  # what was hung up looks like many things
        raise Unreachable("TimeoutError" if is_late else type(error).__name__) from error
    finally:
        _slots.release()


def _answer(connection: HTTPConnection, ends: float) -> Answer:
    response = connection.getresponse()
    read = bytearray()
    while part := response.read1(64 * 1024):
        read += part
        if len(read) > MOST_BYTES:
            raise Unreachable("too long an answer")
    _left(ends)  # what was hung up looks complete
    return Answer(response.status, bytes(read))


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _hang_up(plug: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(plug, socket.SHUT_RDWR)  # of TLS too, without its farewell


@contextmanager
def _connected(scheme: str, host: str, port: int, ends: float) -> Iterator[HTTPConnection]:
    """A connection to an address of `host` that may be asked; the host's name stays in TLS.

    Whatever it is doing at `ends`, it is hung up.
    """
    addresses = addresses_of(host, port)
    near = all(is_near(one) for one in addresses)
    if scheme != "https" and not (scheme == "http" and near):
        raise Unreachable("not https")
    with socket.create_connection((addresses[0], port), timeout=_left(ends)) as plain:
        if scheme == "http":
            connection, plug = HTTPConnection(host, port), plain
        else:
            context = ssl.create_default_context()
            connection = HTTPSConnection(host, port, context=context)
            plug = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        # A server that sends a byte now and then keeps every single wait short: this ends them all.
        alarm = threading.Timer(_left(ends), _hang_up, [plug])
        alarm.start()
        try:
            if isinstance(plug, ssl.SSLSocket):
                plug.do_handshake()
            connection.sock = plug
            yield connection
        finally:
            alarm.cancel()
            plug.close()


def addresses_of(host: str, port: int) -> list[str]:
    """Where `host` is. Raises Unreachable when one of its addresses is not for us to ask."""
    if not host:
        raise Unreachable("no host")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    if not addresses or not all(may_be_asked(one) for one in addresses):
        raise Unreachable("an address inside our own network")
    return addresses


def may_be_asked(address: str) -> bool:
    """Public addresses, and those near ones the operator has listed (BANSO_LAN)."""
    found = _plain(address)
    if is_near(address):
        return True
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_near(address: str) -> bool:
    """Whether the operator lets Banso ask this address inside the own network."""
    found = _plain(address)
    return any(found in ipaddress.ip_network(net, strict=False) for net in settings.LAN)


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address itself, however it is dressed: IPv4 inside IPv6 counts as what it is."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found in TRANSLATED:
            return ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        return found.ipv4_mapped or found.sixtofour or found
    return found


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)
