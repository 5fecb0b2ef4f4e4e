"""Frames that no browser sends, in ten kinds, all made of one seed."""

from collections.abc import Callable
from random import Random
from urllib.parse import quote_from_bytes

from trials.sockets import Caller, get

Frame = Callable[[Random, Caller, Caller], bytes]
METHODS = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "CONNECT", "GETT", "get"]
PATHS = [
    "/live/", "/live", "/live/stream/", "/live//stream", "/live/../live/stream", "/LIVE/STREAM",
    "/live/%2e%2e/%2e%2e/etc/passwd", "/live/stream%00", "/live/stream;a=b", "/live/%ff%fe",
    "/live/stream%0d%0aX-Own: 1", "/live/socket", "/live/stream/../../settings", "*",
    "http://localhost/live/stream", "/live/" + "a" * 3000,
]  # fmt: skip
QUERIES = [
    "", "token", "token=", "token=&token=&token=", "token[]=x", "token=%00", "token=%ff%fe%fd",
    "token=" + "a" * 3000, "token=" + "a" * 60_000, "&".join(f"a{n}=1" for n in range(700)),
    "age=NaN", "age=-1", "age=1e999", "age=" + "9" * 400, "token=null", "token=undefined",
    "token={}", "token=..:..:..", "token=eyJhIjoxfQ:1:1", "%", "=&=&=", "token=%u0041",
]  # fmt: skip
VERSIONS = ["HTTP/0.9", "HTTP/1.0", "HTTP/2", "HTTP/9.9", "HTTP", "", "SPDY/3", "HTTP/1.1 HTTP/1.1"]
COOKIES = [
    "sessionid", "sessionid=", "=;=;=", "sessionid=%00", 'sessionid="unterminated', "a" * 8000,
    "; ".join(f"c{n}=1" for n in range(500)), "sessionid=a; sessionid=b", "sessionid=\u0416",
]  # fmt: skip


def garbage(random: Random, _mine: Caller, _other: Caller) -> bytes:
    return random.randbytes(random.randrange(1, 3000)) + b"\r\n\r\n"


def bad_line(random: Random, _mine: Caller, _other: Caller) -> bytes:
    method, path = random.choice(METHODS), random.choice(PATHS)
    line = f"{method} {path} {random.choice(VERSIONS)}"
    hosts = random.choice(["", "Host: a\r\nHost: b\r\n", "Host:\r\n", "Host: localhost\r\n"])
    return f"{line}\r\n{hosts}Connection: close\r\n\r\n".encode()


def odd_path(random: Random, mine: Caller, _other: Caller) -> bytes:
    return get(f"{random.choice(PATHS)}?token={mine.token()}", "Connection: close")


def odd_query(random: Random, mine: Caller, _other: Caller) -> bytes:
    cookie = f"Cookie: sessionid={mine.key}"
    return get(f"/live/stream?{random.choice(QUERIES)}", cookie, "Connection: close")


def odd_ticket(random: Random, mine: Caller, _other: Caller) -> bytes:
    """As odd_query, at the door that gives tokens."""
    cookie = f"Cookie: {random.choice([f'sessionid={mine.key}', *COOKIES])}"
    asked = random.choice(
        [quote_from_bytes(random.randbytes(200)), "people:x", "today " * 300, "'"]
    )
    return get(f"/live-token/?topics={asked.replace(' ', '+')}", cookie, "Connection: close")


def huge_head(random: Random, _mine: Caller, _other: Caller) -> bytes:
    many = [f"X-{n}: {'a' * random.randrange(2000)}" for n in range(random.randrange(50, 400))]
    return get("/live/stream?token=x", *many, f"X-Long: {'b' * random.randrange(200_000)}")


def upgrade(random: Random, mine: Caller, _other: Caller) -> bytes:
    """A WebSocket's opening, and frames after it."""
    asked = random.choice(["websocket", "WebSocket", "h2c", "websocket, h2c", "TLS/1.0"])
    head = get(
        f"/live/stream?token={random.choice(['', mine.token()[:-2]])}",
        f"Upgrade: {asked}",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Sec-WebSocket-Version: {random.choice([13, 8, 0, 99])}",
    )
    return head + bytes([0x81, 0xFE]) + random.randbytes(random.randrange(200))


def method(random: Random, mine: Caller, _other: Caller) -> bytes:
    body = random.randbytes(random.randrange(2000))
    head = f"{random.choice(METHODS[:7])} /live/stream?token={mine.token()} HTTP/1.1\r\nHost: x\r\n"
    length = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
    return f"{head}{length}Cookie: sessionid={mine.key}\r\n\r\n".encode() + body


def forged(random: Random, mine: Caller, other: Caller) -> bytes:
    """A token with one character changed, cut, doubled, or joined from two."""
    token, theirs = mine.token(), other.token()
    at = random.randrange(len(token))
    changed = token[:at] + random.choice("abcXYZ019-_:.~%") + token[at + 1 :]
    body, seal = token.split(":", 1)[0], theirs.split(":", 1)[1]
    wrong = random.choice(
        [changed, token[:at], token + "A", token * 2, f"{body}:{seal}", f".{token}"]
    )
    return mine.request(wrong if wrong != token else token[:-1])


def anothers(random: Random, mine: Caller, other: Caller) -> bytes:
    """A good token in another session, another workspace's token, no session at all."""
    return random.choice(
        [
            mine.request(other.token()),
            mine.request(key=other.key),
            mine.request(key=""),
            mine.request(key=mine.key.upper()),
            other.request(mine.token()),
        ]
    )


KINDS: tuple[Frame, ...] = (
    garbage, bad_line, odd_path, odd_query, odd_ticket, huge_head, upgrade, method, forged, anothers,
)  # fmt: skip
