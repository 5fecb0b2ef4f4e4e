"""Copies of a backup that must be refused: damaged by accident, or put together by somebody."""

import gzip
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from banso.core.backup.archive import ABOUT, KEY, MANIFEST, SEAL, writing

Change = Callable[[dict[str, Any]], object]


def harmed(whole: Path, folder: Path, luck: Random) -> Iterator[tuple[str, Path]]:
    """(what was done, the copy); each copy is there until the next is asked for."""
    for words, make in [*_accidents(whole, luck), *_forgeries(whole)]:
        copy = folder / "copy.banso"
        make(copy)
        yield words, copy
        copy.unlink()


def _accidents(whole: Path, luck: Random) -> Iterator[tuple[str, Callable[[Path], object]]]:
    data = whole.read_bytes()
    for words, changed in (
        ("an empty file", lambda: b""),
        ("a text file", lambda: b"customers\n" * 1000),
        ("an SQL dump", lambda: b"--\n-- PostgreSQL database dump\n--\nSELECT 1;\n" * 50),
        ("compressed once more", lambda: gzip.compress(data, 1)),
        ("cut after 40 bytes", lambda: data[:40]),
        ("cut in the middle", lambda: data[: len(data) // 2]),
        ("its last byte gone", lambda: data[:-1]),
        ("its head gone", lambda: data[512:]),
        ("a byte more", lambda: data + b"\n"),
        ("a page of zeros", lambda: _zeros(data, luck.randrange(600, len(data) // 2))),
        ("two blocks swapped", lambda: _swapped(data)),
        ("a flipped bit in the seal", lambda: _flipped(data, len(data) - luck.randrange(SEAL) - 1)),
    ):
        yield words, lambda copy, changed=changed: copy.write_bytes(changed())  # type: ignore[misc]
    for words, place in _places(whole, len(data), luck):
        name = f"a flipped bit in {words}"
        yield name, lambda copy, place=place: copy.write_bytes(_flipped(data, place))  # type: ignore[misc]


def _places(whole: Path, size: int, luck: Random) -> list[tuple[str, int]]:
    """One place in each part of the file, in what ZIP itself minds and what it does not."""
    with zipfile.ZipFile(whole) as opened:
        largest = max(opened.infolist(), key=lambda one: one.compress_size)
        wanted = [largest, *(opened.getinfo(n) for n in (MANIFEST, KEY, ABOUT))]
        wanted += [one for one in opened.infolist() if one.filename.startswith("files/")][:1]
        places = [
            (one.filename, one.header_offset + 60 + luck.randrange(max(1, one.compress_size - 30)))
            for one in wanted
        ]
        times = largest.header_offset + 10  # the time of day: no ZIP program looks at it
        return [*places, ("a time of day", times), ("the list of parts", opened.start_dir + 30)]


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


def _zeros(data: bytes, place: int) -> bytes:
    return data[:place] + bytes(4096) + data[place + 4096 :]


def _swapped(data: bytes) -> bytes:
    a, b, size = len(data) // 4, len(data) // 2, min(512, len(data) // 8)
    return (
        data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]
    )


def _forgeries(whole: Path) -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Sealed anew, so that only what they say can give them away."""
    table = "tables/customers_customer"
    yield "a table missing", lambda copy: _resealed(whole, copy, without=table)
    yield "a table with the rows of another", lambda copy: _resealed(whole, copy, swap=table)
    yield "a table too much", lambda copy: _resealed(whole, copy, more="tables/secrets")
    yield "no manifest", lambda copy: _resealed(whole, copy, without=MANIFEST)
    for words, change in (
        ("another format", lambda told: told.update(format=2)),
        ("a newer version", lambda told: told["migrations"].append(["core", "9999_later"])),
        ("a migration missing", lambda told: told["migrations"].remove(["core", "0001_initial"])),
        ("a table not told of", lambda told: told["tables"].pop()),
        ("other checksums", lambda told: told["tables"][0].update(sha256="0" * 64)),
        ("a file out of its folder", lambda told: told["files"][0].update(path="../../x")),
    ):
        yield (
            f"a manifest with {words}",
            lambda copy, change=change: _resealed(  # type: ignore[misc]
                whole, copy, change=change
            ),
        )


def _resealed(
    whole: Path,
    copy: Path,
    *,
    without: str = "",
    more: str = "",
    swap: str = "",
    change: Change | None = None,
) -> None:
    with zipfile.ZipFile(whole) as old, writing(copy, replace=True) as draft:
        for name in old.namelist():
            if name in {ABOUT, without}:
                continue
            with draft.part(name) as part:
                if name == MANIFEST and change:
                    told = json.loads(old.read(name))
                    change(told)
                    part.write(json.dumps(told).encode())
                    continue
                with old.open("tables/django_migrations" if name == swap else name) as source:
                    while block := source.read(1 << 20):
                        part.write(block)
        if more:
            draft.put(more, b"1\n")
