"""Whose use a row tells: a customer, or the contract of one, and a person there."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import Column, Row
from banso.core.imports.loading import Loading
from banso.customers.merged import Led, led_by
from banso.customers.models import Contact, Contract, Customer
from banso.lib.uuid7 import as_uuid

REMEMBERED = 200_000  # names of customers and contracts
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
    """Customers and contacts that the rows of a file name. Asked for once, 3 queries a batch.

    Some 300 bytes for each customer that is remembered.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.customers = dict[str, UUID | None]()
        self.contracts = dict[str, UUID | None]()
        self.people = dict[str, dict[UUID, UUID]]()  # what a contact is called: customer → contact
        self.led = dict[str, Led]()  # names of customers that were merged into another
        self._strange = set[UUID]()  # customers whose contacts were not asked for yet

    def learn(self, rows: Sequence[Row]) -> None:
        """Whose `rows` these are can be told."""
        if len(self.customers) + len(self.contracts) > REMEMBERED:
            self._forget()
        if named := _named(rows, "customer") - self.customers.keys():
            self.led |= _led(named)
            heirs = {name: led.survivor for name, led in self.led.items() if name in named}
            self._learn(self.customers, named, heirs | _customers(named))
        if signed := _named(rows, "contract") - self.contracts.keys():
            self._learn(self.contracts, signed, _contracts(signed))
        if self._strange and any("person" in row.values for row in rows):
            self._learn_people()

    def _learn(
        self, known: dict[str, UUID | None], names: set[str], found: Mapping[str, UUID]
    ) -> None:
        known |= dict.fromkeys(names)
        known |= found
        self._strange.update(found.values())

    def _learn_people(self) -> None:
        known = Contact.known.filter(customer_id__any=self._strange)
        who = Coalesce("merged_into_id", "pk")
        for pk, customer, external, email in known.order_by(
            F("merged_into").asc(nulls_last=True)
        ).values_list(who, "customer_id", "external_id", "email"):
            for name in filter(None, (external, email.lower())):
                self.people.setdefault(name, {})[customer] = pk
        self._strange.clear()

    def customer(self, row: Row, loading: Loading) -> UUID | None:
        """Whose row it is; None when that cannot be told, which is said."""
        for column, known in (("contract", self.contracts), ("customer", self.customers)):
            if (name := row.values.get(column)) is not None:
                if (found := known.get(name)) is None:
                    loading.refuse(row.line, column, f"unknown_{column}", value=name[:60])
                return found
        loading.refuse(row.line, "customer", "customer_needed")
        return None

    def said_of(self, row: Row) -> UUID | None:
        """Of which merged customer the row is said, if it is."""
        led = None if "contract" in row.values else self.led.get(row.values.get("customer", ""))
        return led.merged if led else None

    def person(self, customer: UUID, row: Row) -> tuple[UUID | None, str]:
        """(contact, person_key): the contact where we know one, else the source's own word."""
        name = row.values.get("person", "")
        if not self.people:
            return None, name
        named, mailed = self.people.get(name, {}), self.people.get(name.lower(), {})
        return named.get(customer) or mailed.get(customer), name


def _customers(names: set[str]) -> dict[str, UUID]:
    """By external id, and by ours."""
    living = Customer.objects.filter(external_id__any=names)
    found: dict[str, UUID] = dict(living.values_list("external_id", "pk"))
    if ids := [one for name in names if (one := as_uuid(name))]:
        known = Customer.objects.filter(pk__any=ids).values_list("pk", flat=True)
        found |= {str(pk): pk for pk in known}
    return found


def _led(names: set[str]) -> dict[str, Led]:
    """Those of the names that are of customers who were merged into another."""
    ids = [one for name in names if (one := as_uuid(name))]
    own = {str(one): led for one, led in led_by(Customer, "pk", ids).items()}
    return own | led_by(Customer, "external_id", names)


def _contracts(names: set[str]) -> dict[str, UUID]:
    """Whose contracts these are."""
    signed = Contract.objects.filter(external_id__any=names, customer__deleted_at=None)
    return dict(signed.values_list("external_id", "customer_id"))


def _named(rows: Sequence[Row], column: str) -> set[str]:
    return {row.values[column] for row in rows if column in row.values}
