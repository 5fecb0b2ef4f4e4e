"""Rows as a dry run shows them: by name, with what they change."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from banso.core.imports.declarations import Seen, Values
from banso.customers.imports.references import text_of
from banso.customers.models import (
    Affiliation,
    CancellationNotice,
    Contact,
    Contract,
    Customer,
    FormerPost,
)
from banso.lib.money import to_major

Befores = Mapping[str, Values]
MONEY = ("amount", "expected_amount", "mrr")  # minor units in the row's currency
NOTICED = ("contract", "noticed_on", "effective_on", "reason", "detail", "external_id")


def customers(befores: Befores) -> dict[str, Seen]:
    found = Customer.objects.filter(pk__in=befores)
    return {str(one.pk): Seen(one.name, differences(one, befores[str(one.pk)])) for one in found}


def contacts(befores: Befores) -> dict[str, Seen]:
    return {
        str(one.pk): Seen(f"{one.name} ({one.customer})", differences(one, befores[str(one.pk)]))
        for one in Contact.objects.filter(pk__in=befores).select_related("customer")
    }


def affiliations(befores: Befores) -> dict[str, Seen]:
    found = Affiliation.objects.filter(pk__in=befores).select_related("contact", "customer")
    return {
        str(one.pk): Seen(
            f"{one.contact.name} ({one.customer})", differences(one, befores[str(one.pk)])
        )
        for one in found
    }


def past_posts(befores: Befores) -> dict[str, Seen]:
    return {
        str(one.pk): Seen(f"{one.contact.name}: {one}", differences(one, befores[str(one.pk)]))
        for one in FormerPost.objects.filter(pk__in=befores).select_related("contact")
    }


def contracts(befores: Befores) -> dict[str, Seen]:
    """A contract's terms follow from its ledger: what they are now, and were before."""
    found = Contract.objects.filter(pk__in=befores).select_related("customer", "product")
    return {
        str(one.pk): Seen(
            " ".join(filter(None, (one.external_id, f"{one.customer} / {one.product}"))),
            differences(one, befores[str(one.pk)].get("columns", {})),
        )
        for one in found
    }


def notices(befores: Befores) -> dict[str, Seen]:
    """A notice that says something else takes the place of the one before it."""
    found = CancellationNotice.objects.filter(pk__in=befores).select_related("customer")
    return {
        str(one.pk): Seen(str(one.customer), differences(one, _withdrawn(befores[str(one.pk)])))
        for one in found
    }


def _withdrawn(before: Values) -> Values:
    old = CancellationNotice.objects.filter(pk=before.get("withdrawn")).first()
    return {name: getattr(old, _field(old, name).attname) for name in NOTICED} if old else {}


def differences(row: models.Model, before: Values) -> list[tuple[str, str, str]]:
    """(column, before, now) of each column that `before` tells of and that differs now."""
    return [one for one in _compared(row, before) if one[1] != one[2]]


def _compared(row: models.Model, before: Values) -> Iterator[tuple[str, str, str]]:
    for name, was in before.items():
        if name == "attributes":
            yield from _attributes(was, row.attributes)  # type: ignore[attr-defined]
        elif name != "stages":  # what undo needs
            field = _field(row, name)
            now = getattr(row, field.attname)
            yield field.name, _text(row, field, was), _text(row, field, now)


def _attributes(was: Values, now: Values) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*was, *now}):
        yield f"attributes.{name}", text_of(was.get(name)), text_of(now.get(name))


def _field(row: models.Model, name: str) -> Any:
    return row._meta.get_field(name.removesuffix("_id") if _is_link(row, name) else name)


def _is_link(row: models.Model, name: str) -> bool:
    return any(one.attname == name != one.name for one in row._meta.concrete_fields)


def _text(row: models.Model, field: Any, value: Any) -> str:
    if value is None:
        return ""
    if field.is_relation:
        return str(field.related_model.objects.filter(pk=value).first() or "")
    if field.name in MONEY:
        return str(to_major(value, row.currency))  # type: ignore[attr-defined]
    return text_of(field.to_python(value))
