"""Jobs of the ground floor."""

import logging
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from banso.core import jobs, kept_answers, passwords
from banso.core.events import handle
from banso.core.imports import running
from banso.core.jobs import PATIENT, each_workspace, job
from banso.core.lists import services as lists
from banso.core.sealed import unseal_facts
from banso.core.senders import chat, outgoing
from banso.core.senders.refusal import RefusedByServer
from banso.core.sessions import SessionStore
from banso.core.sign_in.saml import answers

DONE_STAYS_HOURS = 72
log = logging.getLogger("banso.jobs")


@job("core.handle")
def run_handler(handler: str, events: list[int]) -> None:
    """Let one handler hear some events. Twice is once: handlers are idempotent."""
    handle(handler, events)


@job("core.deliver_mail")
def deliver_mail(mail: str) -> None:
    """Send one mail of ours, or say on its row why not."""
    outgoing.deliver(UUID(mail), worded=passwords.words_of)


@job("core.post_message")
def post_message(sealed: str) -> None:
    """Post one message to a chat. A 4xx ends it; the rest is tried again."""
    try:
        chat.post(**unseal_facts(sealed))
    except RefusedByServer as error:
        log.warning("message refused", extra={"facts": {"answer": str(error)}})


@app.task(name="core.send_password_reset", queue="live", retry=PATIENT)
def send_password_reset(person: str, mail: str, language: str) -> None:
    """Queue a mail with a reset link. Belongs to no workspace; empty: nobody has this address."""
    if person:
        passwords.queue_reset_mail(UUID(person), mail_id=UUID(mail), language=language)


@job("core.settle_import", queue="bulk")
def settle_import(run_id: str) -> None:
    """Queued by every import, for when its own process was stopped before it had settled."""
    running.settle_run(UUID(run_id))


@job("core.write_list", queue="bulk")
def write_list(list_export_id: str) -> None:
    """Write a long list into its file. Twice is once."""
    lists.write_now(UUID(list_export_id))


@app.periodic(cron="40 18 * * *")  # 03:40 in Japan
@app.task(name="core.sweep_lists", queue="bulk", queueing_lock="core.sweep_lists", retry=PATIENT)
def sweep_lists(timestamp: int) -> None:
    """Every night: files of lists that are a day old are gone. Twice is once."""
    for _workspace in each_workspace():
        lists.sweep()


@app.periodic(cron="* * * * *")
@app.task(
    name="core.revive_stalled_jobs",
    queue="live",
    queueing_lock="core.revive_stalled_jobs",
    pass_context=True,
    retry=PATIENT,
)
async def revive_stalled_jobs(context: Any, timestamp: int) -> None:
    """Every minute: jobs whose worker died run again. procrastinate finds them, we retry them."""
    await jobs.revive_stalled(context.app.job_manager)


@app.periodic(cron="* * * * *")
@app.task(name="core.look_after_mails", queue="live", queueing_lock="core.look_after_mails")
def look_after_mails(timestamp: int) -> None:
    """Every minute: mails whose job was lost get another, or are told to be unclear."""
    for _workspace in each_workspace():
        outgoing.look_after()


@app.periodic(cron="40 18 * * *")  # 3:40 at night in Tokyo
@app.task(name="core.forget_sessions", queue="bulk", queueing_lock="core.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Every night: sessions that have ended are gone, answers that nobody came for, and old mails."""
    SessionStore.clear_expired()
    for _workspace in each_workspace():
        answers.forget_old()
        outgoing.forget_old()


@app.periodic(cron="10 * * * *")
@app.task(
    name="core.forget_answers", queue="bulk", queueing_lock="core.forget_answers", retry=PATIENT
)
def forget_answers(timestamp: int) -> None:
    """Every hour: answers kept for requests that come again are gone after a day."""
    for _workspace in each_workspace():
        kept_answers.forget_old_answers()


@app.periodic(cron="45 18 * * *")
@app.task(
    name="core.forget_jobs", queue="bulk", queueing_lock="core.forget_jobs", pass_context=True
)
async def forget_jobs(context: Any, timestamp: int) -> None:
    """Every night: jobs that were done three days ago are gone; failed ones stay to be read."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(
        nb_hours=DONE_STAYS_HOURS, include_cancelled=True, include_aborted=True
    )
