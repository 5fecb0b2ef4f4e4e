"""The ASGI front: streams as they are, pages to Django in threads, never a thread for a slow client.

A thread is taken once the whole body has arrived and given back when the whole answer has
been made; sending it is the event loop's work. So half-sent requests cost a file each, not
a thread.
"""

import asyncio
import contextvars
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple, cast

from a2wsgi.wsgi import build_environ

from banso.core.plain import Asgi, Receive, Scope, Send, refuse

Duty = Callable[[], Coroutine[Any, Any, None]]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

MEGABYTE = 1024 * 1024
IN_MEMORY = 64 * 1024
DRAINED = 100 * MEGABYTE
AFTER_TROUBLE_SECONDS = 1.0
log = logging.getLogger("banso.front")


@dataclass(frozen=True, slots=True)
class Limit:
    """What one request may bring: bytes, and seconds until the last of them is here."""

    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """`usual`, but for paths that begin with a key of `special`."""

    usual: Limit = Limit(10 * MEGABYTE, 30)
    special: Mapping[str, Limit] = field(default_factory=dict)

    def of(self, path: str) -> Limit:
        found = [start for start in self.special if path.startswith(start)]
        return self.special[max(found, key=len)] if found else self.usual


class BodyRefused(Exception):
    """The body is too large (413), too slow (408) or finds no room on our disk (503)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ClientGone(Exception):
    """Nobody is left to answer."""


class Answer(NamedTuple):
    """A whole answer, as ASGI says it."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Front:
    """`streams` maps a path prefix to a raw ASGI app; all other paths are pages.

    `duties` run from the server's start to its end.
    """

    def __init__(
        self,
        pages: Wsgi,
        *,
        threads: int,
        streams: Mapping[str, Asgi],
        limits: Limits,
        duties: Sequence[Duty] = (),
    ) -> None:
        self.pages = pages
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.streams = streams
        self.limits = limits
        self.duties = duties

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send, self.duties)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"].startswith("/live/"):
            await self._stream(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        for prefix, app in self.streams.items():
            if scope["path"].startswith(prefix):
                return await app(scope, receive, send)
        return await refuse(scope, send, 404)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                await _receive_body(scope, receive, body, self.limits.of(scope["path"]))
            except BodyRefused as refused:
                await refuse(scope, send, refused.status)
            except ClientGone:
                return
            else:
                await _send(send, await self._answer(_environ(scope, body)))

    async def _answer(self, environ: dict[str, Any]) -> Answer:
        """Made whole by a thread, and handed over once: each way to the loop and back costs both."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, context.run, _whole, self.pages, environ)


async def _receive_body(scope: Scope, receive: Receive, body: IO[bytes], limit: Limit) -> None:
    """The whole body is in the file."""
    too_large = _declared_length(scope) > limit.size
    if too_large and (b"expect", b"100-continue") in scope["headers"]:
        raise BodyRefused(413)  # the client asked before sending
    try:
        async with asyncio.timeout(limit.seconds):
            too_large = await _spool(receive, body, 0 if too_large else limit.size)
    except TimeoutError as error:
        raise BodyRefused(413 if too_large else 408) from error
    except OSError as error:
        raise BodyRefused(503) from error
    if too_large:
        raise BodyRefused(413)


async def _spool(receive: Receive, body: IO[bytes], most: int) -> bool:
    """Keep what comes, or throw it away once it is more than `most`; True when it was.

    A refusal is heard by most clients only after they have sent everything: closing earlier
    resets their connection. So up to `DRAINED` bytes are read for nothing.
    """
    more, size = True, 0
    while more and size <= most + DRAINED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size <= most:
            body.write(part)
        more = message.get("more_body", False)
    return size > most


def _declared_length(scope: Scope) -> int:
    declared = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(declared[0]) if declared and declared[0].isdigit() else 0


def _environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The request as pages see it: with the true length, whatever was declared or left out."""
    told = (b"content-length", b"transfer-encoding")
    headers = [pair for pair in scope["headers"] if pair[0] not in told]
    if length := body.tell():
        headers.append((b"content-length", str(length).encode()))
    body.seek(0)
    return cast(
        "dict[str, Any]", build_environ(cast(Any, {**scope, "headers": headers}), cast(Any, body))
    )


def _whole(pages: Wsgi, environ: dict[str, Any]) -> Answer:
    begun: list[tuple[int, list[tuple[bytes, bytes]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_error: object) -> None:
        # Django begins the value of a cookie with a blank, which HTTP does not allow.
        pairs = [
            (name.lower().encode("latin1"), value.strip().encode("latin1"))
            for name, value in headers
        ]
        begun.append((int(status.split(" ", 1)[0]), pairs))

    parts = pages(environ, start)
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    return Answer(*begun[-1], body)


async def _send(send: Send, answer: Answer) -> None:
    start = {"status": answer.status, "headers": answer.headers}
    await send({"type": "http.response.start", **start})
    await send({"type": "http.response.body", "body": answer.body})


async def _for_ever(duty: Duty) -> None:
    """The duty runs; whatever breaks it is told, and it begins anew after a moment: streams need it."""
    while True:
        try:
            await duty()
        except Exception:
            log.exception("duty begun anew")
        await asyncio.sleep(AFTER_TROUBLE_SECONDS)


async def _lifespan(receive: Receive, send: Send, duties: Sequence[Duty]) -> None:
    """Answer the server's questions about our start and our end; between them the duties run."""
    running: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            running = [asyncio.create_task(_for_ever(duty)) for duty in duties]
        else:
            for task in running:
                task.cancel()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
