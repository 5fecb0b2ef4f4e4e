"""Companies as files: who may be one, what was merged, places of a group, and what lies in the bin."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.core.lists.declarations import Cell, List, Sheet
from banso.core.lists.sheets import Headed, day_of, in_parts, sheet_of
from banso.customers import queries
from banso.customers.exports import known_by, writer
from banso.customers.fields import Field
from banso.customers.likeness_words import reasons_in_words
from banso.customers.merges.listed import MergedPair, every_merge, merged_pairs
from banso.customers.models import Customer, Likeness
from banso.customers.queries import Place
from banso.customers.queries.likenesses import asked_kind
from banso.lib.uuid7 import as_uuid

Permits = frozenset[str]
BAND = "health.band"


def read_likenesses(query: QueryDict, permits: Permits) -> Sheet:
    """Pairs that may be one company, likest first: of the kind `?which=`, as on their page."""
    which = asked_kind(query.get("which", ""))
    columns: list[Headed] = [
        (_("Customer"), lambda pair: pair.first.name),
        (_("Customer's external ID"), lambda pair: pair.first.external_id),
        (_("May be the same as"), lambda pair: pair.second.name),
        (_("Its external ID"), lambda pair: pair.second.external_id),
        (_("Why"), _reasons),
        (_("Likeness"), lambda pair: pair.score),
    ]
    if which == "apart":
        columns += [
            (_("Told apart on"), lambda pair: day_of(pair.told_apart_at)),
            (_("Told apart by"), lambda pair: str(pair.told_apart_by or "")),
        ]
    return sheet_of(queries.every_likeness(which).iterator(chunk_size=1000), columns)


def _reasons(pair: Likeness) -> str:
    return " ".join(one.text for one in reasons_in_words(pair.reasons))


def read_merges(query: QueryDict, permits: Permits) -> Sheet:
    """What was merged, the latest first."""
    columns: list[Headed] = [
        (_("Is merged"), lambda one: one.merged),
        (_("What"), lambda one: one.merge.get_noun_display()),
        (_("Stays"), lambda one: one.survivor),
        (_("State"), lambda one: _("Undone") if one.merge.undone_at else _("Merged")),
        (_("By"), lambda one: one.merge.by.name if one.merge.by else ""),
        (_("Merged on"), lambda one: day_of(one.merge.at)),
    ]
    return sheet_of(_merges(), columns)


def _merges() -> Iterator[MergedPair]:
    for part in in_parts(every_merge().iterator(chunk_size=1000)):
        yield from merged_pairs(part)


def read_places(query: QueryDict, permits: Permits) -> Sheet:
    """The group of `?customer=`, each below who stands above it. Raises Customer.DoesNotExist."""
    customer = Customer.objects.only("pk").get(pk=as_uuid(query.get("customer", "")))
    group = queries.group_of(customer.pk, permits=permits)
    known = known_by(lambda place: place.customer.pk, lambda place: place.customer.name)
    return sheet_of(
        group.places, [*known, *(_value(one) for one in group.fields if one.key != BAND)]
    )


def _value(field: Field) -> Headed:
    write = writer(field)

    def cell(place: Place) -> Cell:
        return write(place.values[field.key], place.customer)

    return field.label, cell


def read_bin(query: QueryDict, permits: Permits) -> Sheet:
    """What was thrown away and can still be brought back, the latest first."""
    columns: list[Headed] = [
        (_("Customer"), lambda one: one.name),
        (_("External ID"), lambda one: one.external_id),
        (_("Moved to the bin on"), lambda one: day_of(one.deleted_at)),
    ]
    return sheet_of(queries.binned_customers().iterator(chunk_size=1000), columns)


COMPANY_LISTS = (
    List(
        "likenesses",
        gettext_lazy("One company, once"),
        "customers.read",
        "likenesses",
        read_likenesses,
    ),
    List("merges", gettext_lazy("Merges"), "customers.merge", "merges", read_merges),
    List("places", gettext_lazy("Places"), "customers.read", "customers", read_places),
    List("bin", gettext_lazy("Bin"), "customers.manage", "bin", read_bin),
)
