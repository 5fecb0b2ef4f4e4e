"""Dashboards that were worked out ahead say what the ledger says, and know when they no longer do."""

import pytest

from banso.core.models import Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import drain_jobs
from banso.customers.models import ChangeKind
from banso.customers.services import change_contract
from banso.customers.tests.builders import a_contact, a_contract
from banso.insight.metrics import services
from banso.insight.metrics.boards import kept
from banso.insight.metrics.boards.dashboard import dashboard
from banso.insight.metrics.models import KeptBoard
from banso.insight.metrics.queries import ledger


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ledger is too large to be read for a page."""
    monkeypatch.setattr(ledger, "FEW_LINES", 0)


def test_the_night_and_whoever_asks_get_the_same_numbers(acme: Workspace, large: None) -> None:
    a_contract(amount=1_200_000)
    services.begin_day()
    drain_jobs()
    shown, now = kept.board(kept.usual()), dashboard(kept.usual())
    assert shown.is_current
    assert shown.board == now
    assert now.figure("mrr").numerator == 100_000


def test_a_change_of_the_ledger_is_known_until_it_is_worked_out_anew(
    acme: Workspace, large: None
) -> None:
    contract = a_contract(amount=1_200_000)
    services.work_out(kept.usual())
    change_contract(
        contract.pk, kind=ChangeKind.EXPANSION, effective_on=acme.today(), amount=2_400_000, by=None
    )
    shown = kept.board(kept.usual())
    assert not shown.is_current
    assert shown.board
    assert shown.board.figure("mrr").numerator == 100_000
    services.work_out_soon()
    drain_jobs()
    shown = kept.board(kept.usual())
    assert shown.is_current
    assert shown.board
    assert shown.board.figure("mrr").numerator == 200_000


def test_what_moves_no_figure_leaves_the_board_true(acme: Workspace, large: None) -> None:
    contract = a_contract()
    services.work_out(kept.usual())
    a_contact(contract.customer)
    assert kept.board(kept.usual()).is_current


def test_a_large_ledger_that_nobody_read_yet_has_no_board(acme: Workspace, large: None) -> None:
    a_contract()
    assert kept.board(kept.usual()).board is None


def test_a_small_ledger_is_read_at_once(acme: Workspace) -> None:
    a_contract(amount=1_200_000)
    shown = kept.board(kept.usual())
    assert shown.is_current
    assert shown.board == dashboard(kept.usual())
    assert not KeptBoard.objects.exists()


def test_another_workspaces_board_is_never_shown(
    acme: Workspace, other_workspace: Workspace, large: None
) -> None:
    a_contract()
    services.work_out(kept.usual())
    with open_workspace(other_workspace):
        shown = kept.board(kept.usual())
    assert shown.board
    assert shown.board.customers == 0


def test_a_day_is_begun_once(acme: Workspace, large: None) -> None:
    services.begin_day()
    drain_jobs()
    made = KeptBoard.objects.get().made_at
    services.begin_day()
    drain_jobs()
    assert KeptBoard.objects.get().made_at == made
