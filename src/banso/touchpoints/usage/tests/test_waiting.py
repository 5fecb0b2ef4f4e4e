"""What waits for a customer: suggestions, matches, their undoing, and what then counts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from banso.core.models import Workspace
from banso.core.tests.builders import drain_jobs, fresh
from banso.customers.models import Contact, Customer
from banso.customers.queries import timeline
from banso.customers.tests.builders import a_contact, a_customer
from banso.touchpoints.usage import services, waiting
from banso.touchpoints.usage.models import Account, DailyUsage, MatchedBy, Visitor
from banso.touchpoints.usage.tests.builders import Sending, a_source, a_visitor, an_account, sent
from banso.touchpoints.usage.waiting import PAGE, Shown, waiting_accounts, waiting_visitors

LIST, PEOPLE = "/usage/waiting/", "/usage/waiting/people/"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def counted(customer: Customer) -> int:
    drain_jobs()
    return sum(DailyUsage.objects.filter(customer=customer).values_list("events", flat=True))


def test_an_account_is_suggested_by_domain_first_and_by_name(acme: Workspace) -> None:
    named = a_customer(name="アクメ商事株式会社", domain="other.example")
    owned = a_customer(name="別の名前", domain="acme.co.jp")
    account = an_account(name="㈱アクメ商事", traits={"website": "https://www.acme.co.jp/"})
    (row,) = waiting_accounts().rows
    assert (row.one, row.domain, row.customers) == (account, "acme.co.jp", [owned, named])


def test_a_contacts_address_tells_the_domain_too(acme: Workspace) -> None:
    contact = a_contact(email="Mio@Acme.co.jp")
    an_account(traits={"domain": "acme.co.jp"})
    assert waiting_accounts().rows[0].customers == [contact.customer]


def test_free_mailboxes_suggest_nobody(acme: Workspace) -> None:
    a_contact(email="taro@gmail.com")
    a_customer(name="グーグル", domain="gmail.com")
    an_account(traits={"email": "hanako@gmail.com"})
    a_visitor(email="hanako@gmail.com")
    assert waiting_accounts().rows[0].customers == []
    assert waiting_visitors().rows[0].customers == []


def test_customers_in_the_bin_are_not_suggested(acme: Workspace) -> None:
    customer = a_customer(name="アクメ", domain="acme.co.jp")
    a_contact(customer, email="a@acme.co.jp")
    type(customer).objects.filter(pk=customer.pk).update(deleted_at=timezone.now())
    an_account(name="アクメ", traits={"domain": "acme.co.jp"})
    assert waiting_accounts().rows[0].customers == []


def test_thousands_that_wait_are_paged_without_gaps_or_repeats(acme: Workspace) -> None:
    seen = timezone.now()
    keys = [f"org-{n}" for n in range(2 * PAGE + 3)]
    for n, key in enumerate(keys):
        an_account(key, last_seen_at=seen - timedelta(hours=n // 7))
    found, after = [], None
    while True:
        one = waiting_accounts(after=after)
        found += [row.one.key for row in one.rows]
        if (after := one.after) is None:
            break
    assert len(found) == len(keys) and set(found) == set(keys)


def test_a_page_of_the_list_costs_few_queries(
    acme: Workspace, django_assert_max_num_queries: object
) -> None:
    for n in range(PAGE):
        an_account(name=f"会社{n}", traits={"domain": f"c{n}.example"})
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        waiting_accounts()


def test_events_that_wait_count_for_the_customer_once_matched(
    acme: Workspace, bob_client: Client
) -> None:
    sending, customer = Sending(), a_customer()
    for _ in range(3):
        sending.ok("track", sent(context={"groupId": "org-9"}))
    sending.ok("group", {"userId": "u2", "groupId": "org-9", "traits": {"name": "組織"}})
    sending.ok("track", sent(user="u2"))
    drain_jobs()
    (row,) = waiting_accounts().rows
    assert (row.one.key, row.events) == ("org-9", 4)
    path = f"/usage/accounts/{row.one.pk}"
    answer = bob_client.post(f"{path}/match/", {"customer": customer.pk}, follow=True)
    assert "undo=" not in answer.content.decode() and f"{path}/wait/" in answer.content.decode()
    assert fresh(row.one).matched_by == MatchedBy.HAND
    assert counted(customer) == 4 and waiting_accounts().rows == []
    bob_client.post(f"{path}/wait/")
    assert counted(customer) == 0 and waiting_accounts().rows[0].events == 4


def test_a_customer_can_be_made_of_an_account(acme: Workspace, bob_client: Client) -> None:
    sending = Sending()
    traits = {"name": "新規商会", "website": "https://shinki.co.jp", "industry": "小売"}
    sending.ok("group", {"userId": "u1", "groupId": "org-1", "traits": traits})
    sending.ok("track", sent())
    account = Account.objects.get()
    assert "新規商会" in page(bob_client, f"/usage/accounts/{account.pk}/match/")
    bob_client.post(f"/usage/accounts/{account.pk}/customer/")
    customer = Customer.objects.get()
    assert (customer.name, customer.external_id) == ("新規商会", "org-1")
    assert (customer.domain, customer.industry) == ("shinki.co.jp", "小売")
    assert counted(customer) == 1


def test_an_account_whose_key_is_taken_is_refused_in_words(bob_client: Client) -> None:
    account = an_account("C-1")
    a_customer(external_id="C-1")
    answer = bob_client.post(f"/usage/accounts/{account.pk}/customer/")
    assert answer.status_code == 422 and Customer.objects.count() == 1


def test_ignored_accounts_leave_the_list_and_come_back(bob_client: Client) -> None:
    account = an_account(name="社内")
    bob_client.post(f"/usage/accounts/{account.pk}/ignore/")
    assert "社内" not in page(bob_client, LIST) and "社内" in page(
        bob_client, f"{LIST}?show=ignored"
    )
    bob_client.post(f"/usage/accounts/{account.pk}/wait/")
    assert "社内" in page(bob_client, LIST)


def test_a_person_becomes_a_contact_of_the_company(acme: Workspace, bob_client: Client) -> None:
    sending, customer = Sending(), a_customer(domain="acme.co.jp")
    told = {"name": "田中 美緒", "email": "mio@acme.co.jp"}
    sending.ok("identify", {"userId": "u1", "traits": told})
    sending.ok("track", sent())
    (row,) = waiting_visitors().rows
    assert (row.one.name, row.events, row.customers) == ("田中 美緒", 1, [customer])
    path = f"/usage/visitors/{row.one.pk}"
    assert customer.name in page(bob_client, f"{path}/match/")
    bob_client.post(f"{path}/match/", {"customer": customer.pk})
    contact = Contact.objects.get()
    assert (contact.name, contact.email, contact.customer) == (*told.values(), customer)
    assert counted(customer) == 1 and waiting_visitors().rows == []
    assert "田中" in page(bob_client, f"{PEOPLE}?show=matched")


def test_a_person_can_be_a_contact_there_is(acme: Workspace, bob_client: Client) -> None:
    sending, contact = Sending(), a_contact(name="田中 美緒", email="")
    sending.ok("track", sent(user="u7"))
    visitor = Visitor.objects.get()
    path = f"/usage/visitors/{visitor.pk}"
    assert "田中 美緒" in page(bob_client, f"{path}/match/?q=田中")
    bob_client.post(f"{path}/match/", {"contact": contact.pk})
    assert counted(contact.customer) == 1
    bob_client.post(f"{path}/wait/")
    assert counted(contact.customer) == 0 and fresh(visitor).contact is None


def test_ignored_people_leave_the_list_and_come_back(bob_client: Client) -> None:
    visitor = a_visitor("staff-1")
    bob_client.post(f"/usage/visitors/{visitor.pk}/ignore/")
    assert waiting_visitors().rows == []
    assert waiting_visitors(shown=Shown.IGNORED).rows[0].one == visitor
    bob_client.post(f"/usage/visitors/{visitor.pk}/wait/")
    assert waiting_visitors().rows[0].one == visitor


def test_visitors_without_an_id_are_not_asked_about(acme: Workspace) -> None:
    sending = Sending()
    sending.ok("track", {"event": "x", "anonymousId": "a1"})
    assert Visitor.objects.count() == 1 and waiting.count_waiting() == (0, 0)


@pytest.mark.parametrize("path", [LIST, PEOPLE])
@pytest.mark.parametrize(("query", "status"), [("show=rubbish", 422), ("after=rubbish", 422)])
def test_rubbish_in_the_address_is_refused(
    vera_client: Client, path: str, query: str, status: int
) -> None:
    assert vera_client.get(f"{path}?{query}").status_code == status


def test_who_may_only_look_sees_the_list_without_buttons(vera_client: Client) -> None:
    account = an_account(name="待つ会社")
    shown = page(vera_client, LIST)
    assert "待つ会社" in shown and f"/usage/accounts/{account.pk}/" not in shown
    assert vera_client.post(f"/usage/accounts/{account.pk}/ignore/").status_code == 403


def test_matching_with_nobody_changes_nothing(bob_client: Client) -> None:
    account = an_account()
    path = f"/usage/accounts/{account.pk}/match/"
    for customer, status in (("", 422), ("x", 422), (str(uuid4()), 404)):
        assert bob_client.post(path, {"customer": customer}).status_code == status
    assert fresh(account).customer is None


def test_programs_match_accounts_over_the_api(acme: Workspace, alice_client: Client) -> None:
    account, customer = an_account("org-1", name="組織"), a_customer(name="組織")
    listed = alice_client.get("/api/v1/usage/accounts").json()
    assert [(one["key"], one["perhaps"]) for one in listed["items"]] == [
        ("org-1", [str(customer.pk)])
    ]
    path = f"/api/v1/usage/accounts/{account.pk}"
    body = {"customer_id": str(customer.pk)}
    matched = alice_client.put(f"{path}/customer", body, content_type="application/json")
    assert matched.json()["matched_by"] == "hand" and fresh(account).customer == customer
    alice_client.put(f"{path}/customer", {"customer_id": None}, content_type="application/json")
    assert fresh(account).customer is None
    assert alice_client.put(f"{path}/ignored").json()["ignored_at"]


def told_of(customer: Customer, language: str = "ja") -> list[str]:
    with translation.override(language):
        return [one.text for one in timeline(customer.pk).entries if one.name.startswith("usage.")]


def test_a_timeline_tells_what_was_matched_and_what_was_taken_away(acme: Workspace) -> None:
    one, two, account = a_customer(), a_customer(), an_account()
    services.match_account(account.pk, customer_id=one.pk, by=None)
    services.match_account(account.pk, customer_id=two.pk, by=None)
    services.ignore_account(account.pk, by=None)
    matched, again = "製品から届いた会社を照合しました", "製品から届いた会社を照合待ちに戻しました"
    assert told_of(one) == [again, matched]
    assert told_of(two) == ["製品から届いた会社を照合の対象外にしました", matched]
    assert told_of(two, "en")[-1] == "A company of the product was matched"


def test_a_timeline_tells_of_people_of_the_product_too(acme: Workspace) -> None:
    contact, visitor = a_contact(), a_visitor()
    services.match_visitor(visitor.pk, contact_id=contact.pk, by=None)
    services.match_visitor(visitor.pk, contact_id=None, by=None)
    services.ignore_visitor(visitor.pk, by=None)
    told = ["製品の利用者を照合待ちに戻しました", "製品の利用者を照合しました"]
    assert told_of(contact.customer) == told


def test_pages_of_sources_keep_the_tabs_of_the_settings(alice_client: Client) -> None:
    source = a_source()
    here = ("/settings/sources/", f"/settings/sources/{source.pk}/", "/usage/arrivals/")
    for path in (*here, LIST, PEOPLE):
        shown = page(alice_client, path)
        assert 'href="/settings/people/"' in shown, path
        assert 'href="/settings/sources/" aria-current="page"' in shown, path
