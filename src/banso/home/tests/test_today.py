from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contract, a_customer
from banso.home.today import ASIDE, has_customers, today
from banso.work.tests.builders import a_task

pytestmark = pytest.mark.django_db


def a_paying_customer(name: str, owner: Person, *, days_left: int = 40, **given: Any) -> Customer:
    customer = a_customer(name, main_owner_id=owner.pk, since=date(2025, 1, 1), **given)
    end = TODAY + timedelta(days=days_left)
    a_contract(customer, start_on=end - timedelta(days=365), end_on=end, amount=1_200_000)
    return customer


def words_of(client: Client, path: str = "/") -> str:
    """The page without the marks that break headings by phrases."""
    return client.get(path).content.decode().replace("<wbr>", "")


def test_today_names_my_customers_with_a_reason_and_what_is_at_stake(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    a_paying_customer("株式会社あおば", bob)
    page = words_of(bob_client)
    assert "株式会社あおば" in page and "¥100,000" in page and "今日は誰に伴走しますか" in page


def test_mine_leaves_out_my_colleagues_customers(
    acme: Workspace, alice: Person, bob: Person, bob_client: Client
) -> None:
    a_paying_customer("ボブの顧客", bob)
    a_paying_customer("アリスの顧客", alice)
    assert "アリスの顧客" not in bob_client.get("/").content.decode()
    assert "アリスの顧客" in bob_client.get("/?who=all").content.decode()


@pytest.mark.parametrize(("path", "whose"), [("/", "自分の担当"), ("/?who=all", "全員")])
def test_the_page_marks_whose_customers_it_shows(
    acme: Workspace, bob: Person, bob_client: Client, path: str, whose: str
) -> None:
    a_paying_customer("ボブの顧客", bob)
    marked = words_of(bob_client, path).split('class="chip"')[1:]
    assert [whose in chip for chip in marked] == ['aria-current="true"' in chip for chip in marked]


def test_whoever_stands_in_as_sub_owner_sees_the_customer_and_its_deadline(
    acme: Workspace, alice: Person, bob: Person
) -> None:
    a_paying_customer("代わりに見る顧客", alice, sub_owner_id=bob.pk)
    page = today(bob, on=TODAY, everyone=False)
    assert has_customers(bob) and len(page.follow) == len(page.deadlines) == 1


def test_who_owns_no_customer_sees_everyones(
    acme: Workspace, bob: Person, vera_client: Client
) -> None:
    a_paying_customer("ボブの顧客", bob)
    assert "ボブの顧客" in vera_client.get("/").content.decode()


def test_the_nearer_deadline_comes_first_when_all_else_is_equal(
    acme: Workspace, bob: Person
) -> None:
    a_paying_customer("遠い期限", bob, days_left=300)
    a_paying_customer("近い期限", bob, days_left=20)
    names = [one.row.name for one in today(bob, on=TODAY, everyone=False).follow]
    assert names == ["近い期限", "遠い期限"]


def test_my_open_tasks_stand_on_the_page_and_finished_ones_do_not(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_paying_customer("株式会社あおば", bob)
    a_task("電話する", owner=bob, customer_id=customer.pk)
    assert "電話する" in bob_client.get("/").content.decode()


def test_a_task_is_finished_and_taken_back_on_the_page_itself(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    task = a_task("電話する", owner=bob, customer_id=a_paying_customer("株式会社あおば", bob).pk)
    finish, reopen = f"/tasks/{task.pk}/finish", f"/tasks/{task.pk}/reopen"
    assert f'hx-post="{finish}"' in bob_client.get("/").content.decode()
    row = bob_client.post(finish, {"back": "/"}, headers={"hx-request": "true"}).content.decode()
    assert reopen in row and f'id="task-{task.pk}"' in row
    assert "電話する" not in bob_client.get("/").content.decode()
    bob_client.post(reopen, {"back": "/"}, headers={"hx-request": "true"})
    assert "電話する" in bob_client.get("/").content.decode()


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [("/", "/"), ("/?who=all", "/?who=all"), ("https://evil.example/", "/tasks"), ("", "/tasks")],
)
def test_without_a_script_finishing_leads_back_to_where_it_was_done(
    acme: Workspace, bob: Person, bob_client: Client, back: str, leads_to: str
) -> None:
    task = a_task("電話する", owner=bob)
    answer = bob_client.post(f"/tasks/{task.pk}/finish", {"back": back})
    assert answer["Location"] == leads_to


def test_many_deadlines_lead_to_the_list_of_them(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    for number in range(ASIDE + 1):
        a_paying_customer(f"期限{number}", bob, days_left=number + 5)
    page = bob_client.get("/").content.decode()
    address = "/customers/?f=customers.deadline_on:within_days:90&amp;sort=customers.deadline_on"
    assert address in page
    listed = bob_client.get(address.replace("&amp;", "&"))
    assert listed.status_code == 200 and f"期限{ASIDE}" in listed.content.decode()


def test_a_workspace_without_customers_says_the_first_step(alice_client: Client) -> None:
    page = words_of(alice_client)
    assert "フォローする顧客はまだありません" in page and "/imports" in page


def test_a_day_to_come_and_a_day_that_is_none_are_refused_in_words(alice_client: Client) -> None:
    for wrong in ("2999-01-01", "2026-13-01", "0001-01-01", "x"):
        answer = alice_client.get("/", {"at": wrong})
        assert answer.status_code == 422, wrong


def test_today_costs_the_same_queries_for_one_and_for_twenty_customers(
    acme: Workspace, bob: Person, bob_client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        a_paying_customer(f"顧客{n}", bob)
    bob_client.get("/")  # scores the day
    with django_assert_max_num_queries(18):
        bob_client.get("/")
