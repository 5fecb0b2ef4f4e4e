"""When doctor turns red, and whose key a restore takes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from banso.core.backup import keys, record
from banso.core.backup.archive import verified
from banso.core.backup.restoring import check_folder
from banso.core.backup.tests.test_archive import a_backup
from banso.lib.trouble import TroubleInWords

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "restored", "late"),
    [(26.0, 8 * 24.0, (False, False)), (26.1, 1, (True, False)), (1, 8 * 24 + 0.1, (False, True))],
)
def test_a_backup_is_late_after_26_hours_and_its_restore_after_8_days(
    taken: float, restored: float, late: tuple[bool, bool], tmp_path: Path
) -> None:
    record.note_taken(tmp_path, at=NOW - timedelta(hours=taken), file=Path("x"))
    record.note_restored(tmp_path, at=NOW - timedelta(hours=restored), file=Path("x"))
    ages = record.ages(tmp_path, now=NOW)
    assert (ages.taken_late, ages.restored_late) == late
    assert (ages.taken_hours, ages.restored_hours) == (taken, restored)


@pytest.mark.parametrize("content", [None, "", "[]", '{"taken": 3}', '{"taken": {"at": "x"}}'])
def test_no_record_or_an_unreadable_one_is_late(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / record.NAME).write_text(content)
    ages = record.ages(tmp_path, now=NOW)
    assert ages.taken_hours is None and ages.taken_late and ages.restored_late


def test_the_key_inside_is_taken_and_another_given_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    archive = verified(a_backup(tmp_path / "x"))
    assert keys.for_restoring(archive, tmp_path / "new", anew=False) == "key"
    monkeypatch.setenv(keys.VARIABLE, "another")
    with pytest.raises(TroubleInWords, match="another key"):
        keys.for_restoring(archive, tmp_path / "new", anew=False)
    assert keys.for_restoring(archive, tmp_path / "new", anew=True) == "another"
    monkeypatch.setenv(keys.VARIABLE, "key")
    assert keys.for_restoring(archive, tmp_path / "new", anew=False) == "key"


def test_a_restored_key_is_its_owners_only_and_never_replaces_one(tmp_path: Path) -> None:
    assert keys.keep(tmp_path, "key") and not keys.keep(tmp_path, "other")
    assert (tmp_path / keys.NAME).read_text() == "key"
    assert (tmp_path / keys.NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("what", ["up.json", "backups.json", "files/a", "notes.txt"])
def test_a_data_folder_with_anything_in_it_is_refused(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    for harmless in ("files/imports", "static", "postgres"):
        (tmp_path / harmless).mkdir(parents=True)
    (tmp_path / keys.NAME).write_text("key")
    check_folder(tmp_path / "nothing", "key")
    with pytest.raises(TroubleInWords, match="secret_key"):
        check_folder(tmp_path, "other")
    check_folder(tmp_path, "key")
    (tmp_path / what).write_text("x")
    with pytest.raises(TroubleInWords, match="is not empty"):
        check_folder(tmp_path, "key")
