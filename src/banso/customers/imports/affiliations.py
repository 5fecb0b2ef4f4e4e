"""Contacts who belong to other companies, too (兼務), in and out of files."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from banso.core.imports.declarations import ImportTable, Row, Values
from banso.core.imports.loading import Loading
from banso.core.models import ImportedRow, ImportRun
from banso.customers import services
from banso.customers.imports import showing
from banso.customers.imports.people import CONTACT, DEPARTMENT, ROLES, TITLE, Contacts, called
from banso.customers.imports.references import (
    CUSTOMER,
    Customers,
    created_ids,
    restored,
    text_of,
)
from banso.customers.models import Affiliation

COLUMNS = (CONTACT, CUSTOMER, DEPARTMENT, TITLE, ROLES)
PLAIN = ("department", "title", "roles")
Pair = tuple[UUID, UUID]  # contact and customer


def key(values: Values) -> Hashable:
    return values["contact"], values["customer"]


def load(rows: Sequence[Row], loading: Loading) -> None:
    """New ones are made, known ones are what the file says; an empty cell changes nothing."""
    people = Contacts((row.values["contact"] for row in rows), loading.source)
    companies = Customers((row.values["customer"] for row in rows), loading.source)
    pairs = {
        row.line: pair
        for row in rows
        if (pair := _pair(row, people, companies, loading)) is not None
    }
    known = _standing(pairs.values())
    told = list[tuple[str, UUID]]()
    for row in rows:
        if (pair := pairs.get(row.line)) is None:
            continue
        made = _say(pair, known.get(pair), row, loading)
        if made is not None:
            known[pair] = made
            told.append((row.values["customer"], made.pk))
    companies.remember(Affiliation, told)


def _pair(row: Row, people: Contacts, companies: Customers, loading: Loading) -> Pair | None:
    """Who belongs where; None where one of them is not known, which is said."""
    contact = people.find(row.values["contact"])
    customer = companies.find(row.values["customer"])
    if contact is None:
        loading.refuse(row.line, "contact", "unknown_contact", value=row.values["contact"][:60])
        return None
    if customer is None:
        loading.refuse(row.line, "customer", "unknown_customer", value=row.values["customer"][:60])
        return None
    return contact, customer


def _standing(pairs: Any) -> dict[Pair, Affiliation]:
    wanted = set(pairs)
    found = Affiliation.objects.filter(contact_id__any={contact for contact, _customer in wanted})
    return {pair: one for one in found if (pair := (one.contact_id, one.customer_id)) in wanted}


def _say(
    pair: Pair, standing: Affiliation | None, row: Row, loading: Loading
) -> Affiliation | None:
    """The new one, if there was none."""
    now: Mapping[str, Any] = {name: getattr(standing, name) for name in PLAIN} if standing else {}
    given = {name: row.values[name] for name in PLAIN if name in row.values}
    if standing and not _changed(now, given):
        loading.unchanged(row.line)
        return None
    contact, customer = pair
    made: Affiliation | None = None
    with loading.whole(row.line):
        made = services.affiliate_contact(contact, customer, by=loading.by, **{**now, **given})
        if standing:
            loading.updated(row.line, made.pk, dict(now))
        else:
            loading.created(row.line, made.pk)
    return made if standing is None else None


def _changed(now: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return any(
        sorted(one) != sorted(now[name]) if name == "roles" else one != now[name]
        for name, one in given.items()
    )


def undo(run: ImportRun, rows: Sequence[ImportedRow]) -> None:
    """Those that the run made are gone, others are as before."""
    for row in rows:
        one = Affiliation.objects.filter(pk=row.object_id).first() if row.before else None
        if one is not None and row.before:
            one.save(update_fields=restored(one, row.before))
    Affiliation.objects.filter(pk__in=created_ids(rows, AFFILIATIONS.name)).delete()


def exported() -> Iterator[dict[str, str]]:
    """Every one whose contact and companies are here, as an import would read it."""
    living = Affiliation.objects.filter(
        customer__deleted_at=None, contact__deleted_at=None, contact__customer__deleted_at=None
    )
    beside = living.exclude(customer=F("contact__customer"))  # two companies became one
    for one in beside.select_related("contact", "customer").order_by("pk").iterator(2000):
        row = {name: text_of(getattr(one, name)) for name in PLAIN}
        row["contact"] = called(one.contact)
        row["customer"] = one.customer.external_id or str(one.customer_id)
        yield row


AFFILIATIONS = ImportTable(
    name="affiliations",
    label=_("Affiliations"),
    order=25,
    columns=COLUMNS,
    key=key,
    load=load,
    undo=undo,
    rows=exported,
    seen=showing.affiliations,
    aliases=("contact_affiliations", "兼務", "兼務先", "先方担当者の兼務"),
)
