"""A book and its usage from CSV files, against COPY of the rows that come of them.

Ours is the whole import: planning, reading, checking, finding what stands, storing with its
undo log and its events, and the rollups that follow. A customer has one contract and ten rows of
usage. Two peers, each in one transaction into the same tables with the same indexes and foreign
keys, from files of finished rows in COPY's binary format:
- the rows of the files: customers, contracts, their ledger, usage;
- all rows that the import leaves: those, and the stage history, events, undo log and rollups.
A peer does nothing else: no reading of CSV, no check, no look-up.

Then the same import in the worker's bulk queue, while events pour in and tasks are waited for.
"""

from collections.abc import Iterator

from banso.core.models import Workspace
from bench.import_parts import against_copy, beside_live
from bench.measure import Claim

STEPS = (100, 10, 1)  # growth: a hundredth, a tenth, the whole


def measure(workspace: Workspace, *, size: int, runs: int) -> Iterator[Claim]:
    """`size` customers, a tenth and a hundredth of them; then `size` beside live work."""
    for step in STEPS:
        yield from against_copy.claims(workspace, customers=max(1, size // step), runs=runs)
    yield beside_live.claim(workspace, customers=size)
