"""What trials stand on: a database of their own, two workspaces, and the program served from it."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from banso.core import api_keys
from banso.core.access import permits_of
from banso.core.models import Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import PASSWORD, TODAY, a_member
from banso.core.tests.databases import connected_to, own_database
from banso.core.tests.programs import Program, free_port
from banso.core.workspaces import create_workspace

QUICK = ["trials.quick_passwords.QuickPasswords"]
QUICK_SETTINGS = "trials.quick_settings"


@dataclass
class Side:
    """One workspace with a person of each role; `key` may do all that its owner may."""

    workspace: Workspace
    people: dict[str, Person]
    key: str

    @property
    def owner(self) -> Person:
        return self.people[Role.OWNER]


@dataclass
class Ground:
    """`ours` and `theirs` in the database at `url`; programs started here end with it.

    They keep passwords quickly unless `hashes_slowly`.
    """

    url: str
    data: Path
    ours: Side
    theirs: Side
    programs: list[Program] = field(default_factory=list)
    hashes_slowly: bool = False

    def web(self, **more: str) -> Program:
        """The pages, answering on a free loopback port. `more` goes into its environment."""
        return self._start(Program(["web"], self.url, self.data, free_port(), self._known(more)))

    def worker(self, **more: str) -> Program:
        """The worker of background jobs."""
        return self._start(Program(["worker"], self.url, self.data, more=self._known(more)))

    def _start(self, program: Program) -> Program:
        self.programs.append(program)
        program.start()
        return program

    def _known(self, more: dict[str, str]) -> dict[str, str]:
        """What is signed here is good there."""
        quick = {} if self.hashes_slowly else {"DJANGO_SETTINGS_MODULE": QUICK_SETTINGS}
        return {"BANSO_SECRET_KEY": settings.SECRET_KEY, **quick, **more}

    def logs(self) -> str:
        """Everything that the programs have written so far."""
        return "\n".join(path.read_text(errors="replace") for path in self.data.glob("*.log"))


@contextmanager
def fresh(name: str) -> Iterator[str]:
    """An empty, migrated database that this process is connected to; gives its DATABASE_URL."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise wants it
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are what trials are for
    database = f"{connection.settings_dict['NAME']}_{name}"[:60]
    with migrated(database) as url, connected_to(database):
        yield url


@contextmanager
def migrated(database: str) -> Iterator[str]:
    """A database of that name with empty tables; gives its DATABASE_URL.

    Migrating takes seconds: where BANSO_TABLES names a migrated database, it is copied instead.
    """
    tables = os.environ.get("BANSO_TABLES")
    with own_database(database, like=tables or "template1") as url:
        if not tables:
            with connected_to(database):
                call_command("migrate", verbosity=0)
        yield url


@contextmanager
def ground(name: str, *, hashes_slowly: bool = False) -> Iterator[Ground]:
    """Ours and theirs on a fresh database; nothing is served yet."""
    hashers = settings.PASSWORD_HASHERS if hashes_slowly else QUICK
    with (
        override_settings(PASSWORD_HASHERS=hashers),
        fresh(name) as url,
        standing_on(url) as made,
    ):
        made.hashes_slowly = hashes_slowly
        yield made


@contextmanager
def standing_on(url: str) -> Iterator[Ground]:
    """Ours and theirs in the migrated database at `url`, which this process is connected to."""
    with tempfile.TemporaryDirectory(prefix="banso-trial-") as data:
        made = Ground(url, Path(data), side("アクメ株式会社", "acme"), side("別会社", "other"))
        try:
            yield made
        finally:
            for program in made.programs:
                program.kill()


def side(name: str, host: str) -> Side:
    """A workspace and its people, all with the builders' password."""
    workspace = create_workspace(name)
    workspace.fixed_today = TODAY
    workspace.save()
    with open_workspace(workspace):
        people = {str(role): a_person(f"{role}@{host}.example", role=role) for role in Role}
        rights = sorted(permits_of(Role.OWNER))
        key = api_keys.make_key(host, scopes=rights, by=people[Role.OWNER])[1]
    return Side(workspace, people, key)


def a_person(email: str, *, role: str) -> Person:
    """A member of the open workspace, with the builders' password."""
    with override_settings(PASSWORD_HASHERS=QUICK):
        person = a_member(email, name=email.partition("@")[0], role=role)
    Person.objects.filter(pk=person.pk).update(password=_hashed())
    person.refresh_from_db()
    return person


def cookies_of(person: Person) -> dict[str, str]:
    """The cookies of a browser in which the person has just signed in."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return {name: morsel.value for name, morsel in client.cookies.items()}


@cache
def _hashed() -> str:
    """The password as the program keeps it; made once, since that may be slow on purpose."""
    return make_password(PASSWORD)
