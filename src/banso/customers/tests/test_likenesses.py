"""One company, once: finding who may be one, and telling apart who is not."""

import pytest
from django.test import Client

from banso.core.errors import Refused
from banso.core.models import Person
from banso.core.tests.builders import drain_jobs, events, fresh
from banso.customers import queries, services
from banso.customers.merges.unmerging import unmerge
from banso.customers.models import Customer, Likeness, SilentDomain
from banso.customers.tests.builders import a_contact, a_customer, a_likeness, a_merge

NUMBER = "7000012050002"


PAGE, API = "/customers/alike/", "/api/v1/customers/alike"


def pairs() -> set[frozenset[str]]:
    """Names of those that may be one company, after a search."""
    services.find_likenesses()
    return {frozenset((one.first.name, one.second.name)) for one in Likeness.objects.all()}


def test_namesakes_are_found_and_others_are_not(acme: object) -> None:
    for name in ("株式会社ひかり商事", "ヒカリ商事㈱", "ひので工業", "有限会社 日の出"):
        a_customer(name)
    assert pairs() == {frozenset(("株式会社ひかり商事", "ヒカリ商事㈱"))}


def test_one_number_former_name_or_domain_of_contacts_is_found(acme: object) -> None:
    a_customer("甲", corporate_number=NUMBER)
    a_customer("乙", corporate_number="T7000-0120-50002")
    a_customer("丙社", former_names=["株式会社アルファ"])
    a_customer("アルファ")
    a_contact(a_customer("丁工業"), email="a@mail.tei.example")
    a_contact(a_customer("戊物産", domain="tei.example"), email="b@gmail.com")
    a_contact(a_customer("己運輸"), email="c@gmail.com")
    assert pairs() == {
        frozenset("甲乙"),
        frozenset(("丙社", "アルファ")),
        frozenset(("丁工業", "戊物産")),
    }


def test_a_search_after_a_search_changes_nothing(acme: object) -> None:
    pair = a_likeness()
    assert services.find_likenesses() == (0, 0)
    assert fresh(pair).found_at == pair.found_at


def test_what_nothing_speaks_for_any_more_is_gone(acme: object, bob: Person) -> None:
    pair = a_likeness()
    services.update_customer(pair.second_id, changes={"name": "別の会社"}, by=bob)
    assert services.find_likenesses() == (0, 0)  # by its former name
    services.update_customer(pair.second_id, changes={"former_names": []}, by=bob)
    assert services.find_likenesses() == (0, 1)
    assert not Likeness.objects.exists()


def test_who_was_told_apart_stays_so_and_is_told_on_both_timelines(
    acme: object, bob: Person
) -> None:
    pair = a_likeness()
    services.tell_apart(pair.pk, by=bob)
    services.tell_apart(pair.pk, by=bob)
    told = events("customers.told_apart")
    assert {one.customer_id for one in told} == {pair.first_id, pair.second_id} and len(told) == 2
    services.update_customer(pair.second_id, changes={"name": "別の会社"}, by=bob)
    services.find_likenesses()
    services.update_customer(pair.second_id, changes={"name": pair.first.name}, by=bob)
    services.find_likenesses()
    assert fresh(pair).told_apart_by == bob
    assert queries.likenesses().rows == [] and queries.likenesses(which="apart").rows == [pair]
    services.take_back_apart(pair.pk, by=bob)
    assert queries.likenesses().rows == [pair]
    assert len(events("customers.told_apart_withdrawn")) == 2


def test_who_is_in_the_bin_is_not_proposed(acme: object, bob: Person) -> None:
    pair = a_likeness()
    services.bin_customer(pair.second_id, by=bob)
    assert queries.likenesses().rows == []
    with pytest.raises(Likeness.DoesNotExist):
        services.tell_apart(pair.pk, by=bob)


