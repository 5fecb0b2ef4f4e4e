"""A data folder of its own for each test, with nothing left alive or lying about after it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from banso.core.postgres.tests.places import Place


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
def place(at: Callable[[Path], Place], tmp_path: Path) -> Place:
    return at(tmp_path / "data")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can enter (pytest's own is private)."""
    folder = Path(tempfile.mkdtemp(prefix="banso-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
