"""Usage follows its customers and contacts into a merge, and out of it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from banso.core.models import ImportRun
from banso.customers.merges.following import remember_led
from banso.customers.models import Contact, Customer
from banso.customers.queries import merged_into
from banso.customers.services import touch_customers
from banso.touchpoints.usage import identities, store
from banso.touchpoints.usage import merged as usage_of_merged
from banso.touchpoints.usage.models import Account, ImportedUsage, Visitor
from banso.touchpoints.usage.services.identity import roll_up_soon


@transaction.atomic
def follow_customers(customer_ids: Collection[UUID]) -> None:
    """What these have used is counted with whom they are merged into, or with themselves again.

    By what stands now, whatever was done before: safe late, twice, and in any order. Whose events
    of sources are is found by the next rollup, within seconds.
    """
    known = list(Customer.known.filter(pk__in=customer_ids).order_by("pk"))
    everybody = {one.pk for one in known} | {one.merged_into_id for one in known} - {None}
    store.one_rolls_up()
    store.touch_nothing()
    for one in known:
        if one.merged_into_id:
            usage_of_merged.take_over(one.pk, survivor=one.merged_into_id)
        else:
            usage_of_merged.give_back(one.pk, with_those=merged_into(one.pk))
    usage_of_merged.roll_up_all(everybody)
    usage_of_merged.retake_accounts(everybody)
    accounts = Account.objects.filter(customer__in=everybody).values_list("key", flat=True)
    people = Visitor.objects.filter(contact__customer__in=everybody)
    identities.look_again(
        accounts=list(accounts), people=set(people.values_list("person_key", flat=True))
    )
    touch_customers(everybody)
    roll_up_soon()


@transaction.atomic
def follow_contacts(contact_ids: Collection[UUID]) -> None:
    """What these persons did is counted for whom they are now. Safe late and twice."""
    known = Contact.known.filter(pk__in=contact_ids)
    owners = set(known.values_list("customer_id", flat=True))
    store.one_rolls_up()
    store.touch_nothing()
    usage_of_merged.roll_up_all(owners)
    people = Visitor.objects.filter(contact__in=known)
    identities.look_again(people=set(people.values_list("person_key", flat=True)))
    roll_up_soon()


def said_of_merged(run: ImportRun, message_ids: Collection[str], *, merged: UUID) -> None:
    """These events of the run are the merged customer's, if the merge is undone."""
    usage_of_merged.mark(run, message_ids, merged=merged)


def totals_said_of_merged(run: ImportRun, said: Mapping[str, UUID]) -> None:
    """Totals of the run (row id → merged customer) are that one's, if the merge is undone."""
    if said:
        brought = ImportedUsage.objects.filter(import_run=run, source_id__any=list(said))
        rows = brought.values_list("source_id", "pk")
        remember_led(ImportedUsage, [(said[name], pk) for name, pk in rows])
