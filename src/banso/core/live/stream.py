"""`/live/stream`: server-sent events as a raw ASGI app. Takes no thread."""

import asyncio
import math
import time
from urllib.parse import parse_qs

from django.conf import settings
from django.http import parse_cookie

from banso.core import clock
from banso.core.live import tokens
from banso.core.live.hub import Full, Hub
from banso.core.live.streams import GAP_SECONDS, Stream, Wire
from banso.core.plain import Receive, Scope, Send, refuse

LONGEST_QUERY = 4096
ADMISSION_SECONDS = 5.0
GREETING = b"retry: 3000\n\nevent: open\ndata: 1\n\n"
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ],
}


class Refusal(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class LiveStream:
    """One stream for each request, fed by the hub until the page or its right has gone."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            stream, age = _asked(scope)
            self.hub.open(stream, age=age)
        except (Refusal, Full) as refused:
            return await _refuse(scope, send, refused.status)
        leaving = asyncio.create_task(_until_gone(stream, receive))
        try:
            if status := await self._admission(stream):
                await _refuse(scope, send, status)
            else:
                await _feed(stream, send)
        finally:
            leaving.cancel()
            self.hub.close(stream)

    async def _admission(self, stream: Stream) -> int:
        """0 once the database has said that the right holds; else the status to refuse with."""
        if clock.is_wrong() or not self.hub.listening:
            return 503
        try:
            admitted = await asyncio.wait_for(stream.admitted, ADMISSION_SECONDS)
        except TimeoutError:
            return 503
        return 0 if admitted else 403


def _asked(scope: Scope) -> tuple[Stream, float | None]:
    """The stream that the address and the session cookie give a right to. Raises Refusal."""
    if scope["path"] != "/live/stream":
        raise Refusal(404)
    if scope["method"] != "GET":
        raise Refusal(405)
    if len(scope["query_string"]) > LONGEST_QUERY:
        raise Refusal(414)
    session_key = _session_key(scope)
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10)
        right = tokens.read(query.get("token", [""])[0], session_key=session_key)
    except (tokens.BadToken, ValueError) as error:
        raise Refusal(403) from error
    return Stream(right, session_key, _wire(scope)), _age(query.get("age", [""])[0])


def _wire(scope: Scope) -> Wire | None:
    offered = scope.get("extensions", {}).get("banso.wire")
    return Wire(**offered) if offered else None


def _session_key(scope: Scope) -> str:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")


def _age(given: str) -> float | None:
    """Seconds since the page was last known to be fresh; None where that is not said."""
    try:
        age = float(given[:20]) / 1000
    except ValueError:
        return None
    return age if math.isfinite(age) and age >= 0 else None


async def _until_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.gone = True
    stream.wake.set()


async def _feed(stream: Stream, send: Send) -> None:
    await send(START)
    await send({"type": "http.response.body", "body": GREETING, "more_body": True})
    stream.begun = True
    while not stream.gone:
        await stream.wake.wait()
        if told := stream.take():
            stream.sending = True
            await send({"type": "http.response.body", "body": told, "more_body": True})
            stream.sending, stream.last_sent = False, time.monotonic()
        if stream.over:
            break
        await asyncio.sleep(GAP_SECONDS)
    await send({"type": "http.response.body", "body": b""})


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    more = {
        405: ((b"allow", b"GET"),),
        429: ((b"retry-after", b"30"),),
        503: ((b"retry-after", b"3"),),
    }
    await refuse(scope, send, status, more=more.get(status, ()))
