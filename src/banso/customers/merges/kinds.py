"""The two nouns that can be merged, and their values: read, set, kept as JSON."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.models import Membership
from banso.customers.labels import ATTRIBUTE as ATTRIBUTE
from banso.customers.models import Contact, Customer, Merge
from banso.customers.services import contacts, customers
from banso.customers.services.names import refold_contact, refold_customer

KEYS = ("external_id", "source", "source_id")
_NOT_CHOSEN = {*KEYS, "currency", "last_contact_on", "attributes"}
_WITH = {"name": "name_reading", "stage": "stage_since", "presence": "presence_since"}
_OWNERS = {"main_owner_id", "sub_owner_id"}
_ORDER = ("name", "name_reading")
Row = Any  # a Customer or a Contact
Taken = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`fields` are those of which a person says whose stays."""

    noun: Merge.Noun
    model: type[Customer] | type[Contact]
    fields: tuple[str, ...]
    refold: Callable[[Any], None]
    derived: tuple[str, ...]  # columns that `refold` sets


def _fields(names: Collection[str]) -> tuple[str, ...]:
    return (*_ORDER, *sorted(set(names) - _NOT_CHOSEN - set(_ORDER)))


CUSTOMERS = Kind(
    Merge.Noun.CUSTOMER,
    Customer,
    _fields({*customers.CHANGEABLE, "stage"}),
    refold_customer,
    ("name_folded", "name_sort"),
)
CONTACTS = Kind(
    Merge.Noun.CONTACT,
    Contact,
    _fields({*contacts.CHANGEABLE, "presence"}),
    refold_contact,
    ("name_folded",),
)
KINDS: dict[str, Kind] = {one.noun: one for one in (CUSTOMERS, CONTACTS)}


def names_of(kind: Kind, *rows: Row) -> list[str]:
    """The fields of these rows, custom attributes last."""
    own = sorted({key for row in rows for key in getattr(row, "attributes", {})})
    return [*kind.fields, *(ATTRIBUTE + key for key in own)]


def value_of(row: Row, name: str) -> Any:
    """The value as JSON holds it."""
    if name.startswith(ATTRIBUTE):
        return row.attributes.get(name.removeprefix(ATTRIBUTE))
    value = getattr(row, name)
    plain = isinstance(value, str | int | bool | list | None)
    return value if plain else str(value)


def set_value(row: Row, name: str, value: Any) -> None:
    """The field is `value`, as JSON holds it. Nothing is saved."""
    if name.startswith(ATTRIBUTE):
        key = name.removeprefix(ATTRIBUTE)
        kept = {one: held for one, held in row.attributes.items() if one != key}
        row.attributes = kept if value is None else {**kept, key: value}
        return
    column = next(one for one in row._meta.concrete_fields if one.attname == name)
    setattr(row, name, column.to_python(value))


def is_blank(value: Any) -> bool:
    return value is None or value in ("", [])


def chosen(
    kind: Kind, survivor: Row, merged: Row, take: Collection[str], *, kept: Collection[str] = ()
) -> Taken:
    """Which of the survivor's fields change, and from what to what.

    Those named in `take` become the merged row's, and so do those that are blank. A reading goes
    with its name, a day with its stage. Those that another system has `kept` stay, blank or not.
    Refused for names that are no fields.
    """
    names = names_of(kind, survivor, merged)
    if unknown := sorted(set(take) - set(names)):
        words = _("There is no field “%(name)s” to take.") % {"name": unknown[0][:60]}
        raise Refused(words, code="invalid", field="take")
    wanted = {*take, *(_WITH[one] for one in take if one in _WITH)}
    taken: Taken = {}
    along = (one for one in _WITH.values() if one not in names and one in wanted)
    for name in (one for one in (*names, *along) if one not in kept):
        mine, theirs = value_of(survivor, name), value_of(merged, name)
        if mine != theirs and (name in wanted or (is_blank(mine) and _fills(name, theirs))):
            taken[name] = {"before": mine, "after": theirs}
    return taken


def _fills(name: str, value: Any) -> bool:
    """Whether a blank may take the value: nobody is owner who is no member any more."""
    if is_blank(value):
        return False
    if name in _OWNERS:
        return bool(Membership.objects.filter(person_id=UUID(value)).exists())
    return True


def put(kind: Kind, row: Row, values: Mapping[str, Any]) -> None:
    """The row has these values, and is saved."""
    for name, value in values.items():
        set_value(row, name, value)
    kind.refold(row)
    columns = {"attributes" if name.startswith(ATTRIBUTE) else name for name in values}
    row.save(update_fields=sorted(columns | set(kind.derived)))


def told(names: Collection[str]) -> dict[str, Any]:
    """The changed fields as `customer_updated` tells them."""
    own = sorted(name for name in names if name.startswith(ATTRIBUTE))
    plain = {"attributes" if name.startswith(ATTRIBUTE) else name for name in names}
    return {"fields": sorted(plain), **({"attributes": own} if own else {})}
