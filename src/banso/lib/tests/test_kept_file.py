"""Secrets in files: whole or not there, whoever writes and whatever happens."""

import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from banso.lib.kept_file import write_once


def test_a_file_is_written_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert write_once(path, "first") and not write_once(path, "second")
    assert path.read_text() == "first" and path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_of_many_writers_one_wins_and_nobody_reads_a_part(tmp_path: Path) -> None:
    def write(n: int) -> tuple[int, bool, str]:
        path, text = tmp_path / f"key{n % 50}", f"{n:04}" * 100
        return n, write_once(path, text), path.read_text()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(write, range(400)))
    assert all(len(text) == 400 for _n, _won, text in answers)
    assert sum(won for _n, won, _text in answers) == 50
    assert all(text == f"{n:04}" * 100 for n, won, text in answers if won)


def test_without_room_nothing_is_left(tmp_path: Path) -> None:
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5, usual[1]))
    try:
        with pytest.raises(OSError):
            write_once(tmp_path / "key", "longer than five")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert list(tmp_path.iterdir()) == []
