"""A customer's page: how are they, why, and what next? And its timeline."""

from datetime import UTC, date, datetime, time

import pytest
from django.test import Client

from banso.core import declarations
from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.core.ui.icons import ICONS
from banso.customers import services
from banso.customers.models import ContractChange, Customer
from banso.customers.tests.builders import (
    a_contact,
    a_contract,
    a_customer,
    a_notice,
    an_attribute,
)


def page(client: Client, customer: Customer) -> str:
    answer = client.get(f"/customers/{customer.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_screen_tells_who_what_when_and_whom(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    parent = a_customer("株式会社おや")
    customer = a_customer(
        "株式会社ひかり商事",
        name_reading="ひかりしょうじ",
        external_id="C-1",
        main_owner_id=bob.pk,
        parent_id=parent.pk,
        goals="月次決算を三日で締めたい",
    )
    a_contract(customer, end_on=date(2027, 4, 1), notice_on=date(2026, 12, 2))
    a_contact(customer, "山田 花子", roles=("champion",), department="経理部")
    words = page(bob_client, customer)
    for told in (
        "ひかりしょうじ", "C-1", "鈴木 坊", "株式会社おや", "月次決算を三日で締めたい",
        "¥100,000", "あと12日", "2027/03/31", "山田 花子", "推進者", "経理部",
    ):  # fmt: skip
        assert told in words, told


def test_the_last_day_is_shown_and_never_the_day_after_it(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    a_contract(customer, end_on=date(2027, 4, 1))
    words = page(bob_client, customer)
    assert "2027/03/31" in words


def test_a_customer_of_whom_nothing_is_known_says_so_and_offers_the_first_steps(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer(since=None)
    words = page(bob_client, customer)
    assert "データなし" in words and "¥0" not in words
    for step in ("goals/", "contracts/new/", "contacts/new/"):
        assert f"/customers/{customer.pk}/{step}" in words


def test_a_viewer_sees_everything_and_no_way_to_write(acme: Workspace, vera_client: Client) -> None:
    customer = a_customer(goals="速く締める")
    contract = a_contract(customer)
    contact = a_contact(customer)
    a_notice(customer)
    words = page(vera_client, customer)
    assert "速く締める" in words and contact.name in words
    inside = words[words.index("<main") : words.index("</main>")]
    assert 'method="post"' not in inside
    for step in ("edit/", "goals/", "contracts/new/", "contacts/new/", "notices/new/", "remove/"):
        assert f"/customers/{customer.pk}/{step}" not in inside
    assert f"/contracts/{contract.pk}/renew/" not in inside
    assert vera_client.post(f"/customers/{customer.pk}/contacted/").status_code == 403
    assert fresh(customer).last_contact_on is None


def test_a_notice_and_a_champion_who_moved_are_seen(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    a_contract(customer)
    gone = a_contact(customer, roles=("champion",))
    services.mark_contact_moved(gone.pk, presence="moved", since=date(2026, 4, 1), by=None)
    a_notice(customer, reason="他社へ切り替え")
    words = page(bob_client, customer)
    assert "他社へ切り替え" in words and "異動" in words
    assert "badge--info" not in words[words.index('id="contacts"') :]


def test_an_ended_and_a_coming_contract_are_told_apart(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    a_contract(customer, start_on=date(2024, 1, 1), end_on=date(2025, 1, 1))
    a_contract(customer, start_on=date(2027, 1, 1), end_on=date(2028, 1, 1))
    words = page(bob_client, customer)
    assert "終了した契約 1件" in words and "開始前" in words


def test_the_contract_whose_deadline_is_next_and_that_pays_most_comes_first(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    late, next_one, next_and_more = (
        a_contract(customer, notice_on=day, end_on=date(2027, 4, 1), amount=amount)
        for day, amount in [
            (date(2027, 2, 1), 9_600_000),
            (date(2026, 12, 2), 120_000),
            (date(2026, 12, 2), 2_400_000),
        ]
    )
    words = page(bob_client, customer)
    places = [words.index(f'data-key="{one.pk}"') for one in (next_and_more, next_one, late)]
    assert places == sorted(places)


def test_a_renewal_recorded_ahead_is_told_beside_todays_terms(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    contract = a_contract(customer, end_on=date(2026, 12, 1), amount=1_200_000)
    services.renew_contract(contract.pk, amount=1_320_000, by=None)
    ContractChange.objects.update(recorded_at=datetime.combine(TODAY, time(12), UTC))
    words = page(bob_client, customer)
    assert "¥1,200,000 ÷ 12か月" in words and "2026/12/01から ¥110,000" in words
    assert "あと10日" not in words and "2027/11/30" in words


def test_a_notice_without_a_day_of_leaving_says_so_on_the_timeline(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    a_notice(customer, noticed_on=date(2026, 11, 20), effective_on=None)
    assert "解約申出がありました（契約終了日：未定）" in page(bob_client, customer)


def test_custom_attributes_stand_among_the_companys_facts(
    acme: Workspace, bob_client: Client
) -> None:
    an_attribute("crm_no")
    customer = a_customer(attributes={"crm_no": "X-77"})
    about = f"/customers/{customer.pk}/about/"
    assert about in page(bob_client, customer)
    whole = bob_client.get(about).content.decode()
    part = bob_client.get(about, headers={"hx-request": "true"}).content.decode()
    assert "X-77" in whole and "X-77" in part and "<html" in whole and "<html" not in part


def test_stages_are_told_once_with_owners_and_tier(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer(stage="trial")
    told = {
        part: bob_client.get(
            f"/customers/{customer.pk}/{part}/", headers={"hx-request": "true"}
        ).content.decode()
        for part in ("about", "history")
    }
    assert "トライアル" in told["history"] and "トライアル" not in told["about"]


@pytest.mark.parametrize("name", sorted(text for text in declarations._event_texts))
def test_every_event_that_is_told_has_a_drawn_icon(name: str) -> None:
    text = declarations.event_text(name)
    assert text and text.icon in ICONS


def test_the_timeline_goes_back_page_by_page(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer()
    for day in range(1, 20):
        services.record_contact(customer.pk, on=date(2026, 11, day), by=bob)
    address = f"/customers/{customer.pk}/timeline/"
    words = page(bob_client, customer)
    assert "2026/11/19に" in words and "2026/11/01に" not in words
    link = words[words.index(address) :].split('"')[0].replace("&amp;", "&")
    older = bob_client.get(link, headers={"hx-request": "true"}).content.decode()
    assert "2026/11/01に" in older and "2026/11/19に" not in older and "<html" not in older
    assert "<html" in bob_client.get(address).content.decode()


@pytest.mark.parametrize("names_the_contract", [True, False])
def test_a_contract_with_a_standing_notice_does_not_read_as_renewing_by_itself(
    acme: Workspace, bob: Person, bob_client: Client, names_the_contract: bool
) -> None:
    customer = a_customer()
    contract = a_contract(customer)
    addresses = [f"/customers/{customer.pk}/", f"/contracts/{contract.pk}/"]
    assert all("自動更新" in bob_client.get(one).content.decode() for one in addresses)
    notice = a_notice(customer, contract_id=contract.pk if names_the_contract else None)
    for address in addresses:
        shown = bob_client.get(address).content.decode()
        assert "自動更新" not in shown and "解約申出あり（2026/11/20）" in shown
    services.withdraw_notice(notice.pk, by=bob)
    assert all("自動更新" in bob_client.get(one).content.decode() for one in addresses)


def test_a_notice_for_another_contract_leaves_this_one_renewing(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer()
    contract, other = a_contract(customer), a_contract(customer)
    a_notice(customer, contract_id=other.pk)
    assert "自動更新" in bob_client.get(f"/contracts/{contract.pk}/").content.decode()


def test_a_cursor_that_was_made_up_is_refused(acme: Workspace, bob_client: Client) -> None:
    answer = bob_client.get(f"/customers/{a_customer().pk}/timeline/?before=x")
    assert answer.status_code == 422


def test_one_click_notes_a_contact_and_can_be_taken_back(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer(last_contact_on=date(2026, 6, 1))
    answer = bob_client.post(f"/customers/{customer.pk}/contacted/", follow=True)
    assert fresh(customer).last_contact_on == date(2026, 11, 20)
    assert events("customers.customer_contacted")[0].by == bob.pk
    [event] = events("customers.customer_contacted")
    undo = f"/customers/{customer.pk}/uncontacted/?event={event.pk}"
    assert undo in answer.content.decode()
    bob_client.post(undo)
    bob_client.post(undo)
    assert fresh(customer).last_contact_on == date(2026, 6, 1)


def test_taking_back_leaves_a_later_contact_alone(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    event = services.note_contact(customer.pk, on=date(2026, 11, 10), by=None)
    services.record_contact(customer.pk, on=date(2026, 11, 19), by=None)
    bob_client.post(f"/customers/{customer.pk}/uncontacted/?event={event}")
    assert fresh(customer).last_contact_on == date(2026, 11, 19)
    assert len(events("customers.contact_taken_back")) == 1


def test_what_another_room_noted_cannot_be_taken_back_here(
    acme: Workspace, bob_client: Client
) -> None:
    customer, day = a_customer(), date(2026, 11, 10)
    event = services.note_contact(customer.pk, on=day, by=None, origin="work.activity:1")
    answer = bob_client.post(f"/customers/{customer.pk}/uncontacted/?event={event}")
    assert answer.status_code == 404 and fresh(customer).last_contact_on == day


def test_a_made_up_contact_to_take_back_is_refused(acme: Workspace, bob_client: Client) -> None:
    customer = a_customer()
    answer = bob_client.post(f"/customers/{customer.pk}/uncontacted/?event=x")
    assert answer.status_code == 422
