"""Whose use a row tells: a customer, or the contract of one, and a person there."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, Row
from banso.core.imports.loading import Loading
from banso.customers.models import Contact, Contract, Customer

CUSTOMER = Column(
    "customer",
    _("Customer (external ID)"),
    aliases=("customer_id", "account_id", "company_id", "顧客id", "顧客コード", "group_id"),
    example="C-0001",
)
CONTRACT = Column(
    "contract",
    _("Contract (external ID)"),
    aliases=("contract_id", "subscription_id", "契約id", "契約番号"),
)
PERSON = Column(
    "person",
    _("Person (external ID or e-mail)"),
    aliases=("user", "user_id", "email", "ユーザー", "ユーザーid", "利用者"),
    max_length=120,
)
FEATURE = Column(
    "feature",
    _("Feature"),
    required=True,
    aliases=("feature_name", "event", "event_name", "機能", "機能名", "イベント"),
    max_length=120,
    example="login",
)


class Owners:
    """Customers and contacts of a batch of rows. 3 queries."""

    def __init__(self, rows: Sequence[Row]) -> None:
        named = {row.values["customer"] for row in rows if "customer" in row.values}
        signed = {row.values["contract"] for row in rows if "contract" in row.values}
        people = {row.values["person"] for row in rows if "person" in row.values}
        living = Customer.objects.filter(external_id__any=named)
        self.customers = dict(living.values_list("external_id", "pk"))
        ids = [one for name in named if (one := _uuid(name))]
        self.customers |= {
            str(pk): pk for pk in Customer.objects.filter(pk__any=ids).values_list("pk", flat=True)
        }
        contracts = Contract.objects.filter(external_id__any=signed, customer__deleted_at=None)
        self.contracts = dict(contracts.values_list("external_id", "customer_id"))
        self.contacts = self._contacts(people)

    def _contacts(self, people: set[str]) -> dict[tuple[UUID, str], UUID]:
        if not people:
            return {}
        found: dict[tuple[UUID, str], UUID] = {}
        own = set(self.customers.values()) | set(self.contracts.values())
        living = Contact.objects.filter(customer_id__any=own)
        for pk, customer, external, email in living.values_list(
            "pk", "customer_id", "external_id", "email"
        ):
            for name in filter(None, (external, email.lower())):
                found[customer, name] = pk
        return found

    def customer(self, row: Row, loading: Loading) -> UUID | None:
        """Whose row it is; None when that cannot be told, which is said."""
        for column, known in (("contract", self.contracts), ("customer", self.customers)):
            if (name := row.values.get(column)) is not None:
                if (found := known.get(name)) is None:
                    loading.refuse(row.line, column, f"unknown_{column}", value=name[:60])
                return found
        loading.refuse(row.line, "customer", "customer_needed")
        return None

    def person(self, customer: UUID, row: Row) -> tuple[UUID | None, str]:
        """(contact, person_key): the contact where we know one, else the source's own word."""
        name = row.values.get("person", "")
        contact = self.contacts.get((customer, name)) or self.contacts.get((customer, name.lower()))
        return contact, name


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
