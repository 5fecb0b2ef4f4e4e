"""How a cell names a person on a customer's side."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column
from banso.customers.merged import led_by
from banso.customers.models import Contact, ContactRole
from banso.customers.source_ids import looked_up
from banso.lib.text import as_code
from banso.lib.uuid7 import as_uuid

CONTACT = Column(
    "contact",
    _("Contact (external ID or e-mail address)"),
    required=True,
    aliases=(
        "contact_id", "contact_external_id", "person_id", "contact_email",
        "先方担当者id", "先方担当者コード", "先方担当者メール", "取引先責任者id",
    ),
    max_length=254,
    example="P-0001",
)  # fmt: skip
DEPARTMENT = Column(
    "department", _("Department"), aliases=("部署", "部署名", "所属"), max_length=120
)
TITLE = Column("title", _("Job title"), aliases=("役職", "役職名", "position"), max_length=120)
ROLES = Column(
    "roles",
    _("Roles"),
    "choices",
    aliases=("role", "ロール"),
    choices=lambda: ContactRole.choices,
    example="user",
)


class Contacts:
    """Contacts by what cells call them: external id, our id, in a file of a `source` their id there,
    or an e-mail address that only one of them has. Up to 6 queries."""

    def __init__(self, names: Iterable[str], source: str = "") -> None:
        wanted = {name for name in names if name}
        ids = {name: own for name in wanted if (own := as_uuid(name))}
        living = Contact.objects.filter(customer__deleted_at=None)
        self._found: dict[str, UUID | None] = self._by_email(wanted)
        if source:
            kept = {name: looked_up(source, name) for name in wanted}
            there = living.filter(source=as_code(source), source_id__any=set(kept.values()))
            known: dict[str, UUID] = dict(there.values_list("source_id", "pk"))
            self._found |= {name: known[one] for name, one in kept.items() if one in known}
        heirs = led_by(Contact, "pk", list(ids.values()))
        here = set(living.filter(pk__any=set(ids.values())).values_list("pk", flat=True))
        self._found |= {name: own for name, own in ids.items() if own in here}
        self._found |= {name: heirs[own].survivor for name, own in ids.items() if own in heirs}
        led = led_by(Contact, "external_id", wanted)
        self._found |= {name: one.survivor for name, one in led.items()}
        self._found |= dict(living.filter(external_id__any=wanted).values_list("external_id", "pk"))

    @staticmethod
    def _by_email(wanted: Iterable[str]) -> dict[str, UUID | None]:
        """None where several have it."""
        called = {name.lower(): name for name in wanted if "@" in name}
        found: dict[str, UUID | None] = {}
        if called:
            living = Contact.objects.filter(customer__deleted_at=None)
            written = living.annotate(written=Lower("email")).filter(written__in=called)
            for email, pk in written.values_list("written", "pk"):
                found[email] = None if email in found else pk
        return {called[email]: pk for email, pk in found.items()}

    def find(self, name: str) -> UUID | None:
        return self._found.get(name)


def called(contact: Contact) -> str:
    """By what an import finds the contact again."""
    return contact.external_id or str(contact.pk)
