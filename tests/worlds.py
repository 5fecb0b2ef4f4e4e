"""Two workspaces side by side, ours and theirs full of canaries, and everybody who may knock."""

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import connection, models, transaction
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, ClientHandler, encode_multipart
from psycopg.pq import TransactionStatus

from banso.core import api_keys
from banso.core.access import permits_of
from banso.core.models import Person, Role, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_member, a_workspace
from tests import samples
from tests.doors import Door

ROLES = [role.value for role in Role]
ONE_SCOPE = "customers.read"
UPLOAD_KIND = MULTIPART_CONTENT
UPLOAD = encode_multipart(
    BOUNDARY, {"files": SimpleUploadedFile("customers.csv", b"external_id,name\nC-1,x\n")}
)
WARM = ["/", "/customers/", "/health"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who knocks, and what they may do on pages and in the API."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    key: str = ""
    permits: frozenset[str] = frozenset()

    def may(self, door: Door) -> bool:
        on_time = bool(self.cookies) or (bool(self.key) and door.kind != "page")
        return door.permission is None or (on_time and door.permission in self.permits)

    def known_at(self, door: Door) -> bool:
        """Whether the door knows who this is; keys are for the API only."""
        return bool(self.cookies) or (bool(self.key) and door.kind != "page")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole; `trouble` is the traceback of a 500."""

    status: int
    body: bytes
    headers: dict[str, str]
    trouble: str = ""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "")


class Knocker(RequestFactory):
    """Django's test client without what makes it slow: it keeps no copies of template contexts."""

    def __init__(self) -> None:
        super().__init__(headers={"accept-language": "ja"})
        self.handler = ClientHandler(enforce_csrf_checks=False)
        self.knocks = 0

    def request(self, **extra: Any) -> Any:
        self.knocks += 1
        return self.handler(self._base_environ(**extra))  # type: ignore[attr-defined]


@dataclass
class World:
    """Ours and theirs. `ids` are by parameter of doors, `rows` by noun."""

    ours: Workspace
    theirs: Workspace
    rows: dict[str, models.Model]
    their_rows: dict[str, models.Model]
    actors: list[Actor]
    people: dict[str, Person]
    knocker: Knocker = field(default_factory=Knocker)

    def __post_init__(self) -> None:
        self.ids = samples.ids_of(self.rows)
        self.their_ids = samples.ids_of(self.their_rows)
        self.binned = samples.binned_ids(self.ours, self.ids)
        self.troubles: list[str] = []

    def actor(self, name: str) -> Actor:
        return next(one for one in self.actors if one.name == name)

    @property
    def owner(self) -> Actor:
        return self.actor("owner")

    def call(self, actor: Actor, door: Door, ids: dict[str, str], body: Any = None) -> Answer:
        """Knock at a door: an API body as JSON, a page's as a form."""
        path = door.address(ids)
        if door.kind == "upload":
            return self.knock(actor, door.method, path, data=UPLOAD, kind=UPLOAD_KIND)
        if door.kind == "api" and door.method != "GET":
            data = json.dumps({} if body is None else body).encode()
            return self.knock(actor, door.method, path, data=data, kind="application/json")
        return self.knock(actor, door.method, path)

    def knock(
        self,
        actor: Actor,
        method: str,
        path: str,
        *,
        data: bytes = b"",
        kind: str = "application/x-www-form-urlencoded",
        query: str = "",
        headers: dict[str, str] | None = None,
        keep: bool = False,
    ) -> Answer:
        """One request. What a success changed is taken back unless `keep`; what a refusal did stays,
        so that a checksum afterwards finds what was half-written.
        """
        self.knocker.cookies.clear()
        self.knocker.cookies.load(actor.cookies)
        given = {**({"Authorization": f"Bearer {actor.key}"} if actor.key else {})}
        point = transaction.savepoint()
        with noting_troubles() as troubles:
            response: Any = self.knocker.generic(
                method,
                path,
                data,
                content_type=kind,
                headers={**given, **(headers or {})},
                QUERY_STRING=query,
            )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        _settle(point, undo=response.status_code < 400 and not keep)
        return Answer(
            response.status_code, body, dict(response.headers), troubles[0] if troubles else ""
        )


def _settle(point: Any, *, undo: bool) -> None:
    """The request's own changes stay or go; a transaction that it broke is mended."""
    broken = connection.connection.info.transaction_status == TransactionStatus.INERROR
    if undo or broken or connection.needs_rollback:
        connection.needs_rollback = False
        transaction.savepoint_rollback(point)
    transaction.savepoint_commit(point)  # or it stays open, and holds a lock to the end


@contextmanager
def noting_troubles() -> Iterator[list[str]]:
    """Tracebacks of exceptions that became an answer of 500."""
    found: list[str] = []

    def note(**_facts: Any) -> None:
        found.append(traceback.format_exc(limit=-6))

    got_request_exception.connect(note)
    try:
        yield found
    finally:
        got_request_exception.disconnect(note)


def build_world() -> World:
    """Both workspaces with a row of everything, a person of each role and two keys at ours."""
    theirs = a_workspace("カナリア社")
    with open_workspace(theirs):
        a_member("owner@canary.example", name=samples.CANARY, role=Role.OWNER)
    their_rows = samples.rows_of(theirs)
    samples.give_external_ids(their_rows)
    samples.plant_canaries(theirs)
    ours = a_workspace("アクメ株式会社")
    with open_workspace(ours):
        people = {role: a_member(f"{role}@acme.example", name=role, role=role) for role in ROLES}
        actors = [*_signed_in(people), Actor("anonymous"), *_with_keys(people["owner"])]
    world = World(ours, theirs, samples.rows_of(ours), their_rows, actors, people)
    for path in WARM:  # what is computed once a day stands before anybody probes
        assert world.knock(world.owner, "GET", path, keep=True).status == 200
    return world


def _signed_in(people: dict[str, Person]) -> Iterator[Actor]:
    for role, person in people.items():
        yield Actor(role, cookies=cookies_of(person), permits=permits_of(role))


def cookies_of(person: Person, **session: Any) -> dict[str, str]:
    """The cookies of a signed-in browser; `session` is planted into the session."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    if session:
        kept = client.session
        kept.update(session)
        kept.save()
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _with_keys(owner: Person) -> Iterator[Actor]:
    for name, scopes in {"key": permits_of(Role.OWNER), "narrow key": {ONE_SCOPE}}.items():
        _key, secret = api_keys.make_key(name, scopes=sorted(scopes), by=owner)
        yield Actor(name, key=secret, permits=frozenset(scopes))
