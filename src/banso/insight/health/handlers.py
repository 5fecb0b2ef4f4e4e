"""What the health room hears: facts that change a score, and its own alerts."""

from banso.core.events import on
from banso.core.jobs import enqueue_once
from banso.core.models import Event
from banso.customers.touches import on_touch
from banso.insight.health import services

TELLING = (
    "core.import_finished",
    "core.import_undone",
    "customers.change_corrected",
    "customers.change_voided",
    "customers.contact_binned",
    "customers.contact_created",
    "customers.contact_affiliated",
    "customers.affiliation_ended",
    "customers.contact_move_taken_back",
    "customers.contact_merged",
    "customers.contact_moved",
    "customers.contact_restored",
    "customers.contact_taken_back",
    "customers.contact_unmerged",
    "customers.contact_updated",
    "customers.contract_changed",
    "customers.contract_ended",
    "customers.contract_renewed",
    "customers.contract_signed",
    "customers.contract_updated",
    "customers.customer_contacted",
    "customers.customer_created",
    "customers.customer_merged",
    "customers.customer_restored",
    "customers.customer_unmerged",
    "customers.customer_updated",
    "customers.notice_recorded",
    "customers.notice_withdrawn",
    "customers.owner_changed",
    "customers.stage_changed",
    "usage.usage_begun",
    "work.call_closed",
    "work.call_raised",
    "work.call_reopened",
    "health.judged",
)


@on_touch
def score_touched() -> None:
    """One waiting job scores whoever was touched, however often that was."""
    enqueue_once("health.rescore", lock="health.rescore")


def score_again(_events: list[Event]) -> None:
    """The job reads for itself which events there are."""
    score_touched()


for name in TELLING:
    on(name, many=True)(score_again)


@on("health.alert_raised", many=True)
def give_tasks(events: list[Event]) -> None:
    """Twice is once: the alert is the task's origin."""
    services.open_alert_tasks([event.subject_id for event in events])


@on("health.opportunity_opened", many=True)
def give_opportunities(events: list[Event]) -> None:
    """Twice is once, as with alerts."""
    services.open_opportunity_tasks([event.subject_id for event in events])
