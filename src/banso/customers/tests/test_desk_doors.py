"""Pages, files and programs around the renewal desk and offers."""

from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from banso.core.imports import planning, running
from banso.core.lists.declarations import known_list
from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY, events, fresh
from banso.customers import services
from banso.customers.loss_reasons import loss_reasons
from banso.customers.models import CancellationNotice, Customer, Loss, LossReason, Offer, Renewal
from banso.customers.services import NewLoss
from banso.customers.tests.builders import a_contract, a_customer, a_renewal, an_offer

PRICE = NewLoss(main_reason="price")


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"/renewals/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def closing(contract: Any, **given: str) -> dict[str, str]:
    """What the browser posts: the page's own values, and what is given."""
    usual = {
        "outcome": "renewed",
        "due_on": contract.end_on.isoformat(),
        "effective_on": contract.end_on.isoformat(),
        "amount": "1,200,000",
        "term_months": "12",
    }
    return {**usual, **given}


def test_the_desk_shows_what_is_due_and_what_is_expected(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract(a_customer("株式会社みなと"), number="K-77", notice_on=date(2026, 11, 30))
    plan = {"forecast": "contract", "step": "in_review", "expected_on": date(2026, 11, 25)}
    services.plan_renewal(contract.pk, changes=plan, by=None)
    words = listed(bob_client)
    for told in (
        "株式会社みなと",
        "K-77",
        "あと10日",
        "減額",
        "先方稟議中",
        "2026/11/25",
        "¥100,000",
    ):
        assert told in words, told
    assert "株式会社みなと" not in listed(bob_client, "?forecast=churn")
    assert "株式会社みなと" in listed(bob_client, "?q=ミナト&step=in_review&sort=-mrr")
    assert bob_client.get("/renewals/?forecast=maybe").status_code == 422


def test_an_empty_desk_says_what_will_stand_there(acme: Workspace, vera_client: Client) -> None:
    for which in ("ahead", "passed", "closed"):
        assert 'class="empty"' in listed(vera_client, f"?which={which}")


def test_what_is_expected_is_written_on_its_page(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract()
    path = reverse("customers:plan_renewal", args=[contract.pk])
    assert bob_client.get(path).status_code == 200
    sent = {"forecast": "expand", "step": "quoted", "expected_amount": "1,500,000円"}
    answer = bob_client.post(f"{path}?back=which%3Dpassed", sent)
    assert answer.headers["Location"] == "/renewals/?which=passed"
    row = Renewal.objects.get()
    assert (row.forecast, row.step, row.expected_amount) == ("expand", "quoted", 1_500_000)
    shown = bob_client.get(reverse("customers:close_renewal", args=[contract.pk]))
    assert "1,500,000" in shown.content.decode()


def test_a_renewal_is_closed_with_a_reduction_and_taken_back(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    contract = a_contract()
    path = reverse("customers:close_renewal", args=[contract.pk])
    refused = bob_client.post(path, closing(contract, amount="960,000"))
    assert refused.status_code == 422 and "主な理由" in refused.content.decode()
    sent = closing(contract, amount="960,000", main_reason="price", noticed_on="2026-11-01")
    assert bob_client.post(path, sent).status_code == 302
    closed = Renewal.objects.get()
    assert (closed.outcome, closed.closed_by) == ("contracted", bob)
    words = listed(bob_client, "?which=closed")
    assert "減額して更新" in words and "価格・予算" in words and "¥80,000" in words
    again = bob_client.post(path, sent)
    assert again.status_code == 422 and Renewal.objects.count() == 1
    bob_client.post(reverse("customers:reopen_renewal", args=[closed.pk]))
    assert (
        fresh(closed).closed_at is None
        and not contract.changes.filter(voided_at=None).exclude(kind="new").exists()
    )


def test_a_renewal_is_declined_on_its_page(acme: Workspace, bob_client: Client) -> None:
    contract = a_contract()
    path = reverse("customers:close_renewal", args=[contract.pk])
    sent = closing(
        contract,
        outcome="declined",
        leaves_on="2026-11-30",
        main_reason="competitor",
        second_reason="features",
        competitor="他社クラウド",
        detail="機能が足りない。",
        noticed_on="2026-11-10",
    )
    late = bob_client.post(path, {**sent, "leaves_on": "2026-12-31"})
    assert late.status_code == 422 and "leaves_on" in late.context["form"].errors
    assert bob_client.post(path, sent).status_code == 302
    assert contract.changes.get(kind="end").effective_on == date(2026, 12, 1)
    assert CancellationNotice.objects.get().noticed_on == date(2026, 11, 10)
    words = listed(bob_client, "?which=closed&outcome=declined")
    assert "競合への乗り換え · 機能の不足" in words and "他社クラウド" in words
    ledger = bob_client.get(reverse("customers:contract", args=[contract.pk])).content.decode()
    assert "競合への乗り換え" in ledger


@pytest.mark.parametrize("door", ["plan_renewal", "close_renewal"])
def test_what_a_colleague_ended_meanwhile_is_told_with_a_way_back(
    acme: Workspace, bob: Person, bob_client: Client, door: str
) -> None:
    contract = a_contract()
    path = f"{reverse(f'customers:{door}', args=[contract.pk])}?back=which%3Dpassed"
    assert bob_client.get(path).status_code == 200
    services.decline_renewal(contract.pk, loss=PRICE, by=bob)
    for answer in (bob_client.get(path), bob_client.post(path, closing(contract))):
        words = answer.content.decode()
        assert answer.status_code == 422 and bob.name in words and "更新なし" in words
        assert reverse("customers:contract", args=[contract.pk]) in words
        assert "/renewals/?which=passed" in words
    assert "保存していません" in words
    assert Renewal.objects.get().outcome == "declined"
    trial = a_contract(is_trial=True)
    answer = bob_client.get(reverse(f"customers:{door}", args=[trial.pk]))
    assert answer.status_code == 422 and "トライアル" in answer.content.decode()


def test_an_end_by_its_own_page_asks_for_the_reason_next(
    acme: Workspace, bob_client: Client
) -> None:
    contract = a_contract()
    answer = bob_client.post(
        reverse("customers:end", args=[contract.pk]), {"last_on": "2026-06-30"}
    )
    end = contract.changes.get(kind="end")
    assert answer.headers["Location"] == reverse("customers:reason", args=[end.pk])
    path = answer.headers["Location"]
    assert bob_client.get(path).status_code == 200
    assert bob_client.post(path, {"main_reason": ""}).status_code == 422
    assert bob_client.post(path, {"main_reason": "merger"}).status_code == 302
    assert Loss.objects.get(line=end).main_reason == "merger"


def test_the_list_of_reasons_is_edited_and_old_ones_stay_with_their_lines(
    acme: Workspace, alice_client: Client, bob_client: Client
) -> None:
    kept = services.decline_renewal(a_contract().pk, loss=PRICE, by=None)
    path = reverse("customers:loss_reasons")
    assert bob_client.get(path).status_code == 403
    assert "価格・予算" in alice_client.get(path).content.decode()
    sent = {one.code: str(one.label) for one in loss_reasons()}
    used = {f"use-{one.code}": "on" for one in loss_reasons() if one.code != "price"}
    sent |= {**used, "merger": "合併", "added": "決裁者の交代\n\n為替"}
    assert alice_client.post(path, sent).status_code == 302
    stand = {str(one.label): one for one in loss_reasons()}
    assert {"合併", "決裁者の交代", "為替"} <= set(stand) and stand["価格・予算"].is_retired
    assert "価格・予算" in listed(alice_client, "?which=closed")
    assert Loss.objects.get(line=kept.line).main_reason == "price"
    form = alice_client.get(reverse("customers:close_renewal", args=[a_contract().pk]))
    assert "決裁者の交代" in form.content.decode() and "価格・予算" not in form.content.decode()
    assert len(events("customers.loss_reasons_set")) == 1


@pytest.mark.parametrize(
    "changes",
    [{"merger": "価格・予算"}, {"merger": "", "added": "長" * 61}, {"added": "価格・予算"}],
)
def test_a_list_of_reasons_that_cannot_be_is_refused(
    acme: Workspace, alice_client: Client, changes: dict[str, str]
) -> None:
    sent = {one.code: str(one.label) for one in loss_reasons()}
    sent |= {f"use-{one.code}": "on" for one in loss_reasons()}
    answer = alice_client.post(reverse("customers:loss_reasons"), {**sent, **changes})
    assert answer.status_code == 422 and not LossReason.objects.exists()
    nothing_left = {one.code: str(one.label) for one in loss_reasons()}
    assert alice_client.post(reverse("customers:loss_reasons"), nothing_left).status_code == 422


def test_the_desk_and_the_offers_go_out_as_they_stand_on_the_screen(acme: Workspace) -> None:
    contract = a_contract(a_customer("株式会社みなと", external_id="C-1", fiscal_month=3))
    services.plan_renewal(contract.pk, changes={"forecast": "churn"}, by=None)
    left = services.decline_renewal(a_contract().pk, loss=PRICE, by=None)
    Renewal.objects.filter(pk=left.pk).update(closed_at="2026-11-20T16:00:00Z")  # 01:00 in Japan
    an_offer(contract.customer, why="予算がない。", state="declined")
    due, closed, offers = (
        taken("renewals", ""), taken("closed_renewals", ""), taken("offers", "state=declined"),
    )  # fmt: skip
    assert due == [
        [str(contract.pk), "株式会社みなと", "C-1", "伴走クラウド", "", None, date(2026, 11, 30), 100_000, "JPY",
         "解約", None, "未着手", None, False, 3, "", ""],
    ]  # fmt: skip
    assert closed[0][5:12] == [
        "更新なし（解約）",
        100_000,
        0,
        "JPY",
        date(2026, 12, 1),
        "価格・予算",
        "",
    ]
    assert left.outcome == "declined" and closed[0][-1] == date(2026, 11, 21)
    assert offers[0][1] == "株式会社みなと" and offers[0][9:12] == ["見送り", TODAY, "予算がない。"]


def taken(name: str, query: str) -> list[list[Any]]:
    found = known_list(name)
    assert found is not None
    headings, rows, _title = found.read(QueryDict(query), frozenset())
    out = [list(row) for row in rows]
    assert all(len(row) == len(headings) for row in out)
    return out


def test_programs_read_plan_close_and_take_back(acme: Workspace, alice_client: Client) -> None:
    contract = a_contract(end_on=TODAY + timedelta(days=30))
    kind = "application/json"
    [row] = alice_client.get("/api/v1/renewals").json()["rows"]
    assert (row["id"], row["forecast"], row["mrr"]) == (None, "undecided", 100_000)
    assert row["deadline_on"] == row["last_day"] == (TODAY + timedelta(days=29)).isoformat()
    plan = {"forecast": "contract", "expected_amount": 960_000}
    path = f"/api/v1/contracts/{contract.pk}/renewal"
    assert alice_client.patch(path, plan, kind).json()["expected_amount"] == 960_000
    sent: dict[str, Any] = {"outcome": "renewed", "amount": 960_000, "due_on": row["due_on"]}
    assert alice_client.post(f"{path}/closed", sent, kind).status_code == 422
    sent["loss"] = {"main_reason": "price", "competitor": "他社"}
    key = {"HTTP_IDEMPOTENCY_KEY": "close-1"}
    first = alice_client.post(f"{path}/closed", sent, kind, **key)  # type: ignore[arg-type]
    again = alice_client.post(f"{path}/closed", sent, kind, **key)  # type: ignore[arg-type]
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    made = first.json()
    assert (made["outcome"], made["mrr"], made["mrr_after"]) == ("contracted", 100_000, 80_000)
    assert made["loss"]["competitor"] == "他社" and made["step"] == "renewed"
    [closed] = alice_client.get("/api/v1/renewals?which=closed").json()["rows"]
    assert closed["id"] == made["id"]
    loss = f"/api/v1/changes/{made['adjustment_id']}/loss"
    assert alice_client.put(loss, {"main_reason": "merger"}, kind).json()["effective_on"]
    assert {"price", "merger"} <= {
        one["code"] for one in alice_client.get("/api/v1/loss-reasons").json()
    }
    back = alice_client.put(f"/api/v1/renewals/{made['id']}/reopened")
    assert back.json()["amount"] == 1_200_000
    declined = {"outcome": "declined", "loss": {"main_reason": "price"}}
    assert alice_client.post(f"{path}/closed", declined, kind).json()["mrr_after"] == 0


def test_offers_are_made_answered_and_listed(
    acme: Workspace, bob: Person, bob_client: Client
) -> None:
    customer = a_customer()
    path = reverse("customers:make_offer", args=[customer.pk])
    assert bob_client.get(path).status_code == 200
    sent = {
        "kind": "cross_sell", "title": "AI読取", "mrr": "30,000",
        "offered_on": "2026-11-01", "state": "offered",
    }  # fmt: skip
    assert bob_client.post(path, sent).status_code == 302
    offer = Offer.objects.get()
    assert (offer.mrr, offer.by, offer.decided_on) == (30_000, bob, None)
    edit = reverse("customers:edit_offer", args=[offer.pk])
    seen = {f"initial-{name}": text for name, text in sent.items()}
    answer = {**sent, **seen, "state": "declined", "why": "今期は予算がない。"}
    assert bob_client.post(edit, answer).status_code == 302
    assert (fresh(offer).state, fresh(offer).decided_on) == ("declined", TODAY)
    assert [one.facts["state"] for one in events("customers.offer_updated")] == ["declined"]
    words = bob_client.get("/offers/?state=declined").content.decode()
    assert "AI読取" in words and "今期は予算がない。" in words and "クロスセル" in words
    panel = reverse("customers:offers_of", args=[customer.pk])
    assert "AI読取" in bob_client.get(panel, headers={"HX-Request": "true"}).content.decode()
    assert bob_client.get(panel).status_code == 302
    too_soon = {**sent, **seen, "state": "accepted", "decided_on": "2026-10-01"}
    assert bob_client.post(edit, too_soon).status_code == 422


def test_an_offer_stays_in_the_currency_in_which_it_was_made(
    acme: Workspace, alice_client: Client
) -> None:
    customer = a_customer()
    offer = an_offer(customer, mrr=20_000)
    services.update_customer(customer.pk, changes={"currency": "USD"}, by=None)
    later = an_offer(customer, title="追加", mrr=20_000)
    words = alice_client.get("/offers/").content.decode()
    assert "¥20,000" in words and "$200" in words
    panel = reverse("customers:offers_of", args=[customer.pk])
    assert "¥20,000" in alice_client.get(panel, headers={"HX-Request": "true"}).content.decode()
    form = alice_client.get(reverse("customers:edit_offer", args=[offer.pk])).content.decode()
    assert "日本円" in form and "20,000" in form
    rows = alice_client.get("/api/v1/offers").json()["rows"]
    told = {one["title"]: (one["mrr"], one["currency"]) for one in rows}
    assert told == {"ライセンスの追加": (20_000, "JPY"), "追加": (200, "USD")}
    changed = {"mrr": 30_000}
    answer = alice_client.patch(f"/api/v1/offers/{offer.pk}", changed, "application/json")
    assert (answer.json()["mrr"], fresh(offer).mrr) == (30_000, 30_000)
    assert [row[6:8] for row in taken("offers", "")] == [[200, "USD"], [30_000, "JPY"]]
    assert later.currency == "USD"


def test_offers_of_before_take_the_currency_of_their_customer(acme: Workspace) -> None:
    ours, theirs = an_offer(), an_offer(a_customer(currency="USD"))
    Offer.objects.update(currency="")
    migration = import_module("banso.customers.migrations.0019_currency_of_an_offer")
    with connection.cursor() as cursor:
        cursor.execute(migration.FROM_CUSTOMERS)
    assert (fresh(ours).currency, fresh(theirs).currency) == ("JPY", "USD")


def test_programs_make_and_answer_offers(acme: Workspace, alice_client: Client) -> None:
    customer = a_customer()
    kind, path = "application/json", f"/api/v1/customers/{customer.pk}/offers"
    sent = {"kind": "upsell", "title": "ライセンスの追加", "mrr": 20_000}
    made = alice_client.post(path, sent, kind).json()
    assert (made["mrr"], made["offered_on"]) == (20_000, TODAY.isoformat())
    told = alice_client.patch(f"/api/v1/offers/{made['id']}", {"state": "accepted"}, kind).json()
    assert told["decided_on"] == TODAY.isoformat()
    rows = alice_client.get(f"/api/v1/offers?customer_id={customer.pk}&state=accepted").json()
    assert [one["id"] for one in rows["rows"]] == [made["id"]]
    assert alice_client.post(path, {**sent, "kind": "gift"}, kind).status_code == 422


def test_what_we_know_of_their_use_is_edited_filtered_and_shown(
    acme: Workspace, bob_client: Client
) -> None:
    customer = a_customer(switched_from="表計算", fiscal_month=3)
    edit = reverse("customers:edit", args=[customer.pk])
    sent = {
        "name": customer.name, "initial-name": customer.name, "tier": "tech", "initial-tier": "tech",
        "approach": "月末の滞留を一緒に減らす。", "purpose": "経費精算", "maturity": "3",
        "competitor": "他社", "switched_from": "表計算", "initial-switched_from": "表計算",
        "fiscal_month": "4", "initial-fiscal_month": "3", "since": "2025-12-01",
        "initial-since": "2025-12-01",
    }  # fmt: skip
    assert bob_client.post(edit, sent).status_code == 302
    now = fresh(customer)
    assert (now.approach, now.maturity, now.fiscal_month) == ("月末の滞留を一緒に減らす。", "3", 4)
    page = reverse("customers:customer", args=[customer.pk])
    words = bob_client.get(page).content.decode()
    assert "月末の滞留を一緒に減らす。" in words and "3 日常業務で利用" in words and "4月" in words
    query = "?f=customers.maturity:is:3&f=customers.fiscal_month:is:4&columns=customers.purpose"
    assert "経費精算" in bob_client.get(f"/customers/{query}").content.decode()


def test_a_renewal_by_the_clock_is_closed_by_nobody(acme: Workspace, bob_client: Client) -> None:
    a_contract(end_on=TODAY)
    services.renew_due_contracts(TODAY)
    assert "自動" in listed(bob_client, "?which=closed")
    assert a_renewal().closed_by is None


def test_what_is_known_of_many_customers_at_once_is_kept(acme: Workspace) -> None:
    """Twenty rows are stored another way than one."""
    facts = {"approach": "定例を続ける。", "maturity": "2", "fiscal_month": 9, "competitor": "他社"}
    rows = [services.NewCustomer(name=f"顧客{n}", **facts) for n in range(20)]  # type: ignore[arg-type]
    services.create_customers(rows, by=None)
    assert Customer.objects.filter(**facts).count() == 20


@pytest.mark.parametrize(
    ("written", "month"), [("3月", 3), ("１２", 12), ("9月末決算", 9), ("13", None), ("春", None)]
)
def test_a_file_says_the_fiscal_month_as_people_write_it(
    acme: Workspace, tmp_path: Path, written: str, month: int | None
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(f"会社名,決算月,成熟度\n株式会社みなと,{written},3 日常業務で利用\n")
    plan = planning.plan_import([(path.name, path)])
    [facts] = running.run_import(plan, run=running.start_run(plan, source="x", by=None), by=None)
    found = Customer.objects.values_list("fiscal_month", "maturity").first()
    assert (found, len(facts["errors"])) == (((month, "3"), 0) if month else (None, 1))
