"""One ear on PostgreSQL for a whole web process, and every stream that hears through it."""

import asyncio
import json
import logging
import secrets
import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Collection
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, Notify
from psycopg.conninfo import make_conninfo

from banso.core import clock, metrics
from banso.core.live.rights import address, lost
from banso.core.live.streams import Stream
from banso.core.live.telling import ENDED, TOLD

log = logging.getLogger("banso.live")
CHECK_SECONDS = 3.0  # a right that has ended closes its stream within this and an answer
ANSWER_SECONDS = 2.0
BEAT_SECONDS = 15.0
SILENT_SECONDS = 20.0
KEPT_SECONDS = 120.0
MOST_KEPT = 20_000
MOST_STREAMS = 1000
MOST_EACH = 30
SLOWEST_RETRY, MOST_DOUBLINGS = 5.0, 6


class Full(Exception):
    """No more streams: 429 for this person, 503 for the whole process."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Hub:
    """`run` it once in a web process; streams are opened and closed beside it."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.followers: defaultdict[tuple[str, str], set[Stream]] = defaultdict(set)
        self.each: Counter[UUID] = Counter()
        self.newcomers: dict[Stream, None] = {}
        self.asked = asyncio.Event()
        self.memory = Memory()
        self.touched: dict[Stream, None] = {}
        self.flushing: asyncio.Handle | None = None

    @property
    def listening(self) -> bool:
        return self.memory.since is not None

    async def run(self) -> None:
        """Listen for ever; a lost connection is renewed, and every stream told that it was."""
        tries = 0
        while True:
            try:
                await self._session()
            except* (psycopg.Error, OSError) as errors:
                tries = 0 if self.listening else tries + 1
                self._lost(errors)
            wait = min(0.1 * 2 ** min(tries, MOST_DOUBLINGS), SLOWEST_RETRY)
            await asyncio.sleep(wait * (0.7 + secrets.randbelow(60) / 100))

    def open(self, stream: Stream, *, age: float | None) -> None:
        """The stream hears from now on, and of what it missed in the last `age` seconds.

        Without `age` it is told to ask for everything. It is `admitted` (or not) once the
        database has said that its right still holds. Raises Full.
        """
        if len(self.streams) >= MOST_STREAMS:
            raise Full(503)
        if self.each[stream.right.person] >= MOST_EACH:
            raise Full(429)
        self.each[stream.right.person] += 1
        self.streams.add(stream)
        metrics.STREAMS.inc()
        for topic in stream.right.topics:
            self.followers[stream.workspace, topic].add(stream)
        self._catch_up(stream, age)
        self.newcomers[stream] = None
        self.asked.set()

    def close(self, stream: Stream) -> None:
        """Nothing of the stream stays here."""
        self.streams.discard(stream)
        self.newcomers.pop(stream, None)  # while the database is away nobody asks about them
        self.touched.pop(stream, None)
        metrics.STREAMS.dec()
        self.each[stream.right.person] -= 1
        self.each += Counter()  # drops those at nought
        for topic in stream.right.topics:
            key = (stream.workspace, topic)
            self.followers[key].discard(stream)
            if not self.followers[key]:
                del self.followers[key]

    def _catch_up(self, stream: Stream, age: float | None) -> None:
        missed = self.memory.missed(stream.workspace, stream.right.topics, age)
        if missed is None:
            stream.resync()
        else:
            stream.pending |= missed
            stream.wake.set()

    async def _session(self) -> None:
        """While both connections live: one hears, the other asks whether rights still hold."""
        where = make_conninfo(**address())
        async with (
            await AsyncConnection.connect(where, autocommit=True) as ear,
            await AsyncConnection.connect(where, autocommit=True) as eye,
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self._listen(ear))
            group.create_task(self._watch(eye))
            group.create_task(self._beat())

    def _lost(self, errors: BaseExceptionGroup[Exception]) -> None:
        kinds = sorted({type(one).__name__ for one in errors.exceptions})
        log.warning("live connection lost", extra={"facts": {"errors": kinds}})
        self.memory.forget()

    async def _listen(self, ear: AsyncConnection) -> None:
        for channel in (TOLD, ENDED):
            await ear.execute(f"LISTEN {channel}".encode())
        self.memory.begin()
        for stream in self.streams:
            stream.resync()
        while True:
            async for told in ear.notifies(timeout=SILENT_SECONDS):
                self._hear(told)
            async with asyncio.timeout(ANSWER_SECONDS):  # a silent connection may be a dead one
                await ear.execute("SELECT 1")

    def _hear(self, told: Notify) -> None:
        if told.channel == ENDED:
            return self._end(told.payload)
        workspace, _sep, topic = told.payload.partition(" ")
        self.memory.keep(workspace, topic)
        for stream in self.followers.get((workspace, topic), ()):
            stream.pending.add(topic)
            self.touched[stream] = None
        if self.touched and not self.flushing:
            self.flushing = asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        """Everything that one commit told goes out in one event for each stream."""
        touched, self.touched, self.flushing = self.touched, {}, None
        now = time.monotonic()
        for stream in touched:
            stream.flush(now)

    def _end(self, payload: str) -> None:
        told: dict[str, str] = json.loads(payload)
        for stream in self.streams:
            right = stream.right
            known = {
                "person": str(right.person),
                "session": right.session,
                "workspace": stream.workspace,
            }
            if all(known[name] == value for name, value in told.items() if value):
                stream.end()

    async def _watch(self, eye: AsyncConnection) -> None:
        """Everybody is asked about every few seconds, newcomers at once."""
        while True:
            self.newcomers.clear()
            await _look_at_clock(eye)
            await self._check(eye, self.streams)
            due = time.monotonic() + CHECK_SECONDS
            while (left := due - time.monotonic()) > 0:
                try:
                    await asyncio.wait_for(self.asked.wait(), left)
                except TimeoutError:
                    break
                self.asked.clear()
                new, self.newcomers = self.newcomers, {}
                await self._check(eye, new)

    async def _check(self, eye: AsyncConnection, streams: Collection[Stream]) -> None:
        batch = list(streams)
        if not batch:
            return
        async with asyncio.timeout(ANSWER_SECONDS):
            gone = await lost(eye, [(one.session_key, one.right) for one in batch])
        for n, stream in enumerate(batch):
            if n in gone:
                stream.end()
            if not stream.admitted.done():
                stream.admitted.set_result(n not in gone)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(1)
            old = time.monotonic() - BEAT_SECONDS
            for stream in self.streams:
                if stream.last_sent < old:
                    stream.beat()


