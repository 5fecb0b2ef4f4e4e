"""What a hub keeps of streams."""

import asyncio
import gc
import weakref
from uuid import uuid4

from banso.core.live.hub import Hub
from banso.core.live.streams import Stream
from banso.core.live.tokens import Right


def a_stream() -> Stream:
    return Stream(Right("s", uuid4(), uuid4(), "csm", "x", frozenset({"today"})), "key")


def test_nothing_of_a_closed_stream_stays_while_the_database_is_away() -> None:
    async def opened_and_closed() -> list[weakref.ref[asyncio.Event]]:
        hub, known = Hub(), []
        for _n in range(3):
            stream = a_stream()
            known.append(weakref.ref(stream.wake))
            hub.open(stream, age=None)
            hub.touched[stream] = None
            hub.close(stream)
        del stream
        gc.collect()
        return [one for one in known if one() is not None and hub is not None]

    assert asyncio.run(opened_and_closed()) == []
