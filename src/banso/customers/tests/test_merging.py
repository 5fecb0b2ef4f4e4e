"""Two customers that are one: the survivor has every row of both, and they are two again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from banso.core.errors import Refused
from banso.core.models import Event, Person
from banso.core.tests.builders import TODAY, drain_jobs
from banso.customers import expressions, personal_data, queries, services
from banso.customers.merges.following import gather
from banso.customers.merges.kinds import CUSTOMERS
from banso.customers.merges.merging import merge_contacts, merge_customers
from banso.customers.merges.previews import preview
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Contact, Contract, ContractChange, Customer, Merge, StageChange
from banso.customers.services.purging import DAYS_IN_BIN
from banso.customers.tests.builders import (
    a_bulk_edit,
    a_contact,
    a_contract,
    a_customer,
    a_merge,
    a_notice,
    an_attribute,
)

pytestmark = pytest.mark.usefixtures("acme")


def fresh(row: Any) -> Any:
    return type(row).with_deleted.get(pk=row.pk)


def owners(model: Any) -> set[Any]:
    return set(model.objects.values_list("customer_id", flat=True))


def merged(survivor: Customer, other: Customer, **given: Any) -> Merge:
    return merge_customers(survivor.pk, merged_id=other.pk, **{"by": None, **given})


def stage_on(customer: Customer, days_ago: int) -> str:
    on = TODAY - timedelta(days=days_ago)
    found = Customer.objects.annotate(then=expressions.stage(on)).get(pk=customer.pk)
    return str(found.then)


def test_the_survivor_has_every_row_of_both() -> None:
    one, other = a_customer(), a_customer("㈱ひかり商事")
    for customer in (one, other):
        a_contact(customer), a_contract(customer), a_notice(customer)
    merge = merged(one, other)
    for model in (Contact, Contract, ContractChange, StageChange):
        assert owners(model) == {one.pk}
    assert Contact.objects.count() == 2
    assert merge.moved["customers.contact.customer_id"] == 1
    assert fresh(other).merged_into_id == one.pk
    assert not Customer.objects.filter(pk=other.pk).exists()


def test_undone_each_has_its_own_rows_and_those_that_came_since() -> None:
    one, other = a_customer(), a_customer("㈱ひかり商事")
    hers, his, contract = a_contact(one), a_contact(other), a_contract(other)
    merge = merged(one, other)
    later, notice = a_contact(one, "後藤 新"), a_notice(one, contract_id=contract.pk)
    unmerge(merge.pk, by=None)
    assert fresh(hers).customer_id == fresh(later).customer_id == one.pk
    assert fresh(his).customer_id == other.pk
    assert owners(Contract) == owners(ContractChange) == owners(type(notice)) == {other.pk}
    told = Event.objects.get(name="customers.notice_recorded")
    assert told.customer_id == other.pk
    assert Customer.objects.count() == 2


def test_the_survivors_values_stay_blanks_are_filled_and_some_are_taken() -> None:
    an_attribute("color")
    one = a_customer(industry="製造", tier="high")
    other = a_customer(
        "別名", industry="金融", domain="hikari.example", tier="low", attributes={"color": "青"}
    )
    merge = merged(one, other, take=["tier"])
    now = fresh(one)
    assert (now.name, now.industry, now.domain) == (one.name, "製造", "hikari.example")
    assert (now.tier, now.attributes) == ("low", {"color": "青"})
    services.update_customer(one.pk, changes={"domain": "new.example"}, by=None)
    unmerge(merge.pk, by=None)
    back = fresh(one)
    assert (back.tier, back.attributes, back.domain) == ("high", {}, "new.example")
    assert fresh(other).domain == "hikari.example"


def test_an_unknown_field_to_take_is_refused() -> None:
    with pytest.raises(Refused, match="bogus"):
        merged(a_customer(), a_customer("別"), take=["bogus"])


def test_a_blank_external_id_is_filled_and_given_back() -> None:
    one, other = a_customer(), a_customer("別", external_id="C-2")
    merge = merged(one, other)
    assert fresh(one).external_id == "C-2"
    unmerge(merge.pk, by=None)
    assert (fresh(one).external_id, fresh(other).external_id) == ("", "C-2")


def test_the_key_of_the_merged_one_stays_taken() -> None:
    merged(a_customer(external_id="C-1"), a_customer("別", external_id="C-2"))
    with pytest.raises(Refused) as refused:
        a_customer("三", external_id="C-2")
    assert refused.value.code == "taken"
    rows = [services.NewCustomer(name="三", external_id="C-2")]
    assert isinstance(services.create_customers(rows, by=None)[0], Refused)


def test_a_key_passed_on_through_a_chain_comes_home() -> None:
    one, two, three = a_customer("甲", external_id="A-1"), a_customer("乙"), a_customer("丙")
    lower, upper = merged(two, one), merged(three, two)
    assert fresh(three).external_id == "A-1"
    unmerge(lower.pk, by=None)
    unmerge(upper.pk, by=None)
    assert [fresh(c).external_id for c in (one, two, three)] == ["A-1", "", ""]


def test_contracts_in_two_currencies_are_refused_in_words() -> None:
    one, other = a_customer(), a_customer("別")
    a_contract(one), a_contract(other, currency="USD")
    with pytest.raises(Refused, match="JPY"):
        merged(one, other)
    assert preview(CUSTOMERS, one.pk, other.pk).trouble


def test_who_has_contracts_decides_the_currency() -> None:
    one, other = a_customer(), a_customer("別")
    a_contract(other, currency="USD")
    merge = merged(one, other)
    assert fresh(one).currency == "USD"
    unmerge(merge.pk, by=None)
    assert fresh(one).currency == "JPY"


def test_twice_is_once_and_a_circle_is_refused() -> None:
    one, other, third = a_customer(), a_customer("別"), a_customer("三")
    merge = merged(one, other)
    assert merged(one, other).pk == merge.pk
    for pair in ((other, one), (third, other), (one, one)):
        with pytest.raises(Refused):
            merged(*pair)
    unmerge(merge.pk, by=None)
    undone = unmerge(merge.pk, by=None)
    assert Event.objects.filter(name="customers.customer_unmerged").count() == 2
    assert undone.undone_at is not None


def test_an_unknown_customer_is_not_found() -> None:
    with pytest.raises(Customer.DoesNotExist):
        merge_customers(a_customer().pk, merged_id=uuid4(), by=None)


def test_the_stage_that_is_kept_answers_for_past_days() -> None:
    one = a_customer(stage="adoption", stage_since=TODAY - timedelta(days=100))
    other = a_customer("別", stage="trial", stage_since=TODAY - timedelta(days=50))
    services.change_stage(other.pk, stage="leaving", entered_on=TODAY - timedelta(days=10), by=None)
    merge = merged(one, other)
    assert [stage_on(one, days) for days in (99, 50, 20, 10, 0)] == ["adoption"] * 5
    services.change_stage(one.pk, stage="established", entered_on=TODAY, by=None)
    assert [stage_on(one, days) for days in (20, 0)] == ["adoption", "established"]
    unmerge(merge.pk, by=None)
    assert [stage_on(other, days) for days in (50, 10)] == ["trial", "leaving"]
    assert [stage_on(one, days) for days in (50, 0)] == ["adoption", "established"]
    assert fresh(one).stage_changes.count() == 2


def test_the_ledger_of_any_day_sums_to_what_both_had() -> None:
    one, other = a_customer(), a_customer("別")
    a_contract(one), a_contract(other, amount=600_000)
    merge = merged(one, other)
    for on in (TODAY, TODAY - timedelta(days=100)):
        known = Customer.objects.annotate(then=expressions.mrr(on)).get(pk=one.pk)
        assert known.then == 150_000
    services.keep_current()
    assert queries.customer_card(one.pk).values["customers.mrr"] == 150_000
    unmerge(merge.pk, by=None)
    services.keep_current()
    assert queries.customer_card(other.pk).values["customers.mrr"] == 50_000


def test_a_child_that_absorbs_its_parent_stands_below_nobody() -> None:
    top = a_customer("頂")
    middle = a_customer("中", parent_id=top.pk)
    low = a_customer("下", parent_id=middle.pk)
    merge = merged(low, top)
    assert fresh(low).parent_id is None and fresh(middle).parent_id == low.pk
    unmerge(merge.pk, by=None)
    assert fresh(low).parent_id == middle.pk and fresh(middle).parent_id == top.pk


def test_what_a_bulk_edit_did_to_one_stays_with_that_one() -> None:
    one, other = a_customer(tier="low"), a_customer("別", tier="low")
    edit = a_bulk_edit(other)
    merged(one, other)
    assert {row.customer_id for row in edit.rows.all()} == {other.pk}


def test_the_bin_neither_shows_nor_purges_who_was_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = a_customer(), a_customer("別")
    merge = merged(one, other)
    Customer.with_deleted.filter(pk=other.pk).update(deleted_at=other.created_at - 2 * DAYS_IN_BIN)
    assert services.purge_bin() == 0
    with pytest.raises(Customer.DoesNotExist):
        services.restore_customer(other.pk, by=None)
    services.bin_customer(one.pk, by=None)
    with pytest.raises(Refused, match=r"bin|ごみ箱"):
        unmerge(merge.pk, by=None)
    Customer.with_deleted.filter(pk=one.pk).update(deleted_at=one.created_at - 2 * DAYS_IN_BIN)
    assert services.purge_bin() == 1
    assert not Customer.with_deleted.filter(pk=other.pk).exists()
    assert not Merge.objects.exists()


def test_a_row_that_came_beside_the_merge_is_gathered_and_remembered() -> None:
    one, other = a_customer(), a_customer("別")
    merge = merged(one, other)
    late = a_contact(one)
    Contact.objects.filter(pk=late.pk).update(customer_id=other.pk)
    drain_jobs()
    assert fresh(late).customer_id == one.pk
    assert gather(merge.pk) == 0
    unmerge(merge.pk, by=None)
    assert fresh(late).customer_id == other.pk


def test_two_contacts_are_one_person_and_two_again() -> None:
    customer = a_customer()
    one = a_contact(customer, roles=("champion",), email="")
    other = a_contact(customer, "山田花子", email="hana@hikari.example", external_id="P-2")
    merge = merge_contacts(one.pk, merged_id=other.pk, take=["name"], by=None)
    now = fresh(one)
    assert (now.name, now.email, now.external_id) == ("山田花子", other.email, "P-2")
    assert list(Contact.objects.all()) == [now]
    unmerge(merge.pk, by=None)
    assert (fresh(one).name, fresh(one).email) == ("山田 花子", "")
    assert fresh(other).external_id == "P-2"


def test_contacts_of_two_customers_are_refused() -> None:
    one, other = a_contact(), a_contact(a_customer("別"))
    with pytest.raises(Refused) as refused:
        merge_contacts(one.pk, merged_id=other.pk, by=None)
    assert refused.value.code == "other_customer"


def test_contacts_merged_across_both_are_two_again_with_their_customers() -> None:
    one, other = a_customer(), a_customer("別")
    hers, his = a_contact(one), a_contact(other)
    merge = merged(one, other)
    merge_contacts(hers.pk, merged_id=his.pk, by=None)
    unmerge(merge.pk, by=None)
    assert (fresh(his).customer_id, fresh(his).deleted_at) == (other.pk, None)
    assert fresh(hers).customer_id == one.pk


def test_erasing_a_person_forgets_what_a_merge_remembered() -> None:
    customer = a_customer()
    one = a_contact(customer, email="old@hikari.example", phone="03-1")
    other = a_contact(customer, "山田花子", email="new@hikari.example")
    merge_contacts(one.pk, merged_id=other.pk, take=["email"], by=None)
    assert personal_data.erase("new@hikari.example") == 2
    assert Merge.objects.get().taken == {}
    assert set(Contact.with_deleted.values_list("name", "email")) == {("—", "")}


def test_a_merge_is_told_about_both_and_by_whom(alice: Person) -> None:
    one, other = a_customer(), a_customer("別", main_owner_id=alice.pk)
    merge = merged(one, other, by=alice)
    told = Event.objects.get(name="customers.customer_merged")
    assert (told.customer_id, told.by, told.facts["other"]) == (one.pk, alice.pk, str(other.pk))
    assert Event.objects.get(name="customers.owner_changed").customer_id == one.pk
    absorbed = Event.objects.get(name="customers.customer_absorbed")
    assert absorbed.customer_id == other.pk
    texts = [entry.text for entry in queries.timeline(one.pk).entries]
    assert any("統合" in text or "merged" in text for text in texts)
    assert a_merge().pk != merge.pk
