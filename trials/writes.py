"""Every writing door with a plain request that it takes: operations from their schemas, pages from
their own forms, and the few that no form leads to from a table here.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, encode_multipart

from banso.core.tests.builders import PASSWORD
from tests import examples, forms
from tests.doors import Door, operations, pages
from tests.examples import Path
from tests.worlds import UPLOAD_KIND, Answer, World
from trials.planted import Planted

NEW = "a new battery staple"
FORM_KIND = "application/x-www-form-urlencoded"
CSV = b"external_id,name\nC-1,x\n"
# What a person fills in where plain values are refused, by page.
TOLD: dict[str, dict[str, str]] = {
    "/accounts/password/change/": {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    "/accounts/reauthenticate/": {"password": PASSWORD},
    "/accounts/sessions/end/": {"which": "others"},
    "/language/": {"language": "en", "next": "/"},
    "/settings/sign-in/add/": {
        "issuer": "https://sign-in.acme.example",
        "client_id": "x",
        "secret": "x",
        "label": "x",
        "domains": "acme.example",
        "new_role": "viewer",
    },
    "/customers/bulk-edit/": {"save": "1"},
    "/segments/{segment_id}/proposals/decide/": {"decision": "approve"},
    "/usage/accounts/{account_id}/match/": {"customer": "{customer_id}"},
    "/usage/visitors/{visitor_id}/match/": {"contact": "{contact_id}"},
}
# Doors that write for somebody in another state than the owner who asks here; S4 and S11 open
# them. Undeclared fields must do nothing there all the same.
OTHERWISE = {
    "/accounts/login/": "for people who are not signed in",
    "/accounts/password/reset/key/a-b/": "wants a link from a mail",
    "/accounts/2fa/authenticate/": "wants a person with two steps",
    "/accounts/2fa/totp/activate/": "wants a code of an app",
    "/settings/switch/": "wants a second workspace",
    "/accounts/2fa/totp/deactivate/": "wants a person with two steps",
    "/accounts/2fa/recovery-codes/download/": "wants a person with two steps",
    "/accounts/2fa/webauthn/keys/{authenticator_id}/edit/": "wants a passkey of one's own",
    "/accounts/2fa/webauthn/keys/{authenticator_id}/remove/": "wants a passkey of one's own",
    "/accounts/oidc/{provider_id}/login/": "wants a sign-in service that answers",
    "/accounts/oidc/{provider_id}/login/callback/": "wants an answer of a sign-in service",
    "/accounts/saml/{provider_id}/login/": "wants a SAML service",
    "/accounts/saml/{provider_id}/login/answer/": "wants an answer that a SAML service has signed",
    "/accounts/saml/{provider_id}/login/enter/": "wants a proven answer",
    "/accounts/saml/{provider_id}/metadata/": "wants a SAML service",
    "/settings/sign-in/add/saml/": "wants a certificate",
    "/imports/{import_run_id}/undo/": "wants a finished import",
    "/api/v1/imports/{import_run_id}/undo": "wants a finished import",
    "/customers/hand-overs/{hand_over_id}/cancel/": "wants one that has not begun",
    "/customers/{customer_id}/uncontacted/": "wants the event of a contact",
    "/activities/{activity_id}/restore": "wants one that was deleted",
}
REFUSED, IN_WORDS, DONE = frozenset({400}), frozenset({400, 422}), frozenset[int]()
TRACKING = "/v1/"
SENDS_FILES = {"/imports/"}
FROM_THE_BIN = ("/restore/", "/restored")


@dataclass(frozen=True, slots=True)
class Write:
    """`names` are what it declares; `refuses`: the answers that undeclared fields must get."""

    door: str
    names: frozenset[str]
    refuses: frozenset[int]
    may_do_nothing: bool
    send: Callable[[World, list[Planted]], Answer]

    def __str__(self) -> str:
        return self.door

    @property
    def otherwise(self) -> bool:
        """Whether somebody else than the owner writes here."""
        return self.door.partition(" ")[2] in OTHERWISE


def api_writes() -> Iterator[Write]:
    """Each operation; with a body also once for every object inside it."""
    for door in operations():
        if door.method == "GET":
            continue
        if door.kind == "upload":
            yield Write(str(door), frozenset({"files", *door.parts}), REFUSED, True, _api(door))
            continue
        yield Write(str(door), _names(door.body), REFUSED if door.body else DONE, True, _api(door))
        for path, part in examples.leaves(door) if door.body else ():
            if examples.solid(part).get("type") == "object":
                where = f"{door} {'.'.join(map(str, path))}"
                known = _names(part)  # none: attributes are what the workspace has made
                yield Write(where, known, REFUSED if known else IN_WORDS, True, _api(door, path))


def page_writes(world: World, among: Sequence[Door] = ()) -> Iterator[Write]:
    """Each form that the owner meets, then each page that takes a POST though no form leads there.

    Where pages are told, the forms of these, and each of these that has none and takes a POST.
    """
    declared: dict[Door, set[str]] = {}  # by all forms that lead to the door
    walked = forms.walk(world, among)
    posted = [form for form in forms.forms_of(walked) if form.method != "GET"]
    found = [(form, forms.door_of("POST", urlsplit(form.action).path)) for form in posted]
    met = [(form, door) for form, door in found if door]
    for form, door in met:
        declared.setdefault(door, set()).update(one.name for one in form.inputs)
    for form, door in met:
        told = known(door, world)
        names = frozenset(declared[door] | told.keys())
        yield Write(f"POST {door.path}", names, DONE, False, _form(form, told))
    paths = {door.path for door in among or pages()}
    for door in (one for one in pages() if one.method == "POST" and one.path in paths):
        if door not in declared and not door.path.startswith(TRACKING):
            told = known(door, world)
            yield Write(str(door), frozenset(told), DONE, not told, _page(door, told))


def known(door: Door, world: World) -> dict[str, str]:
    """What is told of the door, with ids of ours in its places."""
    return {name: text.format(**world.ids) for name, text in TOLD.get(door.path, {}).items()}


def _names(part: dict[str, Any] | None) -> frozenset[str]:
    return frozenset(examples.solid(part).get("properties", {})) if part else frozenset()


def _ids(world: World, path: str) -> dict[str, str]:
    return world.binned if path.endswith(FROM_THE_BIN) else world.ids


def _api(door: Door, path: Path = ()) -> Callable[[World, list[Planted]], Answer]:
    def send(world: World, extra: list[Planted]) -> Answer:
        address = door.address(_ids(world, door.path))
        if door.kind == "upload":
            return _upload(world, address, extra)
        body = examples.body(door, world) or {}
        if extra:
            inner = _part(body, path)
            body = examples.put(body, path, {**inner, **{one.name: one.value for one in extra}})
        kind, data = "application/json", json.dumps(body).encode()
        return world.knock(world.owner, door.method, address, data=data, kind=kind, keep=True)

    return send


def _part(body: Any, path: Path) -> dict[str, Any]:
    """The object at `path` in the body; empty where there is none."""
    for step in path:
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            return {}
    return body if isinstance(body, dict) else {}


def _form(form: forms.Form, told: dict[str, str]) -> Callable[[World, list[Planted]], Answer]:
    def send(world: World, extra: list[Planted]) -> Answer:
        if urlsplit(form.action).path in SENDS_FILES:
            return _upload(world, form.action, extra)
        values = [*form.values(**told), *((one.name, one.text) for one in extra)]
        return forms.send(form, world, values, keep=True)

    return send


def _page(door: Door, told: dict[str, str]) -> Callable[[World, list[Planted]], Answer]:
    def send(world: World, extra: list[Planted]) -> Answer:
        address = door.address(_ids(world, door.path))
        data = urlencode([*told.items(), *((one.name, one.text) for one in extra)]).encode()
        return world.knock(world.owner, "POST", address, data=data, kind=FORM_KIND, keep=True)

    return send


def _upload(world: World, address: str, extra: list[Planted]) -> Answer:
    told = {one.name: one.text for one in extra}
    body = encode_multipart(BOUNDARY, {"files": SimpleUploadedFile("customers.csv", CSV), **told})
    return world.knock(world.owner, "POST", address, data=body, kind=UPLOAD_KIND, keep=True)
