import gc
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from banso.core.errors import Refused
from banso.core.models import CompanyDay, Workspace
from banso.core.scope import open_workspace
from banso.core.tests.builders import TODAY
from banso.customers.models import Customer
from banso.insight.health import services
from banso.insight.health.bands import band_of
from banso.insight.health.models import Band, Score, ScoreRun
from banso.insight.health.tests.builders import (
    Told,
    a_judgement,
    a_steady_customer,
    a_told_customer,
    points,
    the_score,
)
from banso.lib.days_off import japanese_company_days
from banso.work.tests.builders import a_call


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (100, Band.HEALTHY),
        (70, Band.HEALTHY),
        (69.9, Band.WATCH),
        (50, Band.WATCH),
        (49.9, Band.DANGER),
        (0, Band.DANGER),
        (None, Band.WITHHELD),
    ],
)
def test_bands_have_exact_edges(score: float | None, band: Band) -> None:
    assert band_of(score) == band


def test_the_scorecard_is_chosen_by_whether_usage_was_ever_sent(
    acme: Workspace, told: Told
) -> None:
    with_usage, without = a_steady_customer(told), a_told_customer(told)
    assert services.score_customers(TODAY) == 2
    assert the_score(with_usage).scorecard == "with_usage"
    assert the_score(without).scorecard == "without_usage"


def test_a_customer_in_order_is_healthy_with_full_coverage(acme: Workspace, told: Told) -> None:
    customer = a_steady_customer(told)
    services.score_customers(TODAY)
    score = the_score(customer)
    assert score.band == Band.HEALTHY and score.coverage == 1
    assert (score.measures_known, score.measures_all) == (6, 6)


def test_what_the_workspace_never_had_does_not_lower_coverage(acme: Workspace, told: Told) -> None:
    customer = a_told_customer(told)
    services.score_customers(TODAY)
    score = the_score(customer)
    assert (score.measures_known, score.measures_all, score.coverage) == (1, 1, Decimal(1))
    assert score.score is not None


def test_what_only_others_have_does_lower_coverage_until_the_score_is_withheld(
    acme: Workspace, told: Told
) -> None:
    customer = a_told_customer(told)
    known = a_told_customer(told, customers__champion="here", customers__last_contact_on=TODAY)
    a_judgement(known)
    services.score_customers(TODAY)
    score = the_score(customer)
    assert score.score is None and score.band == Band.WITHHELD
    assert (score.measures_known, score.measures_all) == (1, 4)
    assert score.reason == {"code": "too_little_data", "params": {"known": 1, "all": 4}}


def test_the_first_judgement_in_a_workspace_changes_everybodys_coverage(
    acme: Workspace, told: Told
) -> None:
    judged, other = a_told_customer(told), a_told_customer(told)
    services.ensure_scores(TODAY)
    a_judgement(judged)
    services.ensure_scores(TODAY)
    assert the_score(judged).measures_known == 2
    assert the_score(other).measures_all == 2 and the_score(other).measures_known == 1


def test_no_open_calls_say_something_only_where_calls_are_ever_raised(
    acme: Workspace, told: Told
) -> None:
    calm, other = a_told_customer(told), a_told_customer(told)
    services.score_customers(TODAY)
    assert the_score(calm).measures_all == 1
    a_call(other, since=TODAY - timedelta(days=9))
    services.score_customers(TODAY)
    assert the_score(calm).measures_known == 2
    assert points(other) < points(calm)


def test_customers_whose_contract_ended_are_not_scored_but_keep_their_history(
    acme: Workspace, told: Told
) -> None:
    customer = a_told_customer(told)
    yesterday = TODAY - timedelta(days=1)
    services.score_customers(yesterday)
    services.score_customers(TODAY)
    told[customer.pk]["customers.contract_state"] = "ended"
    services.score_customers(TODAY)
    assert [score.day for score in Score.objects.filter(customer=customer)] == [yesterday]


def test_customers_are_not_scored_for_days_before_they_signed_up(
    acme: Workspace, told: Told
) -> None:
    a_told_customer(told, customers__since=TODAY)
    assert services.score_customers(TODAY - timedelta(days=1)) == 0
    assert services.score_customers(TODAY) == 1


def test_whoever_gave_notice_is_in_danger_however_well_they_use_it(
    acme: Workspace, told: Told
) -> None:
    customer = a_steady_customer(told, customers__contract_state="noticed")
    services.score_customers(TODAY)
    assert the_score(customer).score == 30 == the_score(customer).ceiling
    assert the_score(customer).reason["code"] == "notice_given"


def test_over_full_seats_are_a_chance_not_harm(acme: Workspace, told: Told) -> None:
    full = a_steady_customer(told, usage__seat_share_28=1.0)
    over = a_steady_customer(told, usage__seat_share_28=1.2)
    services.score_customers(TODAY)
    assert points(over) == points(full)
    assert the_score(over).reason == {"code": "seats_over", "params": {"percent": 120}}
    assert the_score(over).priority > the_score(full).priority


