"""The renewal desk and offers as files that come back: unchanged, as updates, or told why not."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from banso.core.errors import Refused
from banso.core.imports import planning, running, undoing
from banso.core.imports.problems import message
from banso.core.lists import services as lists
from banso.core.models import ImportRun, Person, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers import services
from banso.customers.models import Contract, Offer, Renewal
from banso.customers.services import NewLoss
from banso.customers.tests.builders import a_contract, a_customer, a_product, an_offer

Change = Callable[[dict[str, Any]], None]
SOON = TODAY + timedelta(days=40)
PLAN = {
    "forecast": "contract", "step": "quoted", "expected_on": date(2026, 12, 1),
    "expected_amount": 960_000, "note": "=予算\r\n次年度",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def due(acme: Workspace) -> list[Contract]:
    """Three that are due, of which somebody expects something of one."""
    planned = a_contract(a_customer("株式会社みなと"), end_on=SOON, number="K-1")
    services.plan_renewal(planned.pk, changes=PLAN, by=None)
    return [planned, a_contract(end_on=SOON, number="K-2"), a_contract(end_on=SOON, number="K-3")]


@pytest.fixture
def offered(acme: Workspace) -> list[Offer]:
    customer = a_customer("株式会社あおば", external_id="C-1")
    sold = a_product("AI読取").pk
    given = {"product_id": sold, "state": "declined", "decided_on": TODAY, "why": "=予算\r\n次年度"}
    return [an_offer(customer, **given), an_offer(title="-若葉", mrr=None)]


def out(name: str, kind: str, by: Person, query: str = "") -> Path:
    export = lists.begin(name, query=query, kind=kind, by=by)
    path = lists.path_of(export.pk)
    return path.rename(path.with_name(lists.file_name(export)))


def bring(path: Path, by: Person | None = None) -> tuple[ImportRun, dict[str, Any]]:
    plan = planning.plan_import([(path.name, path)])
    run = running.start_run(plan, source=path.name, by=by)
    [facts] = running.run_import(plan, run=run, by=by)
    return run, facts


def edited(path: Path, **cells: object) -> Path:
    """The workbook with other cells, by their headings, in its first row."""
    workbook = load_workbook(path)
    head, row, *_rest = workbook.active.iter_rows()
    for name, cell in zip(head, row, strict=True):
        if name.value in cells:
            cell.value = cells[str(name.value)]
    workbook.save(path)
    return path


def written(path: Path, name: str, text: str) -> Path:
    file = path / name
    file.write_text(text, "utf-8")
    return file


def told(facts: dict[str, Any]) -> list[str]:
    with translation.override("ja"):
        return [message(one) for one in facts["errors"]]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("name", ["renewals", "offers", "table.renewals", "table.offers"])
def test_what_went_out_comes_back_unchanged(
    due: list[Contract], offered: list[Offer], alice: Person, name: str, kind: str, language: str
) -> None:
    before = [*Renewal.objects.values(), *Offer.objects.order_by("pk").values()]
    with translation.override(language):
        path = out(name, kind, alice)
    _run, facts = bring(path)
    assert facts["table"] == name.removeprefix("table.") and told(facts) == []
    assert facts["read"] == facts["unchanged"] == {"renewals": 3, "table.renewals": 1}.get(name, 2)
    assert [*Renewal.objects.values(), *Offer.objects.order_by("pk").values()] == before


def test_one_changed_cell_of_the_desk_is_one_update_and_is_undone(
    due: list[Contract], alice: Person, bob: Person
) -> None:
    path = out("renewals", "xlsx", alice, "?q=K-1")
    run, facts = bring(edited(path, 見込み="解約", メモ=None), bob)
    assert (facts["updated"], facts["unchanged"], told(facts)) == (1, 0, [])
    now = Renewal.objects.get()
    assert (now.forecast, now.note, now.step) == ("churn", PLAN["note"], "quoted")
    [*_before, last] = events("customers.renewal_planned")
    assert (last.by, last.facts["fields"]) == (bob.pk, ["forecast"])
    undoing.undo_import(run.pk, by=None)
    assert fresh(now).forecast == "contract"


def test_a_plan_that_a_file_made_is_gone_when_it_is_undone_unless_somebody_went_on(
    due: list[Contract], bob: Person, tmp_path: Path
) -> None:
    text = "契約番号,見込み,見込み金額,通貨\nK-2,増額,1500000,JPY\nK-3,,,\n"
    run, facts = bring(written(tmp_path, "renewals.csv", text))
    assert (facts["updated"], facts["unchanged"]) == (1, 1)
    made = Renewal.objects.get(contract=due[1])
    assert (made.forecast, made.expected_amount) == ("expand", 1_500_000)
    undoing.undo_import(run.pk, by=None)
    assert not Renewal.objects.filter(contract=due[1]).exists()
    run, _facts = bring(written(tmp_path, "renewals.csv", text))
    services.plan_renewal(due[1].pk, changes={"step": "agreed"}, by=bob)
    with pytest.raises(Refused) as refusal:
        undoing.undo_import(run.pk, by=None)
    assert refusal.value.code == "changed_since"
    assert Renewal.objects.get(contract=due[1]).step == "agreed"


def test_a_renewal_that_the_clock_has_closed_stays_closed_when_its_plan_is_undone(
    due: list[Contract], tmp_path: Path
) -> None:
    run, _facts = bring(written(tmp_path, "renewals.csv", "契約番号,見込み\nK-2,増額\n"))
    services.renew_due_contracts(SOON)
    undoing.undo_import(run.pk, by=None)
    closed = Renewal.objects.get(contract=due[1])
    assert (closed.outcome, closed.forecast) == ("renewed", "undecided")


def test_a_dry_run_shows_what_a_file_would_change(
    due: list[Contract], offered: list[Offer], alice: Person
) -> None:
    paths = [
        edited(out("renewals", "xlsx", alice, "?q=K-1"), 見込み金額=1_000_000),
        edited(out("offers", "xlsx", alice, "?state=declined"), 状態="受諾"),
    ]
    plan = planning.plan_import([(path.name, path) for path in paths])
    renewals, offers = running.dry_run(plan, by=None)
    [shown] = renewals["sample"]["changed"]
    assert shown["name"] == "K-1 株式会社みなと / 伴走クラウド"
    assert shown["changes"] == [["expected_amount", "960000", "1000000"]]
    [shown] = offers["sample"]["changed"]
    assert shown["changes"] == [["state", "declined", "accepted"]]
    assert Renewal.objects.get().expected_amount == 960_000


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("K-9,,増額,,,", "「K-9」"),
        ("K-3,,増額,12.5,,", "小数"),
        ("K-3,,増額,100,USD,", "JPY"),
        ("K-3,,,,,更新済", "完了"),
        ("K-3,2026-01-31,増額,,,", "完了"),
        (",,増額,,,", "契約"),
        ("K-1,,増額,,,", "複数"),
        ("K-8,,増額,,,", "ありません"),
    ],
)
def test_a_plan_that_cannot_be_is_told_and_the_others_go_in(
    due: list[Contract], tmp_path: Path, cells: str, words: str
) -> None:
    a_contract(number="K-1", end_on=SOON)
    left = a_contract(number="K-8", end_on=SOON)
    services.decline_renewal(left.pk, loss=NewLoss(main_reason="price"), by=None)
    text = f"契約番号,満了日,見込み,見込み金額,通貨,段階\n{cells}\nK-2,,増額,,,\n"
    _run, facts = bring(written(tmp_path, "renewals.csv", text))
    [problem] = told(facts)
    assert words in problem and facts["updated"] == 1
    assert Renewal.objects.filter(closed_at=None).count() == 2


def test_two_contracts_of_one_number_are_told_apart_by_their_product(
    acme: Workspace, tmp_path: Path
) -> None:
    a_contract(number="K-1", end_on=SOON)
    meant = a_contract(number="K-1", end_on=SOON, product=a_product("AI読取"))
    bring(written(tmp_path, "renewals.csv", "契約番号,製品,更新見込\nK-1,AI読取,解約\n"))
    assert Renewal.objects.get().contract == meant


def test_closed_renewals_go_out_under_a_name_that_no_import_takes(
    due: list[Contract], alice: Person
) -> None:
    services.renew_from_desk(due[0].pk, by=None)
    path = out("closed_renewals", "xlsx", alice, "?which=closed")
    assert path.name == "closed_renewals.xlsx"
    _run, facts = bring(path)
    assert (facts["table"], facts["updated"]) == ("", 0)


def test_offers_come_back_answered_and_new_ones_are_made(
    offered: list[Offer], alice: Person, bob: Person, tmp_path: Path
) -> None:
    path = out("offers", "xlsx", alice, "?state=offered")
    run, facts = bring(edited(path, 状態="受諾", 理由="席が足りない"), bob)
    assert (facts["updated"], told(facts)) == (1, [])
    answered = fresh(offered[1])
    assert (answered.state, answered.why, answered.decided_on) == (
        "accepted",
        "席が足りない",
        TODAY,
    )
    text = "顧客,種別,提案,製品,月額増,提案日\nC-1,クロスセル,分析,AI読取,30000,2026-11-01\n"
    added, facts = bring(written(tmp_path, "offers.csv", text), bob)
    _run, again = bring(written(tmp_path, "offers.csv", text), bob)
    assert (facts["created"], again["unchanged"]) == (1, 1)
    made = Offer.objects.get(title="分析")
    assert (made.mrr, made.currency, made.by, made.state) == (30_000, "JPY", bob, "offered")
    undoing.undo_import(added.pk, by=None)
    undoing.undo_import(run.pk, by=None)
    assert not Offer.objects.filter(title="分析").exists()
    now = fresh(offered[1])
    assert (now.state, now.why, now.decided_on) == ("offered", "", None)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (",C-9,upsell,席,2026-11-01,,", "「C-9」"),
        (",C-1,upsell,,2026-11-01,,", "値を入力"),
        (",C-1,upsell,席,2026-11-01,,無い製品", "無い製品"),
        (",C-1,upsell,席,2026-11-01,-5,", "範囲"),
        ("{id},C-2,,,,,", "C-2"),
        ("{id},,,,2027-11-01,,", "前"),
        ("3f2b6c1e-0000-4000-8000-000000000000,C-1,upsell,席,2026-11-01,,", "3f2b6c1e"),
    ],
)
def test_an_offer_that_cannot_be_is_told_and_nothing_changes(
    offered: list[Offer], tmp_path: Path, cells: str, words: str
) -> None:
    a_customer("別", external_id="C-2")
    before = list(Offer.objects.order_by("pk").values())
    text = f"id,customer,kind,title,offered_on,mrr,product\n{cells.format(id=offered[0].pk)}\n"
    _run, facts = bring(written(tmp_path, "offers.csv", text))
    [problem] = told(facts)
    assert words in problem, problem
    assert list(Offer.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", ["renewals", "offers"])
def test_ids_of_another_workspace_lead_nowhere(
    due: list[Contract],
    offered: list[Offer],
    alice: Person,
    other_workspace: Workspace,
    name: str,
) -> None:
    path = out(name, "csv", alice)
    with open_workspace(other_workspace):
        _run, facts = bring(path)
        assert (facts["updated"], facts["created"], len(facts["errors"])) == (0, 0, facts["read"])


def test_many_rows_cost_no_statement_each(acme: Workspace, tmp_path: Path) -> None:
    customer = a_customer(external_id="C-1")
    for number in range(6):
        a_contract(customer, number=f"K-{number}", end_on=SOON)

    def statements(rows: int, day: int) -> int:
        plans = "".join(f"K-{n},解約,2026-12-{day:02}\n" for n in range(rows))
        offers = "".join(f"C-1,upsell,席{day}-{n},2026-11-01\n" for n in range(rows))
        with CaptureQueriesContext(connection) as asked:
            bring(written(tmp_path, "renewals.csv", "契約番号,更新見込,決定予定日\n" + plans))
            bring(written(tmp_path, "offers.csv", "customer,kind,title,offered_on\n" + offers))
        return len(asked)

    statements(6, day=1)
    assert statements(6, day=2) == statements(3, day=3)
