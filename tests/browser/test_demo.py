"""The demo as it stands in the database. No browser, but the demo that browsers are shown."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from banso.cli.demo import ground
from banso.cli.demo.book import Book
from banso.cli.demo.checksums import checksums
from banso.cli.demo.dates import moment
from banso.cli.demo.load import load
from banso.cli.demo.plan import plan_book
from banso.cli.demo.team import HOUSE_DOMAIN, LEAD_CSM, TEAM
from banso.core.models import Event, Membership, Person, Workspace
from banso.core.scope import open_workspace
from banso.customers.models import Customer
from banso.customers.queries import owned_by
from banso.customers.tests.sheets import differences
from banso.insight.health import queries
from banso.insight.health.facts import READ
from banso.insight.health.models import Band, Score
from banso.work.models import Activity, Task
from tests.browser import house

SEED, TODAY = 1, date.fromisoformat(house.TODAY)
SEVEN = {
    "people_fell", "silent_before_deadline", "champion_gone", "invoice_overdue", "complaint",
    "onboarding_stuck", "seats_over",
}  # fmt: skip
BANDS = {
    Band.HEALTHY: (0.57, 0.67),
    Band.WATCH: (0.17, 0.27),
    Band.DANGER: (0.05, 0.12),
    Band.WITHHELD: (0.05, 0.11),
}
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def _tell(_step: str) -> None:
    """Nobody watches."""


def test_a_demo_is_repeatable_and_tells_its_stories(
    other_workspace: Workspace, demo: dict[str, Any]
) -> None:
    """`demo` was made by a program of its own, in another database."""
    book = plan_book(SEED, TODAY)
    workspace = load(book, tell=_tell)
    assert not ProcrastinateJob.objects.filter(status="todo", args__workspace=str(workspace.pk))
    with open_workspace(workspace):
        assert checksums() == {**demo["checksums"], **_people()}
        _the_bands_are_as_they_should_be(book)
        _the_seven_reasons_lead_the_watchlist()
        _past_leavers_were_green_in_a_third_of_cases(book)
        _the_past_is_told_on_its_days()
        for day in (TODAY, TODAY - timedelta(days=200)):
            assert not differences(READ, day)  # read together, Fields say what they say one by one
    ground.forget()
    assert Workspace.objects.get() == other_workspace
    assert not Person.objects.filter(email__endswith=f"@{HOUSE_DOMAIN}").exists()


def _people() -> dict[str, str]:
    """Tests keep passwords in another way than the program does."""
    return {table: sums for table, sums in checksums().items() if table == "core_person"}


def _the_bands_are_as_they_should_be(book: Book) -> None:
    active = {one.external_id for one in book.active()}
    scores = Score.objects.filter(day=TODAY, customer__external_id__in=active)
    bands = Counter(scores.values_list("band", flat=True))
    assert sum(bands.values()) == len(active) == 262
    for band, (low, high) in BANDS.items():
        assert low <= bands[band] / 262 <= high, bands


def _the_seven_reasons_lead_the_watchlist() -> None:
    lead = Person.objects.get(email=LEAD_CSM.email)
    rows = queries.watchlist(TODAY, owner=owned_by(lead.pk), limit=7)
    assert {row.reason["code"] for row in rows} == SEVEN
    told = {row.reason["code"]: row.reason["params"] for row in rows}
    assert (told["people_fell"]["was"], told["people_fell"]["now"]) == (18, 6)
    assert told["people_fell"]["days"] == 42
    assert told["silent_before_deadline"]["days"] == 12
    assert told["seats_over"]["percent"] == 120
    assert Task.objects.filter(owner=lead, done_at=None).exists()


def _past_leavers_were_green_in_a_third_of_cases(book: Book) -> None:
    green = 0
    for one in book.customers:
        if one.state == "churned" and one.notice:
            before = Score.objects.filter(
                customer__external_id=one.external_id, day__lt=one.notice.noticed_on
            )
            latest = before.order_by("-day").first()
            green += latest is not None and latest.band == Band.HEALTHY
    assert 8 <= green <= 13


def _the_past_is_told_on_its_days() -> None:
    begun = ground.begins_on(TODAY)
    first, last = Event.objects.earliest("at"), Event.objects.latest("at")
    assert first.at.date() >= date(begun.year, begun.month, 1)
    assert last.at <= moment(TODAY, 0)  # whoever looks at night sees nothing of hours to come
    assert not Activity.objects.filter(happened_at__gt=moment(TODAY, 0)).exists()
    assert Customer.objects.filter(created_at__date__gt=TODAY).count() == 0
    assert Membership.objects.count() == len(TEAM)
