"""Two people who change the same field: the second is told, and decides."""

from datetime import date
from typing import Any

from django.test import Client
from django.utils.html import escape

from banso.core.models import Person, Workspace
from banso.core.tests.builders import fresh
from banso.customers import services
from banso.customers.models import Customer
from banso.customers.tests.builders import a_contact, a_customer


def opened(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send of the page as it is now."""
    form = client.get(address).context["form"]
    inputs = {}
    for one in form:
        widget, value = one.field.hidden_widget(), one.value()
        found = widget.format_value(value)
        for name in (one.html_name, one.html_initial_name):
            inputs[name] = found if isinstance(found, list) else found or ""
        if isinstance(value, bool):
            inputs[one.html_name] = "on" if value else ""
    return inputs


def test_who_changes_what_somebody_else_has_changed_is_told_and_wins_by_saving_again(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer("株式会社ひかり商事", industry="小売", domain="hikari.example")
    address = f"/customers/{customer.pk}/edit/"
    mine = {**opened(bob_client, address), "industry": "製造"}
    services.update_customer(customer.pk, changes={"industry": "物流", "domain": ""}, by=None)
    answer = bob_client.post(address, mine)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "「物流」に変更しました" in shown
    assert "id_industry_error" in shown and "id_domain_error" not in shown
    assert fresh(customer).industry == "物流"
    assert '<input type="hidden" name="initial-industry" value="物流"' in shown
    assert bob_client.post(address, {**mine, "initial-industry": "物流"}).status_code == 302
    after = fresh(customer)
    assert (after.industry, after.domain) == ("製造", "")


def test_a_third_change_in_between_is_told_again(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer(industry="小売")
    address = f"/customers/{customer.pk}/edit/"
    mine = {**opened(bob_client, address), "industry": "製造", "initial-industry": "物流"}
    services.update_customer(customer.pk, changes={"industry": "金融"}, by=None)
    assert "「金融」" in bob_client.post(address, mine).content.decode()


def test_who_gives_what_stands_already_is_not_asked(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer(industry="小売", since=date(2025, 4, 1))
    address = f"/customers/{customer.pk}/edit/"
    mine = {**opened(bob_client, address), "industry": "物流", "since": "2025/5/1"}
    changes = {"industry": "物流", "since": date(2025, 5, 1)}
    services.update_customer(customer.pk, changes=changes, by=None)
    assert bob_client.post(address, mine).status_code == 302


def test_people_days_and_choices_are_told_in_words(
    acme: Workspace, bob_client: Client, alice: Person, bob: Person
) -> None:
    customer = a_customer(tier="tech", since=date(2025, 4, 1), main_owner_id=bob.pk)
    address = f"/customers/{customer.pk}/edit/"
    mine = {**opened(bob_client, address), "since": "2025-06-01", "tier": "low", "main_owner": ""}
    changes = {"since": date(2025, 5, 1), "tier": "high", "main_owner_id": alice.pk}
    services.update_customer(customer.pk, changes=changes, by=None)
    shown = bob_client.post(address, mine).content.decode()
    for words in ("2025/05/01", str(Customer(tier="high").get_tier_display()), alice.name):
        assert f"「{escape(words)}」に変更しました" in shown, words


def test_what_was_emptied_is_told(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer(goals="三日で締める\n来期は二日")
    address = f"/customers/{customer.pk}/goals/"
    mine = opened(bob_client, address)
    mine["initial-goals"] = mine["initial-goals"].replace("\n", "\r\n")
    assert bob_client.post(address, {**mine, "goals": "二日"}).status_code == 302
    services.update_customer(customer.pk, changes={"goals": ""}, by=None)
    answer = bob_client.post(address, {**mine, "goals": "一日"})
    assert answer.status_code == 422 and "空にしました" in answer.content.decode()


def test_roles_of_a_contact_are_compared_as_a_whole(acme: Workspace, bob_client: Client) -> None:
    contact = a_contact(roles=[])
    address = f"/contacts/{contact.pk}/edit/"
    mine = {**opened(bob_client, address), "roles": ["user"]}
    del mine["initial-roles"]  # no box is ticked: a browser sends nothing
    services.update_contact(contact.pk, changes={"roles": ["champion"]}, by=None)
    assert bob_client.post(address, mine).status_code == 422
    assert fresh(contact).roles == ["champion"]
    again = {**mine, "initial-roles": ["champion"]}
    assert bob_client.post(address, again).status_code == 302
    assert fresh(contact).roles == ["user"]
