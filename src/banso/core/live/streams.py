"""One open stream: what its page has not been told yet."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from banso.core.live.tokens import Right


def _promise() -> asyncio.Future[bool]:
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False, slots=True)
class Stream:
    """What one page waits for. Holds at most its own topics, however slowly they are read."""

    right: Right
    session_key: str
    cut: Callable[[], None] | None = None  # drops the connection, whatever waits in it
    pending: set[str] = field(default_factory=set)
    missed: bool = False
    over: bool = False
    gone: bool = False
    beating: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    admitted: asyncio.Future[bool] = field(default_factory=_promise)
    last_sent: float = field(default_factory=time.monotonic)
    sending: bool = False

    @property
    def workspace(self) -> str:
        return str(self.right.workspace)

    def tell(self, topic: str) -> None:
        self.pending.add(topic)
        self.wake.set()

    def resync(self) -> None:
        """Something may have been missed: the page asks for everything anew."""
        self.missed = True
        self.wake.set()

    def beat(self) -> None:
        """Say that the stream lives; when its reader has stopped reading, it lives no longer."""
        if self.sending and self.cut:
            self.cut()
        self.beating = True
        self.wake.set()

    def end(self) -> None:
        """The right has ended: nothing more is told."""
        self.over = True
        self.wake.set()
        if self.sending and self.cut:
            self.cut()

    def take(self) -> bytes:
        """What is to be sent now, as server-sent events; waiting begins anew."""
        self.wake.clear()
        if self.over:
            told = b"event: ended\ndata: 1\n\n"
        elif self.missed:
            told = b"event: resync\ndata: 1\n\n"
        elif self.pending:
            told = b"event: changed\ndata: %b\n\n" % " ".join(sorted(self.pending)).encode()
        else:
            told = b"event: beat\ndata: 1\n\n" if self.beating else b""
        self.missed = self.beating = False
        self.pending.clear()
        return told
