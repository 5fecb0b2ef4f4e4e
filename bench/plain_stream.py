"""The floor of `bench stream`: asyncio and nothing else, writing to every socket upon NOTIFY.

Run as a program: `python -m bench.plain_stream DATABASE_URL PORT`.
"""

import asyncio
import sys
from typing import cast

from psycopg import AsyncConnection

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
EVENT = b"1c\r\nevent: changed\ndata: today\n\n\r\n"


class Page(asyncio.Protocol):
    """Answers any request with a stream that stays open."""

    def __init__(self, open_pages: set[asyncio.Transport]) -> None:
        self.open_pages = open_pages

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, _data: bytes) -> None:
        self.transport.write(ANSWER)
        self.open_pages.add(self.transport)

    def connection_lost(self, _error: Exception | None) -> None:
        self.open_pages.discard(self.transport)


async def main(url: str, port: int) -> None:
    pages: set[asyncio.Transport] = set()
    ear = await AsyncConnection.connect(url, autocommit=True)
    await ear.execute("LISTEN banso_live")
    await asyncio.get_running_loop().create_server(lambda: Page(pages), "127.0.0.1", port)
    async for _told in ear.notifies():
        for page in pages:
            page.write(EVENT)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
