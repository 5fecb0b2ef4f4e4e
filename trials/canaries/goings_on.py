"""A bit of everything that people, programs and servers do with Banso, right and wrong."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from banso.core.models import Event, Person, Role, SignInProvider
from banso.core.scope import open_workspace
from banso.core.senders import post_to_chatwork, post_to_slack, send_mail
from banso.core.tests.builders import PASSWORD
from banso.customers.models import Customer
from tests import examples, samples
from tests.doors import operations
from tests.worlds import Actor, World
from trials.canaries.house import House
from trials.ground import a_person

LINK = re.compile(r"/accounts/password/reset/key/([\w-]+)/")
KEY = re.compile(r"\b(?:bns|bwk)_[\w-]{20,}")
CODES = re.compile(r"<li><code>(\d{8})</code>")
TOTP = re.compile(r'class="secret">([A-Z2-7]+)<')
FREE = {"string"}


def signing_in(house: House) -> None:
    """Wrong and right passwords, resets, a new password, a second step."""
    canaries = house.canaries
    with open_workspace(house.place.ours.workspace):
        person = a_person(canaries.address("a colleague's"), role=Role.CSM)
    visitor = house.browser()
    wrong = {"login": person.email, "password": canaries.secret("wrong password")}
    house.ask(visitor, "POST", "/accounts/login/", wrong)
    nobody = {"login": canaries.address("nobody's"), "password": canaries.secret("wrong password")}
    house.ask(visitor, "POST", "/accounts/login/", nobody)
    house.ask(visitor, "POST", "/accounts/password/reset/", {"email": nobody["login"]})
    house.ask(visitor, "POST", "/accounts/password/reset/", {"email": person.email})
    for answer in ("451 later", "550 never", "250 OK"):
        house.box.answer = answer
        house.ask(visitor, "POST", "/accounts/password/reset/", {"email": person.email})
        house.work()
    for mail in house.box.mails:
        for token in LINK.findall(str(mail.get_content())):
            canaries.found(token, "reset token")
            house.ask(visitor, "GET", f"/accounts/password/reset/key/{token}x/")
            house.ask(visitor, "GET", f"/accounts/password/reset/key/{token}/")
    second_step(house, person)


def second_step(house: House, person: Person) -> None:
    browser, path = house.browser(person), "/accounts/2fa/totp/activate/"
    house.ask(browser, "POST", "/accounts/reauthenticate/", {"password": PASSWORD})
    page = house.ask(browser, "GET", path).content.decode()
    for secret in TOTP.findall(page):
        house.canaries.found(secret, "secret of an app")
    house.ask(browser, "POST", path, {"code": "000000"})
    new = house.canaries.secret("new password")
    told = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    house.ask(browser, "POST", "/accounts/password/change/", told)
    short = {**told, "oldpassword": house.canaries.secret("wrong password")}
    house.ask(browser, "POST", "/accounts/password/change/", short)


def keys(house: House) -> None:
    """Keys made, used, used wrongly and where they do not belong."""
    owner = house.browser(house.place.ours.owner)
    told = {"name": house.canaries.body("name of a key"), "scopes": ["customers.read"]}
    source = {"name": house.canaries.body("name of a source"), "kind": "server"}
    page = ""
    for path, facts in (("/settings/keys/", told), ("/settings/sources/make/", source)):
        shown_at = house.ask(owner, "POST", path, facts)["Location"]
        page += house.ask(owner, "GET", shown_at).content.decode()
    made = [house.canaries.found(key, "key") for key in set(KEY.findall(page))]
    for key in [*made, house.canaries.secret("wrong key")]:
        for path in ("/api/v1/customers", "/api/v1/nothing", "/api/v1/tasks"):
            house.ask(house.browser(), "GET", path, Authorization=f"Bearer {key}")
        house.ask(house.browser(), "GET", f"/nothing/{'?'}key={key}")
        basic = base64.b64encode(f"{key}:".encode()).decode()
        sent = {"userId": house.canaries.address("a user's"), "event": house.canaries.body("event")}
        more = {"properties": {"text": house.canaries.body("property")}}
        house.ask(house.browser(), "POST", "/v1/track", sent | more, Authorization=f"Basic {basic}")
        broken = json.dumps(sent).encode()[:-1]
        house.ask(house.browser(), "POST", "/v1/track", broken, Authorization=f"Basic {basic}")
        house.ask(house.browser(), "POST", "/v1/group", sent, Authorization=f"Basic {basic}")


def writing(house: House) -> None:
    """Every operation of the API that writes, with a canary in each text, rightly and wrongly."""
    place = house.place
    world = _world(house)
    for door in operations():
        if door.method == "GET" or door.body is None or house.canaries.random.random() > SHARE[0]:
            continue
        body = examples.body(door, world)
        for path, part in examples.leaves(door):
            if examples.solid(part).get("type") in FREE and _is_free(path, part):
                value = house.canaries.body(f"{door} {path}")
                body = examples.put(body, path, value)
        headers = {"Authorization": f"Bearer {place.ours.key}"}
        for ids in (world.ids, world.their_ids):
            house.ask(house.browser(), door.method, door.address(ids), body, **headers)
        odd = examples.put(body, ("undeclared",), house.canaries.body("undeclared"))
        house.ask(house.browser(), door.method, door.address(world.ids), odd, **headers)
    house.work()


SHARE = [1.0]  # of the operations


def _is_free(path: examples.Path, part: Any) -> bool:
    found = examples.solid(part)
    if found.get("format") or "enum" in found or "const" in found or path[-1] in examples.TOLD:
        return False
    return int(found.get("maxLength", 200)) >= 60 and not examples.takes_an_id(str(path[-1]), part)


def _world(house: House) -> World:
    place = house.place
    rows, theirs = samples.rows_of(place.ours.workspace), samples.rows_of(place.theirs.workspace)
    actor = Actor("key", key=place.ours.key)
    return World(place.ours.workspace, place.theirs.workspace, rows, theirs, [actor],
                 place.ours.people)  # fmt: skip


def pages(house: House) -> None:
    """Forms with canaries in them, right and wrong; a search; addresses that are none."""
    owner = house.browser(house.place.ours.owner)
    for path, names in FORMS.items():
        told = {name: house.canaries.body(f"{path} {name}") for name in names}
        house.ask(owner, "POST", path, told)
        mail = {"email": house.canaries.address(path), "role": "csm", "name": "x"}
        house.ask(owner, "POST", path, told | mail)
    for path in ("/search?q={}", "/customers/?q={}", "/customers/?f={}:is:x", "/{}/", "/?on={}",
                 "/customers/{}/", "/imports/{}/", "/api/v1/customers?sort={}"):  # fmt: skip
        house.ask(owner, "GET", path.format(house.canaries.body(f"address {path}")))
    house.work()


FORMS = {
    "/customers/new/": ("name", "goals", "domain"),
    "/settings/people/": ("name", "reading"),
    "/settings/": ("name",),
    "/settings/workspace/": ("name",),
    "/tasks/add": ("title", "note"),
    "/settings/calendar/": ("days",),
    "/language/": ("language", "next"),
}


def importing(house: House) -> None:
    """A file with good and wrong cells, checked, run and taken back."""
    owner, canaries = house.browser(house.place.ours.owner), house.canaries
    lines = ["external_id,name,domain,since,tier"]
    for n in range(12):
        cells = [canaries.body("cell") for _each in range(2)]
        lines.append(
            f"{cells[0]},{cells[1]},,{'x' if n % 3 else '2026-01-01'},{canaries.body('cell')}"
        )
        lines.append(f"{cells[0]},{canaries.body('cell')},,,")
    place = house.upload(owner, "/imports/", "\n".join(lines)).headers.get("Location", "/imports/")
    for verb in ("check/", "run/", "undo/"):
        house.ask(owner, "POST", f"{place}{verb}", {})
        house.work()
    bearer = {"Authorization": f"Bearer {house.place.ours.key}"}
    house.ask(house.browser(), "GET", f"/api/v1{place.rstrip('/')}", **bearer)


def sending(house: House) -> None:
    """Mails and messages to servers that say no, later, and yes."""
    canaries = house.canaries
    for answer, status in (("451 later", 503), ("550 never", 404), ("250 OK", 200)):
        house.box.answer, house.ear.status = answer, status
        with open_workspace(house.place.ours.workspace):
            send_mail(to=[canaries.address("recipient")], subject=canaries.body("subject"),
                      text=canaries.body("mail"))  # fmt: skip
            post_to_slack(f"{house.ear.url}/services/{canaries.secret('webhook')}",
                          text=canaries.body("message"))  # fmt: skip
            post_to_chatwork(42, token=canaries.secret("chat token"), text=canaries.body("message"))
        house.work()


def services_of_sign_in(house: House) -> None:
    """A sign-in service that nobody answers for, and what comes back from nowhere."""
    owner = house.browser(house.place.ours.owner)
    told = {
        "label": "社内", "issuer": "https://127.0.0.1:1", "client_id": "banso",
        "secret": house.canaries.secret("client secret"), "domains": "acme.example",
        "new_role": "viewer",
    }  # fmt: skip
    house.ask(owner, "POST", "/accounts/reauthenticate/", {"password": PASSWORD})
    house.ask(owner, "POST", "/settings/sign-in/add/", told)
    for one in SignInProvider.anywhere.all():
        start = f"/accounts/oidc/{one.pk}/login/"
        house.ask(house.browser(), "GET", start)
        query = f"?state={house.canaries.secret('state')}&code={house.canaries.secret('code')}"
        house.ask(house.browser(), "GET", f"{start}callback/{query}")


def trouble(house: House) -> None:
    """What nobody thought of: the database refuses a row, or goes away, in the middle of it."""
    canaries, place = house.canaries, house.place
    bearer = {"Authorization": f"Bearer {place.ours.key}"}
    from_nowhere = {"domain": f"{canaries.body('domain')}.example"}
    with broken_by("CREATE UNIQUE INDEX surprise ON customers_customer (domain) WHERE domain LIKE 'kanari%'",
                   "DROP INDEX surprise"):  # fmt: skip
        for _n in range(2):
            body = {"name": canaries.body("name"), **from_nowhere}
            last = house.ask(house.browser(), "POST", "/api/v1/customers", body, **bearer)
        house.report.expect(last.status_code == 500, f"no trouble was made: {last.status_code}")
    with broken_by("ALTER TABLE work_task ADD CONSTRAINT odd CHECK (length(title) < 3) NOT VALID",
                   "ALTER TABLE work_task DROP CONSTRAINT odd"):  # fmt: skip
        body = {"title": canaries.body("title"), "note": canaries.body("note")}
        house.ask(house.browser(), "POST", "/api/v1/tasks", body, **bearer)
        house.ask(house.browser(place.ours.owner), "POST", "/tasks/add", body)
    with broken_by("ALTER TABLE core_event RENAME TO core_event_away",
                   "ALTER TABLE core_event_away RENAME TO core_event"):  # fmt: skip
        body = {"name": canaries.body("name"), **from_nowhere}
        house.ask(house.browser(), "POST", "/api/v1/customers", body, **bearer)
        signing = {"login": canaries.address("nobody's"), "password": canaries.secret("password")}
        house.ask(house.browser(), "POST", "/accounts/login/", signing)


def facts(house: House) -> None:
    """Events hold ids, enums and numbers."""
    told = json.dumps(list(Event.anywhere.values_list("facts", flat=True)), ensure_ascii=False)
    found = house.canaries.among(told)
    house.report.expect(not found, f"events tell {found[:5]}")
    house.report.expect(Customer.anywhere.exists(), "nothing was written at all")


@contextmanager
def broken_by(before: str, after: str) -> Iterator[None]:
    """One statement before the block, one after."""
    with connection.cursor() as cursor:
        cursor.execute(before)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(after)


ALL: list[Callable[[House], None]] = [
    *(signing_in, keys, writing, pages, importing, sending, services_of_sign_in, trouble, facts),
]
