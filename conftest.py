"""The named cast and the ground every test stands on."""

import gc
import os
from collections.abc import Iterator
from copy import copy
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.test import client as test_client
from django.test.utils import ContextList

from banso.cli import catalogues
from banso.core.models import Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, a_workspace
from banso.core.tests.databases import connected_to, migrated_once, own_database
from tests.together import Together, place_of


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A real hash takes a fifth of a second on purpose; hundreds of tests make people."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def _empty_tables(_test: TransactionTestCase) -> None:
    """After a test that commits. Django would also fill its tables of content types and permissions
    again, which nobody here reads: half of what it takes.
    """
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


def _keep_first_context(
    store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **_more: Any
) -> None:
    """What the page itself was given; Django would copy it for each part and each field of it."""
    if not store:
        store.update(templates=[template], context=ContextList([copy(context)]))


def pytest_configure() -> None:
    catalogues.compile_stale()
    TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[method-assign]
    test_client.store_rendered_templates = _keep_first_context
    # A busy machine takes its time over an example: that says nothing about what it shows.
    hypothesis.settings.register_profile(
        "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("patient")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place_of(item.nodeid))


def pytest_collection_finish() -> None:
    """What stands now stands to the end: nobody need look it through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together | None:
    """With `--dist loadgroup`: tests that share what is costly to build share a process."""
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Processes that share a run share its tables: migrating takes seconds, copying next to none."""
    if run := os.environ.get("PYTEST_XDIST_TESTRUNUID"):
        facts = connection.settings_dict
        with django_db_blocker.unblock():
            tables = migrated_once(f"{facts['NAME']}_tables_{run[:8]}")
        facts["TEST"]["TEMPLATE"] = tables
        os.environ["BANSO_TABLES"] = tables


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of a migrated, empty database, to be copied by who needs one of their own."""
    if shared := os.environ.get("BANSO_TABLES"):
        yield shared
        return
    name = f"{connection.settings_dict['NAME']}_tables"
    with django_db_blocker.unblock(), own_database(name):
        with connected_to(name):
            call_command("migrate", verbosity=0)
        yield name


@pytest.fixture
def acme(db: None) -> Iterator[Workspace]:
    """Alice's and Bob's workspace, open for the whole test."""
    with open_workspace(a_workspace("アクメ株式会社")) as workspace:
        yield workspace


@pytest.fixture
def alice(acme: Workspace) -> Person:
    """Owner of acme."""
    return a_member("alice@acme.example", name="佐藤 有紗", role=Role.OWNER)


@pytest.fixture
def bob(acme: Workspace) -> Person:
    """CSM at acme."""
    return a_member("bob@acme.example", name="鈴木 坊", role=Role.CSM)


@pytest.fixture
def vera(acme: Workspace) -> Person:
    """Viewer at acme: may look, not touch."""
    return a_member("vera@acme.example", name="見山 ベラ", role=Role.VIEWER)


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    """A workspace that acme must never see."""
    return a_workspace("別会社")


@pytest.fixture
def charlie(other_workspace: Workspace) -> Person:
    """Owner of the other workspace; a stranger to acme."""
    with open_workspace(other_workspace):
        return a_member("charlie@other.example", name="Charlie", role=Role.OWNER)


def _client(person: Person) -> Client:
    client = Client(headers={"accept-language": "ja"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def alice_client(alice: Person) -> Client:
    return _client(alice)


@pytest.fixture
def bob_client(bob: Person) -> Client:
    return _client(bob)


@pytest.fixture
def vera_client(vera: Person) -> Client:
    return _client(vera)


@pytest.fixture
def charlie_client(charlie: Person) -> Client:
    return _client(charlie)