async def _look_at_clock(eye: AsyncConnection) -> None:
    asked = time.monotonic()
    async with asyncio.timeout(ANSWER_SECONDS):
        found = await (await eye.execute(clock.ASK)).fetchone()
    clock.learn(float(found[0]) if found else time.time(), asked=asked)


class Memory:
    """What was told lately, so that a page that comes a little late misses nothing."""

    def __init__(self) -> None:
        self.since: float | None = None
        self.told: OrderedDict[tuple[str, str], float] = OrderedDict()

    def begin(self) -> None:
        """From now on nothing is missed."""
        self.since = time.monotonic()

    def forget(self) -> None:
        self.since = None
        self.told.clear()

    def keep(self, workspace: str, topic: str) -> None:
        now = time.monotonic()
        self.told[workspace, topic] = now
        self.told.move_to_end((workspace, topic))
        while self.told and (
            len(self.told) > MOST_KEPT or next(iter(self.told.values())) < now - KEPT_SECONDS
        ):
            _key, self.since = self.told.popitem(last=False)

    def missed(self, workspace: str, topics: Collection[str], age: float | None) -> set[str] | None:
        """Which of the topics were told in the last `age` seconds; None when nobody can know."""
        if age is None or self.since is None:
            return None
        start = time.monotonic() - age
        if start < self.since:
            return None
        return {one for one in topics if self.told.get((workspace, one), 0.0) >= start}
