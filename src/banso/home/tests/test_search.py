import pytest
from django.test import Client

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import a_workspace
from banso.customers.tests.builders import a_contact, a_contract, a_customer
from banso.home import search as home_search
from banso.home.search import search

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words", ["ヤマダ", "やまだ", "ﾔﾏﾀﾞ", "㈱山田商店", "株式会社山田商店", "山田"]
)
def test_a_customer_is_found_by_any_spelling(
    acme: Workspace, bob_client: Client, words: str
) -> None:
    a_customer("山田商店株式会社", name_reading="ヤマダショウテン")
    assert "山田商店株式会社" in bob_client.get("/search", {"q": words}).content.decode()


def test_of_many_the_first_by_reading_are_found(
    acme: Workspace, bob_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, reading in (
        ("山田商店", "ヤマダ"),
        ("青木商店", "アオキ"),
        ("商店街", "ショウテンガイ"),
    ):
        a_contact(a_customer(name, name_reading=reading), f"{name}の人", name_reading=reading)
    few = [one.title for one in search("商店", permits=frozenset({"customers.read"}))]
    assert few[:3] == ["商店街", "青木商店", "山田商店"]
    monkeypatch.setattr(home_search, "FEW", 2)
    many = [one.title for one in search("商店", permits=frozenset({"customers.read"}), limit=2)]
    assert many == ["青木商店", "商店街", "青木商店の人", "商店街の人"]


@pytest.mark.parametrize("words", ["高橋", "髙橋", "たかはし", "高橋 みなと"])
def test_a_person_is_found_with_their_company(
    acme: Workspace, bob_client: Client, words: str
) -> None:
    a_contact(a_customer("みなと商会"), "髙橋 一郎", name_reading="たかはし いちろう")
    page = bob_client.get("/search", {"q": words.split()[0]}).content.decode()
    assert "髙橋 一郎" in page and "みなと商会" in page


def test_names_that_begin_with_the_word_come_first(acme: Workspace, bob_client: Client) -> None:
    for number in range(25):
        a_customer(f"あおか{number:02}", name_reading=f"あおか{number:02}")
    a_customer("株式会社楓", name_reading="カエデ")
    page = bob_client.get("/search", {"q": "か"}).content.decode()
    assert page.index("株式会社楓") < page.index("あおか00")


def test_pages_are_found_by_name(acme: Workspace, bob_client: Client) -> None:
    assert 'href="/tasks"' in bob_client.get("/search", {"q": "タスク"}).content.decode()


def test_customers_of_another_workspace_are_never_found(
    acme: Workspace, bob_client: Client
) -> None:
    with open_workspace(a_workspace("別")):
        a_customer("秘密商事")
    assert "秘密商事" not in bob_client.get("/search", {"q": "秘密"}).content.decode().replace(
        'value="秘密"', ""
    )


def test_nothing_found_says_what_to_try(acme: Workspace, bob_client: Client) -> None:
    page = bob_client.get("/search", {"q": "存在しない"}).content.decode().replace("<wbr>", "")
    assert "見つかりませんでした" in page


def test_a_search_of_ten_thousand_signs_is_cut_and_answered(
    acme: Workspace, bob_client: Client
) -> None:
    assert bob_client.get("/search", {"q": "あ" * 10_000}).status_code == 200


def test_the_search_box_answers_while_somebody_types(acme: Workspace, bob_client: Client) -> None:
    a_customer("みなと商会")
    answer = bob_client.get("/search", {"q": "みなと"}, headers={"hx-request": "true"})
    page = answer.content.decode()
    assert "みなと商会" in page and "<html" not in page


@pytest.mark.parametrize("words", ["K-2026-12", "k-2026-12", " Ｋ－２０２６－１２ "])
def test_a_contract_is_found_by_its_number(acme: Workspace, bob_client: Client, words: str) -> None:
    contract = a_contract(a_customer("株式会社みどり"), number="K-2026-12")
    a_contract(a_customer("別の会社"), number="K-2026-1")
    found = search(words, permits=frozenset({"customers.read"}))
    assert [one.url for one in found] == [f"/contracts/{contract.pk}/"]
    assert "K-2026-12" in bob_client.get("/search", {"q": words}).content.decode()
