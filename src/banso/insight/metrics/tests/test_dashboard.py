"""The dashboard shows the board's figures, says what to do first, and refuses in words."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.html import escape

from banso.core.models import Workspace
from banso.core.ui.wording import percent
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics.boards.charts import steps, together
from banso.insight.metrics.boards.dashboard import Board, Chosen, CohortLine, dashboard
from banso.insight.metrics.boards.links import rows_query
from banso.insight.metrics.boards.tiles import tiles
from banso.insight.metrics.tests.builders import a_target
from banso.lib.periods import period_of

OCTOBER = period_of(date(2026, 10, 1), "month", 4)
PAGE = "/metrics/"


def shown(client: Client, **asked: str) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def a_book() -> Board:
    """One who stays, one who left in October, one who came in it."""
    a_contract(a_customer("株式会社のこる"), amount=1_200_000)
    a_contract(a_customer("株式会社さる"), start_on=date(2025, 10, 10), end_on=date(2026, 10, 10))
    a_contract(a_customer("株式会社くる"), start_on=date(2026, 10, 5), end_on=date(2027, 10, 5))
    return dashboard(Chosen(OCTOBER))


def test_without_contracts_it_says_what_to_do_first(acme: Workspace, bob_client: Client) -> None:
    page = shown(bob_client)
    assert "指標は契約から計算します" in page and "tile--kpi" not in page


def test_where_nothing_was_known_on_the_day_it_asks_for_another_day(
    acme: Workspace, bob_client: Client
) -> None:
    assert "その日までに記録された有償契約はありません" in shown(bob_client, as_of="2026-01-31")


def test_one_customer_is_told_with_what_rates_mean_of_one(
    acme: Workspace, bob_client: Client
) -> None:
    a_contract()
    page = shown(bob_client)
    assert "顧客が1社のため" in page and page.count("tile--kpi") == 7


def test_when_everybody_has_left_it_leads_to_why(acme: Workspace, bob_client: Client) -> None:
    a_contract(start_on=date(2025, 6, 1), end_on=date(2026, 6, 1))
    page = shown(bob_client)
    assert "期末時点で契約中の顧客がいません" in page and 'id="losses"' in page


def test_a_period_before_anybody_paid_says_since_when(acme: Workspace, bob_client: Client) -> None:
    a_contract()
    page = shown(bob_client, kind="month", period="2025-03")
    assert "最初の契約の課金開始は2025/12/01" in page


def test_the_figures_are_those_of_the_board(acme: Workspace, bob_client: Client) -> None:
    board = a_book()
    page = shown(bob_client, kind="month", period="2026-10")
    told = bob_client.get(PAGE, {"period": "2026-10"}).context["tiles"]
    assert [one.figure for one in told] == [one.figure for one in tiles(board)]
    assert board.figure("logo_churn").value == Decimal("0.5")
    assert '50<span class="tile__unit">%' in page
    assert percent(board.losses["tenure"][0].value, 1) in page


def test_the_waterfall_adds_up_to_the_close(acme: Workspace) -> None:
    board = a_book()
    first, *moved, last = steps(board)
    amounts = [Decimal(one.amount or 0) for one in (first, *moved)]
    assert sum(amounts) == last.amount
    assert last.amount == board.figure("mrr").value == 200_000
    assert sorted(one.amount or 0 for one in moved) == [-100_000, 100_000]


def test_only_a_target_of_the_very_period_stands_beside_a_figure(acme: Workspace) -> None:
    a_contract()
    a_target("mrr", "90000", kind="month", starts_on=OCTOBER.start)
    a_target("nrr", "1.05", kind="month", starts_on=OCTOBER.start)
    promised = {one.figure.kpi: one.target for one in tiles(dashboard(Chosen(OCTOBER)))}
    assert promised["mrr"] == 90_000 and promised["nrr"] is None


def test_a_running_period_says_until_when(acme: Workspace, bob_client: Client) -> None:
    a_contract()
    assert "までの実績です" in shown(bob_client)
    assert "までの実績です" not in shown(bob_client, period="2026-10")


def test_another_length_of_period_finds_the_one_around_the_chosen(
    acme: Workspace, bob_client: Client
) -> None:
    a_contract()
    answer = bob_client.get(PAGE, {"kind": "quarter", "period": "2026-08"})
    chosen = answer.context["board"].chosen
    assert (chosen.period.start, chosen.period.kind) == (date(2026, 7, 1), "quarter")


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "week"},
        {"period": "2026-13"},
        {"period": "2027-08"},
        {"period": "nonsense"},
        {"unit": "person"},
        {"standing": "later"},
        {"as_of": "2999-01-01"},
        {"as_of": "1899-01-01"},
        {"as_of": "yesterday"},
        {"cohorts": "seats"},
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    acme: Workspace, bob_client: Client, asked: dict[str, str]
) -> None:
    answer = bob_client.get(PAGE, asked)
    assert answer.status_code == 422 and answer.context["form"].errors
    said = [words for errors in answer.context["form"].errors.values() for words in errors]
    page = answer.content.decode()
    assert any(escape(words) in page for words in said)


def test_all_cohorts_together_are_weighed_by_their_sizes() -> None:
    one, half = Decimal(1), Decimal("0.5")
    old = CohortLine(date(2026, 8, 1), Decimal(3), 3, (one, half))
    new = CohortLine(date(2026, 9, 1), Decimal(1), 1, (one, one))
    young = CohortLine(date(2026, 10, 1), Decimal(5), 5, (one,))
    assert together([old, new, young]) == [1, Decimal("0.625")]


def test_figures_open_to_rows_as_they_were_chosen(acme: Workspace) -> None:
    known_at = datetime.combine(date(2026, 10, 31), time.max, acme.tz)
    chosen = Chosen(OCTOBER, "group", "today", known_at.astimezone(UTC))
    asked = rows_query(OCTOBER, "tier", "high", "lost", chosen=chosen)
    assert asked == {
        "period": "2026-10",
        "kind": "month",
        "start": "2026-10-01",
        "end": "2026-11-01",
        "by": "tier",
        "cut": "high",
        "part": "lost",
        "unit": "group",
        "as_of": "2026-10-31",
        "standing": "today",
    }
