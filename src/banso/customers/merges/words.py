"""Fields and values of the two that may be one, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import DateField
from django.utils.translation import gettext as _

from banso.core.declarations import Words
from banso.core.models import Person
from banso.core.ui.wording import short_day
from banso.customers.labels import ALL_OF_CONTACT, attribute_labels, customer_label
from banso.customers.merges.kinds import ATTRIBUTE, CONTACTS, Kind, Row, value_of
from banso.customers.models import ContactRole, Customer

_PEOPLE = ("main_owner_id", "sub_owner_id")


@dataclass(frozen=True, slots=True)
class Wording:
    """Names of fields, people and companies that are named. Made once for a page: 3 queries."""

    kind: Kind
    attributes: dict[str, str]
    named: dict[str, str]

    def label(self, name: str) -> Words:
        if self.kind is CONTACTS:
            return ALL_OF_CONTACT.get(name, name)
        return customer_label(name, self.attributes)

    def value(self, name: str, value: Any) -> str:
        """The value as people read it; empty for none."""
        if value in (None, "", []):
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, list):
            roles: dict[Any, Any] = dict(ContactRole.choices) if name == "roles" else {}
            return _(", ").join(str(roles.get(one, one)) for one in value)
        if name.startswith(ATTRIBUTE):
            return str(value)
        column = next(one for one in self.kind.model._meta.concrete_fields if one.attname == name)
        if isinstance(column, DateField):
            return short_day(date.fromisoformat(str(value)))
        choices = dict(column.flatchoices)
        return str(choices.get(value) or self.named.get(str(value)) or value)


def wording(kind: Kind, rows: Iterable[Row]) -> Wording:
    """Words for the values of these rows."""
    listed = list(rows)
    ids = {value_of(one, name) for one in listed for name in _PEOPLE if hasattr(one, name)}
    people = Person.objects.filter(pk__in=ids - {None}).values_list("pk", "name")
    above = {one.parent_id for one in listed if getattr(one, "parent_id", None)}
    companies = Customer.with_deleted.filter(pk__in=above).values_list("pk", "name")
    named: dict[UUID, str] = {**dict(people), **dict(companies)}
    return Wording(kind, attribute_labels(), {str(pk): name for pk, name in named.items()})
