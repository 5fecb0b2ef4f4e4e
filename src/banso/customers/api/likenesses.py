"""One company, once: pairs that may be one, and what a person said of them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from ninja import Query, Schema
from pydantic import Field

from banso.core.access import Request, requires
from banso.core.api import Body, Text
from banso.customers import queries, services
from banso.customers.api.router import router
from banso.customers.likeness_words import reasons_in_words
from banso.customers.models import Likeness
from banso.customers.queries.likenesses import LikenessPage, Which


class PairsIn(Schema):
    """`which`: proposed, worth_a_look or apart."""

    which: Which = "proposed"
    cursor: Annotated[Text, Field(max_length=2000)] = ""
    limit: int = Field(50, ge=1, le=200)


class DomainsIn(Body):
    domains: Annotated[list[Annotated[Text, Field(max_length=253)]], Field(max_length=500)]


class DomainsOut(Schema):
    domains: list[str]


class AlikeOut(Schema):
    id: UUID
    name: str
    external_id: str
    corporate_number: str
    domain: str


class ReasonOut(Schema):
    """`points` below 0 speak against it."""

    code: str
    points: int
    text: str


class LikenessOut(Schema):
    """`score` 50 to 100; 75 and more is proposed."""

    id: UUID
    first: AlikeOut
    second: AlikeOut
    score: int
    reasons: list[ReasonOut]
    found_at: datetime
    told_apart_at: datetime | None
    told_apart_by_id: UUID | None

    @staticmethod
    def resolve_reasons(pair: Likeness) -> list[Any]:
        return list(reasons_in_words(pair.reasons))


class LikenessesOut(Schema):
    items: list[LikenessOut]
    next_cursor: str
    total: int


@router.get(
    "/customers/alike", response=LikenessesOut, summary=_("List customers that may be one company")
)
@requires("customers.read")
def likenesses(request: Request, asked: Query[PairsIn]) -> dict[str, Any]:
    """Pairs of customers that may be one company, likest first."""
    page: LikenessPage = queries.likenesses(**asked.dict())
    total = page.counts[asked.which]
    return {"items": page.rows, "next_cursor": page.next_cursor, "total": total}


@router.get(
    "/customers/alike/{uuid:likeness_id}",
    response=LikenessOut,
    summary=_("Get a pair of customers that may be one company"),
)
@requires("customers.read")
def likeness(request: Request, likeness_id: UUID) -> Likeness:
    """A pair with the reasons, in the caller's language."""
    return queries.living_likenesses().get(pk=likeness_id)


@router.put(
    "/customers/alike/{uuid:likeness_id}/apart",
    response=LikenessOut,
    summary=_("Tell two customers apart"),
)
@requires("customers.write")
def tell_apart(request: Request, likeness_id: UUID) -> Likeness:
    """They are different companies and are not proposed again. Repeating the call is harmless."""
    return services.tell_apart(likeness_id, by=request.person)


@router.delete(
    "/customers/alike/{uuid:likeness_id}/apart",
    response=LikenessOut,
    summary=_("Take back that two customers were told apart"),
)
@requires("customers.write")
def take_back_apart(request: Request, likeness_id: UUID) -> Likeness:
    """They may be one company after all. Repeating the call is harmless."""
    return services.take_back_apart(likeness_id, by=request.person)


@router.get("/silent-domains", response=DomainsOut, summary=_("List domains that tell no company"))
@requires("customers.read")
def silent_domains(request: Request) -> dict[str, Any]:
    """Domains by which no two customers are taken for one, besides free mailboxes."""
    return {"domains": sorted(services.silent_domains())}


@router.put(
    "/silent-domains", response=DomainsOut, summary=_("Set the domains that tell no company")
)
@requires("customers.manage")
def set_silent_domains(request: Request, body: DomainsIn) -> dict[str, Any]:
    """These domains and no others. The next search minds them."""
    return {"domains": services.set_silent_domains(body.domains, by=request.person)}