def test_a_silent_domain_tells_no_company(acme: object, bob: Person) -> None:
    for name in ("丁工業", "戊物産"):
        a_contact(a_customer(name), email="a@group.example")
    assert len(pairs()) == 1
    assert services.set_silent_domains(["https://www.group.example/"], by=bob) == ["group.example"]
    assert pairs() == set()
    services.set_silent_domains([], by=bob)
    assert not SilentDomain.objects.exists() and len(pairs()) == 1
    with pytest.raises(Refused):
        services.set_silent_domains(["no domain"], by=bob)


@pytest.mark.parametrize("number", ["123", "1000012050002"])
def test_a_number_that_is_none_is_refused_in_words(acme: object, number: str) -> None:
    with pytest.raises(Refused) as refused:
        a_customer(corporate_number=number)
    assert refused.value.field == "corporate_number"


def test_a_customer_is_found_by_its_former_name(acme: object) -> None:
    a_customer("丙社", former_names=[" 株式会社アルファ ", "丙社", ""])
    [one] = Customer.objects.all()
    assert one.former_names == ["株式会社アルファ"]
    assert [row.customer for row in queries.customer_list(q="アルファ").rows] == [one]


def test_the_pages_lead_from_the_pair_to_the_decision_and_back(
    acme: object, bob_client: Client
) -> None:
    pair = a_likeness("ひかり商事")
    listed = bob_client.get(PAGE).content.decode()
    assert str(pair.pk) in listed and "表記" in listed
    page = bob_client.get(f"{PAGE}{pair.pk}/").content.decode()
    merge = f"/customers/merge/?first={pair.first_id}&amp;second={pair.second_id}"
    assert "ひかり商事（株）" in page and merge in page
    done = bob_client.post(f"{PAGE}{pair.pk}/apart/", follow=True)
    assert fresh(pair).told_apart_at and str(pair.pk) not in done.content.decode().split("toast")[0]
    assert str(pair.pk) in bob_client.get(f"{PAGE}?which=apart").content.decode()
    bob_client.post(f"{PAGE}{pair.pk}/apart/undo/")
    assert fresh(pair).told_apart_at is None


def test_whose_merge_was_undone_are_not_proposed_again(acme: object) -> None:
    pair, third = a_likeness("ひかり商事"), a_customer("ひかり商事　有限会社")
    services.find_likenesses()
    kept = set(Likeness.objects.values_list("pk", flat=True))
    merge = a_merge(pair.first, pair.second)
    services.find_likenesses()
    assert set(Likeness.objects.values_list("pk", flat=True)) == kept
    assert {row.second for row in queries.likenesses().rows} <= {third}
    unmerge(merge.pk, by=None)
    services.find_likenesses()
    assert set(Likeness.objects.values_list("pk", flat=True)) == kept
    assert fresh(pair).told_apart_at and pair not in queries.likenesses().rows


def test_a_person_can_have_the_book_looked_through_now(acme: object, bob_client: Client) -> None:
    a_customer("株式会社ひかり商事"), a_customer("ひかり商事")
    bob_client.post(f"{PAGE}find/")
    drain_jobs()
    assert Likeness.objects.count() == 1


def test_rest_tells_pairs_and_takes_decisions(acme: object, bob_client: Client) -> None:
    pair = a_likeness()
    listed = bob_client.get(API).json()
    assert (listed["total"], listed["items"][0]["id"]) == (1, str(pair.pk))
    assert listed["items"][0]["reasons"][0]["code"] == "name"
    assert bob_client.put(f"{API}/{pair.pk}/apart").json()["told_apart_at"]
    assert bob_client.get(API, {"which": "apart"}).json()["total"] == 1
    assert bob_client.delete(f"{API}/{pair.pk}/apart").json()["told_apart_at"] is None
    assert bob_client.get(f"{API}/{pair.pk}").json()["score"] == pair.score


def test_a_list_of_pairs_has_pages(acme: object) -> None:
    found = {a_likeness().pk for _n in range(3)}
    first = queries.likenesses(limit=2)
    second = queries.likenesses(limit=2, cursor=first.next_cursor)
    assert {one.pk for one in (*first.rows, *second.rows)} == found and not second.next_cursor
