"""Jobs of the ground floor."""

import logging
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from banso.core import passwords
from banso.core.events import handle
from banso.core.jobs import PATIENT, STALLED_AFTER_SECONDS, job
from banso.core.senders import chat, mail

log = logging.getLogger("banso.jobs")


@job("core.handle")
def run_handler(handler: str, events: list[int]) -> None:
    """Let one handler hear some events. Twice is once: handlers are idempotent."""
    handle(handler, events)


@job("core.send_mail")
def send_mail(to: str, subject: str, text: str) -> None:
    """Hand one mail to the SMTP server."""
    mail.deliver(to=to, subject=subject, text=text)


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
    except chat.RefusedByServer as error:
        log.warning("message refused", extra={"facts": {"answer": str(error)}})


@app.task(name="core.send_password_reset", retry=PATIENT)
def send_password_reset(person: str, language: str) -> None:
    """Mail a reset link. The link is made here, so that no secret lies in the job's arguments."""
    passwords.mail_reset_link(UUID(person), language=language)


@app.periodic(cron="* * * * *")
@app.task(
    name="core.revive_stalled_jobs",
    queueing_lock="core.revive_stalled_jobs",
    pass_context=True,
    retry=PATIENT,
)
async def revive_stalled_jobs(context: Any, timestamp: int) -> None:
    """Every minute: jobs whose worker died run again. procrastinate finds them, we retry them."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(stalled)
