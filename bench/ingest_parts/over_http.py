"""Whole requests, one event each, to the program as others run it."""

import asyncio
import base64
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings

from banso.core.tests.databases import url_of
from banso.core.tests.programs import Program, free_port
from bench.ground import NAME
from bench.ingest_parts.rows import Sending
from bench.measure import Claim

CONNECTIONS = 8
AIM = 500  # requests a second


def single_events(sending: Sending, *, size: int, runs: int) -> Claim:
    """`size` requests a run over 8 connections that stay open, to `banso web` with a worker beside."""
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as data, _served(Path(data)) as web:
        asyncio.run(_send(web.port, [_request(sending) for _ in range(200)]))  # warm
        bodies = [[_request(sending) for _ in range(size)] for _run in range(runs)]
        seconds = [asyncio.run(_send(web.port, run)) for run in bodies]
    limit = size / AIM
    ratios = [limit / one for one in seconds]
    lowest, highest = min(ratios), max(ratios)
    peer, told = f"{AIM} requests a second", f"{size} requests of one event, {CONNECTIONS} clients"
    name, ours = "tracking over HTTP", median(seconds)
    return Claim(
        name, peer, told, runs, ours, limit, median(ratios), lowest, highest, of_speed=True
    )


@contextmanager
def _served(data: Path) -> Iterator[Program]:
    known = {"BANSO_SECRET_KEY": settings.SECRET_KEY, "BANSO_TRACKING_RATE": "0"}
    web = Program(["web"], url_of(NAME), data, free_port(), known)
    worker = Program(["worker"], url_of(NAME), data, more=known)
    worker.start()
    web.start()
    try:
        yield web
    finally:
        web.kill()
        worker.kill()


def _request(sending: Sending) -> bytes:
    body = json.dumps({**sending.message(), "sentAt": None}).encode()
    key = base64.b64encode(f"{sending.key}:".encode()).decode()
    head = (
        "POST /v1/track HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Basic {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _send(port: int, requests: list[bytes]) -> float:
    """Seconds until every request was answered with 200. Each connection sends one at a time."""
    waiting = iter(requests)
    begin = time.perf_counter()
    await asyncio.gather(*(_client(port, waiting) for _ in range(CONNECTIONS)))
    return time.perf_counter() - begin


async def _client(port: int, requests: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(len(b'{"success":true}'))
    writer.close()
