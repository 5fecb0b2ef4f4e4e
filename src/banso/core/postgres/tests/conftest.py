"""A data folder of its own for each test, with nothing left alive or lying about after it."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from banso.core.postgres.paths import Home, prepare
from banso.core.postgres.tests.places import Place

MADE_ONCE = ("cluster", "password", "superuser")


@pytest.fixture
def at() -> Iterator[Callable[[Path], Place]]:
    """Makes places anywhere; clears each of them away."""
    places: list[Place] = []

    def make(data: Path) -> Place:
        places.append(Place(data))
        return places[-1]

    yield make
    for place in places:
        place.end()


@pytest.fixture
def empty_place(at: Callable[[Path], Place], tmp_path: Path) -> Place:
    """Where PostgreSQL has never been."""
    return at(tmp_path / "data")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home as a first start and its end have left it."""
    place = Place(tmp_path_factory.mktemp("made") / "data")
    place.client().wait()
    place.stop()
    yield place.home
    place.end()


@pytest.fixture
def place(empty_place: Place, made: Home) -> Place:
    """Where PostgreSQL was made before; making it takes most of a start's processor time."""
    prepare(empty_place.home)
    for name in MADE_ONCE:
        subprocess.run(["/bin/cp", "-a", made.folder / name, empty_place.home.folder], check=True)
    return empty_place


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can enter (pytest's own is private)."""
    folder = Path(tempfile.mkdtemp(prefix="banso-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
