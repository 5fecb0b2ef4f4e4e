"""Usage as it arrives, against COPY of the same rows into the same table.

Batches of 100 messages, each committed. Ours is what a request does from its body on: parsed,
understood, looked up, stored once, noted among the arrivals, due for rollup. COPY gets finished
rows. Then the same with five million ids seen before, and whole requests of one event each over
HTTP.
"""

from collections.abc import Iterator

from banso.core.models import Workspace
from bench.ingest_parts import over_http, rows
from bench.measure import Claim

SEEN = 5_000_000


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """`size` events a run (2,000 unless told: 20 batches)."""
    sending = rows.prepare(workspace)
    yield rows.against_copy(sending, size=size, runs=runs, seen=0)
    yield over_http.single_events(sending, size=size, runs=runs)
    yield rows.against_copy(sending, size=size, runs=runs, seen=SEEN)
