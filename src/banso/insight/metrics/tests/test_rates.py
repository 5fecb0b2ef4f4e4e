"""Exchange rates: which one counts on a day, as known at a moment; recording, correcting, voiding."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.core.errors import Refused
from banso.core.imports import undoing
from banso.core.imports.declarations import import_table
from banso.core.models import Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import events, fresh
from banso.customers.tests.builders import a_contract, a_customer
from banso.customers.tests.files import brought_in
from banso.insight.metrics import queries, services
from banso.insight.metrics.models import ExchangeRate
from banso.insight.metrics.tests.builders import an_exchange_rate

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
START = datetime(2026, 1, 1, tzinfo=UTC)
PAGE, API = "/settings/figures/rates/", "/api/v1/exchange-rates"
Told = tuple[str, int, int, int, int | None]


def of(currency: str, day: date, **known: Any) -> Decimal:
    return queries.rates_for([currency], [day], **known)[currency, day]


def test_the_last_rate_on_or_before_the_day_counts(acme: Workspace) -> None:
    an_exchange_rate("150", on=APRIL)
    an_exchange_rate("160.125", on=MAY)
    assert of("USD", APRIL) == of("USD", MAY - timedelta(days=1)) == 150
    assert of("USD", MAY) == of("USD", date(2030, 1, 1)) == Decimal("160.125")


def test_the_workspaces_own_currency_is_worth_one_and_needs_no_rate(acme: Workspace) -> None:
    assert queries.rates_for(["JPY"], [APRIL]) == {("JPY", APRIL): 1}
    assert queries.rates_for([], [APRIL]) == queries.rates_for(["USD"], []) == {}


def test_a_missing_rate_is_refused_naming_currency_day_and_where_to_add_it(
    acme: Workspace,
) -> None:
    an_exchange_rate("150", on=MAY)
    with pytest.raises(queries.NoRate) as refusal:
        queries.rates_for(["USD"], [MAY, APRIL])
    told = refusal.value
    assert (told.code, told.currency, told.day, told.page) == ("no_rate", "USD", APRIL, PAGE)
    assert all(word in str(told.message) for word in ("USD", "2026", PAGE))


def test_rates_into_a_former_currency_of_the_workspace_count_no_longer(acme: Workspace) -> None:
    old = an_exchange_rate("170", currency="EUR", on=APRIL)
    acme.currency = "USD"
    acme.save()
    with pytest.raises(Refused, match="EUR"):
        of("EUR", MAY)
    with pytest.raises(Refused) as refusal:
        services.correct_rate(old.pk, rate=Decimal(2), by=None)
    assert refusal.value.code == "other_currency"


rates = st.lists(
    st.tuples(
        st.sampled_from(["USD", "EUR"]),
        st.integers(0, 4),
        st.integers(1, 9),
        st.integers(0, 4),
        st.none() | st.integers(0, 3),
    ),
    max_size=8,
)


def _stored(told: Sequence[Told]) -> list[ExchangeRate]:
    """Rates as people tell and void them: one of a day at a time."""
    rows = list[ExchangeRate]()
    for n, (currency, day, rate, hour, stood) in enumerate(told):
        begun = START + timedelta(hours=hour, minutes=n)
        ended = None if stood is None else begun + timedelta(hours=stood, seconds=1)
        others = [one for one in rows if (one.currency, one.on) == (currency, _day(day))]
        if any(_meet(one, begun, ended) for one in others):
            continue
        rows.append(
            ExchangeRate(
                currency=currency,
                into="JPY",
                on=_day(day),
                rate=rate,
                recorded_at=begun,
                voided_at=ended,
            )
        )
    ExchangeRate.objects.bulk_create(rows)
    return rows


def _day(number: int) -> date:
    return APRIL + timedelta(days=number)


def _meet(one: ExchangeRate, begun: datetime, ended: datetime | None) -> bool:
    begins_before = ended is None or one.recorded_at < ended
    return begins_before and (one.voided_at is None or one.voided_at > begun)


@given(told=rates, hour=st.integers(0, 8), day=st.integers(0, 5))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_tells_the_last_rate_on_or_before_the_day_as_known_then(
    acme: Workspace, told: Sequence[Told], hour: int, day: int
) -> None:
    then = START + timedelta(hours=hour, minutes=30)
    with transaction.atomic():
        known = [
            one
            for one in _stored(told)
            if one.recorded_at <= then and (one.voided_at is None or one.voided_at > then)
        ]
        for currency in ("USD", "EUR"):
            fitting = [one for one in known if one.currency == currency and one.on <= _day(day)]
            if fitting:
                last = max(fitting, key=lambda one: one.on)
                assert of(currency, _day(day), known_at=then) == last.rate
            else:
                with pytest.raises(queries.NoRate):
                    of(currency, _day(day), known_at=then)
        transaction.set_rollback(True)


def test_a_correction_voids_the_rate_and_figures_are_told_as_they_were_known(
    acme: Workspace, alice: Person
) -> None:
    old = an_exchange_rate("150", on=APRIL)
    new = services.correct_rate(old.pk, rate=Decimal("151.5"), by=alice)
    again = fresh(old)
    assert again.voided_at == new.recorded_at and (new.currency, new.on) == ("USD", APRIL)
    assert of("USD", MAY) == of("USD", MAY, known_at=new.recorded_at) == Decimal("151.5")
    assert of("USD", MAY, known_at=old.recorded_at) == 150
    assert services.correct_rate(new.pk, rate=Decimal("151.50"), by=alice) == new
    assert [len(events(f"metrics.rate_{verb}")) for verb in ("added", "voided")] == [2, 1]


def test_a_voided_rate_is_kept_and_the_one_before_counts(acme: Workspace, alice: Person) -> None:
    an_exchange_rate("150", on=APRIL)
    wrong = an_exchange_rate("15", on=MAY)
    services.void_rate(wrong.pk, by=alice)
    assert of("USD", MAY) == 150 and ExchangeRate.objects.count() == 2
    (told,) = events("metrics.rate_voided")
    assert (told.facts["currency"], told.facts["rate"], told.by) == ("USD", "15", alice.pk)
    an_exchange_rate("155", on=MAY)
    assert of("USD", MAY) == 155


def test_who_voids_or_corrects_what_somebody_else_has_voided_is_told(acme: Workspace) -> None:
    rate = an_exchange_rate()
    services.void_rate(rate.pk, by=None)
    with pytest.raises(Refused) as twice:
        services.void_rate(rate.pk, by=None)
    with pytest.raises(Refused) as corrected:
        services.correct_rate(rate.pk, rate=Decimal(1), by=None)
    assert twice.value.code == corrected.value.code == "voided"
    assert len(events("metrics.rate_voided")) == 1


def test_a_day_has_one_rate(acme: Workspace) -> None:
    an_exchange_rate("150", on=APRIL)
    with pytest.raises(Refused, match="150") as refusal:
        an_exchange_rate("151", on=APRIL)
    assert refusal.value.code == "taken" and of("USD", APRIL) == 150
    twin = ExchangeRate(currency="USD", into="JPY", on=APRIL, rate=1)
    with pytest.raises(IntegrityError, match="one_rate_a_day"), transaction.atomic():
        twin.save()


BAD = [
    ("USD", "0", "rate"),
    ("USD", "-150", "rate"),
    ("USD", "NaN", "rate"),
    ("USD", "Infinity", "rate"),
    ("USD", "9" * 40, "rate"),
    ("USD", "1e999999", "rate"),
    ("USD", "1e-999999", "rate"),
    ("USD", "0.12345678901", "rate"),
    ("XXQ", "1", "currency"),
    ("", "1", "currency"),
    ("\x00\x00\x00", "1", "currency"),
    ("JPY", "1", "currency"),
    ("jpy ", "1", "currency"),
]


@pytest.mark.parametrize(("currency", "rate", "field"), BAD)
def test_what_is_no_rate_is_refused_and_nothing_is_kept(
    acme: Workspace, currency: str, rate: str, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        an_exchange_rate(rate, currency=currency)
    assert refusal.value.field == field and not ExchangeRate.objects.exists()
    (outcome,) = services.record_rates([services.NewRate(currency, APRIL, Decimal(rate))], by=None)
    assert isinstance(outcome, Refused) and not ExchangeRate.objects.exists()


@pytest.mark.parametrize("rate", ["0.0000000001", "9999999999.9999999999", "1E2"])
def test_the_smallest_and_the_largest_rate_are_kept_to_the_letter(
    acme: Workspace, rate: str
) -> None:
    assert fresh(an_exchange_rate(rate)).rate == Decimal(rate)


@pytest.mark.parametrize("on", [date(1899, 12, 31), date(3000, 1, 1)])
def test_a_day_of_another_age_is_refused(acme: Workspace, on: date) -> None:
    with pytest.raises(Refused) as refusal:
        an_exchange_rate(on=on)
    assert refusal.value.field == "on"


def test_the_workspaces_own_currency_is_refused_in_words(alice_client: Client) -> None:
    page = alice_client.post(f"{PAGE}add/", {"currency": "JPY", "on": APRIL, "rate": "1"})
    assert page.status_code == 422
    assert "JPYはこのワークスペースの通貨" in page.content.decode()


def test_a_currency_of_four_letters_is_refused_and_not_cut_to_one_of_three(
    alice_client: Client,
) -> None:
    assert (
        "maxlength" not in alice_client.get(PAGE).content.decode().split('name="currency"')[1][:200]
    )
    answer = alice_client.post(f"{PAGE}add/", {"currency": "XXX1", "on": APRIL, "rate": "1"})
    assert answer.status_code == 422 and 'id="id_currency_error"' in answer.content.decode()
    assert not ExchangeRate.objects.exists()


def test_the_page_takes_adds_corrects_and_voids(alice_client: Client) -> None:
    said = {"currency": "usd", "on": "2026-04-01", "rate": "１５０．２５"}
    alice_client.post(f"{PAGE}add/", said)
    rate = ExchangeRate.objects.get()
    assert (rate.currency, rate.rate) == ("USD", Decimal("150.25"))
    assert f'value="{rate.plain}"' in alice_client.get(f"{PAGE}{rate.pk}/").content.decode()
    alice_client.post(f"{PAGE}{rate.pk}/correct/", {"rate": "151"})
    new = ExchangeRate.objects.get(voided_at=None)
    assert new.rate == 151 and fresh(rate).voided_at
    alice_client.post(f"{PAGE}{new.pk}/void/")
    assert not ExchangeRate.objects.filter(voided_at=None).exists()
    page = alice_client.get(f"{PAGE}?voided=1").content.decode()
    assert page.count("取り消し済み") >= 2 and "151 JPY" in page
    assert alice_client.post(f"{PAGE}{new.pk}/void/").status_code == 422


def test_contracts_in_a_currency_without_a_rate_are_told(
    acme: Workspace, vera_client: Client
) -> None:
    a_contract(a_customer(currency="USD"), currency="USD")
    for page in (PAGE, "/settings/figures/"):
        assert "USDの契約には為替レートがありません" in vera_client.get(page).content.decode()
    an_exchange_rate()
    assert "為替レートがありません" not in vera_client.get(PAGE).content.decode()


def test_a_long_list_goes_on(acme: Workspace, vera_client: Client) -> None:
    new = [services.NewRate("USD", APRIL + timedelta(days=n), Decimal(100 + n)) for n in range(60)]
    services.record_rates(new, by=None)
    first = vera_client.get(PAGE).content.decode()
    assert "159 JPY" in first and "109 JPY" not in first
    _rows, cursor = queries.rate_page()
    assert "109 JPY" in vera_client.get(PAGE, {"after": cursor}).content.decode()


def test_viewers_read_and_only_managers_write(
    acme: Workspace, vera_client: Client, bob_client: Client
) -> None:
    rate = an_exchange_rate()
    assert vera_client.get(PAGE).status_code == 200
    for client in (vera_client, bob_client):
        for address in (f"{PAGE}add/", f"{PAGE}{rate.pk}/correct/", f"{PAGE}{rate.pk}/void/"):
            said = {"currency": "EUR", "on": "2026-04-01", "rate": "1"}
            assert client.post(address, said).status_code == 403
    assert ExchangeRate.objects.get().voided_at is None


def test_rates_of_another_workspace_are_not_there(
    acme: Workspace, alice_client: Client, other_workspace: Workspace
) -> None:
    with open_workspace(other_workspace):
        theirs = an_exchange_rate()
    for path in (f"{PAGE}{theirs.pk}/correct/", f"{PAGE}{theirs.pk}/void/"):
        assert alice_client.post(path, {"rate": "1"}).status_code == 404
    with pytest.raises(queries.NoRate):
        of("USD", date(2030, 1, 1))
    assert alice_client.get(API).json()["rows"] == []
    with open_workspace(other_workspace):
        assert fresh(theirs).voided_at is None


def test_the_api_adds_corrects_and_voids(alice_client: Client) -> None:
    def post(path: str, **body: Any) -> Any:
        return alice_client.post(path, body, content_type="application/json")

    made = post(API, currency="USD", on="2026-04-01", rate="150.25")
    assert made.status_code == 201 and made.json()["rate"] == 150.25
    assert post(API, currency="USD", on="2026-04-01", rate=1).json()["code"] == "taken"
    other = post(f"{API}/{made.json()['id']}/corrections", rate=151).json()
    assert alice_client.put(f"{API}/{other['id']}/voided").json()["voided_at"]
    assert alice_client.put(f"{API}/{other['id']}/voided").json()["code"] == "voided"
    assert alice_client.get(API).json() == {"rows": [], "next_cursor": ""}
    listed = alice_client.get(API, {"voided": "true", "currency": "USD"}).json()["rows"]
    assert [one["rate"] for one in listed] == [151, 150.25]


FILE = "通貨,適用日,為替レート\nUSD,2026/4/1,150.25\neur,2026/4/1,１６３\n"
Bring = Callable[[str], tuple[Any, dict[str, Any]]]


@pytest.fixture
def bring(acme: Workspace, alice: Person, tmp_path: Path) -> Bring:
    return lambda text: brought_in(tmp_path, text, "為替レート.csv", by=alice)


def test_a_file_of_rates_comes_in_and_again_unchanged(bring: Bring) -> None:
    _run, facts = bring(FILE)
    assert (facts["table"], facts["created"], facts["errors"]) == ("exchange_rates", 2, [])
    assert of("USD", APRIL) == Decimal("150.25") and of("EUR", MAY) == 163
    assert bring(FILE)[1]["unchanged"] == 2


def test_another_rate_in_a_file_corrects_and_its_undo_brings_the_first_back(bring: Bring) -> None:
    bring(FILE)
    run, facts = bring(FILE.replace("150.25", "151"))
    assert (facts["updated"], facts["unchanged"]) == (1, 1) and of("USD", APRIL) == 151
    made = ExchangeRate.objects.get(currency="USD", voided_at=None)
    undoing.undo_import(run.pk, by=None)
    assert of("USD", APRIL) == Decimal("150.25")
    assert of("USD", APRIL, known_at=made.recorded_at) == 151  # as it was told meanwhile


def test_a_rate_that_was_corrected_since_stands_when_its_file_is_taken_back(bring: Bring) -> None:
    bring(FILE)
    run, _facts = bring(FILE.replace("150.25", "151"))
    made = ExchangeRate.objects.get(currency="USD", voided_at=None)
    services.correct_rate(made.pk, rate=Decimal(152), by=None)
    undoing.undo_import(run.pk, by=None)
    assert of("USD", APRIL) == 152


def test_wrong_lines_of_a_file_are_told_and_the_others_come_in(bring: Bring) -> None:
    wrong = "USD,2026/4/2,0\nJPY,2026/4/1,1\nXXQ,2026/4/1,1\nGBP,2026/4/1,NaN\nUSD,2026/4/1,9\n"
    _run, facts = bring(FILE + wrong)
    assert (facts["created"], facts["errors_in_all"], facts["duplicates"]) == (2, 4, 1)
    _run, other = bring("currency,on,rate,into\nGBP,2026-04-01,1.3,USD\n")
    assert other["errors_in_all"] == 1


def test_rates_go_out_as_they_come_in(bring: Bring) -> None:
    bring(FILE)
    table = import_table("exchange_rates")
    assert table
    rows = list(table.rows())
    assert [row["rate"] for row in rows] == ["163", "150.25"]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    assert bring("\n".join(lines) + "\n")[1]["unchanged"] == 2
