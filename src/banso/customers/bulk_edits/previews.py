"""What a bulk edit would do, before anything is saved."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q

from banso.customers.bulk_edits.choices import Changes, Chosen, checked_changes, differs, value_of
from banso.customers.masters import closed
from banso.customers.models import Customer, Master

SAMPLES = 5
NOBODY = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """One field: its new value, how many customers it changes and how many have it already."""

    name: str
    value: Any
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A customer that would change, with the former value of each field that does."""

    customer: Customer
    before: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """`total` are here; `changed` of them change, `same` are so already. `gone`: asked by id, not here.

    `elsewhere`: would change, but another system is the master of a value; they count as same.
    """

    changes: dict[str, Any]
    total: int
    changed: int
    same: int
    gone: int
    elsewhere: int
    fields: list[FieldPreview]
    samples: list[Sample]


def preview(chosen: Chosen, *, changes: Changes) -> Preview:
    """How many customers `changes` would change, and what stays. Nothing is saved.

    Raises Refused for wrong changes, Customer.DoesNotExist when none of the asked ids is here.
    3 queries, and what conditions and attributes need.
    """
    checked = checked_changes(changes)
    found = chosen.customers()
    differing = {name: differs(name, checked[name]) for name in checked}
    masters = list(Master.objects.all())
    kept = {name: shut for name in checked if (shut := closed(name, masters)) is not None}
    tests = {name: one & ~kept[name] if name in kept else one for name, one in differing.items()}
    any_of = reduce(or_, tests.values(), Q())
    elsewhere = reduce(or_, (differing[name] & shut for name, shut in kept.items()), NOBODY)
    counted = {f"f{place}": Count("pk", filter=test) for place, test in enumerate(tests.values())}
    counts = found.aggregate(
        total=Count("pk"),
        changed=Count("pk", filter=any_of),
        elsewhere=Count("pk", filter=elsewhere),
        **counted,
    )
    if chosen.ids is not None and not counts["total"]:
        raise Customer.DoesNotExist
    samples = found.filter(any_of).order_by("name_sort", "pk")[:SAMPLES]
    return Preview(
        changes=checked,
        total=counts["total"],
        changed=counts["changed"],
        same=counts["total"] - counts["changed"],
        gone=len(chosen.ids) - counts["total"] if chosen.ids is not None else 0,
        elsewhere=counts["elsewhere"],
        fields=[
            FieldPreview(
                name, checked[name], counts[f"f{place}"], counts["total"] - counts[f"f{place}"]
            )
            for place, name in enumerate(tests)
        ],
        samples=[_sample(one, checked) for one in samples],
    )


def _sample(customer: Customer, changes: Changes) -> Sample:
    now = {name: value_of(customer, name) for name in changes}
    return Sample(customer, {name: now[name] for name in changes if now[name] != changes[name]})
