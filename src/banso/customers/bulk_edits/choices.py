"""Which customers a bulk edit is about, and what it is to make of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from banso.core.errors import Refused
from banso.core.scope import current_workspace
from banso.customers import filters
from banso.customers.fields import prepare
from banso.customers.filters import Condition
from banso.customers.labels import ATTRIBUTE as ATTRIBUTE
from banso.customers.models import Customer, Reassigned, Reassignment, Stage, Tier
from banso.customers.queries.lists import matching
from banso.customers.services.attributes import checked_values, known_attributes
from banso.customers.services.checks import check_member

PLAIN = ("main_owner_id", "sub_owner_id", "tier", "stage")
PEOPLE = frozenset({"main_owner_id", "sub_owner_id"})
MOST_BY_ID = 1000
Changes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Customers by their ids, or all that a search and conditions find.

    `kept_since` (aware): without those whose main owner has changed since.
    """

    ids: tuple[UUID, ...] | None = None
    q: str = ""
    conditions: tuple[Condition, ...] = ()
    kept_since: datetime | None = None

    def customers(self) -> QuerySet[Customer]:
        """Those of them that are here today. No query but what the conditions' Fields prepare."""
        found = self._found()
        if self.kept_since is None:
            return found
        moved = Reassignment.objects.filter(
            customer=OuterRef("pk"), what=Reassigned.MAIN_OWNER, recorded_at__gt=self.kept_since
        )
        return found.filter(~Exists(moved))

    def _found(self) -> QuerySet[Customer]:
        if self.ids is not None:
            found: QuerySet[Customer] = Customer.objects.filter(pk__in=self.ids)
            return found
        today = current_workspace().today()
        kept = prepare([one.field for one in self.conditions], on=today)
        return matching(q=self.q, conditions=self.conditions, on=today, kept=kept)

    def to_json(self) -> dict[str, Any]:
        since = {"kept_since": self.kept_since.isoformat()} if self.kept_since else {}
        if self.ids is not None:
            return {"ids": [str(one) for one in self.ids], **since}
        asked = {"q": self.q, "conditions": [one.to_json() for one in self.conditions]}
        return {**asked, **since}


def chosen_of(told: Mapping[str, Any]) -> Chosen:
    """What `to_json` kept. Refused when a Field of its conditions is gone."""
    since = datetime.fromisoformat(told["kept_since"]) if "kept_since" in told else None
    if "ids" in told:
        return replace(by_id(UUID(one) for one in told["ids"]), kept_since=since)
    return Chosen(None, told["q"], tuple(filters.parse(told["conditions"])), since)


def by_id(ids: Iterable[UUID]) -> Chosen:
    """These customers, each once. Refused for none and for more than 1,000."""
    listed = tuple(sorted(set(ids)))
    if not listed:
        raise Refused(_("Choose at least one customer."), code="none_chosen", field="customer_ids")
    if len(listed) > MOST_BY_ID:
        words = _("At most %(most)s customers can be chosen one by one. Use a filter.")
        raise Refused(words % {"most": f"{MOST_BY_ID:,}"}, code="too_many", field="customer_ids")
    return Chosen(listed)


def checked_changes(changes: Changes) -> dict[str, Any]:
    """`changes` as JSON keeps them: `tier`, `stage`, owners' ids, `attributes.<key>`; None empties.

    `changes["attributes"]` may hold attributes by key. Refused for unknown fields and wrong values,
    and when there is nothing to change.
    """
    given = dict(changes)
    attributes = dict(given.pop("attributes", None) or {})
    attributes |= {
        name.removeprefix(ATTRIBUTE): given.pop(name)
        for name in list(given)
        if name.startswith(ATTRIBUTE)
    }
    if unknown := sorted(set(given) - set(PLAIN)):
        raise Refused(_("This field cannot be changed."), code="invalid", field=unknown[0])
    checked = {name: _checked(name, given[name]) for name in PLAIN if name in given}
    stored = checked_values(attributes, known=known_attributes())
    checked |= {ATTRIBUTE + key: stored[key] for key in sorted(stored)}
    if not checked:
        raise Refused(_("Choose at least one change."), code="no_change", field="changes")
    return checked


def _checked(name: str, value: Any) -> Any:
    if name in PEOPLE:
        check_member(value, field=name.removesuffix("_id"))
        return str(value) if value else None
    known = Tier.values if name == "tier" else Stage.values
    if value not in known:
        raise Refused(_("This value is not known."), code="invalid", field=name)
    return value


def differs(name: str, value: Any) -> Q:
    """Customers whose field `name` is not `value`; never unknown, also where there is no value."""
    if name.startswith(ATTRIBUTE):
        key = name.removeprefix(ATTRIBUTE)
        has = Q(attributes__has_key=key)
        return has if value is None else ~Q(attributes__contains={key: value})
    if value is None:
        return Q(**{f"{name}__isnull": False})
    other = ~Q(**{name: value})
    return other | Q(**{f"{name}__isnull": True}) if name in PEOPLE else other


def value_of(customer: Customer, name: str) -> Any:
    """The field's value as `changes` and `before` hold it."""
    if name.startswith(ATTRIBUTE):
        return customer.attributes.get(name.removeprefix(ATTRIBUTE))
    value = getattr(customer, name)
    return str(value) if name in PEOPLE and value else value


def set_value(customer: Customer, name: str, value: Any) -> None:
    """The customer's field is `value`. Nothing is saved."""
    if not name.startswith(ATTRIBUTE):
        setattr(customer, name, UUID(value) if name in PEOPLE and value else value)
        return
    key = name.removeprefix(ATTRIBUTE)
    kept = {one: held for one, held in customer.attributes.items() if one != key}
    customer.attributes = kept if value is None else {**kept, key: value}
