"""Which scores stay, and what looking at other days leaves behind."""

from datetime import date, timedelta
from typing import Any

import pytest

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY
from banso.insight.health import queries, services
from banso.insight.health.models import Score, ScoreRun
from banso.insight.health.services import history
from banso.insight.health.tests.builders import Told, a_steady_customer, a_told_customer

LONG_AGO = date(2025, 3, 14)
MONTH_END = date(2025, 3, 31)


def days_with_scores() -> list[date]:
    return sorted(set(Score.objects.values_list("day", flat=True)))


def told_by(score: Score | None) -> dict[str, Any]:
    assert score is not None
    left_out = {"id", "_state", "workspace_id"}
    return {name: value for name, value in vars(score).items() if name not in left_out}


def test_a_customers_past_is_worked_out_as_scoring_everybody_would_and_stored_nowhere(
    acme: Workspace, told: Told
) -> None:
    customer, other = a_steady_customer(told), a_told_customer(told)
    other_health = services.judge(other.pk, mood="good")
    assert other_health.made_on == TODAY
    worked_out = queries.explain(customer.pk, LONG_AGO)
    assert not Score.objects.exists() and not ScoreRun.objects.exists()
    services.ensure_scores(LONG_AGO)
    assert told_by(worked_out.score) == told_by(Score.objects.get(customer=customer, day=LONG_AGO))
    assert told_by(queries.explain(customer.pk, LONG_AGO).score) == told_by(worked_out.score)


def test_recent_days_and_month_ends_are_stored_when_looked_at(acme: Workspace, told: Told) -> None:
    customer, lately = a_steady_customer(told), TODAY - timedelta(days=history.DAILY_DAYS - 1)
    for day in (lately, MONTH_END, lately - timedelta(days=1)):
        queries.explain(customer.pk, day)
    assert days_with_scores() == [MONTH_END, lately]


def test_leafing_through_lists_of_the_past_leaves_two_days_behind(
    acme: Workspace, told: Told
) -> None:
    a_steady_customer(told)
    queries.bands(MONTH_END)
    for n in range(5):
        shares = queries.bands(LONG_AGO - timedelta(days=n))
        assert [share.customers for share in shares] == [1]
    before_last = LONG_AGO - timedelta(days=3)
    assert days_with_scores() == [LONG_AGO - timedelta(days=4), before_last, MONTH_END]
    assert ScoreRun.objects.count() == 3


def test_a_day_that_went_again_says_the_same_when_it_is_asked_once_more(
    acme: Workspace, told: Told
) -> None:
    customer = a_steady_customer(told)
    services.ensure_scores(LONG_AGO)
    first = told_by(Score.objects.get(customer=customer))
    assert services.thin_scores() == 1
    services.ensure_scores(LONG_AGO)
    assert told_by(Score.objects.get(customer=customer)) == first


def test_of_old_scores_the_ends_of_months_stay(
    acme: Workspace, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 1)
    a_steady_customer(told), a_told_customer(told)
    oldest = TODAY - timedelta(days=history.DAILY_DAYS)
    for day in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1), oldest, TODAY):
        services.score_customers(day)
    services.score_customers(oldest + timedelta(days=1))
    assert services.thin_scores() == 6
    assert days_with_scores() == [date(2026, 2, 28), oldest + timedelta(days=1), TODAY]
    assert sorted(ScoreRun.objects.values_list("day", flat=True)) == days_with_scores()
    assert services.thin_scores() == 0
