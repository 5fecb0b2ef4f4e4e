"""Activities that stand already, as the rows of a batch name them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from banso.core.imports.declarations import Row, Values
from banso.customers.imports.references import Customers, Found, found_by_keys, own_key
from banso.work.models import Activity, Attendee, Task

LONGEST_LINE = 80  # of a text whose first line is the title

SIDES = {"contact_ids": "contact_id", "member_ids": "member_id"}


def title_of(values: Values) -> str:
    """What it was about; else how its text begins."""
    if "title" in values:
        return str(values["title"])
    text = values.get("body") or values.get("decisions") or ""
    return str(text).strip().partition("\n")[0].strip()[:LONGEST_LINE]


class _Natural(NamedTuple):
    """What tells activities without a key apart."""

    customer: UUID
    at: datetime
    kind: str
    title: str


class StandingActivities:
    """By key, else by customer, time, kind and title. 5 queries."""

    def __init__(self, rows: Sequence[Row], companies: Customers) -> None:
        self._found: Found = found_by_keys(Activity, [row.values for row in rows])
        self._natural = _by_natural(rows, companies)
        known = [*self._found.by_id.values(), *self._natural.values()]
        self._attendees: dict[UUID, list[Attendee]] = {}
        present = Attendee.objects.filter(activity_id__any={one.pk for one in known})
        for one in present.select_related("contact", "member"):
            self._attendees.setdefault(one.activity_id, []).append(one)
        steps = {one.next_step_id for one in known}
        found = Task.objects.select_related("owner").filter(pk__any=steps - {None})
        self._steps: dict[UUID, Task] = {one.pk: one for one in found}

    def get(self, customer: UUID, values: Values) -> Activity | None:
        found: Activity | None
        if own_key(values) is None:
            found = self._natural.get(_natural(customer, values))
        else:
            found = self._found.get(values)
        return found

    def attendees(self, activity: Activity) -> list[Attendee]:
        return self._attendees.get(activity.pk, [])

    def people_of(self, activity: Activity) -> dict[str, set[UUID]]:
        """The ids of those who took part, by side."""
        here = self.attendees(activity)
        return {
            name: {pk for one in here if (pk := getattr(one, column))}
            for name, column in SIDES.items()
        }

    def step_of(self, activity: Activity) -> Task | None:
        return self._steps.get(activity.next_step_id) if activity.next_step_id else None


def _natural(customer: UUID, values: Values) -> _Natural:
    return _Natural(customer, values["happened_at"], values["kind"], title_of(values))


def _by_natural(rows: Sequence[Row], companies: Customers) -> dict[_Natural, Activity]:
    bare = [row.values for row in rows if own_key(row.values) is None]
    named = [(customer, one) for one in bare if (customer := companies.find(one["customer"]))]
    if not named:
        return {}
    wanted = {_natural(customer, one) for customer, one in named}
    times = [one.at for one in wanted]
    near = Activity.objects.filter(
        customer_id__any={one.customer for one in wanted},
        happened_at__range=(min(times), max(times)),
    )
    facts = near.values_list("pk", "customer_id", "happened_at", "kind", "title")
    ids = {pk: natural for pk, *told in facts if (natural := _Natural(*told)) in wanted}
    locked = Activity.objects.select_for_update(no_key=True).filter(pk__any=ids)
    return {ids[one.pk]: one for one in locked.order_by("-pk")} if ids else {}
