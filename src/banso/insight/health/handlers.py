"""What the health room hears: facts that change a score, and its own alerts."""

from banso.core.events import on
from banso.core.jobs import enqueue_once
from banso.core.models import Event
from banso.insight.health import services

TELLING = (
    "customers.customer_created",
    "customers.customer_updated",
    "customers.customer_contacted",
    "customers.customer_restored",
    "customers.stage_changed",
    "customers.contact_created",
    "customers.contact_updated",
    "customers.contract_signed",
    "customers.contract_updated",
    "customers.notice_recorded",
    "customers.notice_withdrawn",
    "work.call_raised",
    "work.call_closed",
    "work.call_reopened",
    "health.judged",
)


def score_again(events: list[Event]) -> None:
    """One waiting job scores whoever was touched, however many events there are."""
    enqueue_once("health.rescore", lock="health.rescore")


for name in TELLING:
    on(name, many=True)(score_again)


@on("health.alert_raised", many=True)
def give_tasks(events: list[Event]) -> None:
    """Twice is once: the alert is the task's origin."""
    services.open_alert_tasks([event.subject_id for event in events])
