"""What leads to a company's sign-in service and back: `state`, one for each way."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from django.contrib.sessions.backends.base import SessionBase

from banso.core.models import Person, SignInProvider
from banso.core.scope import open_workspace
from banso.core.sessions import SessionStore
from banso.core.sign_in import oidc, providers
from banso.core.tests.idp import SECRET
from banso.core.tests.odd_provider import CLIENT, OddProvider
from trials.ground import Side
from trials.tokens.kinds import Kind, Place, Try
from trials.visitors import Visitor, next_ip


def service(side: Side, odd: OddProvider, domain: str) -> SignInProvider:
    with open_workspace(side.workspace):
        return providers.add_provider(
            by=side.owner, label="社内", issuer=odd.issuer, client_id=CLIENT, secret=SECRET,
            domains=[domain],
        )  # fmt: skip


def start(visitor: Visitor, to: SignInProvider) -> dict[str, str]:
    """What the browser is sent away with."""
    visitor.ip = next_ip()
    away = visitor.get(f"/accounts/oidc/{to.pk}/login/").location
    return {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}


def comes_in(place: Place, visitor: Visitor, to: SignInProvider, state: str, nonce: str) -> bool:
    """Whether coming back with this state lets the visitor in; the service itself says yes."""
    visitor.ip, place.odd.nonce = next_ip(), nonce
    visitor.get(f"/accounts/oidc/{to.pk}/login/callback/?state={state}&code=c")
    return visitor.is_in


def _state(place: Place) -> Iterator[Try]:
    house, odd = place.house, place.odd
    ours, theirs = house.ground.ours, house.ground.theirs
    mine, another = service(ours, odd, "acme.example"), service(theirs, odd, "other.example")
    person: Person = house.person()
    odd.claims = {"email": person.email, "sub": "subject-of-the-trial"}

    def fresh() -> tuple[Visitor, dict[str, str]]:
        visitor = house.stranger()
        sent = start(visitor, mine)
        place.keep(sent["state"])
        return visitor, sent

    visitor, sent = fresh()
    yield "good", comes_in(place, visitor, mine, sent["state"], sent["nonce"])
    visitor.post("/accounts/logout/", {})
    yield "used", comes_in(place, visitor, mine, sent["state"], sent["nonce"])
    visitor, sent = fresh()
    yield "other person", comes_in(place, house.stranger(), mine, sent["state"], sent["nonce"])
    rival, _rivals = fresh()
    yield "other person", comes_in(place, rival, mine, sent["state"], sent["nonce"])
    yield "other purpose", comes_in(place, visitor, mine, sent["nonce"], sent["nonce"])
    yield "other purpose", comes_in(place, visitor, mine, "", sent["nonce"])
    yield "other workspace", comes_in(place, visitor, another, sent["state"], sent["nonce"])
    visitor, sent = fresh()
    _make_older(visitor)
    yield "expired", comes_in(place, visitor, mine, sent["state"], sent["nonce"])
    visitor, sent = fresh()
    for wrong in place.flipped(sent["state"]):
        yield "byte flipped", comes_in(place, visitor, mine, wrong, sent["nonce"])
    yield "good", comes_in(place, visitor, mine, sent["state"], sent["nonce"])


def _make_older(visitor: Visitor) -> None:
    """The way there was begun longer ago than it may take."""
    session: SessionBase = SessionStore(session_key=visitor.cookies["sessionid"])
    session["oidc"] = [{**one, "at": one["at"] - oidc.ASKED_SECONDS - 1} for one in session["oidc"]]
    session.save()


KINDS = (Kind("sign-in state", "hmac.compare_digest, among those of this browser", _state),)
