from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from banso.core.errors import Refused
from banso.core.models import Person, Workspace
from banso.core.tests.builders import TODAY
from banso.customers.models import Customer
from banso.customers.queries import owned, owned_by
from banso.insight.health import queries, services
from banso.insight.health.queries import moves
from banso.insight.health.tests.builders import (
    Told,
    a_judgement,
    a_steady_customer,
    a_told_customer,
    points,
)

FALLEN: dict[str, Any] = {"usage__active_people_28": 6, "usage__trend_28": 0.3}


def test_today_is_ordered_by_risk_money_and_nearness(acme: Workspace, told: Told) -> None:
    calm = a_steady_customer(told)
    fallen = a_steady_customer(told, **FALLEN)
    rich = a_steady_customer(told, **FALLEN, customers__mrr=900_000)
    near = a_steady_customer(told, **FALLEN, customers__renewal_on=TODAY + timedelta(days=10))
    rows = queries.watchlist(TODAY)
    assert [row.customer_id for row in rows] == [rich.pk, near.pk, fallen.pk, calm.pk]


def test_a_healthy_customer_with_a_deadline_and_no_contact_ranks_above_a_calm_one_to_watch(
    acme: Workspace, told: Told
) -> None:
    silent = a_steady_customer(
        told,
        customers__notice_on=TODAY + timedelta(days=12),
        customers__last_contact_on=TODAY - timedelta(days=150),
    )
    watch = a_steady_customer(
        told, customers__last_contact_on=TODAY, usage__seat_share_28=0.05, usage__features_28=1
    )
    rows = queries.watchlist(TODAY)
    assert rows[0].customer_id == silent.pk and rows[0].band == "healthy"
    assert rows[0].days_to_deadline == 12 and rows[0].deadline_kind == "notice"
    assert rows[1].customer_id == watch.pk


def test_every_customer_has_a_place_and_a_reason(acme: Workspace, told: Told) -> None:
    a_told_customer(told, customers__contract_state=None, customers__mrr=None)
    a_told_customer(told)
    a_steady_customer(told)
    rows = queries.watchlist(TODAY, limit=None)
    assert len(rows) == 3 and all(row.reason["code"] for row in rows)


def test_an_owners_list_holds_their_main_and_sub_customers(
    acme: Workspace, told: Told, alice: Person, bob: Person
) -> None:
    mine = a_told_customer(told, owner=bob)
    sub = a_told_customer(told, owner=alice)
    sub.sub_owner = bob
    sub.save()
    a_told_customer(told, owner=alice)
    assert {row.customer_id for row in queries.watchlist(TODAY, owned_by(bob.pk))} == {
        mine.pk,
        sub.pk,
    }


def test_an_owner_of_very_many_sees_the_same(
    acme: Workspace, told: Told, alice: Person, bob: Person, monkeypatch: Any
) -> None:
    for owner in (alice, bob, bob):
        one = a_steady_customer(told)
        Customer.objects.filter(pk=one.pk).update(main_owner=owner)
        told[one.pk]["usage.trend_28"] = lambda on: 0.2 if on == TODAY else 1.0
    services.score_customers(TODAY - timedelta(days=7))
    few = owned_by(bob.pk)
    monkeypatch.setattr(owned, "FEW", 1)
    many = owned_by(bob.pk)
    assert few.few is not None and many.few is None
    assert queries.watchlist(TODAY, few) == queries.watchlist(TODAY, many)
    moved = queries.score_moves(TODAY, owner=few)
    assert {move.customer_id for move in moved} == set(few.few)
    assert moved == queries.score_moves(TODAY, owner=many)


def test_a_past_day_is_shown_as_it_was(acme: Workspace, told: Told) -> None:
    then = TODAY - timedelta(days=30)
    customer = a_steady_customer(told)
    told[customer.pk]["usage.active_people_28"] = lambda on: 18 if on <= then else 6
    [row] = queries.watchlist(then)
    [now] = queries.watchlist(TODAY)
    assert row.score is not None and now.score is not None and row.score > now.score


