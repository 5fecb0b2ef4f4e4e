"""What a backup says of itself: its version, and a checksum of everything in it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1
Progress = Callable[[str, int, int], None]  # what is being done, how much of it, of how much


def silent(_what: str, _done: int, _of: int) -> None:
    """Progress nobody watches."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table as COPY tells it. `digest` is the sum of its rows' hashes, whatever their order.

    A partition names its `parent` and the bounds [start, end).
    """

    name: str
    columns: list[str]
    rows: int
    digest: str
    sha256: str
    bytes: int
    parent: str = ""
    start: str = ""
    end: str = ""

    @property
    def member(self) -> str:
        return f"tables/{self.name}"


@dataclass(frozen=True, slots=True)
class Sequence:
    name: str
    last: int
    called: bool


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file; `path` is below the folder of uploads, with slashes."""

    path: str
    member: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`key` is the fingerprint of the signing key; the key itself is inside where `holds_key`."""

    banso: str
    postgresql: str
    taken_at: datetime  # aware UTC: the moment of the snapshot
    migrations: list[tuple[str, str]]
    tables: list[Table]
    sequences: list[Sequence]
    files: list[File]
    key: str
    holds_key: bool
    format: int = field(default=FORMAT)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    def text(self) -> str:
        return json.dumps({**asdict(self), "taken_at": self.taken_at.isoformat()}, indent=1)


def read(text: bytes) -> Manifest:
    """Raises ValueError, KeyError or TypeError for what is no manifest of this format."""
    told: Mapping[str, Any] = json.loads(text)
    if told["format"] != FORMAT:
        raise ValueError(f"format {told['format']}")
    return Manifest(
        banso=str(told["banso"]),
        postgresql=str(told["postgresql"]),
        taken_at=datetime.fromisoformat(told["taken_at"]),
        migrations=[(str(app), str(name)) for app, name in told["migrations"]],
        tables=[Table(**one) for one in told["tables"]],
        sequences=[Sequence(**one) for one in told["sequences"]],
        files=[File(**{**one, "path": _below(one["path"])}) for one in told["files"]],
        key=str(told["key"]),
        holds_key=bool(told["holds_key"]),
    )


def _below(path: str) -> str:
    """The path, if it leads nowhere but into the folder of uploads; else ValueError."""
    if not path or path.startswith("/") or ".." in path.split("/") or "\x00" in path:
        raise ValueError(path)
    return path
