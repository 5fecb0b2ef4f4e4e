"""Clocks and long work of the customer book."""

from uuid import UUID

from procrastinate.contrib.django import app

from banso.core.jobs import PATIENT, each_workspace, job
from banso.customers import hand_overs, services
from banso.customers.bulk_edits import running, undoing


@app.periodic(cron="10 * * * *")
@app.task(
    name="customers.renew_due_contracts",
    queue="bulk",
    queueing_lock="customers.renew_due_contracts",
    retry=PATIENT,
)
def renew_due_contracts(timestamp: int) -> None:
    """Hourly, so that every zone's midnight is soon followed. Twice is once."""
    for workspace in each_workspace():
        services.renew_due_contracts(workspace.today())


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="customers.keep_current",
    queue="bulk",
    queueing_lock="customers.keep_current",
    retry=PATIENT,
)
def keep_current(timestamp: int) -> None:
    """Every five minutes: what an import or a new day has left stale. Safe late and twice."""
    for _workspace in each_workspace():
        services.keep_current()


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="customers.hand_over_due",
    queue="live",
    queueing_lock="customers.hand_over_due",
    retry=PATIENT,
)
def hand_over_due(timestamp: int) -> None:
    """Every five minutes, so that it happens when the day begins in any zone. Safe late and twice."""
    for workspace in each_workspace():
        hand_overs.hand_over_due(workspace.today())


@app.periodic(cron="30 18 * * *")  # 03:30 in Japan
@app.task(
    name="customers.purge_bins",
    queue="bulk",
    queueing_lock="customers.purge_bins",
    retry=PATIENT,
)
def purge_bins(timestamp: int) -> None:
    """Once a day; old touches, and what bulk edits replaced, too. Safe late and twice."""
    for _workspace in each_workspace():
        services.purge_bin()
        services.forget_touches()
        undoing.forget_former_values()


@app.periodic(cron="0 17 * * *")  # 02:00 in Japan
@app.task(
    name="customers.find_all_likenesses",
    queue="bulk",
    queueing_lock="customers.find_all_likenesses",
    retry=PATIENT,
)
def find_all_likenesses(timestamp: int) -> None:
    """Once a day: who may be one company is proposed. Safe late and twice."""
    for _workspace in each_workspace():
        services.find_likenesses()


@job("customers.find_likenesses", queue="bulk")
def find_likenesses() -> None:
    """After an import, or because somebody asked."""
    services.find_likenesses()


@app.periodic(cron="*/15 * * * *")  # some zones begin their day at a quarter
@app.task(
    name="customers.begin_segment_days",
    queue="bulk",
    queueing_lock="customers.begin_segment_days",
    retry=PATIENT,
)
def begin_segment_days(timestamp: int) -> None:
    """At each workspace's midnight: dates that are counted from today move members. Safe twice."""
    for _workspace in each_workspace():
        if services.is_due():
            services.retest_soon()


@job("customers.follow_touched")
def follow_touched() -> None:
    """Segments follow whoever was touched; everybody is handed over to the bulk queue."""
    if not services.follow_touched():
        services.retest_soon()


@job("customers.retest_everybody", queue="bulk")
def retest_everybody() -> None:
    """Every segment has the members that fit today."""
    services.retest_everybody()


@job("customers.fill_segment", queue="bulk")
def fill_segment(segment_id: str) -> None:
    """A segment that is new, or has other conditions, has its members."""
    services.fill_segment(UUID(segment_id))


@job("customers.propose_tiers", queue="bulk")
def propose_tiers() -> None:
    """A large segment proposes another touch tier."""
    services.propose_to_everybody()


@job("customers.bulk_edit", queue="bulk")
def bulk_edit(edit_id: str) -> None:
    """The rest of a bulk edit. One that a dead worker left goes on where it stood."""
    running.run_bulk_edit(UUID(edit_id))


@job("customers.undo_bulk_edit", queue="bulk")
def undo_bulk_edit(edit_id: str) -> None:
    """The rest of its undo."""
    undoing.run_undo(UUID(edit_id))
