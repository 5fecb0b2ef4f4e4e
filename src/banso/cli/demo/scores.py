"""Scores of the past and of today, each made as it would have been on its day."""

from collections.abc import Mapping
from datetime import date, timedelta

from banso.cli.demo.book import Book, PlannedCustomer
from banso.cli.demo.dates import moment, month_ends
from banso.cli.demo.past import on_day
from banso.cli.demo.shapes import DENSE_DAYS
from banso.customers.models import Customer
from banso.insight.health import services as health
from banso.insight.health.models import Alert, ScoreRun
from banso.work import services as work
from banso.work.models import Task

MONTHS, DAYS = 24, 35
EVERY_DAY_FOR, THEN_EVERY = 8, 3
DEALT_WITH_AFTER_DAYS = 6
MORNING = 6


def score_days(today: date) -> list[date]:
    """The latest days on which everybody is scored: each of the last eight, every third of thirty-five."""
    ago = [n for n in range(DAYS + 1) if n <= EVERY_DAY_FOR or n % THEN_EVERY == 0]
    return [today - timedelta(days=n) for n in reversed(ago)]


def live_through_scores(book: Book, customers: Mapping[int, Customer]) -> None:
    """Everybody has scores, on month-ends and lately; falls of the last weeks made alerts and tasks.

    Two years of month-ends for those that left and high touch, for the others as far back as
    their use is told day by day.
    """
    lately = score_days(book.today)
    everybody_from = book.today - timedelta(days=DENSE_DAYS)
    told = [customers[one.number].pk for one in book.customers if _is_told(one)]
    for day in month_ends(book.today, MONTHS):
        if day < lately[0]:
            health.score_customers(day, None if day > everybody_from else told)
            ScoreRun.objects.filter(day=day).update(finished_at=moment(day, MORNING))
    for day in lately:
        _live_through(day)
    _deal_with_old_ones(book.today)


def _is_told(one: PlannedCustomer) -> bool:
    return one.state == "churned" or one.tier == "high"


def _live_through(day: date) -> None:
    with on_day(day, MORNING) as at:
        health.score_customers(day)
        alerts = list(Alert.objects.filter(opened_on=day).values_list("pk", flat=True))
        health.open_alert_tasks([str(alert) for alert in alerts])
    ScoreRun.objects.filter(day=day).update(finished_at=at)
    origins = [f"alert:{alert}" for alert in alerts]
    Task.objects.filter(origin__in=origins).update(created_at=at)


def _deal_with_old_ones(today: date) -> None:
    """Who was alarmed a week ago has called the customer since."""
    before = today - timedelta(days=DEALT_WITH_AFTER_DAYS)
    waiting = Task.objects.filter(done_at=None, due_on__lt=before, origin__startswith="alert:")
    for task in waiting.select_related("owner").order_by("pk"):
        with on_day(task.due_on, 17) as at:
            work.finish_task(task.pk, by=task.owner)
        Task.objects.filter(pk=task.pk).update(done_at=at)
