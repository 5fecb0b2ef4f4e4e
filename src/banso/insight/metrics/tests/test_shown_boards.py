"""A dashboard as it is read: closed months as reported, parts in the reader's words, job states."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404
from django.test import Client
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import drain_jobs
from banso.customers.models import ChangeKind, Contract
from banso.customers.services import change_contract, end_contract
from banso.customers.tests.builders import a_contract, a_customer
from banso.insight.metrics import services
from banso.insight.metrics.boards import kept
from banso.insight.metrics.boards.charts import churns, renewals, steps
from banso.insight.metrics.boards.dashboard import Board, Chosen, as_json, dashboard, from_json
from banso.insight.metrics.boards.shown import for_reader
from banso.insight.metrics.boards.tiles import Tile, tiles
from banso.insight.metrics.figures.moments import known_at
from banso.insight.metrics.models import Closing
from banso.insight.metrics.queries import ledger
from banso.insight.metrics.tests.builders import a_closing
from banso.lib.periods import period_of

OCTOBER = period_of(date(2026, 10, 1), "month", 4)
PAGE, ROWS = "/metrics/", "/metrics/rows/"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ledger is too large to be read for a page."""
    monkeypatch.setattr(ledger, "FEW_LINES", 0)


def a_larger_contract(contract: Contract) -> None:
    """¥200,000 a month from October on, not ¥100,000."""
    change_contract(
        contract.pk,
        kind=ChangeKind.EXPANSION,
        effective_on=OCTOBER.start,
        amount=2_400_000,
        by=None,
    )


@pytest.fixture
def closed(acme: Workspace) -> Closing:
    """October was closed at ¥100,000; what is recorded since makes it ¥200,000."""
    contract = a_contract(a_customer("甲社"), amount=1_200_000)
    closing = a_closing(OCTOBER.start)
    a_larger_contract(contract)
    return closing


def of(kpi: str, board: Board) -> Tile:
    return next(one for one in tiles(board) if one.figure.kpi == kpi)


def test_a_closed_month_shows_what_was_reported_with_the_correction_beside(
    closed: Closing,
) -> None:
    mrr = of("mrr", for_reader(dashboard(Chosen(OCTOBER))))
    assert mrr.figure.value == 100_000
    assert f"closing={closed.pk}" in mrr.href
    assert "締め後の修正：+¥100,000" in mrr.notes[-1] and "restatements" in mrr.notes[-1]


def test_expansion_of_a_closed_month_is_the_sum_of_what_was_reported(closed: Closing) -> None:
    expansion = of("expansion", for_reader(dashboard(Chosen(OCTOBER))))
    assert expansion.figure.value == 0 and "+¥100,000" in expansion.notes[-1]


def test_the_waterfall_of_a_closed_month_is_of_what_was_reported(closed: Closing) -> None:
    board = for_reader(dashboard(Chosen(OCTOBER)))
    first, last = steps(board)
    assert first.amount == last.amount == 100_000
    assert all(f"closing={closed.pk}" in one.href for one in (first, last))


def test_a_reported_figure_opens_to_the_rows_as_known_at_the_closing(
    closed: Closing, vera_client: Client
) -> None:
    href = of("mrr", for_reader(dashboard(Chosen(OCTOBER)))).href
    assert vera_client.get(href).context["found"].numerator == 100_000
    assert vera_client.get(ROWS, {"kpi": "mrr", "period": "2026-10"}).context[
        "found"
    ].numerator == (200_000)


def test_trends_show_closed_months_as_reported_too(closed: Closing) -> None:
    november = period_of(date(2026, 11, 1), "month", 4)
    board = for_reader(dashboard(Chosen(november)))
    assert of("mrr", board).trend[-2:] == [100_000, 200_000]
    assert f"closing={closed.pk}" in of("mrr", board).before_href
    _labels, (logo, _terms) = churns(board)
    assert f"closing={closed.pk}" in logo.hrefs[-2]


@pytest.mark.parametrize(
    "chosen",
    [
        Chosen(OCTOBER, unit="group"),
        Chosen(OCTOBER, attributes="today"),
        Chosen(period_of(OCTOBER.start, "quarter", 4)),
    ],
    ids=["unit", "attributes", "quarter"],
)
def test_what_was_reported_stands_only_for_what_was_asked_then(
    closed: Closing, chosen: Chosen
) -> None:
    board = for_reader(dashboard(chosen))
    assert board.figure("mrr").value == 200_000 and not board.reported


