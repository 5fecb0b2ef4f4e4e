"""The seven mornings, and every sentence in both languages."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from banso.core.models import Workspace
from banso.core.tests.builders import TODAY
from banso.insight.health import services, wording
from banso.insight.health.reasons import GRAVITY
from banso.insight.health.tests.builders import (
    Told,
    a_steady_customer,
    a_told_customer,
    the_score,
)
from banso.work.tests.builders import a_call

IN_42, IN_12 = TODAY + timedelta(days=42), TODAY + timedelta(days=12)
PARAMS: dict[str, Any] = {
    "was": 18, "now": 6, "deadline": "renewal", "days": 42, "percent": 34, "silent": 150,
    "cadence": 30, "on": "2026-04-01", "open_days": 9, "stage_days": 120, "ago": 12,
    "used": 2, "of": 14, "known": 1, "all": 5, "people": 18, "band": "healthy",
}  # fmt: skip
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")


def reason_of(told: Told, customer: Any) -> dict[str, Any]:
    services.score_customers(TODAY)
    reason: dict[str, Any] = the_score(customer).reason
    return reason


def test_people_falling_before_a_renewal_is_told_with_both(acme: Workspace, told: Told) -> None:
    customer = a_steady_customer(
        told,
        usage__active_people_28=6,
        usage__trend_28=0.36,
        customers__renewal_on=IN_42,
    )
    reason = reason_of(told, customer)
    assert reason["code"] == "people_fell"
    with translation.override("en"):
        assert wording.reason_text(reason) == (
            "Active people fell from 18 to 6 in 28 days, and renewal is 42 days away."
        )
    with translation.override("ja"):
        assert wording.reason_text(reason) == (
            "直近28日に利用した人が18人から6人に減り、更新まで42日です。"
        )


def test_a_healthy_customer_nobody_spoke_to_before_the_notice_deadline_is_told(
    acme: Workspace, told: Told
) -> None:
    customer = a_steady_customer(
        told,
        customers__notice_on=IN_12,
        customers__renewal_on=IN_42,
        customers__last_contact_on=TODAY - timedelta(days=152),
    )
    reason = reason_of(told, customer)
    assert reason["code"] == "silent_before_deadline" and the_score(customer).band == "healthy"
    with translation.override("ja"):
        assert wording.reason_text(reason) == (
            "解約申出期限まで12日。スコアは良好ですが、5か月連絡していません。"
        )
    with translation.override("en"):
        assert wording.reason_text(reason) == (
            "The notice deadline is 12 days away. "
            "They look healthy, but nobody has spoken to them for 5 months."
        )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"customers__champion": "gone", "customers__champion_gone_on": date(2026, 4, 1)}, "champion_gone"),
        ({"usage__seat_share_28": 1.2}, "seats_over"),
        ({"usage__seat_share_28": 0.15}, "few_seats"),
        ({"usage__features_28": 1}, "few_features"),
        ({"usage__trend_28": 0.5}, "usage_fell"),
        ({"usage__trend_28": 0.0}, "usage_fell"),
        ({"customers__contract_state": "noticed"}, "notice_given"),
        ({"customers__contract_state": "trial", "customers__renewal_on": IN_12}, "trial_ending"),
        ({"customers__renewal_on": IN_12}, "deadline_near"),
        ({"usage__trend_28": 1.3}, "usage_grew"),
        ({"usage__active_people_28": 25}, "people_grew"),
        ({}, "usage_steady"),
    ],
)  # fmt: skip
def test_the_most_telling_reason_is_chosen(
    acme: Workspace, told: Told, said: dict[str, Any], code: str
) -> None:
    assert reason_of(told, a_steady_customer(told, **said))["code"] == code


@pytest.mark.parametrize(
    ("kind", "days"), [("complaint", 9), ("invoice_overdue", 45), ("onboarding_stuck", 23)]
)
def test_open_trouble_is_told_with_its_days(
    acme: Workspace, told: Told, kind: str, days: int
) -> None:
    customer = a_steady_customer(told)
    a_call(customer, kind=kind, since=TODAY - timedelta(days=days))
    assert reason_of(told, customer) == {"code": kind, "params": {"open_days": days}}


def test_an_open_opportunity_is_no_trouble(acme: Workspace, told: Told) -> None:
    customer = a_steady_customer(told)
    a_call(customer, kind="opportunity")
    assert reason_of(told, customer)["code"] == "usage_steady"


@pytest.mark.parametrize("code", sorted(wording.WORDERS))
def test_every_reason_is_a_sentence_in_both_languages(code: str) -> None:
    reason = {"code": code, "params": PARAMS}
    with translation.override("en"):
        english = wording.reason_text(reason)
    with translation.override("ja"):
        japanese = wording.reason_text(reason)
    assert english[0].isupper() or english[0].isdigit()
    assert english.endswith((".", "more.")) and japanese.endswith(("。", "）。"))
    assert JAPANESE.search(japanese) and not JAPANESE.search(english)
    assert "%(" not in english + japanese


@pytest.mark.parametrize("days", [0, 1])
def test_days_of_today_and_of_one_are_said_as_people_say_them(days: int) -> None:
    for code in wording.WORDERS:
        params = {**PARAMS, "days": days, "ago": days, "open_days": days, "silent": days}
        with translation.override("en"):
            words = wording.reason_text({"code": code, "params": params})
        assert " 1 days" not in words and "in 0 days" not in words, words


def test_every_grave_code_has_words() -> None:
    assert set(GRAVITY) <= set(wording.WORDERS)
    assert len(wording.WORDERS) >= 15


def test_an_unknown_code_never_breaks_a_page() -> None:
    with translation.override("en"):
        assert wording.reason_text({"code": "from_the_future", "params": {}})
        assert wording.reason_text({}) == "Nothing stands out."


def test_stored_reasons_hold_no_names(acme: Workspace, told: Told) -> None:
    customer = a_told_customer(told, name="株式会社ひみつ")
    services.score_customers(TODAY)
    assert "ひみつ" not in json.dumps(the_score(customer).reason, ensure_ascii=False)
