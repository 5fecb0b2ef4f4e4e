from datetime import timedelta

from django.utils import timezone

from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import events
from banso.customers import services
from banso.customers.merges.merging import merge_contacts
from banso.customers.models import Contact, Contract, Customer, Merge
from banso.customers.tasks import purge_bins
from banso.customers.tests.builders import a_contact, a_contract, a_customer


def lay_in_bin(row: Customer | Contact, *, days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    type(row).with_deleted.filter(pk=row.pk).update(deleted_at=at)


def test_after_thirty_days_a_customer_is_gone_with_all_that_hangs_on_it(acme: Workspace) -> None:
    old, young, living = a_customer("古"), a_customer("新"), a_customer("今")
    a_contract(old)
    a_contact(old)
    lay_in_bin(old, days=31)
    lay_in_bin(young, days=29)
    purge_bins(0)
    assert set(Customer.with_deleted.values_list("pk", flat=True)) == {young.pk, living.pk}
    assert not Contract.with_deleted.exists() and not Contact.with_deleted.exists()
    assert [event.customer_id for event in events("customers.customer_purged")] == [old.pk]


def test_a_contact_alone_goes_too_and_its_customer_stays(acme: Workspace, bob: Person) -> None:
    customer = a_customer()
    contact = a_contact(customer)
    lay_in_bin(contact, days=31)
    assert services.purge_bin() == 1
    assert Customer.objects.get() == customer and services.purge_bin() == 0


def test_no_words_of_merged_contacts_outlive_their_customer(acme: Workspace) -> None:
    customer = a_customer()
    one, same = a_contact(customer), a_contact(customer, email="same@aoba.example")
    merge_contacts(one.pk, merged_id=same.pk, by=None)
    lay_in_bin(customer, days=31)
    assert services.purge_bin() == 1 and not Merge.objects.exists()


def test_each_workspace_purges_its_own(acme: Workspace, other_workspace: Workspace) -> None:
    customer = a_customer()
    lay_in_bin(customer, days=31)
    with open_workspace(other_workspace):
        assert services.purge_bin() == 0
    assert Customer.with_deleted.exists()
