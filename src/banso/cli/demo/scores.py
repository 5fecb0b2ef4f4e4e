"""Scores of the past and of today, each made as it would have been on its day."""

from datetime import date, timedelta

from banso.cli.demo.book import Book
from banso.cli.demo.dates import month_ends
from banso.cli.demo.past import on_day
from banso.insight.health import services as health
from banso.insight.health.models import Alert, ScoreRun
from banso.work import services as work
from banso.work.models import Task

MONTHS, DAYS = 24, 35
DEALT_WITH_AFTER_DAYS = 6
MORNING = 6


def score_days(today: date) -> list[date]:
    """The days on which everybody is scored: two years of month-ends, then each of five weeks."""
    daily = [today - timedelta(days=n) for n in reversed(range(DAYS + 1))]
    return [day for day in month_ends(today, MONTHS) if day < daily[0]] + daily


def live_through_scores(book: Book) -> None:
    """Everybody has a score on each of those days; falls of the last weeks made alerts and tasks."""
    for day in score_days(book.today):
        with on_day(day, MORNING) as at:
            health.score_customers(day)
            alerts = list(Alert.objects.filter(opened_on=day).values_list("pk", flat=True))
            health.open_alert_tasks([str(alert) for alert in alerts])
        ScoreRun.objects.filter(day=day).update(finished_at=at)
        origins = [f"alert:{alert}" for alert in alerts]
        Task.objects.filter(origin__in=origins).update(created_at=at)
    _deal_with_old_ones(book.today)


def _deal_with_old_ones(today: date) -> None:
    """Who was alarmed a week ago has called the customer since."""
    before = today - timedelta(days=DEALT_WITH_AFTER_DAYS)
    waiting = Task.objects.filter(done_at=None, due_on__lt=before, origin__startswith="alert:")
    for task in waiting.select_related("owner").order_by("pk"):
        with on_day(task.due_on, 17) as at:
            work.finish_task(task.pk, by=task.owner)
        Task.objects.filter(pk=task.pk).update(done_at=at)
