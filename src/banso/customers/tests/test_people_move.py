"""People move: posts with their history, successors, and the season in which everybody is asked."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers import queries, services
from banso.customers.fields import annotate
from banso.customers.models import Contact, Customer, FormerPost
from banso.customers.season import season_of
from banso.customers.services import Successor
from banso.customers.tests.builders import a_contact, a_customer, a_former_post

APRIL = date(2026, 4, 1)


@pytest.fixture
def champion(acme: Workspace) -> Contact:
    return a_contact(
        name="山田 花子", department="総務部", title="部長", roles=("champion", "admin")
    )


def move(contact: Contact, presence: str = "moved", since: date = APRIL, **more: Any) -> Contact:
    return services.mark_contact_moved(contact.pk, presence=presence, since=since, by=None, **more)


def champion_of(customer: Customer, on: date = TODAY) -> str:
    found = annotate(Customer.objects.all(), ["customers.champion"], on=on).get(pk=customer.pk)
    return str(getattr(found, "f_customers_champion"))  # noqa: B009


def test_who_moves_keeps_what_they_were(champion: Contact) -> None:
    move(champion, department="大阪支店")
    [post] = queries.former_posts(champion.pk)
    assert (post.department, post.title, post.until) == ("総務部", "部長", APRIL)
    now = fresh(champion)
    assert (now.department, now.title, now.presence) == ("大阪支店", "部長", "moved")
    assert (now.presence_since, now.checked_on) == (APRIL, TODAY)


def test_a_champion_who_goes_is_told_on_the_timeline_by_name_and_once(champion: Contact) -> None:
    move(champion)
    entries = queries.timeline(champion.customer_id).entries
    [told] = [one for one in entries if "moved" in one.name or "gone" in one.name]
    assert told.name == "customers.champion_gone" and told.text.endswith("山田 花子")
    assert told.url.endswith(f"{champion.pk}/")
    move(champion, presence="left", since=TODAY)
    assert len(events("customers.champion_gone")) == 1


def test_saying_it_again_changes_nothing(champion: Contact) -> None:
    heir = Successor(name="鈴木 一郎")
    for _time in range(2):
        move(champion, successor=heir)
    assert Contact.objects.count() == 2 and FormerPost.objects.count() == 1
    assert len(events("customers.contact_moved")) == len(events("customers.contact_succeeded")) == 1


def test_another_day_corrects_the_move(champion: Contact) -> None:
    move(champion)
    move(champion, since=date(2026, 4, 10))
    [post] = queries.former_posts(champion.pk)
    assert post.until == fresh(champion).presence_since == date(2026, 4, 10)


def test_another_move_on_the_same_day_keeps_where_they_were(champion: Contact) -> None:
    for _time in range(2):
        move(champion, department="大阪支店")
    for _time in range(2):
        move(champion, department="京都支店")
    again, first = queries.former_posts(champion.pk)
    assert (first.department, again.department) == ("総務部", "大阪支店")
    assert (again.presence, again.presence_since, again.until) == ("moved", APRIL, APRIL)
    assert fresh(champion).department == "京都支店"
    services.take_back_move(champion.pk, former_post_id=again.pk, by=None)
    assert fresh(champion).department == "大阪支店"
    assert len(events("customers.champion_gone")) == 1


def test_where_somebody_went_is_told_later_without_another_move(champion: Contact) -> None:
    move(champion)
    move(champion, department="大阪支店")
    [post] = queries.former_posts(champion.pk)
    assert (post.department, fresh(champion).department) == ("総務部", "大阪支店")


def test_a_new_successor_has_the_post_and_the_roles_and_somebody_speaks_for_us(
    champion: Contact,
) -> None:
    move(champion, successor=Successor(name="鈴木 一郎", email="suzuki@acme.example"))
    heir = Contact.objects.get(name="鈴木 一郎")
    assert (heir.department, heir.title, heir.presence_since) == ("総務部", "部長", APRIL)
    assert heir.roles == ["champion", "admin"] and heir.customer_id == champion.customer_id
    assert (
        champion_of(champion.customer) == "here" == champion_of(champion.customer, date(2026, 3, 1))
    )


def test_a_colleague_takes_over_later_and_a_wrong_choice_is_mended(champion: Contact) -> None:
    first = a_contact(champion.customer, "佐藤 次郎", roles=("admin",))
    second = a_contact(champion.customer, "田中 三郎", roles=("user",))
    move(champion)
    assert champion_of(champion.customer) == "gone"
    move(champion, successor=Successor(contact_id=first.pk))
    assert fresh(first).roles == ["champion", "admin"]
    move(champion, successor=Successor(contact_id=second.pk))
    assert fresh(first).roles == ["admin"]
    assert fresh(second).roles == ["champion", "admin", "user"]
    [post] = queries.former_posts(champion.pk)
    assert post.successor == second and post.passed == ["champion", "admin"]


def test_nobody_takes_over_from_who_stays_nor_strangers_nor_those_gone(champion: Contact) -> None:
    stranger = a_contact(a_customer("別の会社"), "他 人")
    gone = a_contact(champion.customer, "去 人", presence="left")
    for presence, heir in (
        ("here", stranger),
        ("moved", stranger),
        ("moved", gone),
        ("moved", champion),
    ):
        with pytest.raises(Refused):
            move(champion, presence, successor=Successor(contact_id=heir.pk))
    assert fresh(champion).presence == "here" and not FormerPost.objects.exists()


def test_a_move_is_taken_back_with_all_that_came_of_it(champion: Contact) -> None:
    heir = a_contact(champion.customer, "佐藤 次郎", roles=("admin",))
    move(champion, department="大阪支店", successor=Successor(contact_id=heir.pk))
    [post] = queries.former_posts(champion.pk)
    services.take_back_move(champion.pk, former_post_id=post.pk, by=None)
    now = fresh(champion)
    assert (now.department, now.presence, now.presence_since) == ("総務部", "here", None)
    assert now.checked_on is None and fresh(heir).roles == ["admin"]
    assert not FormerPost.objects.exists()


def test_only_the_latest_move_can_be_taken_back(champion: Contact) -> None:
    first = a_former_post(champion)
    move(champion, presence="left", since=TODAY)
    with pytest.raises(Refused):
        services.take_back_move(champion.pk, former_post_id=first.pk, by=None)


STEPS = st.lists(
    st.tuples(st.sampled_from(["here", "moved", "left", "unknown"]), st.integers(0, 200)),
    max_size=6,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_taking_back_every_move_gives_back_who_they_were(champion: Contact, steps: Any) -> None:
    for presence, days in steps:
        since = TODAY - timedelta(days=days)
        move(champion, presence, since, department=f"部署{days}" if presence == "moved" else "")
    for post in FormerPost.objects.filter(contact=champion).order_by("-recorded_at", "-pk"):
        services.take_back_move(champion.pk, former_post_id=post.pk, by=None)
    now = fresh(champion)
    assert (now.department, now.title, now.roles) == ("総務部", "部長", ["champion", "admin"])
    assert now.presence == "here" and not FormerPost.objects.exists()


def test_another_department_is_history_but_a_correction_is_not(champion: Contact) -> None:
    change = services.update_contact
    change(champion.pk, changes={"department": "総務 部"}, by=None, is_correction=True)
    assert not FormerPost.objects.exists()
    change(champion.pk, changes={"department": "経理部"}, by=None, moved_on=APRIL)
    [post] = queries.former_posts(champion.pk)
    assert (post.department, post.title, post.until) == ("総務 部", "部長", APRIL)
    with pytest.raises(Refused):
        change(champion.pk, changes={"title": "課長"}, by=None, moved_on=date(2027, 1, 1))


def test_the_season_is_the_one_that_is_on_or_the_latest() -> None:
    spring = season_of(date(2026, 4, 10))
    assert (spring.first, spring.last) == (date(2026, 3, 15), date(2026, 4, 30))
    assert season_of(date(2026, 3, 14)).first.year == 2025
    assert spring.usual_day(date(2026, 4, 10)) == APRIL
    assert spring.usual_day(date(2026, 3, 20)) == date(2026, 3, 20)
    assert spring.usual_day(TODAY) == TODAY


@pytest.fixture
def spring(acme: Workspace) -> Workspace:
    acme.fixed_today = date(2026, 4, 10)
    acme.save()
    return acme


def old(name: str, customer: Customer | None = None, **given: Any) -> Contact:
    """A contact who was in the book before the season."""
    made = a_contact(customer, name, **given)
    Contact.objects.filter(pk=made.pk).update(created_at="2026-01-05T00:00:00Z")
    return made


def test_contacts_are_asked_about_champions_first_and_not_twice(spring: Workspace) -> None:
    user, champion = old("一 般"), old("推 進", roles=("champion",))
    old("去 人", presence="left"), a_contact(name="新 人")
    old("去った客", a_customer("離反社", stage="churned"))
    waiting = queries.contacts_to_confirm(date(2026, 4, 10))
    assert (waiting.contacts, waiting.count) == ([champion, user], 2)
    services.confirm_contact(champion.pk, by=None)
    assert queries.count_to_confirm(date(2026, 4, 10)) == 1
    services.ask_again(champion.pk, by=None)
    assert queries.count_to_confirm(date(2026, 4, 10)) == 2


def test_a_page_begins_where_the_last_one_ended(spring: Workspace) -> None:
    day, roles = date(2026, 4, 10), ((), ("billing",), ("user", "champion"), ("sponsor",))
    for name in ("乙社", "甲社", "甲社"):
        one = a_customer(name, name_reading="コウ" if name == "甲社" else "オツ")
        for held in roles:
            old("同じ 名前", one, roles=held), old("別 名前", one, roles=held, name_reading="ベツ")
    every = list(queries.every_to_confirm(day))
    assert [one.roles[:1] for one in every] == [
        *[["champion"]] * 6, *[["sponsor"]] * 6, *[["billing"]] * 6, *[[]] * 6
    ]  # fmt: skip
    assert [one.customer.name_reading for one in every[:6]] == [*["オツ"] * 2, *["コウ"] * 4]
    walked: list[Contact] = []
    after: Contact | None = None
    while page := queries.contacts_to_confirm(day, after=after, limit=5).contacts:
        walked, after = [*walked, *page], page[-1]
    assert walked == every


def test_who_was_put_off_comes_again_after_the_last(
    spring: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer(main_owner_id=bob.pk)
    first, last = old("推 進", customer, roles=("champion",)), old("一 般", customer)
    for one, following in ((first, last), (last, first)):
        page = bob_client.get(f"/contacts/{one.pk}/confirm/").content.decode()
        card = page.split("season__card")[1].split("</article>")[0]
        assert f'href="/contacts/{following.pk}/confirm/?who=me"' in card


def test_the_page_of_the_season_is_worked_off_one_by_one(
    spring: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer(main_owner_id=bob.pk)
    champion = old("推 進", customer, roles=("champion",), department="総務部")
    user, elsewhere = old("一 般", customer), old("他の担当", a_customer("よその客"))
    page = bob_client.get("/contacts/to-confirm/").content.decode()
    assert "推 進" in page and "一 般" in page and "他の担当" not in page
    assert 'value="2026-04-01"' in page
    to = bob_client.post(
        f"/contacts/{champion.pk}/confirm/",
        {"answer": "moved", "since": "2026-04-01", "successor_name": "鈴木 一郎"},
    )
    assert to["Location"] == f"/contacts/{user.pk}/confirm/?who=me"
    assert fresh(champion).presence_since == APRIL
    assert Contact.objects.get(name="鈴木 一郎").roles == ["champion"]
    bob_client.post(f"/contacts/{user.pk}/confirm/", {"answer": "here", "since": "2026-04-01"})
    assert (fresh(user).presence, fresh(user).checked_on) == ("here", date(2026, 4, 10))
    assert "season__card" not in bob_client.get("/contacts/to-confirm/").content.decode()
    assert "他の担当" in bob_client.get("/contacts/to-confirm/?who=all").content.decode()
    assert fresh(elsewhere).checked_on is None


def test_an_answer_is_taken_back_from_where_it_was_given(
    spring: Workspace, bob: Person, bob_client: Client
) -> None:
    contact = old("山田 花子", a_customer(main_owner_id=bob.pk))
    here = f"/contacts/{contact.pk}/confirm/"
    for answer in ("here", "left"):
        told = bob_client.post(here, {"answer": answer, "since": "2026-04-01"}, follow=True)
        undo = told.content.decode().split(f'action="/contacts/{contact.pk}/presence/take-back/')[1]
        address = undo.split('"')[0].replace("&amp;", "&")
        back = bob_client.post(f"/contacts/{contact.pk}/presence/take-back/{address}")
        assert back["Location"] == f"{here}?who=me"
        assert (fresh(contact).presence, fresh(contact).checked_on) == ("here", None)


def test_one_of_whom_nobody_knew_is_unknown_again_when_the_answer_is_taken_back(
    spring: Workspace, bob_client: Client
) -> None:
    contact = old("山田 花子", presence="unknown")
    here = f"/contacts/{contact.pk}/confirm/"
    bob_client.post(here, {"answer": "here", "since": "2026-04-01"})
    now = fresh(contact)
    assert (now.presence, now.presence_since) == ("here", date(2026, 4, 10))
    [post] = queries.former_posts(contact.pk)
    bob_client.post(f"/contacts/{contact.pk}/presence/take-back/?post={post.pk}")
    assert fresh(contact).presence == "unknown"
    assert queries.count_to_confirm(date(2026, 4, 10)) == 1


def test_a_successor_of_who_stays_is_refused_in_words(
    spring: Workspace, bob_client: Client
) -> None:
    contact = old("山田 花子")
    asked = {"answer": "here", "since": "2026-04-01", "successor_name": "鈴木"}
    answer = bob_client.post(f"/contacts/{contact.pk}/confirm/", asked)
    assert answer.status_code == 422 and fresh(contact).checked_on is None


def test_today_shows_the_season_only_while_it_is_on(
    spring: Workspace, bob: Person, bob_client: Client
) -> None:
    old("山田 花子", a_customer(main_owner_id=bob.pk))
    htmx = {"hx-request": "true"}
    assert "山田 花子" in bob_client.get("/contacts/to-confirm/", headers=htmx).content.decode()
    spring.fixed_today = TODAY
    spring.save()
    assert bob_client.get("/contacts/to-confirm/", headers=htmx).content == b""


def test_the_contacts_page_tells_the_history_and_takes_the_last_back(
    champion: Contact, bob_client: Client
) -> None:
    address = f"/contacts/{champion.pk}/"
    asked = {"presence": "moved", "since": "2026-04-01", "successor_name": "鈴木 一郎"}
    assert bob_client.post(f"{address}presence/", asked)["Location"] == address
    page = bob_client.get(address).content.decode()
    assert "総務部 部長" in page and "鈴木 一郎" in page
    [post] = queries.former_posts(champion.pk)
    bob_client.post(f"{address}presence/take-back/?post={post.pk}")
    assert fresh(champion).presence == "here"
    for bad in ("x", str(post.pk)):
        assert bob_client.post(f"{address}presence/take-back/?post={bad}").status_code in {404, 422}