def test_a_reopened_month_shows_the_ledger(closed: Closing) -> None:
    services.reopen_month(closed.pk, reason="訂正のため", by=None)
    assert for_reader(dashboard(Chosen(OCTOBER))).figure("mrr").value == 200_000


def test_what_nobody_closed_here_is_not_found(
    acme: Workspace, other_workspace: Workspace, vera_client: Client, closed: Closing
) -> None:
    with open_workspace(other_workspace):
        theirs = str(a_closing(OCTOBER.start).pk)
    for name, said in (("closing", "x"), ("closing", theirs), ("review", str(closed.pk))):
        assert vera_client.get(ROWS, {"kpi": "mrr", name: said}).status_code == 404
    with pytest.raises(Http404):
        known_at({"closing": theirs})
    assert known_at({}) is None


def test_parts_of_a_kept_board_are_worded_for_whoever_reads_it(acme: Workspace) -> None:
    lost = a_contract(a_customer("去る社", tier="high"), amount=1_200_000)
    end_contract(lost.pk, effective_on=date(2026, 10, 6), by=None)
    with translation.override("ja"):
        written = as_json(dashboard(Chosen(OCTOBER)))
    with translation.override("en"):
        board = for_reader(from_json(written))
        assert [one.cut_label for one in board.losses["tenure"]] == ["7 to 12 months"]
        assert [one.cut_label for one in board.losses["reason"]] == ["Not stated"]
        assert [one.cut_label for one in board.losses["stage"]] == ["Onboarding"]
    with translation.override("ja"):
        assert for_reader(from_json(written)).losses["reason"][0].cut_label == "理由の記録なし"


def test_the_worth_of_customers_is_told_by_how_long_they_stayed_too(acme: Workspace) -> None:
    a_contract(a_customer("甲社"), start_on=date(2025, 6, 1), end_on=date(2027, 6, 1))
    told = of("ltv", for_reader(dashboard(Chosen(OCTOBER))))
    assert told.is_capped
    assert any(note.startswith("継続期間の実績（生存分析）による値：≥ ") for note in told.notes)


def test_every_amount_of_the_calendar_of_renewals_opens_to_rows_that_are_it(
    vera_client: Client,
) -> None:
    followed = a_contract(a_customer("続く社"), end_on=date(2026, 9, 1), amount=900_000)
    a_contract(followed.customer, start_on=date(2026, 9, 5), end_on=date(2027, 9, 5))
    a_contract(a_customer("去る社"), end_on=date(2026, 9, 11), amount=780_000)
    a_contract(a_customer("未定社"), end_on=date(2026, 12, 1))
    opened = 0
    for month in renewals(dashboard(Chosen(OCTOBER))):
        for amount, href in zip(month.values, month.hrefs, strict=True):
            if href:
                assert vera_client.get(href).context["found"].numerator == amount
                opened += 1
    assert opened >= 3
    both = {"kpi": "renewals_due", "period": "2026-09", "part": "renewed,followed"}
    assert vera_client.get(ROWS, both).status_code == 200


def jobs() -> int:
    found: int = ProcrastinateJob.objects.filter(task_name=services.WORK_OUT, status="todo").count()
    return found


def test_a_board_that_nobody_worked_out_yet_is_asked_for_once_and_comes(
    acme: Workspace, large: None, bob_client: Client
) -> None:
    a_contract(amount=1_200_000)
    for _time in range(2):
        page = bob_client.get(PAGE).content.decode()
        assert "この期間はまだ計算されていません" in page and "tile--kpi" not in page
    assert jobs() == 1
    drain_jobs(of=services.WORK_OUT)
    page = bob_client.get(PAGE).content.decode()
    assert "この期間はまだ計算されていません" not in page and page.count("tile--kpi") == 7
    assert jobs() == 0


def test_a_board_of_a_ledger_that_moved_says_so_until_it_is_worked_out_anew(
    acme: Workspace, large: None, bob_client: Client
) -> None:
    contract = a_contract(amount=1_200_000)
    services.work_out(kept.usual())
    a_larger_contract(contract)
    for _time in range(2):
        answer = bob_client.get(PAGE)
        assert "再計算しています" in answer.content.decode()
        assert answer.context["board"].figure("mrr").value == 100_000
    assert jobs() == 1
    drain_jobs(of=services.WORK_OUT)
    answer = bob_client.get(PAGE)
    assert "再計算しています" not in answer.content.decode()
    assert answer.context["board"].figure("mrr").value == Decimal(200_000)
