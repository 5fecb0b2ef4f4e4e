"""Connections that are not used: who neither sends its request nor reads its answer is let go.

uvicorn waits for ever for the rest of a request's head, and keeps what a client does not
read in memory for ever. Here both have a limit, and so has what all slow readers hold together.
"""

import asyncio
import socket
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

MEGABYTE = 1024 * 1024
HEAD_SECONDS = 20.0
# Windows are long because the buffers between us hold megabytes and open in large steps.
WINDOW_SECONDS = 60.0
LEAST_READ = 16 * 1024  # bytes in one window
MOST_UNREAD = 256 * MEGABYTE
DEAD_PEER_MS = 60_000


class PatientProtocol(H11Protocol):
    """uvicorn's protocol with limits on patience. `slow` are the connections that hold answers."""

    slow: ClassVar[dict["PatientProtocol", int]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head: asyncio.TimerHandle | None = None
        self._window: asyncio.TimerHandle | None = None
        # Told of every byte that the client's own buffers do not take.
        transport.set_write_buffer_limits(high=0)
        _drop_dead_peers(transport)
        self._await_head()
        self.app = self._with_wire(self.app)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._head, self._window):
            if timer:
                timer.cancel()
        self.slow.pop(self, None)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server ends: a stream would never end by itself, so its page must look elsewhere."""
        super().shutdown()
        if self.cycle and not self.cycle.response_complete and self._is_stream():
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.slow[self] = self.transport.get_write_buffer_size()
        self._window = self.loop.call_later(WINDOW_SECONDS, self._look)
        self._make_room()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.slow.pop(self, None)
        if self._window:
            self._window.cancel()

    def _await_head(self) -> None:
        """A head that has begun must be whole in time; an idle connection has uvicorn's timer."""
        busy = self.cycle is not None and not self.cycle.response_complete
        if busy and self._head:
            self._head.cancel()
            self._head = None
        elif not busy and not self._head:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _look(self) -> None:
        """Too little was read since the last look: the connection is dropped."""
        left = self.transport.get_write_buffer_size()
        if self.slow.get(self, 0) - left < LEAST_READ:
            return self.transport.abort()
        self.slow[self] = left
        self._window = self.loop.call_later(WINDOW_SECONDS, self._look)

    def _make_room(self) -> None:
        """While slow readers hold too much together, the one that holds most is dropped."""
        held = {one: one.transport.get_write_buffer_size() for one in self.slow}
        total = sum(held.values())
        while total > MOST_UNREAD:
            largest = max(held, key=lambda one: held[one])
            total -= held.pop(largest)
            self.slow.pop(largest, None)
            largest.transport.abort()

    def _with_wire(self, app: Any) -> Any:
        """Let streams write at once, and drop a connection whose reader does not read."""

        async def run(scope: Any, receive: Any, send: Any) -> None:
            if self._is_stream() and scope["http_version"] == "1.1":
                wire = {"push": self._push, "cut": self.transport.abort}
                scope["extensions"] = {"banso.wire": wire}
            await app(scope, receive, send)

        return run

    def _push(self, data: bytes) -> bool:
        """One chunk of an answer of unknown length, past uvicorn; False while the reader is behind."""
        if self.flow.write_paused or self.transport.is_closing():
            return False
        self.transport.write(b"%x\r\n%b\r\n" % (len(data), data))
        return True

    def _is_stream(self) -> bool:
        return bool(self.scope and self.scope["path"].startswith("/live/"))


def _drop_dead_peers(transport: asyncio.Transport) -> None:
    """Where the system can: what a vanished client never acknowledges ends its connection."""
    connection = transport.get_extra_info("socket")
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None and connection is not None:
        connection.setsockopt(socket.IPPROTO_TCP, option, DEAD_PEER_MS)
