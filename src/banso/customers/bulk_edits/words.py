"""What a bulk edit changes, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from banso.core.declarations import Words
from banso.core.models import Person
from banso.core.ui.wording import short_day
from banso.customers.bulk_edits.choices import ATTRIBUTE, PEOPLE
from banso.customers.bulk_edits.undoing import GONE
from banso.customers.labels import customer_label
from banso.customers.models import AttributeKind, CustomAttribute, Stage, Tier


@dataclass(frozen=True, slots=True)
class Wording:
    """Names of fields and values. Made once for a page: 2 queries."""

    attributes: Mapping[str, CustomAttribute]
    people: Mapping[str, str]

    def label(self, name: str) -> Words:
        """The field's name; of an attribute that is gone its key."""
        if name == GONE:
            return _("The whole customer")
        if not name.startswith(ATTRIBUTE):
            return customer_label(name)
        key = name.removeprefix(ATTRIBUTE)
        return self.attributes[key].label if key in self.attributes else key

    def value(self, name: str, value: Any) -> Words:
        """The value as people read it; what is empty says so."""
        if name in PEOPLE:
            return self.people.get(str(value), _("a former member")) if value else _("Nobody")
        if value is None:
            return _("No value")
        if not name.startswith(ATTRIBUTE):
            choices: Any = Tier if name == "tier" else Stage
            return choices(value).label if value in choices.values else str(value)
        return self._of_attribute(name.removeprefix(ATTRIBUTE), value)

    def _of_attribute(self, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        known = self.attributes.get(key)
        if known and known.kind == AttributeKind.DATE:
            return short_day(date.fromisoformat(str(value)))
        return str(value)

    def change(self, name: str, value: Any) -> dict[str, Any]:
        """The field, its new value, and both as one line."""
        told = {"label": self.label(name), "words": self.value(name, value)}
        return {"name": name, **told, "line": _("%(label)s: %(words)s") % told}


def wording(values: Iterable[Mapping[str, Any]] = ()) -> Wording:
    """Words for changes and former values that name these people and attributes."""
    ids = {str(one[name]) for one in values for name in PEOPLE & one.keys() if one[name]}
    people = Person.objects.filter(pk__in=ids).values_list("pk", "name")
    attributes = {one.key: one for one in CustomAttribute.objects.all()}
    return Wording(attributes, {str(pk): name for pk, name in people})
