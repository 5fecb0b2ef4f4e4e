"""What `banso doctor` says in words where something is wrong, and where nothing is."""

import pytest

from banso.cli import doctor

GOOD = dict.fromkeys(doctor.DURABILITY, "on")


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.mark.parametrize("name", doctor.CRASH)
def test_a_server_that_can_lose_data_is_called_so(name: str) -> None:
    assert doctor._safe_in_words(GOOD) == "yes"
    said = doctor._safe_in_words({**GOOD, name: "off"})
    assert "✗ NO" in said and name in said


def test_whether_pdf_can_be_made_is_said() -> None:
    assert doctor._pdf_in_words(can_make=True) == "can be made"
    assert "pango" in doctor._pdf_in_words(can_make=False)


def test_other_ways_to_wait_for_the_disk_are_good() -> None:
    assert doctor._safe_in_words({**GOOD, "synchronous_commit": "remote_write"}) == "yes"


def test_pages_without_checksums_are_a_warning_of_their_own() -> None:
    rows = {**GOOD, "data_checksums": "off"}
    assert doctor._safe_in_words(rows) == "yes" == doctor._checksums_in_words(GOOD)
    assert "✗ NO" in doctor._checksums_in_words(rows)


@pytest.mark.parametrize(
    ("taken", "restored", "said"),
    [
        (None, None, ["✗ never: ./banso backup", "✗ never: ./banso restore --check"]),
        (3.2, 24.0, ["3 hours ago", "1.0 days ago"]),
        (27.0, 200.0, ["✗ 27 hours ago, more than 26", "✗ 8.3 days ago, more than 8 days"]),
    ],
)
def test_old_backups_are_red(taken: float | None, restored: float | None, said: list[str]) -> None:
    ages = {
        "taken_hours": taken,
        "taken_late": taken is None or taken > 26,
        "restored_hours": restored,
        "restored_late": restored is None or restored > 192,
    }
    lines = [words for _name, words in doctor._backup_in_words(ages)]
    for line, words in zip(lines, said, strict=True):
        assert words in line and ("\x1b[31m" in line) == ("✗" in words)
