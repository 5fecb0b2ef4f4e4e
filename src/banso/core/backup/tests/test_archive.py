"""The file of a backup: whole or absent, and every damage is noticed before anything is written."""

import errno
import os
import random
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.backup import archive, manifest, uploads
from banso.core.backup.archive import KEY, MANIFEST, verified, writing
from banso.core.backup.manifest import File, Manifest, Table, silent
from banso.core.backup.tables import RowSum
from banso.lib.trouble import TroubleInWords

ROWS = "1\tアクメ\n2\t別会社\n".encode() * 5000


def a_backup(path: Path, *, tables: dict[str, bytes] | None = None, replace: bool = False) -> Path:
    """A small one, with a table, the files of `uploads` beside it, and the key."""
    made: list[Table] = []
    with writing(path, replace=replace) as draft:
        for name, data in (tables or {"customers": ROWS}).items():
            rows = RowSum()
            rows.feed(data)
            with draft.part(f"tables/{name}") as part:
                part.write(data)
            sums = (rows.rows, rows.digest, part.sha.hexdigest(), part.size)
            made.append(Table(name, ["id", "name"], *sums))
        files = uploads.put(draft, path.parent / "uploads", silent)
        draft.put(KEY, b"key")
        draft.put(MANIFEST, a_manifest(made, files).text().encode())
    return path


def a_manifest(tables: list[Table], files: list[File]) -> Manifest:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Manifest("0", "18", at, [("core", "0001_initial")], tables, [], files, "", True)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads" / "imports"
    folder.mkdir(parents=True)
    (folder / "顧客.csv").write_bytes(b"a,b\n" * 100_000)
    (folder / "empty").touch()
    return a_backup(tmp_path / "whole.banso")


def test_a_backup_opens_with_any_tool_and_only_for_its_owner(whole: Path) -> None:
    found = verified(whole)
    assert found.manifest.tables[0].rows == 10_000 and found.key() == "key"
    assert {file.path for file in found.manifest.files} == {"imports/顧客.csv", "imports/empty"}
    assert zipfile.ZipFile(whole).testzip() is None
    assert stat.S_IMODE(whole.stat().st_mode) == 0o600
    assert not whole.with_name("whole.banso.part").exists()


def test_files_come_out_as_they_went_in(whole: Path, tmp_path: Path) -> None:
    uploads.take_out(verified(whole), tmp_path / "out", silent)
    names = {
        path.relative_to(tmp_path / "out").as_posix() for path in uploads._files(tmp_path / "out")
    }
    assert names == {"imports/顧客.csv", "imports/empty"}
    assert (tmp_path / "out/imports/顧客.csv").read_bytes() == b"a,b\n" * 100_000


def test_any_flipped_bit_and_any_missing_end_is_noticed(whole: Path, tmp_path: Path) -> None:
    data, luck = whole.read_bytes(), random.Random(16)
    copy = tmp_path / "copy"
    for _try in range(60):
        place = luck.randrange(len(data))
        flipped = bytearray(data)
        flipped[place] ^= 1 << luck.randrange(8)
        copy.write_bytes(flipped)
        with pytest.raises(TroubleInWords):
            verified(copy)
        copy.write_bytes(data[:place])
        with pytest.raises(TroubleInWords):
            verified(copy)
    copy.write_bytes(data + b"x")
    with pytest.raises(TroubleInWords):
        verified(copy)


@pytest.mark.parametrize("content", [b"", b"PK", b"hello" * 100, b"PK\x03\x04" + b"\0" * 200])
def test_what_is_no_backup_is_called_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(content)
    with pytest.raises(TroubleInWords, match="is not a backup"):
        verified(tmp_path / "odd")


def test_a_missing_or_unknown_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TroubleInWords, match="cannot be read"):
        verified(tmp_path / "nothing")


def resealed(source: Path, target: Path, *, without: str = "", more: str = "") -> Path:
    """A copy by somebody who knows how: parts left out or added, sealed anew."""
    with writing(target, replace=True) as draft, zipfile.ZipFile(source) as old:
        for name in old.namelist():
            if name not in {archive.ABOUT, without}:
                draft.put(name, old.read(name))
        if more:
            draft.put(more, b"?")
    return target