def test_days_to_come_have_no_list(acme: Workspace, told: Told) -> None:
    with pytest.raises(Refused):
        queries.watchlist(TODAY + timedelta(days=1))


def test_the_weeks_moves_are_falls_first(acme: Workspace, told: Told) -> None:
    up, down, still = (a_steady_customer(told) for _n in range(3))
    told[up.pk]["usage.trend_28"] = lambda on: 1.0 if on == TODAY else 0.3
    told[down.pk]["usage.trend_28"] = lambda on: 0.2 if on == TODAY else 1.0
    services.score_customers(TODAY - timedelta(days=9))
    moves = queries.score_moves(TODAY)
    assert [move.customer_id for move in moves] == [down.pk, up.pk]
    assert moves[0].change == points(down) - moves[0].before < 0 < moves[1].change
    assert still.pk not in {move.customer_id for move in moves}


def test_of_many_the_same_moves_are_told(acme: Workspace, told: Told, monkeypatch: Any) -> None:
    customers = [a_steady_customer(told) for _n in range(4)]
    for one, then, now in zip(customers, (0.3, 1.0, 1.0, 0.2), (1.0, 0.2, 1.0, 1.0), strict=True):
        told[one.pk]["usage.trend_28"] = lambda on, a=then, b=now: b if on == TODAY else a
    for back in (10, 7):
        some = customers if back == 10 else customers[:2]
        services.score_customers(TODAY - timedelta(days=back), [one.pk for one in some])
    of_few = queries.score_moves(TODAY)
    assert len(of_few) == 3
    monkeypatch.setattr(moves, "MANY", 0)
    for limit in (1, 2, 20):
        cache.clear()
        assert queries.score_moves(TODAY, limit=limit) == of_few[:limit]


def test_bands_hold_every_customer_and_their_money(acme: Workspace, told: Told) -> None:
    a_steady_customer(told)
    a_steady_customer(told, customers__contract_state="noticed")
    shares = queries.bands(TODAY)
    assert [(s.band, s.customers, int(s.mrr)) for s in shares] == [
        ("danger", 1, 100_000),
        ("healthy", 1, 100_000),
    ]


def test_an_explanation_adds_up_to_the_score(acme: Workspace, told: Told) -> None:
    customer = a_steady_customer(told, **FALLEN)
    found = queries.explain(customer.pk, TODAY)
    parts = [line.contribution for line in found.lines if line.contribution is not None]
    assert sum(parts) == pytest.approx(float(points(customer)), abs=0.5)
    uncounted = [line.key for line in found.lines if not line.counts]
    assert uncounted == ["work.worst_call"]


def test_an_explanation_shows_the_week_before(acme: Workspace, told: Told) -> None:
    customer = a_steady_customer(told)
    told[customer.pk]["usage.active_people_28"] = lambda on: 6 if on == TODAY else 18
    services.score_customers(TODAY - timedelta(days=8))
    found = queries.explain(customer.pk, TODAY)
    people = next(line for line in found.lines if line.key == "usage.active_people_28")
    assert people.stored["value"] == 6 and people.stored_before is not None
    assert people.stored_before["value"] == 18


def test_the_history_leaves_days_without_a_score_out(acme: Workspace, told: Told) -> None:
    customer = a_told_customer(told)
    for back in (5, 3):
        services.score_customers(TODAY - timedelta(days=back))
    services.score_customers(TODAY)
    found = queries.history(customer.pk, TODAY)
    assert [(TODAY - point.day).days for point in found] == [5, 3, 0]


def test_a_judgement_counts_until_it_expires(acme: Workspace, told: Told) -> None:
    customer = a_told_customer(told)
    a_judgement(customer, note="担当者と会えた")
    held = queries.explain(customer.pk, TODAY).judgement
    assert held is not None and (held.expires_on - TODAY).days == 90
