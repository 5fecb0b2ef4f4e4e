"""Fields and values of the two that may be one, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import DateField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.declarations import Words
from banso.core.models import Person
from banso.core.ui.wording import short_day
from banso.customers.fields import known_field
from banso.customers.merges.kinds import ATTRIBUTE, Kind, Row, value_of
from banso.customers.models import ContactRole, CustomAttribute, Customer

_LABELS: dict[str, Words] = {
    "name": gettext_lazy("Name"),
    "name_reading": gettext_lazy("Reading (kana)"),
    "former_names": gettext_lazy("Former names"),
    "domain": gettext_lazy("Web domain"),
    "parent_id": gettext_lazy("Parent company"),
    "goals": gettext_lazy("Goals"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Telephone"),
    "department": gettext_lazy("Department"),
    "title": gettext_lazy("Job title"),
    "roles": gettext_lazy("Roles"),
    "presence": gettext_lazy("Presence"),
    "presence_since": gettext_lazy("In post or gone since"),
    "stage_since": gettext_lazy("In this stage since"),
    "external_id": gettext_lazy("External ID"),
    "source": gettext_lazy("Source system"),
    "source_id": gettext_lazy("ID in the source system"),
    "currency": gettext_lazy("Currency"),
}
_PEOPLE = ("main_owner_id", "sub_owner_id")


@dataclass(frozen=True, slots=True)
class Wording:
    """Names of fields, people and companies that are named. Made once for a page: 3 queries."""

    kind: Kind
    attributes: dict[str, str]
    named: dict[str, str]

    def label(self, name: str) -> Words:
        if name.startswith(ATTRIBUTE):
            key = name.removeprefix(ATTRIBUTE)
            return self.attributes.get(key, key)
        if name in _LABELS:
            return _LABELS[name]
        field = known_field(f"customers.{name.removesuffix('_id')}")
        return field.label if field else name

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
    attributes = dict(CustomAttribute.objects.values_list("key", "label"))
    return Wording(kind, attributes, {str(pk): name for pk, name in named.items()})