def test_a_sealed_backup_with_a_part_missing_or_too_much_is_refused(
    whole: Path, tmp_path: Path
) -> None:
    for change in ({"without": "tables/customers"}, {"without": KEY}, {"more": "tables/other"}):
        with pytest.raises(TroubleInWords, match="missing or too much"):
            verified(resealed(whole, tmp_path / "copy", **change))
    with pytest.raises(TroubleInWords, match="do not fit together"):
        verified(resealed(whole, tmp_path / "copy", without=MANIFEST))


def test_a_file_that_is_there_is_kept_unless_told(whole: Path) -> None:
    before = whole.read_bytes()
    with pytest.raises(TroubleInWords, match="--replace"):
        a_backup(whole)
    assert whole.read_bytes() == before
    a_backup(whole, tables={"customers": b"1\tx\n"}, replace=True)
    assert verified(whole).manifest.rows == 1


def test_trouble_midway_leaves_the_old_backup_and_nothing_half(whole: Path) -> None:
    before = whole.read_bytes()
    with pytest.raises(TroubleInWords, match="disk is full"), writing(whole, replace=True) as draft:
        draft.put("tables/x", ROWS)
        raise OSError(errno.ENOSPC, "No space left on device")
    assert whole.read_bytes() == before and not whole.with_name("whole.banso.part").exists()


def test_two_backups_to_one_file_do_not_mix(whole: Path) -> None:
    with writing(whole, replace=True) as draft:
        with pytest.raises(TroubleInWords, match="Another backup"):
            a_backup(whole, replace=True)
        draft.put(MANIFEST, a_manifest([], []).text().encode())
        draft.put(KEY, b"key")
    assert verified(whole).manifest.tables == []


def test_what_a_killed_backup_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "x.part").write_bytes(b"left" * 1_000_000)
    a_backup(tmp_path / "x")
    assert verified(tmp_path / "x").manifest.rows == 10_000


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../b", "", "a\x00b"])
def test_no_file_leaves_its_folder(path: str) -> None:
    text = a_manifest([], [File(path, "files/1", "0", 1)]).text().encode()
    with pytest.raises(ValueError, match=f"^{re.escape(path)}$"):
        manifest.read(text)


@given(
    st.lists(st.text("ab\\t", min_size=0, max_size=5), max_size=20), st.randoms(), st.integers(1, 9)
)
def test_the_sum_of_rows_knows_no_order_and_no_pieces(
    rows: list[str], luck: random.Random, piece: int
) -> None:
    data = "".join(f"{row}\n" for row in rows).encode()
    straight, mixed = RowSum(), RowSum()
    straight.feed(data)
    luck.shuffle(rows)
    other = "".join(f"{row}\n" for row in rows).encode()
    for start in range(0, len(other), piece):
        mixed.feed(other[start : start + piece])
    assert (
        (mixed.rows, mixed.digest) == (straight.rows, straight.digest) == (len(rows), mixed.digest)
    )
    changed = RowSum()
    changed.feed(data + b"c\n")
    assert changed.digest != straight.digest


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user can write to, with an upload."""
    with TemporaryDirectory() as folder:
        place = Path(folder, "uploads")
        place.mkdir()
        (place / "顧客.csv").write_bytes(b"a,b\n")
        Path(folder).chmod(0o777)
        yield Path(folder)
        place.chmod(0o700)


@contextmanager
def somebody_without_rights() -> Iterator[None]:
    """Root may read everything, so the tests of root are run as nobody here."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("closed", ["uploads", "uploads/顧客.csv"])
def test_an_upload_that_cannot_be_read_is_named_and_no_backup_is_made(
    shared: Path, closed: str
) -> None:
    (shared / closed).chmod(0)
    with (
        somebody_without_rights(),
        pytest.raises(TroubleInWords, match=f"{re.escape(closed)} cannot be read"),
    ):
        a_backup(shared / "whole.banso")
    assert [one.name for one in shared.iterdir()] == ["uploads"]
