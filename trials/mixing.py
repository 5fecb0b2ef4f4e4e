"""R13's clients: one event loop that sends events, opens pages and keeps streams."""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

PATIENCE = 30.0
BATCH = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: 0 where none came; seconds until its last byte."""

    status: int
    seconds: float
    retry_after: bool = False


@dataclass
class Load:
    """What was sent, and what became of it."""

    port: int
    write_key: str
    agents: list[str]  # their cookies
    accounts: list[str]
    paths: list[str]
    random: Random
    acknowledged: set[str] = field(default_factory=set)
    pages: list[tuple[float, Reply]] = field(default_factory=list)  # by when they were asked
    events: list[tuple[float, Reply]] = field(default_factory=list)
    heard: int = 0
    open_streams: int = 0
    lost_streams: int = 0
    numbers: int = 0
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def start(self, one: Awaitable[None]) -> None:
        task = asyncio.ensure_future(one)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def mix(self, *, seconds: float, per_second: float, agents: int) -> None:
        """So many events a second and so many people for a while."""
        ends = time.monotonic() + seconds
        people = [self._agent(n, ends) for n in range(agents)]
        await asyncio.gather(self._senders(per_second, ends), *people)

    async def _senders(self, per_second: float, ends: float) -> None:
        """Batches at their times, whether or not the ones before were answered."""
        every, due = BATCH / per_second, time.monotonic()
        waiting = []
        while time.monotonic() < ends:
            waiting.append(asyncio.ensure_future(self._batch()))
            due += every
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await asyncio.gather(*waiting)

    async def _batch(self) -> None:
        ids = [f"mix-{self.numbers + n}" for n in range(BATCH)]
        self.numbers += BATCH
        batch = [self._event(one) for one in ids]
        basic = base64.b64encode(f"{self.write_key}:".encode()).decode()
        head = f"Authorization: Basic {basic}\r\nContent-Type: application/json\r\n"
        asked = time.monotonic()
        reply = await self.ask("POST", "/v1/batch", head, json.dumps({"batch": batch}).encode())
        self.events.append((asked, reply))
        if reply.status == 200:
            self.acknowledged.update(ids)

    def _event(self, message_id: str) -> dict[str, object]:
        account = self.random.choice(self.accounts)
        person = f"{account}-{self.random.randrange(5)}"
        feature = self.random.choice(("report", "export", "login", "search"))
        return {"type": "track", "event": feature, "userId": person, "messageId": message_id,
                "context": {"groupId": account}}  # fmt: skip

    async def _agent(self, n: int, ends: float) -> None:
        """Somebody who opens a page, reads it, and opens the next."""
        cookie = f"Cookie: {self.agents[n % len(self.agents)]}\r\n"
        while time.monotonic() < ends:
            asked = time.monotonic()
            path = self.random.choice(self.paths)
            self.pages.append((asked, await self.ask("GET", path, cookie)))
            await asyncio.sleep(self.random.uniform(0.5, 2.5))

    async def ask(self, method: str, path: str, head: str = "", body: bytes = b"") -> Reply:
        begun = time.monotonic()
        words = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{head}"
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                length = f"Content-Length: {len(body)}\r\n" if body else ""
                writer.write(f"{words}{length}\r\n".encode() + body)
                answer = await reader.read(-1)
                writer.close()
        except (OSError, TimeoutError):
            return Reply(0, time.monotonic() - begun)
        told = answer.partition(b"\r\n\r\n")[0].lower()
        status = int(told.split(b" ", 2)[1]) if told.count(b" ") > 1 else 0
        return Reply(status, time.monotonic() - begun, b"\nretry-after:" in told)

    async def stream(self, request: Callable[[], bytes]) -> None:
        """An open page that listens until it is told to leave."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request())
        try:
            is_open = b" 200 " in await reader.readline()
            self.open_streams += is_open  # others count while this one waits
            while part := await reader.read(65536):
                self.heard += part.count(b"event: changed")
            self.lost_streams += 1
        except OSError:
            self.lost_streams += 1
        finally:
            writer.close()

    async def opened(self, wanted: int) -> None:
        """So many streams are open, or half a minute is over."""
        give_up = time.monotonic() + PATIENCE
        while self.open_streams < wanted and time.monotonic() < give_up:
            await asyncio.sleep(0.05)

    async def leave(self) -> None:
        """Every stream is closed by us."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def between(asked: list[tuple[float, Reply]], start: float, end: float) -> list[Reply]:
    """The replies to what was asked in that time."""
    return [reply for at, reply in asked if start <= at < end]


def p95(replies: list[Reply]) -> float:
    """In seconds; those without an answer took what they took."""
    times = sorted(one.seconds for one in replies)
    return times[int(len(times) * 0.95)] if times else 0.0


def told(replies: list[Reply]) -> str:
    counted = Counter(one.status for one in replies)
    return ", ".join(f"{status}: {n}" for status, n in sorted(counted.items()))
