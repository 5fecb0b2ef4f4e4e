"""One open stream: what its page has not been told yet."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from banso.core.live.tokens import Right

# After an event the next one waits a little: a burst is one event with all its topics.
GAP_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Wire:
    """What our own server lets a stream do with its connection (see config/patience.py)."""

    push: Callable[[bytes], bool]  # written at once, or False when the reader is behind
    cut: Callable[[], None]  # dropped, whatever waits in it


def _promise() -> asyncio.Future[bool]:
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False, slots=True)
class Stream:
    """What one page waits for. Holds at most its own topics, however slowly they are read."""

    right: Right
    session_key: str
    wire: Wire | None = None  # None with a server that is not ours: everything goes by `send`
    pending: set[str] = field(default_factory=set)
    missed: bool = False
    begun: bool = False
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

    def flush(self, now: float) -> None:
        """Send what is pending, at once where that can be, else by the stream's own task."""
        quiet = now - self.last_sent > GAP_SECONDS
        idle = self.begun and not (self.sending or self.over or self.wake.is_set())
        if idle and quiet and self.wire and self.wire.push(self.words()):
            self.pending.clear()
            self.last_sent = now
        else:
            self.wake.set()

    def resync(self) -> None:
        """Something may have been missed: the page asks for everything anew."""
        self.missed = True
        self.wake.set()

    def beat(self) -> None:
        """Say that the stream lives; when its reader has stopped reading, it lives no longer."""
        self._cut_if_stuck()
        self.beating = True
        self.wake.set()

    def end(self) -> None:
        """The right has ended: nothing more is told."""
        self.over = True
        self.wake.set()
        self._cut_if_stuck()

    def _cut_if_stuck(self) -> None:
        if self.sending and self.wire:
            self.wire.cut()

    def take(self) -> bytes:
        """What is to be sent now; waiting begins anew."""
        self.wake.clear()
        told = self.words()
        self.missed = self.beating = False
        self.pending.clear()
        return told

    def words(self) -> bytes:
        """As a server-sent event; empty when there is nothing to say."""
        if self.over:
            return b"event: ended\ndata: 1\n\n"
        if self.missed:
            return b"event: resync\ndata: 1\n\n"
        if self.pending:
            return b"event: changed\ndata: %b\n\n" % " ".join(sorted(self.pending)).encode()
        return b"event: beat\ndata: 1\n\n" if self.beating else b""
