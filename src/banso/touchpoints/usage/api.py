"""REST of usage: the programs that send it, and the companies that wait for a customer."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Router, Schema, Status
from pydantic import Field

from banso.core import cursors
from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.core.idempotency import creates
from banso.touchpoints.usage import arrivals, services, waiting
from banso.touchpoints.usage.models import Account, Source

router = Router(tags=["usage"])
LIST = "usage:waiting"


class SourceOut(Schema):
    """`key_prefix` is how the write key begins; `previous_until` how long the one before works."""

    id: UUID
    name: str
    kind: str
    key_prefix: str
    previous_until: datetime | None
    created_at: datetime
    last_seen_at: datetime | None
    ended_at: datetime | None


class SourceToday(SourceOut):
    """`pulse`: never, arriving, quiet, stopped or ended. Counts are since midnight of the workspace."""

    pulse: str
    events_today: int
    refused_today: int


class SourceIn(Body):
    """`kind`: server, browser, mobile or other."""

    name: Text = Field(max_length=120)
    kind: Text = Field("server", max_length=10)


class KeyOut(Schema):
    """The write key is told this once."""

    source: SourceOut
    write_key: str


class KeyIn(Body):
    """How many hours the present key goes on working; 0 stops it at once."""

    overlap_hours: int = Field(24, ge=0, le=720)


class AccountOut(Schema):
    """A company as the product names it; without a customer its events wait."""

    id: UUID
    key: str
    name: str
    customer_id: UUID | None
    matched_by: str
    ignored_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime


class WaitingOut(AccountOut):
    """`perhaps` are customers with the same domain or name."""

    events: int
    domain: str
    perhaps: list[UUID]


class WaitingPage(Schema):
    items: list[WaitingOut]
    next_cursor: str | None


class MatchIn(Body):
    """The customer that the company is; null lets it wait again."""

    customer_id: UUID | None


@router.get("/sources", response=list[SourceToday], summary=_("List sources of usage"))
@requires("usage.read")
def sources(request: Request) -> list[SourceToday]:
    """Every source by name, ended ones last."""
    return [_today(row) for row in arrivals.source_rows()]


@router.post("/sources", response={201: KeyOut}, summary=_("Add a source of usage"))
@requires("usage.sources")
@creates
def make_source(request: Request, body: SourceIn) -> Status[KeyOut]:
    """A new source and its write key."""
    source, key = services.make_source(body.name, kind=body.kind, by=request.person)
    return Status(201, _with_key(source, key))


@router.get("/sources/{uuid:source_id}", response=SourceToday, summary=_("Get a source of usage"))
@requires("usage.read")
def source(request: Request, source_id: UUID) -> SourceToday:
    """One source."""
    return _today(arrivals.source_row(source_id))


@router.post(
    "/sources/{uuid:source_id}/key",
    response={201: KeyOut},
    summary=_("Change the write key of a source"),
)
@requires("usage.sources")
@creates
def rotate_key(request: Request, source_id: UUID, body: KeyIn) -> Status[KeyOut]:
    """A new write key; the present one goes on working for a while, one before it ends now."""
    hours = body.overlap_hours
    key = services.rotate_key(source_id, overlap_hours=hours, by=request.person)
    return Status(201, _with_key(Source.objects.get(pk=source_id), key))


@router.put("/sources/{uuid:source_id}/ended", response=SourceOut, summary=_("End a source"))
@requires("usage.sources")
def end_source(request: Request, source_id: UUID) -> Source:
    """Its keys open nothing any more; what it sent stays. Repeating the call is harmless."""
    return services.end_source(source_id, by=request.person)


@router.get(
    "/usage/accounts",
    response=WaitingPage,
    summary=_("List companies whose usage waits for a customer"),
)
@requires("usage.read")
def waiting_accounts(request: Request, cursor: Text | None = None) -> WaitingPage:
    """Companies of the product whose events wait for a customer, those seen last first."""
    after = cursors.read(LIST, cursor) if cursor else None
    page = waiting.waiting_accounts(after=(after[0], after[1]) if after else None)
    following = cursors.write(LIST, page.after) if page.after else None
    return WaitingPage(items=[_waiting(row) for row in page.rows], next_cursor=following)


@router.put(
    "/usage/accounts/{uuid:account_id}/customer",
    response=AccountOut,
    summary=_("Match a company with a customer"),
)
@requires("customers.write")
def match_account(request: Request, account_id: UUID, body: MatchIn) -> Account:
    """All that the company did and will do is this customer's; rollups follow within seconds."""
    return services.match_account(account_id, customer_id=body.customer_id, by=request.person)


@router.put(
    "/usage/accounts/{uuid:account_id}/ignored",
    response=AccountOut,
    summary=_("Ignore a company of the product"),
)
@requires("customers.write")
def ignore_account(request: Request, account_id: UUID) -> Account:
    """The company's usage is kept but is nobody's, and it no longer waits."""
    return services.ignore_account(account_id, by=request.person)


def _today(row: arrivals.SourceRow) -> SourceToday:
    known = SourceOut.from_orm(row.source).dict()
    return SourceToday(
        **known, pulse=row.pulse, events_today=row.events, refused_today=row.problems
    )


def _with_key(source: Source, key: str) -> KeyOut:
    return KeyOut(source=SourceOut.from_orm(source), write_key=key)


def _waiting(row: waiting.Row) -> WaitingOut:
    known = AccountOut.from_orm(row.one).dict()
    perhaps = [customer.pk for customer in row.customers]
    return WaitingOut(**known, events=row.events, domain=row.domain, perhaps=perhaps)
