"""Short answers of the ASGI side, in words, for what never reaches Django."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]


async def refuse(scope: Scope, send: Send, status: int, *, more: tuple[Header, ...] = ()) -> None:
    """Answer without Django, and close the connection: the rest of the body is unread."""
    headers = dict(scope["headers"])
    with override("en" if headers.get(b"accept-language", b"").startswith(b"en") else "ja"):
        text = words(status)
    kind, content = b"text/plain; charset=utf-8", text
    if scope["path"].startswith(("/api/", "/v1/")):
        kind, content = b"application/problem+json", json.dumps({"title": text, "status": status})
    data = content.encode()
    fields = [
        (b"content-type", kind),
        (b"content-length", str(len(data)).encode()),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": data})


def words(status: int) -> str:
    return {
        403: _("This address is no longer good. Reload the page."),
        404: _("There is nothing at this address."),
        405: _("This address can only be read."),
        408: _("The data did not arrive in time. Nothing was saved. Please send it again."),
        413: _("The data is too large. Nothing was saved. Please send it in smaller parts."),
        414: _("The address is too long."),
        429: _("Too many pages of yours are open. Close some, then reload this one."),
        503: _("The server has no room for this now. Nothing was saved. Please try again later."),
    }[status]
