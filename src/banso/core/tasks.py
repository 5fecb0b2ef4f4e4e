"""Jobs of the ground floor."""

import logging
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from banso.core import jobs, passwords
from banso.core.events import handle
from banso.core.imports import running
from banso.core.jobs import PATIENT, each_workspace, job
from banso.core.senders import chat, mail
from banso.core.senders.refusal import RefusedByServer
from banso.core.sessions import SessionStore
from banso.core.sign_in.saml import answers

DONE_STAYS_HOURS = 72
log = logging.getLogger("banso.jobs")


@job("core.handle")
def run_handler(handler: str, events: list[int]) -> None:
    """Let one handler hear some events. Twice is once: handlers are idempotent."""
    handle(handler, events)


@job("core.send_mail")
def send_mail(to: str, subject: str, text: str) -> None:
    """Hand one mail to the SMTP server. A mail it will never take ends here."""
    try:
        mail.deliver(to=to, subject=subject, text=text)
    except RefusedByServer as error:
        log.warning("mail refused", extra={"facts": {"answer": str(error)}})


@job("core.post_message")
def post_message(
    url: str,
    headers: dict[str, str],
    json: dict[str, str] | None,
    form: dict[str, str] | None,
) -> None:
    """Post one message to a chat. A 4xx ends it; the rest is tried again."""
    try:
        chat.post(url, headers=headers, json=json, form=form)
    except RefusedByServer as error:
        log.warning("message refused", extra={"facts": {"answer": str(error)}})


@app.task(name="core.send_password_reset", queue="live", retry=PATIENT)
def send_password_reset(person: str, language: str) -> None:
    """Mail a reset link. Belongs to no workspace: a person may be in several, or in none; empty: nobody."""
    if person:
        passwords.mail_reset_link(UUID(person), language=language)


@job("core.send_invitation")
def send_invitation(person: str, language: str) -> None:
    """Welcome a person to the workspace."""
    passwords.mail_invitation(UUID(person), language=language)


@job("core.settle_import", queue="bulk")
def settle_import(run_id: str) -> None:
    """Queued by every import, for when its own process was stopped before it had settled."""
    running.settle_run(UUID(run_id))


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


@app.periodic(cron="40 18 * * *")  # 3:40 at night in Tokyo
@app.task(name="core.forget_sessions", queue="bulk", queueing_lock="core.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Every night: sessions that have ended are gone, and answers that nobody came for."""
    SessionStore.clear_expired()
    for _workspace in each_workspace():
        answers.forget_old()


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
