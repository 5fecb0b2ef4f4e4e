"""What `bench import` says beside its ratio."""

from dataclasses import dataclass

from bench.measure import Claim


@dataclass(frozen=True, slots=True)
class ImportClaim(Claim):
    """`more`: time by row, memory and undo; or what was seen of each task."""

    more: str = ""