def test_usage_that_stopped_arriving_for_everybody_withholds_instead_of_alarming(
    acme: Workspace, told: Told
) -> None:
    silent: dict[str, Any] = {
        "usage__events_28": 0,
        "usage__active_people_28": 0,
        "usage__trend_28": 0.0,
    }
    customer = a_steady_customer(told, **silent)
    later = TODAY + timedelta(days=30)
    acme.fixed_today = later
    acme.save()
    services.score_customers(later)
    score = the_score(customer, later)
    assert score.band == Band.WITHHELD
    assert score.reason == {"code": "usage_stale", "params": {"on": TODAY.isoformat()}}


def test_one_silent_customer_among_others_is_in_danger(acme: Workspace, told: Told) -> None:
    a_steady_customer(told)
    gone: dict[str, Any] = {
        "usage__events_28": 0,
        "usage__active_people_28": 0,
        "usage__trend_28": 0.0,
    }
    seats: dict[str, Any] = {"usage__seat_share_28": 0.0, "usage__features_28": 0}
    silent = a_steady_customer(
        told, **gone, **seats, usage__last_seen_on=TODAY - timedelta(days=40)
    )
    services.score_customers(TODAY)
    assert the_score(silent).band == Band.DANGER
    assert the_score(silent).reason["code"] == "usage_stopped"


def _said(keys: tuple[str, ...], *values: int) -> dict[str, Any]:
    return dict(zip(keys, values, strict=True))


def test_two_people_becoming_one_say_less_than_eighteen_becoming_nine(
    acme: Workspace, told: Told
) -> None:
    people = ("usage__active_people_28", "usage__active_people_prev_28")
    few = a_steady_customer(told, **_said(people, 1, 2))
    many = a_steady_customer(told, **_said(people, 9, 18))
    services.score_customers(TODAY)
    assert points(few) > points(many)


def test_long_holidays_make_nobody_late_for_contact(acme: Workspace, told: Told) -> None:
    after_new_year, in_june = (
        TODAY.replace(year=2027, month=1, day=5),
        TODAY.replace(month=6, day=25),
    )
    for day in japanese_company_days(2026)["year_end"]:
        CompanyDay.objects.create(day=day, name="年末年始")
    scores = []
    for on in (after_new_year, in_june):
        acme.fixed_today = on
        acme.save()
        last = on - timedelta(days=40)
        customer = a_told_customer(
            told,
            customers__tier="high",
            customers__last_contact_on=last,
            customers__renewal_on=None,
        )
        services.score_customers(on)
        scores.append(points(customer, on))
    assert scores[0] > scores[1]


def test_an_expired_judgement_is_missing_not_neutral(acme: Workspace, told: Told) -> None:
    customer = a_told_customer(told, customers__last_contact_on=TODAY)
    a_judgement(customer, "bad", expires_on=TODAY + timedelta(days=1))
    services.score_customers(TODAY)
    held = the_score(customer)
    acme.fixed_today = TODAY + timedelta(days=1)
    acme.save()
    services.score_customers(TODAY + timedelta(days=1))
    expired = the_score(customer, TODAY + timedelta(days=1))
    assert held.measures_known == 3 and expired.measures_known == 2
    assert expired.measures_all == 3
    assert points(customer, TODAY + timedelta(days=1)) > points(customer)


def test_scoring_twice_changes_nothing(acme: Workspace, told: Told) -> None:
    a_steady_customer(told)
    services.score_customers(TODAY)
    first = list(Score.objects.values())
    services.score_customers(TODAY)
    assert list(Score.objects.values()) == first
    assert ScoreRun.objects.get().customers == 1


def test_scores_of_another_workspace_are_neither_read_nor_written(
    acme: Workspace, other_workspace: Workspace, told: Told
) -> None:
    with open_workspace(other_workspace):
        a_told_customer(told)
    assert services.score_customers(TODAY) == 0
    with open_workspace(other_workspace):
        assert not Score.objects.exists()


def test_ensured_scores_follow_what_happened_and_only_that(
    committed: Workspace, told: Told
) -> None:
    touched, other = a_told_customer(told), a_told_customer(told)
    a_judgement(other)
    assert services.ensure_scores(TODAY) == 2
    assert services.ensure_scores(TODAY) == 0
    a_judgement(touched, "bad")
    assert services.ensure_scores(TODAY) == 1
    assert the_score(touched).measures_known == 2
    assert services.ensure_scores(TODAY) == 0


def test_days_to_come_cannot_be_scored(acme: Workspace, told: Told) -> None:
    with pytest.raises(Refused):
        services.ensure_scores(TODAY + timedelta(days=1))


def test_a_customer_without_any_contract_has_its_score_withheld_with_a_reason(
    acme: Workspace, told: Told
) -> None:
    a_told_customer(told)
    bare = a_told_customer(
        told, customers__contract_state=None, customers__mrr=None, customers__renewal_on=None
    )
    services.score_customers(TODAY)
    assert the_score(bare).band == Band.WITHHELD
    assert the_score(bare).reason == {"code": "no_data", "params": {}}


def test_customers_in_the_bin_are_not_scored(acme: Workspace, told: Told) -> None:
    customer = a_told_customer(told)
    Customer.objects.filter(pk=customer.pk).update(deleted_at="2026-11-20T00:00Z")
    assert services.score_customers(TODAY) == 0


def test_garbage_is_looked_for_again_after_scoring(acme: Workspace, told: Told) -> None:
    a_steady_customer(told)
    services.score_customers(TODAY)
    assert gc.isenabled()
