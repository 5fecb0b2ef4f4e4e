"""What figures say of themselves is what is worked out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banso.customers import services as book
from banso.customers.models import Segment, SegmentMember
from banso.customers.tests.builders import a_contract, a_customer, a_segment
from banso.insight.metrics import answers, services
from banso.insight.metrics.asking import Asked, Figure
from banso.insight.metrics.tests.builders import an_exchange_rate
from banso.lib.periods import period_of

pytestmark = pytest.mark.usefixtures("acme")
OCTOBER = period_of(date(2026, 10, 1), "month", 4)


def told(kpi: str, **more: str) -> Figure:
    [figure] = answers.figures(Asked(kpi, (OCTOBER,), **more))  # type: ignore[arg-type]
    return figure


def test_who_falls_and_rises_within_a_period_lost_only_what_the_close_is_below(
    vera_client: Client,
) -> None:
    one = a_contract(a_customer("甲社"), amount=1_200_000)
    for day, mrr in ((5, 400_000), (20, 1_000_000)):
        on = date(2026, 10, day)
        kind = "contraction" if mrr == 400_000 else "expansion"
        book.change_contract(one.pk, effective_on=on, kind=kind, amount=mrr, by=None)
    churn, moved = told("revenue_churn"), told("movements")
    assert churn.numerator == -sum(moved.parts.values()) < -moved.parts["contraction"]
    assert churn.value == 1 - (told("grr").value or Decimal(0))
    page = vera_client.get("/metrics/figure/", {"kpi": "revenue_churn"}).content.decode()
    assert "顧客ごとに、期末MRRが期首MRRを下回った額" in page and "1−GRRです" in page


def test_a_change_between_a_bound_and_a_value_is_not_told() -> None:
    value = Figure("ltv", OCTOBER, Decimal(1), Decimal(1), Decimal(9), 40, "JPY")
    bound = replace(value, value=Decimal(6), notes=("capped",))
    assert value.since(bound) is bound.since(value) is bound.since(bound) is None
    assert value.since(replace(bound, notes=())) == 3


def test_a_bound_of_the_month_before_is_told_with_its_sign_and_no_change(
    vera_client: Client,
) -> None:
    services.set_rules({"gross_margin": Decimal("0.5")}, by=None)
    for place in range(31):
        one = a_contract(a_customer(f"顧客{place:02}"), amount=1_200_000)
    book.end_contract(one.pk, effective_on=date(2026, 10, 6), by=None)
    page = vera_client.get("/metrics/figure/", {"kpi": "ltv"})
    tile, html = page.context["tile"], page.content.decode()
    assert tile["before"].is_bound and not tile["figure"].is_bound
    assert '<span class="no-data">—</span>' in html and "2026/09：≥ 3,000千円" in html
    listed = vera_client.get("/metrics/figures/").context["groups"]
    [ltv] = [one for _name, some in listed for one in some if one.measure.id == "ltv"]
    assert ltv.change is None


def test_a_month_that_runs_is_not_compared_with_a_whole_one(vera_client: Client) -> None:
    a_contract(amount=1_200_000)
    running = vera_client.get("/metrics/").content.decode()
    over = vera_client.get("/metrics/", {"period": "2026-10"}).content.decode()
    assert "delta--same" in over and "delta--same" not in running and "2026/10：100千円" in running


def test_parts_and_their_chart_mark_the_month_that_runs(vera_client: Client) -> None:
    a_contract(a_customer("甲社", industry="製造"))
    page = vera_client.get("/metrics/figure/", {"kpi": "mrr", "by": "industry"})
    assert [one for one, is_running in page.context["labels"] if is_running] == ["2026/11"]
    assert "2026/11は暫定です" in page.content.decode()


def test_a_currency_without_a_rate_leaves_figures_without_money_as_they_are(
    vera_client: Client,
) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    a_contract(a_customer("Acme SA", currency="EUR"), amount=120_000)
    said = 'EURの為替レートがありません。 <a href="/settings/figures/rates/">為替レート</a>'
    board = vera_client.get("/metrics/", {"period": "2026-10", "cohorts": "mrr"})
    tiles = {one.figure.kpi: one for one in board.context["tiles"]}
    assert board.status_code == 200 and tiles["logo_churn"].figure.value == 0
    assert tiles["mrr"].figure.value is None and tiles["mrr"].href == ""
    assert said in tiles["mrr"].notes[-1] and said in board.content.decode()
    listed = vera_client.get("/metrics/figures/")
    assert listed.status_code == 200 and said in listed.content.decode()
    page = vera_client.get("/metrics/figure/", {"kpi": "mrr", "by": "product"})
    assert page.status_code == 200 and said in page.content.decode()
    an_exchange_rate("160", currency="EUR", on=date(2025, 1, 1))
    assert said not in vera_client.get("/metrics/").content.decode()


def test_what_exchange_rates_made_of_mrr_is_told_where_periods_are_compared(
    vera_client: Client,
) -> None:
    a_contract(a_customer("甲社"), amount=1_200_000)
    a_contract(a_customer("Acme Inc.", currency="USD"), amount=1_200_000)  # USD 1,000 a month
    an_exchange_rate("150", on=date(2025, 1, 1))
    an_exchange_rate("160", on=date(2026, 10, 1))
    board = vera_client.get("/metrics/", {"period": "2026-10"})
    assert board.context["board"].exchanged == 10_000 and not told("movements").parts
    said = "為替レートの差：+¥10,000"
    assert said in board.content.decode()
    assert said in vera_client.get("/metrics/report", {"month": "2026-10"}).content.decode()
    assert said not in vera_client.get("/metrics/report", {"month": "2026-09"}).content.decode()
    page = vera_client.get("/metrics/figure/", {"kpi": "mrr"}).content.decode()
    assert page.count("うち為替レートの差 +¥10,000") == 1
    moved = vera_client.get("/metrics/figure/", {"kpi": "movements"}).content.decode()
    assert "別に為替レートの差 +¥10,000" in moved and "増減には含めません" in moved


def test_twelve_months_up_to_each_month_tell_nothing_of_exchange_rates(
    vera_client: Client,
) -> None:
    for currency in ("JPY", "USD"):
        one = a_customer(f"{currency}社", currency=currency)
        a_contract(one, amount=1_200_000, start_on=date(2025, 6, 1), end_on=None)
    an_exchange_rate("150", on=date(2025, 1, 1))
    an_exchange_rate("160", on=date(2025, 11, 1))
    asked = {"kpi": "mrr", "first": "2025-10", "last": "2026-10"}
    by_month = vera_client.get("/metrics/figure/", asked).content.decode()
    years = vera_client.get("/metrics/figure/", asked | {"kind": "trailing"}).content.decode()
    assert "うち為替レートの差" in by_month and "うち為替レートの差" not in years


def test_exchange_rates_are_read_once_however_many_months_are_compared(vera_client: Client) -> None:
    for currency in ("JPY", "USD"):
        a_contract(a_customer(f"{currency}社", currency=currency), start_on=date(2025, 6, 1))
    an_exchange_rate("150", on=date(2025, 1, 1))
    counts = []
    for first in ("2026-09", "2025-10"):
        with CaptureQueriesContext(connection) as made:
            vera_client.get("/metrics/figure/", {"kpi": "mrr", "first": first, "last": "2026-10"})
        counts.append(sum("metrics_exchangerate" in one["sql"] for one in made))
    assert counts[0] == counts[1]


def test_who_was_in_a_segment_before_it_was_known_is_not_guessed(vera_client: Client) -> None:
    a_contract(a_customer("甲社", tier="high"))
    a_segment("重点")
    Segment.objects.update(filled_at=datetime(2024, 11, 1, tzinfo=UTC))
    SegmentMember.objects.update(since=date(2026, 11, 19))
    asked = {"kpi": "mrr", "by": "segment", "first": "2026-10", "last": "2026-11"}
    page = vera_client.get("/metrics/figure/", asked)
    [row] = page.context["part_rows"]
    assert [one and one.value for one, _href in row.cells] == [100_000, None]
    assert "それより前の期間には値がありません" in page.content.decode()
    churn = vera_client.get("/metrics/figure/", {**asked, "kpi": "logo_churn"})
    assert not churn.context["part_rows"]
    today = vera_client.get(f"/metrics/figure/{page.context['by_today']}")
    [row] = today.context["part_rows"]
    assert [one and one.value for one, _href in row.cells] == [100_000, 100_000]
    assert "実際より少なく" in today.content.decode()


def test_a_lifetime_that_rests_on_few_says_from_when_on(vera_client: Client) -> None:
    for place in range(31):
        one = a_contract(a_customer(f"顧客{place:02}"), amount=1_200_000)
        if place < 2:
            ended = date(2026, 4 + 3 * place, 1)
            book.end_contract(one.pk, effective_on=ended, by=None)
    figure = told("ltv")
    assert "survival_low_n" not in figure.notes  # 31 and 30 were there before each end
    book.end_contract(one.pk, effective_on=date(2026, 10, 1), by=None)
    figure = told("ltv")
    assert "survival_low_n" in figure.notes and round(figure.parts["thin_from"]) == 10
    page = vera_client.get("/metrics/figure/", {"kpi": "ltv"}).content.decode()
    assert "10か月目以降" in page and "30社未満" in page
