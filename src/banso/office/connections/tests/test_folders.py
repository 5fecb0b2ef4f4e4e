"""Where files may lie: below the workspace's own folder or an allowed one, nowhere else."""

import os
import time
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from banso.core.errors import Refused
from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.office.connections import folders


@pytest.fixture(autouse=True)
def own_places(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.IMPORT_FOLDERS = tmp_path / "data", []


def test_each_workspace_has_its_own_folder(acme: Workspace, other_workspace: Workspace) -> None:
    own = folders.folder_of("inbox", "salesforce")
    assert own.parent.is_dir() and str(acme.pk) in str(own)
    with open_workspace(other_workspace):
        assert folders.folder_of("inbox", "") != own.parent


@pytest.mark.parametrize("below", ["..", "a/../../b", "/etc", "a\\..\\..\\b", "\x00", "out/x"])
def test_no_way_leads_out_of_a_place(acme: Workspace, tmp_path: Path, below: str) -> None:
    own = folders.folder_of("inbox", "")
    (own / "out").symlink_to(tmp_path)
    with pytest.raises(Refused):
        folders.folder_of("inbox", below)


def test_other_places_are_those_that_the_operator_allows(
    acme: Workspace, other_workspace: Workspace, settings: Any, tmp_path: Path
) -> None:
    ours, theirs = str(tmp_path / "ours"), str(tmp_path / "theirs")
    settings.IMPORT_FOLDERS = [f"{acme.pk}={ours}", f"{other_workspace.pk}={theirs}", "no/root"]
    assert list(folders.places()) == ["inbox", ours]
    for place in (theirs, str(tmp_path), "no/root", "/"):
        with pytest.raises(Refused):
            folders.folder_of(place, "")


def test_links_and_what_is_unfinished_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a,b\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "secret")
    for name in ("~$a.xlsx", ".a.csv.x1", "a.csv.part", "a.pdf", "B.CSV", "empty.csv"):
        (tmp_path / name).write_text("" if name == "empty.csv" else "a,b\n")
    (tmp_path / "folder.csv").mkdir()
    found = folders.lying(tmp_path, "*.csv", now=time.time() + 500)
    assert [(one.name, one.is_whole) for one in found] == [("B.CSV", True), ("empty.csv", False)]


def test_names_of_other_systems_are_read_as_they_were_written(tmp_path: Path) -> None:
    windows, apple = os.fsdecode("売上1.csv".encode("cp932")), normalize("NFD", "データ2.csv")
    for name in (windows, apple):
        (tmp_path / name).write_text("a,b\n")
    for pattern, name in (("売上*.csv", "売上1.csv"), ("データ*.csv", "データ2.csv")):
        (one,) = folders.lying(tmp_path, pattern, now=time.time())
        with folders.opened(one) as stream:
            assert (one.name, stream.read()) == (name, b"a,b\n")


def test_a_file_is_whole_when_nobody_has_touched_it_for_a_while(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    os.utime(path, (1_000_000_000, 1_000_000_000))  # as a copy that keeps the old time

    def is_whole(after: float) -> bool:
        (one,) = folders.lying(tmp_path, "a*", now=time.time() + after)
        return one.is_whole

    assert not is_whole(0) and not is_whole(folders.STILL_SECONDS - 10)
    assert is_whole(folders.STILL_SECONDS + 1)
    (tmp_path / "a.csv.ok").touch()
    assert is_whole(0)


def test_a_mark_that_is_older_than_the_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ok").touch()
    os.utime(tmp_path / "a.ok", (1_000_000_000, 1_000_000_000))
    (tmp_path / "a.csv").write_text("a,b\n")
    (one,) = folders.lying(tmp_path, "a.csv", now=time.time())
    assert not one.is_whole
