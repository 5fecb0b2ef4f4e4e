"""What a browser carries: its session, and its token against forged forms."""

import re
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from banso.core.models import Session
from trials.ground import cookies_of
from trials.tokens.kinds import Kind, Place, Try
from trials.visitors import FORM, TOKEN, Visitor

LANGUAGE = "/language/"


def _session(place: Place) -> Iterator[Try]:
    house = place.house
    person, other = house.person(), house.person()
    keys = {one: place.keep(cookies_of(one)["sessionid"]) for one in (person, other)}

    def page(key: str) -> str:
        answer = Visitor(house.web.port, cookies={"sessionid": key}).get("/settings/")
        return answer.body if answer.status == 200 else ""

    yield "good", person.name in page(keys[person])
    for wrong in place.flipped(keys[person]):
        yield "byte flipped", bool(page(wrong))
    for wrong in (keys[person].upper(), keys[person] + "0", keys[person][:-1], "", "0" * 32):
        yield "byte flipped", bool(page(wrong))
    bearer = [("Authorization", f"Bearer {keys[person]}")]
    yield "other purpose", house.stranger().get("/api/v1/tasks", bearer).status == 200
    yield "other person", person.name in page(keys[other])
    handle = Session.objects.get(session_key=keys[person]).handle
    house.stranger(other).post("/accounts/sessions/end/", {"which": str(handle)})
    yield "other person", not page(keys[person])
    theirs = house.ground.theirs.workspace
    inside = Visitor(house.web.port, cookies={"sessionid": keys[person]})
    moved = inside.post("/settings/switch/", {"workspace": str(theirs.pk)})
    yield "other workspace", moved.status == 302 or theirs.name in page(keys[person])
    Session.objects.filter(session_key=keys[person]).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    yield "expired", bool(page(keys[person]))
    leaving = Visitor(house.web.port, cookies={"sessionid": keys[other]})
    leaving.post("/accounts/logout/", {})
    yield "used", bool(page(keys[other]))


def _forms(place: Place) -> Iterator[Try]:
    house = place.house
    secret, other = place.keep("s" * 16 + "3" * 16), "o" * 32

    def taken(cookie: str | None, field: str) -> bool:
        cookies = {"csrftoken": cookie} if cookie else {}
        visitor = Visitor(house.web.port, cookies=cookies)
        if cookie is None:
            visitor.cookies.pop("csrftoken")
        data = f"language=en&next=/&csrfmiddlewaretoken={field}".encode()
        return visitor.ask("POST", LANGUAGE, data, [("Content-Type", FORM)]).status == 302

    yield "good", taken(secret, secret)
    for wrong in place.flipped(secret):
        yield "byte flipped", taken(secret, wrong)
        yield "byte flipped", taken(wrong, secret)
    yield "other person", taken(secret, other)
    yield "other purpose", taken(None, secret)
    yield "other purpose", taken(secret, "")
    yield "other purpose", taken(secret, cookies_of(house.person())["sessionid"])
    entering = house.stranger()
    set_cookies = str(entering.sign_in(house.person()).headers)
    renewed = re.search(r"csrftoken=(\w+)", set_cookies)
    yield "expired", renewed is None or taken(renewed[1], TOKEN)


KINDS = (
    Kind("session", "looked up by unique key: 32 random signs in an index", _session),
    Kind(
        "form token",
        "Django: constant_time_compare of the unmasked secrets",
        _forms,
        {
            "used": "a browser uses it until it signs in or out",
            "other workspace": "it is about the browser, and opens nothing by itself",
        },
    ),
)
