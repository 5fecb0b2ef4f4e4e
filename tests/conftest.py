"""The worlds that probes knock at: built once per file, every test in a savepoint of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests import samples
from tests.forms import Form, Page, forms_of, walk
from tests.worlds import World, build_world


@pytest.fixture(scope="module")
def module_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        connection.check_constraints()  # once: else every test would look at all that was built
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(module_world: World, db: None) -> World:
    """Ours and theirs, as they were built: what a test changes is rolled back to a savepoint."""
    return module_world


@pytest.fixture(scope="module")
def module_hashes(module_world: World) -> dict[str, str]:
    """The checksum of ours and theirs before anybody knocked; every test finds them so."""
    return samples.checksum(module_world.ours, module_world.theirs)


@pytest.fixture
def as_built(module_hashes: dict[str, str], world: World) -> samples.Standing:
    """How ours and theirs stand before the test: refusals must leave them so."""
    return samples.Standing((world.ours, world.theirs), module_hashes, samples.written())


@pytest.fixture(scope="module")
def module_pages(module_world: World) -> list[Page]:
    return walk(module_world)


@pytest.fixture
def forms(module_pages: list[Page], world: World) -> list[Form]:
    """Every form that ours' owner meets on any page."""
    return forms_of(module_pages)
