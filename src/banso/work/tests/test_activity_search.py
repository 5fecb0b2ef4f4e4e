from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.customers.tests.builders import a_contact, a_customer
from banso.lib.text import fold
from banso.work import queries, services
from banso.work.models import Activity
from banso.work.queries import Asked
from banso.work.queries import activities as reads
from banso.work.tests.builders import an_activity

FEW = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking over a database takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def found(words: str, limit: int = 10) -> list[str]:
    return [one.title for one in queries.search_activities(fold(words).split(), limit=limit)]


@pytest.fixture(params=[0, 2000])
def newest(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the index alone, and by what is newest first."""
    monkeypatch.setattr(reads, "NEWEST", request.param)


@pytest.mark.usefixtures("newest")
def test_words_of_two_letters_are_found_in_title_body_and_decisions(acme: Workspace) -> None:
    an_activity(title="値上げの相談")
    an_activity(title="定例", body="解約を検討しているとのこと。")
    an_activity(title="訪問", decisions="サーバーを増やす")
    assert found("値上") == ["値上げの相談"]
    assert found("解約") == ["定例"] == found("検討 解約")
    assert found("ｻｰﾊﾞｰ") == ["訪問"]
    assert found("約解") == [] == found("解約 相談")


def test_words_of_one_letter_are_found_beside_longer_ones_only(acme: Workspace) -> None:
    an_activity(title="税の相談")
    assert found("税") == [] and found("税 相談") == ["税の相談"]


def test_the_latest_come_first_and_the_rest_is_left_out(acme: Workspace) -> None:
    for day in (3, 1, 2):
        an_activity(title=f"相談{day}", happened_at=datetime(2026, 11, day, tzinfo=UTC))
    assert found("相談", limit=2) == ["相談3", "相談2"]


def test_what_was_corrected_is_found_by_its_new_words(acme: Workspace) -> None:
    made = an_activity(title="解約の話")
    services.edit_activity(made.pk, changes={"title": "更新の話"})
    assert found("解約") == [] and found("更新") == ["更新の話"]


@FEW
@given(text=st.text(alphabet="解約検討更新 値\n", max_size=40), start=st.integers(0, 40))
def test_the_index_finds_whatever_stands_in_the_text(
    acme: Workspace, text: str, start: int
) -> None:
    an_activity(body=text)
    words = fold(text[start : start + 4]).split()
    indexed = Activity.objects.filter(reads._indexed(words), reads._holding(words))
    assert indexed.exists() or not words


def test_the_list_is_narrowed_by_everything_that_is_asked(acme: Workspace, bob: Person) -> None:
    customer = a_customer()
    hana, day = a_contact(customer), datetime(2026, 11, 10, 3, tzinfo=UTC)
    made = an_activity(
        customer, kind="visit", mood="bad", contact_ids=[hana.pk], happened_at=day, by=bob
    )
    an_activity(title="別件", kind="memo", happened_at=day - timedelta(days=30))
    for asked in (
        {"words": "利用"},
        {"customer_id": customer.pk},
        {"kind": "visit"},
        {"mood": "bad"},
        {"member_id": bob.pk},
        {"contact_id": hana.pk},
        {"since": date(2026, 11, 10), "until": date(2026, 11, 10)},
    ):
        assert queries.activity_list(Asked(**asked)).rows == [made], asked
    assert queries.activity_list(Asked(kind="visit", mood="good")).rows == []


def test_the_list_goes_on_where_it_stopped_also_within_one_moment(acme: Workspace) -> None:
    moment = datetime(2026, 11, 10, 3, tzinfo=UTC)
    made = {an_activity(happened_at=moment).pk for _one in range(3)}
    first = queries.activity_list(Asked(), limit=2)
    rest = queries.activity_list(Asked(), cursor=first.next_cursor, limit=2)
    assert {one.pk for one in [*first.rows, *rest.rows]} == made and not rest.next_cursor
    with pytest.raises(Refused):
        queries.activity_list(Asked(), cursor="x")


def test_days_of_the_list_are_local(acme: Workspace) -> None:
    midnight = datetime(2026, 11, 9, 15, tzinfo=UTC)  # 10 Nov, 00:00 in Japan
    an_activity(happened_at=midnight)
    assert queries.activity_list(Asked(since=date(2026, 11, 10))).rows
    assert not queries.activity_list(Asked(until=date(2026, 11, 9))).rows
    assert queries.activity_list(Asked(since=date.min, until=date.max)).rows
