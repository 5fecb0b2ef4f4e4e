"""A TCP proxy whose line can be cut: what a network between two machines does to a program."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

CHUNK = 65536
Opener = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Line(Enum):
    """What becomes of connections. `BLACKHOLE`: they open and stay, and nothing gets through."""

    OPEN = "open"
    REFUSE = "refuse"
    BLACKHOLE = "blackhole"


@dataclass
class Proxy:
    """127.0.0.1:`port` leads to where `opener` connects, as long as the line is open."""

    opener: Opener
    port: int = 0
    line: Line = Line.OPEN
    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    pairs: set[asyncio.StreamWriter] = field(default_factory=set)
    tasks: "set[asyncio.Task[None]]" = field(default_factory=set)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def refuse(self) -> None:
        """Every connection ends, and no new one is taken."""
        self._set(Line.REFUSE, cut=True)

    def cut(self) -> None:
        """Every connection ends; new ones are taken."""
        self._set(self.line, cut=True)

    def blackhole(self) -> None:
        """Connections stay and new ones are taken, but no byte gets through any more."""
        self._set(Line.BLACKHOLE, cut=False)

    def mend(self) -> None:
        """New connections work. Those that fell into the blackhole end."""
        self._set(Line.OPEN, cut=self.line is Line.BLACKHOLE)

    def _set(self, line: Line, *, cut: bool) -> None:
        asyncio.run_coroutine_threadsafe(self._change(line, cut=cut), self.loop).result(10)

    async def _change(self, line: Line, *, cut: bool) -> None:
        self.line = line
        if line is Line.OPEN:
            self.flowing.set()
        else:
            self.flowing.clear()
        for writer in list(self.pairs) if cut else ():
            writer.transport.abort()

    async def serve(self, listener: socket.socket) -> None:
        self.flowing.set()
        server = await asyncio.start_server(self._take, sock=listener)
        try:
            await server.serve_forever()
        finally:
            for task in self.tasks:
                task.cancel()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            await self._join(reader, writer)
        finally:
            self.tasks.discard(task)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.line is Line.REFUSE:
            writer.transport.abort()
            return
        self.pairs.add(writer)
        with contextlib.suppress(OSError):
            await self.flowing.wait()
            there, back = await self.opener()
            self.pairs.add(back)
            ways = [self._pour(reader, back), self._pour(there, writer)]
            await asyncio.gather(*ways, return_exceptions=True)
            self._end(back)
        self._end(writer)

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self.flowing.wait()
                writer.write(data)
                await writer.drain()
        finally:
            with contextlib.suppress(OSError, RuntimeError):
                writer.write_eof()

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self.pairs.discard(writer)
        writer.transport.abort()


def to_socket(path: str) -> Opener:
    """The server that listens on this Unix socket."""
    return lambda: asyncio.open_unix_connection(path)


def to_port(host: str, port: int) -> Opener:
    return lambda: asyncio.open_connection(host, port)


@contextmanager
def proxy(opener: Opener) -> Iterator[Proxy]:
    """A proxy on a free port of 127.0.0.1, run by a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    made = Proxy(opener, listener.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(made, listener))
    thread.start()
    try:
        yield made
    finally:
        made.loop.call_soon_threadsafe(_stop, made.loop)
        thread.join()


def _serve(made: Proxy, listener: socket.socket) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        made.loop.run_until_complete(made.serve(listener))
    made.loop.close()


def _stop(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
