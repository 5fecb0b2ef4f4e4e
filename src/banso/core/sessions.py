"""Sessions in rows that people can read and end. Django's session engine, and what is done with it.

A session's row is the session: without it the next request is a stranger's, and a request that
is under way cannot write it again (Django updates, never inserts, what it has loaded).
"""

from datetime import timedelta
from typing import Any, ClassVar, cast
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from banso.core import audit, live
from banso.core.models import Person, Session
from banso.lib.uuid7 import uuid7

USE_NOTED_EVERY = timedelta(minutes=1)
ORIGIN, PROVIDER = "origin", "provider"


class SessionStore(DatabaseStore):
    """Django's database sessions, with columns for what people ask: whose, where, since when."""

    cache_key_prefix: ClassVar[str] = "banso.sessions"
    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def _get_session_from_db(self) -> Session | None:
        self.row = cast("Session | None", super()._get_session_from_db())  # type: ignore[misc]
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of these data; what the row knew of its last use stays."""
        origin = data.setdefault(ORIGIN, _origin()) if SESSION_KEY in data else _origin()
        known = self.row if self.row and self.row.session_key == self.session_key else None
        row = cast(Session, super().create_model_instance(data))
        row.person_id = UUID(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.provider_id = UUID(data[PROVIDER]) if data.get(PROVIDER) else None
        row.handle, row.agent = UUID(origin["handle"]), origin["agent"]
        row.started_at = parse_datetime(origin["since"]) or timezone.now()
        row.ip = known.ip if known else origin["ip"]
        row.last_used_at = known.last_used_at if known else timezone.now()
        return row

    @transaction.atomic
    def delete(self, session_key: str | None = None) -> None:
        """The row is gone; where somebody was signed in, the session's streams close with it."""
        key = session_key or self.session_key
        super().delete(session_key)
        if key and self.row and self.row.person_id:
            live.end(session_key=key)


def _origin(ip: str | None = None, agent: str = "") -> dict[str, Any]:
    since = timezone.now().isoformat()
    return {"handle": str(uuid7()), "ip": ip, "agent": agent, "since": since}


def remember_origin(request: HttpRequest, *, ip: str | None) -> None:
    """The session knows from where and with what it was opened; called once, at signing in."""
    agent = request.headers.get("User-Agent", "").replace("\x00", "")[:400]
    request.session[ORIGIN] = _origin(ip, agent)


def note_use(request: HttpRequest, *, ip: str | None) -> None:
    """`last_used_at` and the address are true to the minute. At most 1 query a minute."""
    row: Session | None = getattr(request.session, "row", None)
    now = timezone.now()
    if row and row.last_used_at < now - USE_NOTED_EVERY:
        row.last_used_at, row.ip = now, ip
        Session.objects.filter(pk=row.pk).update(last_used_at=now, ip=ip)


def sessions_of(person: Person) -> QuerySet[Session]:
    """The person's sessions that are alive, last used first. 1 query."""
    mine = Session.objects.filter(person=person, expire_date__gt=timezone.now())
    return cast("QuerySet[Session]", mine.order_by("-last_used_at", "-started_at"))


@transaction.atomic
def end_session(handle: UUID, *, person: Person) -> None:
    """That session of the person has ended: its next request is a stranger's, its streams close.

    Raises Session.DoesNotExist for somebody else's. Publishes core.session_ended in each of the
    person's workspaces.
    """
    row = Session.objects.get(handle=handle, person=person)
    key = row.pk  # which the row forgets as it goes
    row.delete()
    live.end(session_key=key)
    audit.note("core.session_ended", person, n=1)


@transaction.atomic
def end_other_sessions(person: Person, *, but: str | None) -> None:
    """Every session of the person has ended, except the one with key `but`; their streams close.

    Publishes core.session_ended in each of the person's workspaces.
    """
    ended = end_sessions(person.pk, but=but)
    audit.note("core.session_ended", person, n=ended)


@transaction.atomic
def end_sessions(person_id: UUID, *, but: str | None = None) -> int:
    """Every session of the person has ended, except the one with key `but`; returns how many.

    Their streams close too.
    """
    return _end(Session.objects.filter(person_id=person_id).exclude(session_key=but or ""))


@transaction.atomic
def end_sessions_through(provider_id: UUID) -> int:
    """Every session that came through this sign-in service has ended, its streams too; how many."""
    return _end(Session.objects.filter(provider_id=provider_id))


def _end(ended: QuerySet[Session]) -> int:
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    for key in keys:
        live.end(session_key=key)
    return len(keys)
