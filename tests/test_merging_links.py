"""Nothing that names a customer or a contact is forgotten by a merge, in whatever room it stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY
from banso.customers.merges.links import Link, links_to, move
from banso.customers.merges.merging import merge_contacts, merge_customers
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Contact, Customer
from banso.customers.tests.builders import a_contact, a_customer
from banso.insight.health.models import Alert, Opportunity, Score
from banso.insight.health.tests.builders import a_judgement
from banso.touchpoints.usage import store
from banso.touchpoints.usage.tests.builders import a_run, a_total
from banso.work.tests.builders import an_activity
from tests.samples import rows_of

# Each a column with a foreign key that a merge leaves alone, and why.
LEFT_ALONE = {
    "customers.contact.merged_into_id": "says who was merged into whom; a merge sets it",
    "customers.customer.merged_into_id": "says who was merged into whom; a merge sets it",
    "customers.currentstate.customer_id": "today's values, made of what moves",
    "customers.editedcustomer.customer_id": "what one row was changed from: undone there or nowhere",
    "customers.likeness.first_id": "what two rows have in common; found anew of the survivor",
    "customers.likeness.second_id": "what two rows have in common; found anew of the survivor",
    "customers.reassignment.customer_id": "each keeps the history of its own owners (decision 0028)",
    "customers.segmentmember.customer_id": "made anew: who is merged fits no segment any more",
    "customers.segmentmemory.customer_id": "what was found of it when it was last tested",
    "customers.segmentmove.customer_id": "who came and left under that name, on their days",
    "customers.tierproposal.customer_id": "said of the customer as it stood; decided there or gone",
    "usage.dailyusage.contact_id": "a rollup, made anew of the events",
    "usage.dailyusage.customer_id": "a rollup, made anew of the events",
    "usage.visitor.current_contact_id": "made anew by settling",
    "usage.visitor.current_customer_id": "made anew by settling",
}
# Columns that hold an id of theirs without a foreign key, and who sees to them.
WITHOUT_KEY = {
    "core_event.customer_id": "moves as a link",
    "customers_touch.customer_id": "a sign that something changed, worked off within seconds",
    "usage_due.customers": "uses not rolled up yet: rolled up for whom the event belongs to then",
    "usage_due.contacts": "the same",
    "usage_event.customer_id": "usage.merged moves those of files, settling those of sources",
    "usage_event.contact_id": "of files as they said it (decision 0025), of sources by settling",
    "usage_visitor.current_contact_id": "made anew by settling",
}


def named_by_keys() -> set[str]:
    """Every column that Django knows to name a customer or a contact."""
    return {
        f"{one.field.model._meta.label_lower}.{one.field.attname}"
        for noun in (Customer, Contact)
        for one in noun._meta.get_fields(include_hidden=True)
        if isinstance(one, models.ManyToOneRel)
    }


def test_every_column_that_names_one_moves_or_has_a_reason() -> None:
    moved = {str(link) for noun in (Customer, Contact) for link in links_to(noun)}
    assert named_by_keys() | {"core.event.customer_id"} == moved | set(LEFT_ALONE)
    assert moved.isdisjoint(LEFT_ALONE)
    many = [
        one.name
        for noun in (Customer, Contact)
        for one in noun._meta.get_fields(include_hidden=True)
        if isinstance(one, models.ManyToManyRel)
    ]
    assert many == [], "a table between two has foreign keys of its own: give it a model"


NAMED_SO = """
SELECT DISTINCT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = 'public' AND (column_name ~ '(customer|contact)')
    AND (data_type = 'uuid' OR udt_name = '_uuid')
"""


@pytest.mark.django_db
def test_no_column_without_a_key_is_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(NAMED_SO)
        found = {name for (name,) in cursor.fetchall()}
    keyed = {name.replace(".", "_", 1) for name in named_by_keys()}
    parts = {name for name in found if name.startswith("usage_event_")}  # a table a month
    assert found - keyed - parts == set(WITHOUT_KEY) - keyed


def rows_without_builder(customer: Customer) -> None:
    """Of nouns that no builder makes by itself: a night does, a file, another noun."""
    an_activity(customer, contact_ids=[a_contact(customer).pk])
    a_judgement(customer)
    scored = {"scorecard": "x", "version": 1, "band": "watch", "measures_known": 1}
    Score.objects.create(customer=customer, day=TODAY, measures_all=1, coverage=1, **scored)
    Alert.objects.create(customer=customer, opened_on=TODAY, to_score=40, band="danger")
    Opportunity.objects.create(customer=customer, kind="seats", opened_on=TODAY)
    store.add_imported([a_total(customer, events=5)], run=a_run())


def standing(noun: Any, one: Any, other: Any) -> Iterator[tuple[Link, list[Any]]]:
    """A row behind every link, given to `other`: of those that builders make, of every noun."""
    for link in links_to(noun):
        rows = link.model._base_manager.all()
        if link.model is noun:
            rows = rows.exclude(pk__in=[one.pk, other.pk])
        some = list(rows.values_list("pk", flat=True)[:1])
        assert some, f"no builder makes a {link.model._meta.label}"
        move(link, some, other.pk)
        yield link, some


@pytest.mark.parametrize("noun", [Customer, Contact])
def test_a_row_behind_every_link_moves_and_comes_back(acme: Workspace, noun: Any) -> None:
    rows_of(acme)
    customer = a_customer("残す会社")
    rows_without_builder(customer)
    one, other = (
        (customer, a_customer("移す会社"))
        if noun is Customer
        else (a_contact(customer, "残す 人"), a_contact(customer, "移す 人"))
    )
    given = list(standing(noun, one, other))
    merge_it = merge_customers if noun is Customer else merge_contacts
    merge = merge_it(one.pk, merged_id=other.pk, by=None)
    assert owners(given) == {str(link): {one.pk} for link, _rows in given}
    unmerge(merge.pk, by=None)
    assert owners(given) == {str(link): {other.pk} for link, _rows in given}


def owners(given: list[tuple[Link, list[Any]]]) -> dict[str, set[Any]]:
    """Whom the row behind each link belongs to."""
    return {
        str(link): set(
            link.model._base_manager.filter(pk__in=rows).values_list(link.column, flat=True)
        )
        for link, rows in given
    }
