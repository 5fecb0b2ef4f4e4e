"""A mail server that takes its time: kills meet it before, while and after it takes a mail."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from random import Random
from typing import Any

from banso.core.tests.servers import OnAnyPort


@dataclass
class Sink:
    """How often it took each Message-ID. It waits up to `slow` seconds before and after taking."""

    chance: Random
    slow: float = 0.3
    port: int = 0
    taken: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.slow * self.chance.random())
        self.taken[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        await asyncio.sleep(self.slow * self.chance.random())
        return "250 OK"

    def times(self, mail: object) -> int:
        """How often it took the mail of that row."""
        return sum(n for told, n in self.taken.items() if told.startswith(f"<{mail}@"))


@contextmanager
def slow_mail_server(chance: Random) -> Iterator[Sink]:
    sink = Sink(chance)
    controller = OnAnyPort(sink, hostname="127.0.0.1", port=0)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()
