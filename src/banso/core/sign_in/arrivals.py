"""Who it is that a workspace's sign-in service has sent, among the people of that workspace."""

import unicodedata

from django.db import transaction
from django.utils.translation import gettext as _

from banso.core import workspaces
from banso.core.errors import Refused
from banso.core.events import publish
from banso.core.models import Identity, Membership, Person, SignInProvider
from banso.core.sign_in.claims import Claims


@transaction.atomic
def arrive(provider: SignInProvider, claims: Claims) -> Person:
    """The member of the open workspace whom the provider means.

    By the provider's own name for them; the first time by an address that it has verified, in a
    domain that the owner has listed. Nobody outside the workspace is ever found. People are added
    only where the owner said so. Refused, in words for the visitor. Publishes
    core.identity_linked the first time.
    """
    email = _address(provider, claims)
    known = Identity.objects.filter(provider=provider, subject=claims.subject).first()
    person = known.person if known else _by_address(provider, email, claims.name)
    if not Membership.objects.filter(person=person, person__is_active=True).exists():
        raise _stranger()
    if known is None:
        linked = Identity.objects.create(provider=provider, subject=claims.subject, person=person)
        publish("core.identity_linked", linked, by=person.pk, person=str(person.pk))
    return person


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()


def _address(provider: SignInProvider, claims: Claims) -> str:
    """The address to go by. Anything but plain letters is no address of ours (ı, ſ, K)."""
    email = claims.email.strip().lower()
    plain = email.isascii() and email.isprintable() and email.count("@") == 1
    if not plain or unicodedata.normalize("NFKC", claims.email) != claims.email:
        raise _unproven()
    if not (claims.email_verified or provider.trusts_addresses):
        raise _unproven()
    if domain_of(email) not in provider.domains:
        raise Refused(
            _("Addresses of this domain may not sign in here. Ask the owner of your workspace."),
            code="domain",
        )
    return email


def _by_address(provider: SignInProvider, email: str, name: str) -> Person:
    member = Membership.objects.select_related("person").filter(person__email=email).first()
    if member:
        person: Person = member.person
        if Identity.objects.filter(provider=provider, person=person).exists():
            # An address that went to somebody else at the provider is not the same person.
            raise Refused(
                _("Another account of this sign-in service uses this address already."),
                code="identity_taken",
            )
        return person
    if not provider.adds_people:
        raise _stranger()
    return workspaces.add_person(
        email, name=name[:120] or email.partition("@")[0], role=provider.new_role, invites=False
    )


def _stranger() -> Refused:
    words = _("You are not a member of this workspace. Ask its owner to add you.")
    return Refused(words, code="stranger")


def _unproven() -> Refused:
    words = _("The sign-in service did not confirm your e-mail address. Ask your administrator.")
    return Refused(words, code="unverified")
