"""What happens to a person's own account, told to every workspace that the person works in."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.db import transaction
from django.http import HttpRequest

from banso.core import memberships
from banso.core.events import publish
from banso.core.models import Person
from banso.core.scope import open_workspace


@transaction.atomic
def note(name: str, person: Person, **facts: Any) -> None:
    """`name` is an event in each of the person's workspaces. 1 query, 1 more for each of them."""
    for place in memberships.memberships_of(person):
        with open_workspace(place.workspace):
            publish(name, person, by=person.pk, **facts)


def how(request: HttpRequest) -> str:
    """The last way in which this session has proven who it is: password, passkey, code."""
    records = get_authentication_records(request)
    last = records[-1] if records else {}
    kinds = {"webauthn": "passkey", "totp": "code", "recovery_codes": "recovery_code"}
    return kinds.get(str(last.get("type")), str(last.get("method", "password")))
